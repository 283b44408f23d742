"""The written programme as a Django app: its lines in the frame, and its kind of ask."""

from typing import Any

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        from engagements.selectors import kinds
        from policies import columns
        from policies.services.approving import KIND
        from policies.views import parts
        from vciso.imports import registry
        from vciso.web import navigation, slots

        registry.register(columns.KIND)
        kinds.register(
            kinds.Kind(
                key=KIND,
                noun="Policy approval",
                icon="file-check",
                verb="Read and approve",
                mail_subject="A policy is waiting for your approval",
                practice_url=_policy_page,
            )
        )
        slots.register(f"asks.detail.{KIND}", parts.approval_text)
        navigation.register(
            navigation.NavItem(
                "Programme", "Policies", "file-text", "policies:list", 40, "policies", "policies.view", key="p"
            ),
            navigation.NewItem("Policy", "file-text", "policies:new", 40, "policies.add", key="p"),
        )
        navigation.register_count("policies", _live)


def _live(client_id: Any) -> Any:
    from policies.models import Policy

    return Policy.objects.live().filter(client_id=client_id)


def _policy_page(ask: Any) -> str:
    """The policy's page for the practice; `subject` of the ask is its reference."""
    from django.urls import reverse

    return reverse("policies:by-reference", kwargs={"client_key": ask.client.key, "ref": ask.subject})
