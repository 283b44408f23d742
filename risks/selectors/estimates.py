"""The estimates of a risk that count."""

from __future__ import annotations

from risks.enums import EstimateKind
from risks.models import Risk, RiskEstimate


def latest(risk: Risk, kind: str = EstimateKind.NOW) -> RiskEstimate | None:
    """The newest estimate of a kind with its forms of loss, in two queries; None where there is none."""
    found = RiskEstimate.objects.filter(client_id=risk.client_id, risk=risk, kind=kind).prefetch_related("losses")
    return found.order_by("-happened_at", "-recorded_at").first()
