"""The risk register joins the portal: its lines in the sidebar, its columns, its questions."""

from typing import Any

from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"
    label = "risks"
    verbose_name = "Risk register"

    def ready(self) -> None:
        from engagements.selectors import kinds
        from risks import columns
        from risks.models import Risk
        from risks.rules import permissions
        from risks.selectors import links
        from risks.views import parts
        from risks.views.links import linked_below, linked_beside
        from vciso.imports import registry
        from vciso.web import navigation, slots

        self.permissions = permissions.permissions
        registry.register(columns.KIND)
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
                "Practice",
                "Risk library",
                "library",
                "risks:scenarios",
                15,
                permission="risks.library",
                scope="practice",
            ),
            navigation.NewItem("Risk", "triangle-alert", "risks:new", order=10, permission="risks.raise", key="r"),
        )
        for slot in {kind.slot for kind in links.KINDS}:
            slots.register(slot, linked_beside if slot.endswith(".rail") else linked_below)
        navigation.register_count("risks", lambda client_id: Risk.objects.filter(client_id=client_id).open())
        for key, noun, icon, subject in (
            ("acceptance", "Risk acceptance", "signature", "A risk waits for your decision"),
            ("plan_approval", "Approval of a plan", "clipboard-check", "A plan waits for your approval"),
        ):
            kinds.register(
                kinds.Kind(
                    key=key,
                    noun=noun,
                    icon=icon,
                    verb="Decide",
                    mail_subject=subject,
                    practice_url=_risk_page,
                )
            )
            slots.register(f"asks.detail.{key}", parts.ask_detail)
        kinds.register(
            kinds.Kind(
                key="appetite",
                noun="Statement of limits",
                icon="ruler",
                verb="Approve",
                mail_subject="Your limits wait for your approval",
                practice_url=_limits_page,
            )
        )
        kinds.register(
            kinds.Kind(
                key="assessment",
                noun="Risk assessment",
                icon="clipboard-check",
                verb="Approve",
                mail_subject="A risk assessment waits for your approval",
                practice_url=_assessment_page,
            )
        )
        slots.register("asks.detail.assessment", parts.assessment_detail)


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
