from typing import Any

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "vciso.home"
    label = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        from vciso.home import rules  # noqa: F401  makes the permissions known
        from vciso.web.navigation import NavItem, NewItem, register

        admins: dict[str, Any] = {"permission": "home.practice", "scope": "practice"}
        register(
            NavItem("", "Overview", "house", "home:overview", 0, permission="home.overview", key="h"),
            NavItem("", "Today", "inbox", "home:today", 0, permission="home.today", scope="practice", key="t"),
            NavItem(
                "", "Clients", "building-2", "home:clients", 10, permission="home.today", scope="practice", key="c"
            ),
            NavItem("Practice", "People and access", "users", "home:practice-people", 10, **admins),
            NavItem("Practice", "Sign-in rules", "key-round", "home:practice-sign-in", 15, **admins),
            NavItem("Practice", "API tokens", "plug", "home:practice-tokens", 18, **admins),
            NavItem(
                "Practice", "Audit trail", "scroll-text", "home:audit", 20, permission="home.audit", scope="practice"
            ),
            NavItem("Practice", "Settings", "settings", "home:practice-settings", 90, **admins),
            NavItem("", "Home", "house", "home:owner", 0, scope="owner"),
            NavItem("", "Programme", "shield-check", "home:owner-programme", 40, scope="owner"),
            NewItem("Client", "building-2", "home:new-client", 90, "home.new_client", scope="practice"),
        )
