"""How many risks stood above their limit on each of several days, all read from history at once."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from risks.enums import TURNS, EstimateKind, EventKind, LimitPosition, RatingKind
from risks.models import Risk, RiskEstimate, RiskEvent, RiskRating
from risks.rules import scoring
from risks.selectors.frame import end_of_day, frames
from vciso.tenancy.models import Client

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """The open register at the end of a day, in figures; nothing was `on_record` before the first risk."""

    day: dt.date
    on_record: bool
    open: int
    above: int
    near: int
    not_rated: int


def month_ends(today: dt.date, months: int = MONTHS) -> list[dt.date]:
    """The last day of each of the months before, and today."""
    first = today.replace(day=1)
    return [first - relativedelta(months=back) - dt.timedelta(days=1) for back in range(months - 1, -1, -1)] + [today]


def last_quarter_end(today: dt.date) -> dt.date:
    """The last day of the quarter before this one."""
    return dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - dt.timedelta(days=1)


def trend(client: Client, days: Sequence[dt.date]) -> list[Point]:
    """A point for each day, exactly as `register_as_of` counts it, in six queries whatever the number of days."""
    risks = list(Risk.objects.filter(client=client).values_list("pk", "raised_on"))
    events = RiskEvent.objects.filter(client=client, kind__in=TURNS)
    turns = _History(events.order_by("happened_at", "recorded_at"), "kind")
    ratings = _History(
        RiskRating.objects.filter(client=client, kind=RatingKind.NOW).order_by("happened_at", "recorded_at"),
        "likelihood", "impacts",
    )  # fmt: skip
    losses = _History(
        RiskEstimate.objects.filter(client=client, kind=EstimateKind.NOW).order_by("happened_at", "recorded_at"),
        "one_in_ten_minor", "one_in_fifty_minor",
    )  # fmt: skip
    first = min((raised_on for _, raised_on in risks), default=dt.date.max)
    found = []
    for day, measure in zip(days, frames(client, days), strict=True):
        until = end_of_day(client, day)
        standings: list[LimitPosition] = []
        for pk, raised_on in risks:
            if raised_on > day or turns.before(pk, until) in CLOSED:
                continue
            rated, loss = ratings.before(pk, until), losses.before(pk, until)
            now = scoring.Rating(*rated) if rated else None
            standings.append(measure.position(now, scoring.Years(*loss) if loss else None).standing)
        found.append(_point(day, standings, on_record=day >= first))
    return found


CLOSED = {(EventKind.CLOSED,), (EventKind.PROPOSED,)}


def _point(day: dt.date, standings: Iterable[LimitPosition], *, on_record: bool) -> Point:
    counted = list(standings)
    return Point(
        day,
        on_record=on_record,
        open=len(counted),
        above=counted.count(LimitPosition.ABOVE),
        near=counted.count(LimitPosition.NEAR),
        not_rated=counted.count(LimitPosition.NOT_RATED),
    )


class _History:
    """Rows of one kind by risk, oldest first, ready to be asked for any moment."""

    def __init__(self, rows: QuerySet[Any], *fields: str) -> None:
        self._moments: dict[UUID, list[dt.datetime]] = defaultdict(list)
        self._values: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
        for risk_id, happened_at, *values in rows.values_list("risk_id", "happened_at", *fields):
            self._moments[risk_id].append(happened_at)
            self._values[risk_id].append(tuple(values))

    def before(self, risk_id: UUID, until: dt.datetime) -> tuple[Any, ...] | None:
        """The latest values before a moment; None where nothing had happened yet."""
        place = bisect_left(self._moments.get(risk_id, []), until)
        return self._values[risk_id][place - 1] if place else None
