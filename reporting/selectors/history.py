"""How a figure moved over the published reports: never recomputed, read as it was printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models.fields.json import KeyTransform

from reporting.enums import Kind
from reporting.models import Report
from reporting.periods import parse
from vciso import charts
from vciso.tenancy.models import Client

MONTHS = 12


@dataclass(frozen=True)
class Point:
    """Risks above the limit as one month's report printed them."""

    month: str
    above: int


def above_by_month(client: Client, *, months: int = MONTHS) -> list[Point]:
    """The last published months, oldest first; months that did not know the figure are left out."""
    rows = (
        Report.objects.published()
        .filter(client=client, kind=Kind.MONTHLY)
        .annotate(above=KeyTransform("value", KeyTransform("above", KeyTransform("tiles", "facts"))))
        .order_by("-period")
        .values_list("period", "above")[:months]
    )
    return [Point(period, int(above)) for period, above in reversed(rows) if above is not None]


def trend_of(client: Client) -> Any:
    """The chart of risks above the limit by month, or "" until two months are published."""
    points = above_by_month(client)
    if len(points) < 2:
        return ""
    labels = [f"{parse(point.month).start:%b}" for point in points]
    return charts.trend_line(
        labels,
        [point.above for point in points],
        title="Risks above the limit, as published each month.",
        width=640,
        height=170,
    )
