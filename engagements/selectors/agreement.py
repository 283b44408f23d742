"""The agreement on a day, the hours it takes, the objectives it serves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from engagements.enums import TimeKind
from engagements.models import Engagement, Objective, TimeEntry
from vciso.tenancy.models import Client

MONTHS_SHOWN = 6
WARN_FROM = 80


@dataclass(frozen=True)
class MonthHours:
    """One calendar month: minutes of the practice within the agreement, beside it, and included."""

    month: dt.date
    minutes: int
    extra_minutes: int
    client_minutes: int
    included_minutes: int | None


@dataclass(frozen=True)
class HoursUsed:
    """How much of the month's hours is used, and the months before it, oldest first.

    `included_minutes` is None where the agreement names no hours, or there is none.
    """

    month: MonthHours
    months: tuple[MonthHours, ...]

    @property
    def minutes(self) -> int:
        return self.month.minutes

    @property
    def included_minutes(self) -> int | None:
        return self.month.included_minutes

    @property
    def percent(self) -> int | None:
        """Used share of the included hours, as a whole percentage; above 100 when overdrawn."""
        if not self.included_minutes:
            return None
        return round(100 * self.minutes / self.included_minutes)

    @property
    def nearly_used(self) -> bool:
        return self.percent is not None and self.percent >= WARN_FROM

    @property
    def left_minutes(self) -> int | None:
        """Minutes left this month; negative when overdrawn."""
        return None if self.included_minutes is None else self.included_minutes - self.minutes


def engagement_on(client: Client, on: dt.date) -> Engagement | None:
    """The agreement in force on a day, or None between agreements."""
    found = Engagement.objects.filter(client=client).in_force(on=on)
    return found.select_related("lead", "counterpart").order_by("-starts_on").first()


def _months_until(as_of: dt.date, count: int) -> list[dt.date]:
    """First days of the last `count` months up to the one of `as_of`, oldest first."""
    months = []
    year, month = as_of.year, as_of.month
    for _ in range(count):
        months.append(dt.date(year, month, 1))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months[::-1]


def _included(engagements: list[Engagement], month: dt.date) -> int | None:
    """Minutes the agreement in force during the month includes; the later one where two meet."""
    last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    for engagement in engagements:
        if engagement.starts_on <= last and (engagement.ends_on is None or engagement.ends_on >= month):
            hours: Decimal | None = engagement.included_hours
            return None if hours is None else int(hours * 60)
    return None


def hours_used(client: Client, as_of: dt.date, months: int = MONTHS_SHOWN) -> HoursUsed:
    """Hours of the month of `as_of`, entries up to that day only, with the months before it."""
    firsts = _months_until(as_of, months)
    rows = (
        TimeEntry.objects.filter(client=client)
        .between(firsts[0], as_of)
        .annotate(month=TruncMonth("on"))
        .values("month", "kind", "in_retainer")
        .annotate(total=Sum("minutes"))
        .order_by()
    )
    sums: dict[dt.date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        name = "client" if row["kind"] == TimeKind.CLIENT else ("minutes" if row["in_retainer"] else "extra")
        sums[row["month"]][name] += row["total"]
    engagements = list(Engagement.objects.filter(client=client).order_by("-starts_on"))
    found = tuple(
        MonthHours(
            month=first,
            minutes=sums[first]["minutes"],
            extra_minutes=sums[first]["extra"],
            client_minutes=sums[first]["client"],
            included_minutes=_included(engagements, first),
        )
        for first in firsts
    )
    return HoursUsed(month=found[-1], months=found)


@dataclass(frozen=True)
class ObjectiveRow:
    title: str
    detail: str
    horizon: str


def objectives_as_of(client: Client, as_of: dt.date) -> list[ObjectiveRow]:
    """The objectives that stood on a day, in their order."""
    found = Objective.objects.filter(client=client).filter(
        Q(set_on__lte=as_of), Q(dropped_on__isnull=True) | Q(dropped_on__gt=as_of)
    )
    return [ObjectiveRow(row.title, row.detail, row.horizon) for row in found.order_by("position", "created_at")]
