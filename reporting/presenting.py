"""A document as the templates see it: sections with numbers, words as HTML, charts as SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString

from reporting import formats, prose, unknown, words
from reporting.documents import (
    BoardPack,
    Document,
    Figure,
    MonthlyReport,
    Need,
    PlanWorth,
    SetLimit,
    facts_sha256,
    figures,
)
from reporting.formulas import FORMULAS, Formula
from vciso import charts
from vciso.web.formats import minor_units

MAP_SIZE = 5


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its number in a pack, its short title, its words and what is not known."""

    key: str
    number: str
    short: str
    heading: str
    body: SafeString
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calculated:
    """A formula that occurs in the report, with the figure it gave and its records."""

    formula: Formula
    text: str
    records: int


class Presented:
    """What a template gets as `report`, and nothing else; for `screens`, wide charts are drawn for phones too."""

    def __init__(self, document: Document, *, screens: bool = False) -> None:
        self.doc = document
        self.screens = screens
        self.about = document.about
        self.edition = document.edition
        self.language = document.about.language
        self.currency = document.about.currency
        self.is_monthly = isinstance(document, MonthlyReport)

    @cached_property
    def title(self) -> str:
        """Kind and period, as printed and as the PDF's title."""
        kind = "Monthly security report" if self.is_monthly else "Quarterly security board pack"
        return f"{kind}, {self.about.period_label}"

    @cached_property
    def sections(self) -> dict[str, Section]:
        """Sections by key, with `-` written as `_` for templates."""
        missing = unknown.of(self.doc)
        written = {one.key: one for one in self.doc.words or words.defaults(self.doc)}
        keys = words.sections(self.doc)
        numbers = [str(at + 1) for at in range(len(keys))]
        if not self.is_monthly:
            numbers[-1] = "A"
        return {
            key.replace("-", "_"): Section(
                key=key,
                number=numbers[at],
                short=words.SHORT[key],
                heading=written[key].heading,
                body=prose.to_html(written[key].body),
                unknown=missing[key],
            )
            for at, key in enumerate(keys)
        }

    @cached_property
    def ranked(self) -> SafeString:
        """The shown risks as bars against their limits."""
        bars = [
            charts.Bar(
                label=f"{row.record.reference} {row.title}",
                value=row.rating.score if row.rating else None,
                limit=row.limit.score if row.limit else None,
                was=row.was_score,
                note=_note(row.limit is not None, row.position, row.is_new),
            )
            for row in self.doc.risks.rows
        ]

        def draw(width: float) -> SafeString:
            return charts.ranked_bars(
                bars,
                title="Scores of the top risks against the limits you set.",
                maximum=25,
                width=width,
                nothing="No risk is recorded yet, so nothing can be ranked.",
            )

        return self._drawn(draw, wide=660)

    def _drawn(self, draw: Callable[[float], SafeString], *, wide: float) -> SafeString:
        return charts.for_screens(draw, wide=wide) if self.screens else draw(wide)

    @cached_property
    def limits_line(self) -> str:
        """Which version of the limits was approved, by whom and when, and what has been set since."""
        block = self.doc.limits
        if block is None or block.approval is None:
            return ""
        said = block.approval
        line = f"Version {said.version}, approved by {said.by} on {formats.day(said.on, self.language)}"
        line += "." if said.confirmed else ", as written down for them; they have not confirmed it yet."
        if block.changed:
            line += f" Set since, and not approved: {', '.join(block.changed)}."
        return line

    @cached_property
    def set_limits(self) -> list[SetLimit]:
        """The limits the business set, the one over everything last; none while nothing is set."""
        block = self.doc.limits
        if block is None or not (block.set.value or block.tolerance):
            return []
        return [*block.rows, *([block.tolerance] if block.tolerance else [])]

    @cached_property
    def levels(self) -> list[tuple[int, str, str, str, str]]:
        """Each level of the client's measure: its words, what they mean and cost; none while neither is agreed."""
        scale = self.about.scale
        if not scale.means and not scale.costs:
            return []
        means = scale.means or ("",) * MAP_SIZE
        return [
            (at + 1, scale.likelihood[at], means[at], scale.impact[at], self._cost(at + 1)) for at in range(MAP_SIZE)
        ]

    def _cost(self, impact: int) -> str:
        """ "up to $10,000", "$10,000 to $50,000", "above $1,000,000", or nothing."""
        low, high = (
            None if sum_ is None else formats.money(sum_, self.currency) for sum_ in self.about.scale.cost(impact)
        )
        if low is None:
            return f"up to {high}" if high else ""
        return f"{low} to {high}" if high else f"above {low}"

    @cached_property
    def heat_map(self) -> SafeString:
        """The top five on the map, for boards that ask for it; empty otherwise."""
        rated = [row for row in self.doc.risks.rows if row.rating][:MAP_SIZE]
        if not self.doc.risks.show_heat_map or not rated:
            return SafeString("")
        scale = self.about.scale
        limits = {row.limit.score for row in rated if row.limit}
        marks = {"worse": "▲", "better": "▼"}
        return charts.heat_map(
            [
                charts.Point(
                    row.record.reference.split("-")[-1].lstrip("0") or row.record.reference,
                    row.rating.likelihood,
                    row.rating.impact,
                    marks.get(row.movement, ""),
                )
                for row in rated
                if row.rating
            ],
            step_of=lambda score: scale.band(score).step,
            likelihood=scale.likelihood,
            impact=scale.impact,
            limit=limits.pop() if len(limits) == 1 else None,
        )

    @cached_property
    def bad_year_curve(self) -> SafeString:
        """How likely a year is to cost more than a sum, against the tolerance."""
        year = self.doc.bad_year if isinstance(self.doc, BoardPack) else None
        if year is None or not year.rows:
            return SafeString("")

        def draw(width: float) -> SafeString:
            return charts.exceedance(
                year.curve,
                title="Chance that a year costs more than a sum.",
                worded=lambda sum_: formats.money(int(sum_), self.currency, about=True).removeprefix("about "),
                limit=year.tolerance_minor,
                limit_label="Tolerance",
                width=width,
                height=200,
            )

        return self._drawn(draw, wide=640)

    @cached_property
    def worth_rows(self) -> list[tuple[PlanWorth, SafeString]]:
        """The ranked plans, each with a bar of the loss it removes for each unit of money; none without a gain."""
        block = self.doc.worth if isinstance(self.doc, BoardPack) else None
        rows = [(row, float(row.each.value or 0) if row.each else 0) for row in block.rows] if block else []
        most = max((each for _, each in rows), default=0)
        return [
            (row, charts.share(each, most, said=f"{row.each.text} for each {self.each_unit}", width=64))
            if row.each and each > 0
            else (row, SafeString(""))
            for row, each in rows
        ]

    @cached_property
    def each_unit(self) -> str:
        """One unit of the client's money: “$1”."""
        return formats.money(10 ** minor_units(self.currency), self.currency)

    @cached_property
    def above_columns(self) -> SafeString:
        """How many risks were above the limits in earlier periods."""
        history = self.doc.risks.above_history
        return charts.columns(
            [label for label, _ in history],
            [value for _, value in history],
            title="Risks above your limits.",
            height=128,
            width=250,
            nothing="No earlier figures.",
        )

    @cached_property
    def hours_bar(self) -> SafeString:
        """Hours used and left; empty unless both are known."""
        used, included = self.doc.hours.used.value, self.doc.hours.included.value
        if not used or not included:
            return SafeString("")
        return self._drawn(lambda width: charts.hours_bar(used / 60, included / 60, width=width), wide=420)

    @cached_property
    def hours_columns(self) -> SafeString:
        """Hours of the last months against the agreed ones; empty while nothing is on record."""
        months = self.doc.hours.months
        if not any(month.used or month.included for month in months):
            return SafeString("")
        agreed = months[-1].included
        return charts.columns(
            [month.label for month in months],
            [month.used / 60 for month in months],
            title="Hours used each month.",
            width=212,
            height=140 if self.doc.hours.activities else 104,
            inside=True,
            limit=agreed / 60 if agreed else None,
            limit_label=f"Agreed {formats.hours(agreed)}" if agreed else "",
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the facts, in groups of eight."""
        digest = facts_sha256(self.doc)
        return " ".join(digest[at : at + 8] for at in range(0, 64, 8))

    @cached_property
    def calculated(self) -> tuple[Calculated, ...]:
        """Every formula of the report once, with the figure it gave first."""
        first: dict[str, Figure] = {}
        # A total stands less deep in the document than its parts, and is the one to print.
        for _, figure in sorted(figures(self.doc), key=lambda found: found[0].count(".")):
            first.setdefault(figure.formula, figure)
        return tuple(
            Calculated(FORMULAS[key], figure.text if figure.value != 0 else "none on record", len(figure.records))
            for key, figure in first.items()
            if key in FORMULAS
        )

    @cached_property
    def shown_of(self) -> str:
        """ "6 of 41 risks shown", or nothing when every risk is on the page."""
        shown, total = len(self.doc.risks.rows), int(self.doc.risks.total.value or 0)
        return f"{shown} of {total} risks shown." if total > shown else ""

    @cached_property
    def plan_has_steps(self) -> bool:
        """Whether any work shown has steps on record; the column is left out otherwise."""
        return any(item.total for item in self.doc.plan.rows)

    @cached_property
    def needs_have_minutes(self) -> bool:
        """Whether anything asked says how long it takes."""
        return any(need.minutes for need in self._needs)

    @cached_property
    def needs_have_reasons(self) -> bool:
        """Whether anything asked says what happens without it."""
        return any(need.why for need in self._needs)

    @property
    def _needs(self) -> tuple[Need, ...]:
        return self.doc.needs.rows if isinstance(self.doc, MonthlyReport) else ()

    @cached_property
    def prepared(self) -> str:
        """Who prepared it and for whose approval, or that one consultant did both."""
        who = f"by {self.edition.prepared_by}, {self.edition.prepared_role}"
        on = self.edition.prepared_on
        day = f"{formats.day(on, self.language)} " if on else ""
        if self.edition.approver:
            return f"Prepared {day}{who}, for approval by {self.edition.approver}"
        return f"Prepared {day}and approved {who}; the practice has one consultant"

    @cached_property
    def state_line(self) -> str:
        """What a page that is not final says about itself."""
        return {
            "draft": "Draft, not approved",
            "preview": "Preview of a period that is not over",
        }.get(self.edition.state, "")

    @cached_property
    def asked_minutes(self) -> str:
        """How long the meeting should plan for; twenty minutes unless decisions ask for more."""
        if not isinstance(self.doc, BoardPack):
            return ""
        minutes = max(20, int(self.doc.decisions.minutes.value or 0))
        return formats.plural(minutes, "minute")


def _note(has_limit: bool, position: str, is_new: bool) -> str:
    notes = ["new"] if is_new else []
    if not has_limit:
        notes.append("no limit set")
    elif position == "at":
        notes.append("at your limit")
    return ", ".join(notes)
