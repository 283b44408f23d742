"""What every section is computed from: the client, the days, the register and the last report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from reporting import documents, periods
from reporting.models import Report
from risks import selectors as risk_selectors
from vciso.tenancy.models import Client

HISTORY = 11


@dataclass(frozen=True)
class Basis:
    """Everything is as of the end of `as_of` where the client is; trends look at `previous`."""

    client: Client
    period: periods.Period
    as_of: date
    register: risk_selectors.RegisterView
    flow: risk_selectors.Flow
    turns: tuple[risk_selectors.Change, ...]
    previous: documents.Document | None
    previous_note: documents.Previous | None
    above_history: tuple[tuple[str, int], ...]

    @property
    def start(self) -> date:
        return self.period.start

    @cached_property
    def scale(self) -> documents.Scale:
        """The client's bands and words in force that day."""
        scale = self.register.frame.scale
        return documents.Scale(
            bands=tuple(documents.Band(str(band.label), low, high, int(band)) for band, low, high in scale.ranges()),
            likelihood=tuple(scale.likelihood_words),
            impact=tuple(scale.impact_words),
            means=tuple(scale.likelihood_means),
            costs=tuple(scale.impact_money),
        )

    @cached_property
    def previous_scores(self) -> dict[str, int] | None:
        """Every open risk's score in the last report; None in a first report."""
        if self.previous is None:
            return None
        return dict(self.previous.risks.scores)

    def previous_row(self, risk_id: Any) -> documents.RiskRow | None:
        """The row of a risk in the last report, if it was shown there."""
        if self.previous is None:
            return None
        return next((r for r in self.previous.risks.rows if r.record.id == str(risk_id)), None)

    def about(self) -> documents.About:
        """Whose report this is and for which days."""
        return documents.About(
            kind="monthly" if self.period.kind == periods.MONTHLY else "quarterly",
            client_name=self.client.name,
            period=str(self.period),
            period_label=self.period.title,
            period_from=self.period.start,
            period_to=self.period.end,
            data_as_of=self.as_of,
            language=self.client.language,
            currency=self.client.currency,
            time_zone=self.client.time_zone,
            scale=self.scale,
            previous=self.previous_note,
        )


def basis_of(report: Report, *, at: datetime) -> Basis:
    """Reads the register and the last published report of this kind before the period."""
    client, period = report.client, report.span
    as_of = period.data_day(on=client.today(at))
    earlier = (
        Report.objects.published()
        .of_kind(report.kind)
        .filter(client=client, period__lt=report.period)
        .order_by("-period")
    )
    last = earlier.first()
    moved = risk_selectors.flow(client, period.start, as_of)
    return Basis(
        client=client,
        period=period,
        as_of=as_of,
        register=risk_selectors.register_as_of(client, as_of),
        flow=moved,
        turns=risk_selectors.changes_between(client, period.start, as_of, moved),
        previous=documents.from_plain(last.facts) if last else None,
        previous_note=_note(last) if last else None,
        above_history=_above_history(earlier),
    )


def _note(last: Report) -> documents.Previous:
    return documents.Previous(last.reference, last.span.title, last.issued_on())


def _above_history(earlier: Any) -> tuple[tuple[str, int], ...]:
    rows = earlier.values_list("period", "kind", "facts__risks__above__value")[:HISTORY]
    known = [(periods.parse(p, kind=k), value) for p, k, value in rows if value is not None]
    return tuple((short_label(period), int(value)) for period, value in reversed(known))


def short_label(period: periods.Period) -> str:
    """As small charts print it: Oct, or Q3."""
    if period.kind == periods.MONTHLY:
        return periods.MONTHS[period.index - 1][:3]
    return f"Q{period.index} {period.year}"


def ahead(day: date, days: int) -> date:
    """The last day of a stretch that begins after `day`."""
    return day + timedelta(days=days)
