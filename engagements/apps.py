"""What engagements adds to the frame: lines of the sidebar, the New menu, its kind of ask."""

from typing import Any

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"
    label = "engagements"
    verbose_name = "Engagements"

    def ready(self) -> None:
        from engagements import rules  # noqa: F401  makes the permissions known
        from engagements.selectors import kinds

        kinds.register(
            kinds.Kind(key="decision", noun="Decision", icon="gavel", verb="Decide", practice_url=_decision_page)
        )
        self._register_navigation()

    @staticmethod
    def _register_navigation() -> None:
        from vciso.web.navigation import NavItem, NewItem, register, register_count

        view = "engagements.view"
        register(
            NavItem("Engagement", "Decisions", "gavel", "engagements:decisions", 20, "decisions", view, key="d"),
            NavItem("Engagement", "Tasks", "list-checks", "engagements:tasks", 30, "tasks", view, key="k"),
            NavItem("Engagement", "Hours", "clock", "engagements:hours", 40, permission=view, key="u"),
            NavItem("Engagement", "Agreement", "file-pen-line", "engagements:engagement", 50, permission=view),
            NavItem("Client", "People", "users", "engagements:people", 10, permission=view),
            NavItem("Client", "Systems", "server", "engagements:systems", 20, permission=view),
            NavItem("Client", "Profile and settings", "settings", "engagements:profile", 90, permission=view),
            NavItem("", "Decisions", "gavel", "engagements:my-decisions", 30, scope="owner"),
            NewItem("Decision", "gavel", "engagements:decision-new", 20, "engagements.edit", key="d"),
            NewItem("Task", "list-checks", "engagements:task-new", 30, "engagements.edit", key="k"),
            NewItem("Time entry", "clock", "engagements:hours", 40, "engagements.log_time", key="t"),
            NewItem("Person", "user-plus", "engagements:person-new", 60, "engagements.edit"),
        )
        register_count("decisions", _open_asks)
        register_count("tasks", _open_tasks)


def _open_asks(client_id: Any) -> Any:
    from engagements.models import Ask

    return Ask.objects.filter(client_id=client_id).open()


def _open_tasks(client_id: Any) -> Any:
    from engagements.models import Task

    return Task.objects.filter(client_id=client_id).open()


def _decision_page(ask: Any) -> str:
    from django.urls import reverse

    return reverse("engagements:decision", kwargs={"client_key": ask.client.key, "ref": ask.subject})
