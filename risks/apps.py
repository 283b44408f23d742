"""The risk register joins the portal: its lines in the sidebar, its columns, its questions."""

from typing import Any

from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"
    label = "risks"
    verbose_name = "Risk register"

    def ready(self) -> None:
        from engagements.selectors import owned
        from engagements.services import work
        from risks import columns
        from risks.models.assessment import DRAW
        from risks.rules import permissions
        from risks.selectors import listing
        from risks.services import drawing, steps
        from vciso.imports import registry
        from vciso.jobs import handlers

        self.permissions = permissions.permissions
        registry.register(columns.KIND)
        handlers.register(DRAW, drawing.draw)
        work.watch(steps.follow_task)
        owned.register(listing.owned_by)
        _join_navigation()
        _ask_questions()
        _show_links()


def _join_navigation() -> None:
    from risks.models import Risk
    from vciso.web import navigation

    navigation.register(
        navigation.NavItem(
            "Programme",
            "Risks",
            "triangle-alert",
            "risks:list",
            order=10,
            count_key="risks",
            permission="risks.view",
            key="r",
        ),
        navigation.NavItem(
            "Practice", "Risk library", "library", "risks:scenarios", 15, permission="risks.library", scope="practice"
        ),
        *(
            navigation.NavItem("Programme", label, icon, f"risks:{page}", permission="risks.view", beneath=True)
            for label, icon, page in (
                ("Limits, scale and who signs", "ruler", "limits"),
                ("Risks in money", "calculator", "money"),
                ("Risks over time", "trending-up", "over-time"),
                ("Risk assessments", "clipboard-check", "assessments"),
                ("Reviews due", "eye", "review"),
                ("Risk library and its changes", "library", "library"),
            )
        ),
        navigation.NewItem("Risk", "triangle-alert", "risks:new", order=10, permission="risks.raise", key="r"),
    )
    navigation.register_count("risks", lambda client_id: Risk.objects.filter(client_id=client_id).open())


def _ask_questions() -> None:
    """What the register asks of the business, and what stands beside each question."""
    from engagements.selectors import kinds
    from risks.views import parts
    from vciso.web import slots

    for key, noun, icon, verb, subject, page, beside in (
        ("acceptance", "Risk acceptance", "signature", "Decide", "A risk waits for your decision",
         _risk_page, parts.ask_detail),
        ("plan_approval", "Approval of a plan", "clipboard-check", "Decide", "A plan waits for your approval",
         _risk_page, parts.ask_detail),
        ("appetite", "Statement of limits", "ruler", "Approve", "Your limits wait for your approval",
         _limits_page, None),
        ("assessment", "Risk assessment", "clipboard-check", "Approve", "A risk assessment waits for your approval",
         _assessment_page, parts.assessment_detail),
    ):  # fmt: skip
        kinds.register(kinds.Kind(key=key, noun=noun, icon=icon, verb=verb, mail_subject=subject, practice_url=page))
        if beside is not None:
            slots.register(f"asks.detail.{key}", beside)


def _show_links() -> None:
    """The linked risks on the page of each record they are linked with."""
    from risks.selectors import links
    from risks.views.links import linked_below, linked_beside, owned_by, owned_by_leaving, raise_from_line
    from vciso.web import slots

    for slot in {kind.slot for kind in links.KINDS}:
        place = slot.rpartition(".")[2]
        slots.register(slot, {"rail": linked_beside, "review": raise_from_line}.get(place, linked_below))
    slots.register("people.detail.main", owned_by)
    slots.register("people.leaving", owned_by_leaving)


def _limits_page(ask: Any) -> str:
    """The limits that a statement is about."""
    from django.urls import reverse

    return reverse("risks:limits", kwargs={"client_key": ask.client.key})


def _assessment_page(ask: Any) -> str:
    """The assessment that is to be approved."""
    from django.urls import reverse

    return reverse("risks:assessment", kwargs={"client_key": ask.client.key, "ref": ask.subject})


def _risk_page(ask: Any) -> str:
    """The risk a question is about, by the reference the question was put under."""
    from django.urls import reverse

    if not ask.subject:
        return ""
    return reverse("risks:detail", kwargs={"client_key": ask.client.key, "ref": ask.subject})
