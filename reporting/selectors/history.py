"""How a figure moved over the published reports: never recomputed, read as it was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.fields.json import KeyTransform
from django.utils.safestring import SafeString

from reporting.enums import Kind, State
from reporting.models import Report
from reporting.periods import parse
from reporting.selectors.reports import Stage, stage
from vciso import charts
from vciso.tenancy.models import Client

MONTHS = 12


@dataclass(frozen=True)
class Point:
    """Risks above the limit as one month's report printed them."""

    month: str
    above: int


@dataclass(frozen=True)
class Reports:
    """A client's monthly reports at a glance: the newest with its stage, and how one figure moved."""

    latest: Report | None
    stage: Stage | None
    points: tuple[Point, ...]


def monthly(client: Client, *, months: int = MONTHS) -> Reports:
    """The newest monthly report in whatever state, and the published months, oldest first. One query.

    Months whose report did not know the figure are left out.
    """
    rows = list(
        Report.objects.light()
        .filter(client=client, kind=Kind.MONTHLY)
        .select_related("client")
        .annotate(above=KeyTransform("value", KeyTransform("above", KeyTransform("tiles", "facts"))))
        .order_by("-period", "-revision")[: 2 * months]
    )
    published = [row for row in rows if row.state == State.PUBLISHED and row.above is not None]
    points = tuple(Point(row.period, int(row.above)) for row in reversed(published[:months]))
    return Reports(rows[0], stage(rows[0]), points) if rows else Reports(None, None, ())


def trend(points: Sequence[Point]) -> Any:
    """The chart of risks above the limit by month, or "" until two months are published."""
    if len(points) < 2:
        return ""
    labels = [f"{parse(point.month).start:%b}" for point in points]

    def draw(width: float) -> SafeString:
        return charts.trend_line(
            labels,
            [point.above for point in points],
            title="Risks above the limit, as published each month.",
            width=width,
            height=170,
        )

    return charts.for_screens(draw)
