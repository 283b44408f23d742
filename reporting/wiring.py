"""What reporting tells the rest of the portal when it starts: jobs, asks, navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def connect() -> None:
    """Registers the handlers of our jobs, our kind of ask, and our lines of navigation."""
    from engagements.selectors import kinds
    from reporting.services import building, drafting, releasing
    from vciso.jobs import handlers
    from vciso.web import navigation

    handlers.register(drafting.BUILD, building.build)
    handlers.register(releasing.ANNOUNCE, releasing.announce)
    kinds.register(
        kinds.Kind(
            key=releasing.ASK_KIND,
            noun="Board pack release",
            icon="send",
            verb="Release",
            mail_subject="A board pack waits for your release",
            practice_url=practice_url,
        )
    )
    navigation.register_count("reports", in_work)
    navigation.register(
        navigation.NavItem(
            "Engagement",
            "Reports",
            "clipboard-list",
            "reporting:list",
            order=10,
            permission="reports.view",
            count_key="reports",
            key="e",
        )
    )
    navigation.register(
        navigation.NavItem(
            "", "Reports", "clipboard-list", "reporting:owner-list", order=20, scope="owner",
            permission="reports.read_own",
        )
    )  # fmt: skip


def in_work(client_id: Any) -> Any:
    """The reports the practice still works on, counted beside its line of the sidebar."""
    from reporting.models import Report

    return Report.objects.unpublished().filter(client_id=client_id)


def practice_url(ask: Any) -> str:
    """Where the practice finds what the ask is about."""
    return reverse(
        "reporting:detail",
        kwargs={"client_key": ask.client.key, "period": ask.subject.lower()},
    )
