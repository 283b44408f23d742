"""The estimate of a risk that counts."""

from __future__ import annotations

from risks.models import Risk, RiskEstimate


def latest(risk: Risk) -> RiskEstimate | None:
    """The newest estimate with its forms of loss, in two queries; None where there is none."""
    found = RiskEstimate.objects.filter(client_id=risk.client_id, risk=risk).prefetch_related("losses")
    return found.order_by("-happened_at", "-recorded_at").first()
