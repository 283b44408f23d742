"""What the estimated risks of a register could cost together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from risks.enums import LossForm
from risks.models import LossTolerance, Risk, RiskEstimate
from risks.rules import money
from risks.selectors.frame import end_of_day
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class RiskLoss:
    """One estimated risk with the figures kept of it, in minor units."""

    reference: str
    title: str
    mean: int
    one_in_ten: int
    one_in_fifty: int
    per_event: int


@dataclass(frozen=True, slots=True)
class Losses:
    """The estimated open risks, the dearest bad year first, and their years added up trial by trial.

    Taken as independent of each other. `open` counts every open risk, estimated or not.
    """

    risks: tuple[RiskLoss, ...]
    open: int
    years: money.Years

    @property
    def mean(self) -> int:
        return round(float(self.years.mean()))

    @property
    def one_in_ten(self) -> int:
        return round(money.worst_of(self.years, 10))

    @property
    def one_in_fifty(self) -> int:
        return round(money.worst_of(self.years, 50))


def losses(client: Client, on: dt.date, *, reference: str = "") -> Losses:
    """The years of the open risks by the estimates of that day, in three queries; of one risk where named."""
    risks = {risk.pk: risk for risk in Risk.objects.filter(client=client).open().only("client", "reference", "title")}
    newest = (
        RiskEstimate.objects.filter(client=client, risk__in=risks, happened_at__lt=end_of_day(client, on))
        .prefetch_related("losses")
        .order_by("risk_id", "-happened_at", "-recorded_at")
        .distinct("risk_id")
    )
    chosen = [one for one in newest if reference in ("", risks[one.risk_id].reference)]
    chosen.sort(key=lambda one: (-one.one_in_ten_minor, -one.mean_minor, risks[one.risk_id].reference))
    return Losses(
        risks=tuple(_kept(risks[one.risk_id], one) for one in chosen),
        open=len(risks),
        years=money.total(_simulated(chosen)),
    )


def tolerance(client: Client, on: dt.date) -> LossTolerance | None:
    """What a year may cost by the newest word of that day, in one query; None where nobody said."""
    found = LossTolerance.objects.filter(client=client, from_on__lte=on).select_related("set_by")
    return found.order_by("-from_on", "-recorded_at").first()


def _simulated(estimates: Iterable[RiskEstimate]) -> Iterable[money.Years]:
    return (money.simulate(_estimate(one), one.seed) for one in estimates)


def _estimate(kept: RiskEstimate) -> money.Estimate:
    """A kept estimate as the rules take it."""
    frequency = money.Range(float(kept.frequency_low), float(kept.frequency_likely), float(kept.frequency_high))
    return money.Estimate(
        frequency,
        tuple(
            money.Loss(
                LossForm(loss.form),
                money.Range(float(loss.low_minor), float(loss.likely_minor), float(loss.high_minor)),
                float(loss.chance),
            )
            for loss in kept.losses.all()
        ),
    )


def _kept(risk: Risk, estimate: RiskEstimate) -> RiskLoss:
    return RiskLoss(
        reference=risk.reference,
        title=risk.title,
        mean=estimate.mean_minor,
        one_in_ten=estimate.one_in_ten_minor,
        one_in_fifty=estimate.one_in_fifty_minor,
        per_event=estimate.per_event_minor,
    )
