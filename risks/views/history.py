"""The register over time: how many stood above a limit, and how it stood on any day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from risks.enums import Band, RatingKind, Status
from risks.models import Risk
from risks.selectors.facts import RatingFact, RegisterView, RiskRow, register_as_of, unrecorded
from risks.selectors.trend import Point, last_quarter_end, month_ends, trend
from risks.views.base import Here
from vciso import charts
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses
from vciso.web.heatmap import HeatMap
from vciso.web.pagination import paginate


@require_GET
@requires("risks.view")
def over_time(request: HttpRequest) -> HttpResponse:
    """Risks above their limit over twelve months, as a chart and as a table."""
    here = Here(request)
    points = trend(here.client, month_ends(here.today))
    known = [point for point in points if point.on_record]
    context = {"points": list(reversed(points)), "known": known, "chart": _chart(known)}
    return responses.page(request, "risks/over_time.html", context)


def _chart(points: Sequence[Point]) -> Any:
    """A drawing for wide pages, and one with every third label for narrow ones."""

    def drawn(width: int, every: int) -> Any:
        last = len(points) - 1
        labels = [point.day.strftime("%b") if (last - at) % every == 0 else "" for at, point in enumerate(points)]
        return charts.trend_line(
            labels, [point.above for point in points], title="Risks above their limit, month by month.", width=width
        )

    return format_html('<div class="only-wide">{}</div><div class="only-narrow">{}</div>', drawn(720, 1), drawn(330, 3))


@dataclass(frozen=True, slots=True)
class Then:
    """A risk as it stood on the day, beside where it stands today."""

    row: RiskRow
    band_now: Band
    score_now: int
    status_now: str
    title_now: str
    is_above_now: bool

    @property
    def moved(self) -> str:
        """What became of it since: closed, rated, up, down, or "" where it stands where it stood.

        With the same score a new scale may have put it higher or lower, and a new limit over or under that.
        """
        if self.status_now == Status.CLOSED:
            return "closed"
        if self.score_now == self.row.score:
            return self._measured
        if not self.row.score:
            return "rated"
        return "up" if self.score_now > self.row.score else "down"

    @property
    def _measured(self) -> str:
        if self.band_now != self.row.band:
            return "higher" if self.band_now > self.row.band else "lower"
        if self.is_above_now == self.row.is_above:
            return ""
        return "over" if self.is_above_now else "under"


@require_GET
@requires("risks.view")
def on_day(request: HttpRequest) -> HttpResponse:
    """The register as it stood on `?day=`, the end of last quarter without one; a cell of its map filters it."""
    here = Here(request)
    day, instead = _day(request.GET.get("day", ""), here.today)
    kind = request.GET.get("rating", "")
    kind = RatingKind(kind) if kind in RatingKind.values else RatingKind.NOW
    view = register_as_of(here.client, day)
    rated = {row.reference: _rating(row, kind) for row in view.open}
    chosen = _cell(request.GET.get("cell", ""))
    rows = [row for row in view.open if chosen is None or _place(rated[row.reference]) == chosen]
    context = {
        "day": day,
        "instead": instead,
        "today": here.today,
        "view": view,
        "unrecorded": "" if view.rows or day >= here.today else unrecorded(here.client, day),
        "heat": _heat(request, view, rated, chosen, kind),
        "views": [
            (one.label.split()[0], responses.query(request, rating=one, cell=None), one == kind) for one in RatingKind
        ],
        "clear_url": responses.query(request, cell=None) if chosen else "",
        "page": paginate(request, _since(here, rows)),
        "quarter": last_quarter_end(here.today),
    }
    return responses.page(request, "risks/on_day.html", context)


def _day(text: str, today: dt.date) -> tuple[dt.date, str]:
    """The day asked for, else the end of last quarter or today, with why it is another one."""
    if not text:
        return last_quarter_end(today), ""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return last_quarter_end(today), f"“{text[:20]}” is no date. Shown is the end of last quarter."
    if day > today:
        return today, f"{text} is still to come. Shown is today."
    return day, ""


def _cell(text: str) -> tuple[int, int] | None:
    likelihood, _, impact = text.partition("x")
    known = ("1", "2", "3", "4", "5")
    return (int(likelihood), int(impact)) if likelihood in known and impact in known else None


def _rating(row: RiskRow, kind: RatingKind) -> RatingFact | None:
    return {RatingKind.BEFORE: row.before, RatingKind.NOW: row.now, RatingKind.TARGET: row.target}[kind]


def _place(rating: RatingFact | None) -> tuple[int, int] | None:
    return (rating.likelihood, rating.impact) if rating else None


def _heat(
    request: HttpRequest,
    view: RegisterView,
    rated: Mapping[str, RatingFact | None],
    chosen: tuple[int, int] | None,
    kind: RatingKind,
) -> HeatMap:
    scale = view.frame.scale
    return HeatMap(
        counts=Counter(place for rating in rated.values() if (place := _place(rating))),
        url=lambda y, x: responses.query(request, cell=None if chosen == (y, x) else f"{y}x{x}"),
        level=lambda y, x: scale.band(y * x),
        likelihood=scale.likelihood_words,
        impact=scale.impact_words,
        chosen=chosen,
        caption=(
            f"Risks open on {formats.day(view.as_of)} by likelihood and impact, {kind.label.lower()}. "
            "A count filters the list."
        ),
    )


def _since(here: Here, rows: Sequence[RiskRow]) -> list[Then]:
    """Each row with where the risk stands today, in one query."""
    shown = ("reference", "now_band", "now_score", "status", "title", "is_above")
    found = Risk.objects.filter(client=here.client).values_list(*shown)
    stands = {reference: (Band(band), score or 0, *rest) for reference, band, score, *rest in found}
    return [Then(row, *stands[row.reference]) for row in rows]
