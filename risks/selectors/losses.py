"""What the estimated risks of a register could cost together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from risks.enums import EstimateKind, LossForm
from risks.models import LossTolerance, Risk, RiskEstimate
from risks.rules import money
from risks.selectors.frame import end_of_day
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class RiskLoss:
    """One estimated risk with the figures kept of it, in minor units, and what makes them again."""

    risk_id: UUID
    estimate_id: UUID
    reference: str
    title: str
    seed: int
    method: str
    numpy_version: str
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
    def others(self) -> int:
        """How many open risks nobody has estimated."""
        return self.open - len(self.risks)

    @property
    def mean(self) -> int:
        return round(float(self.years.mean()))

    @property
    def one_in_ten(self) -> int:
        return round(money.worst_of(self.years, 10))

    @property
    def one_in_fifty(self) -> int:
        return round(money.worst_of(self.years, 50))


Names = Mapping[UUID, tuple[str, str]]
"""Reference and title by the id of a risk."""


def losses(client: Client, on: dt.date, *, reference: str = "") -> Losses:
    """The years of the risks that are open now, by the estimates of a day, in three queries; of one where named."""
    rows = Risk.objects.filter(client=client).open().values_list("pk", "reference", "title")
    return losses_of({pk: (ref, title) for pk, ref, title in rows}, client, on, reference=reference)


def losses_of(names: Names, client: Client, on: dt.date, *, reference: str = "") -> Losses:
    """The same of risks that were open on that day, in two queries."""
    newest = (
        RiskEstimate.objects.filter(
            client=client, kind=EstimateKind.NOW, risk__in=names, happened_at__lt=end_of_day(client, on)
        )
        .prefetch_related("losses")
        .order_by("risk_id", "-happened_at", "-recorded_at")
        .distinct("risk_id")
    )
    chosen = [one for one in newest if reference in ("", names[one.risk_id][0])]
    chosen.sort(key=lambda one: (-one.one_in_ten_minor, -one.mean_minor, names[one.risk_id]))
    return Losses(
        risks=tuple(_kept(one, *names[one.risk_id]) for one in chosen),
        open=len(names),
        years=money.total(_simulated(chosen)),
    )


def tolerance(client: Client, on: dt.date) -> LossTolerance | None:
    """What a year may cost by the newest word of that day, in one query; None where nobody said."""
    return tolerances(client).filter(from_on__lte=on).first()


def tolerances(client: Client) -> QuerySet[LossTolerance]:
    """What a year may cost, by every word the business ever gave, the newest first."""
    found = LossTolerance.objects.filter(client=client).select_related("set_by", "recorded_by")
    return found.order_by("-from_on", "-recorded_at")


def _simulated(estimates: Iterable[RiskEstimate]) -> Iterable[money.Years]:
    return (_years(_estimate(one), one.seed, one.method) for one in estimates)


@lru_cache(maxsize=200)
def _years(estimate: money.Estimate, seed: int, method: str) -> money.Years:
    """The years of one estimate, simulated once in a process and kept: at most 200 × 80 kB."""
    years = money.simulate(estimate, seed, method=method)
    years.flags.writeable = False
    return years


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


def _kept(estimate: RiskEstimate, reference: str, title: str) -> RiskLoss:
    return RiskLoss(
        risk_id=estimate.risk_id,
        estimate_id=estimate.pk,
        reference=reference,
        title=title,
        seed=estimate.seed,
        method=estimate.method,
        numpy_version=estimate.numpy_version,
        mean=estimate.mean_minor,
        one_in_ten=estimate.one_in_ten_minor,
        one_in_fifty=estimate.one_in_fifty_minor,
        per_event=estimate.per_event_minor,
    )
