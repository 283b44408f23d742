"""Ranked horizontal bars: how large, where the limit is, and how large last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from vciso.charts import svg

TOP = 20


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a row has its label and its bar: beside each other, or the bar below where there is no room."""

    left: int
    row: int
    bar: int
    label: int
    size: float
    lead: int
    value: float
    note: float


NARROW = 400


def _layout(width: float) -> _Layout:
    if width >= NARROW:
        return _Layout(left=258, row=30, bar=0, label=244, size=10, lead=12, value=10.5, note=9)
    return _Layout(left=0, row=66, bar=34, label=int(width * 0.94), size=12, lead=15, value=12, note=11)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `value` None is drawn as words, never as an empty bar."""

    label: str
    value: float | None
    limit: float | None = None
    was: float | None = None
    note: str = ""
    absent: str = "not rated"

    @property
    def is_above(self) -> bool:
        """Strictly above the limit; at the limit is not above it."""
        return self.value is not None and self.limit is not None and self.value > self.limit


def ranked_bars(
    rows: Sequence[Bar],
    *,
    title: str,
    maximum: float | None = None,
    width: float = 660,
    nothing: str = "Nothing to rank yet.",
) -> SafeString:
    """Bars on a common baseline, largest first as given; the tick is the limit."""
    if not rows:
        return svg.nothing(nothing, width=width)
    top = maximum or max([1.0, *(v for row in rows for v in (row.value, row.limit, row.was) if v)])
    place = _layout(width)
    beside = 34 + place.note * svg.CHARACTER * max(len(row.note) for row in rows)
    scale = (width - place.left - beside) / top
    body = _legend(rows, place)
    for number, row in enumerate(rows):
        body += _row(row, TOP + number * place.row, scale, width, place)
    said = " ".join(_in_words(row) for row in rows)
    return svg.svg(width, TOP + place.row * len(rows) + 2, f"{title} {said}", body, "ranked")


def _row(row: Bar, y: float, scale: float, width: float, place: _Layout) -> list[str]:
    body = _label(row, y, place)
    body.append(svg.line(0, y + place.row - 4, width, y + place.row - 4, width=0.5))
    left, y = place.left, y + place.bar
    if row.value is None:
        body.append(svg.text(left, y + 14, row.absent, size=9.5))
        return body
    length = row.value * scale
    ends = [length]
    if row.was is not None:
        body.append(svg.rect(left, y + 1.5, row.was * scale, 18, "none", stroke=svg.SECOND, dash="2 2"))
        ends.append(row.was * scale)
    body.append(svg.rect(left, y + 4, length, 13, svg.NAVY if row.is_above else svg.MID))
    if row.limit is not None:
        tick = left + row.limit * scale
        body.append(svg.line(tick, y - 0.5, tick, y + 21.5, stroke=svg.PAPER, width=6))
        body.append(svg.line(tick, y - 0.5, tick, y + 21.5, stroke=svg.ALERT, width=2.6))
        ends.append(row.limit * scale)
    at, said = left + max(ends) + 8, svg.amount(row.value)
    body.append(svg.text(at, y + 14.5, said, size=place.value, fill=svg.INK, bold=True))
    if row.note:
        body.append(svg.text(at + 8 + len(said) * place.value * svg.CHARACTER, y + 14.5, row.note, size=place.note))
    return body


def _label(row: Bar, y: float, place: _Layout) -> list[str]:
    lines = svg.fit(row.label, place.label, place.size, lines=2)
    above = place.lead * (len(lines) - 1)
    first = y + (place.bar - 8 - above if place.bar else 15.5 - above / 2)
    return [
        svg.text(0, first + at * place.lead, part, size=place.size, fill=svg.INK, bold=row.is_above)
        for at, part in enumerate(lines)
    ]


def _legend(rows: Sequence[Bar], place: _Layout) -> list[str]:
    body: list[str] = []
    x = float(place.left)
    if any(row.limit is not None for row in rows):
        body += [
            svg.line(x + 1.5, 1, x + 1.5, 12, stroke=svg.ALERT, width=2.6),
            svg.text(x + 8, 10, "your limit", size=place.note),
        ]
        x += 12 + 6 * place.note
    if any(row.was is not None for row in rows):
        body += [
            svg.rect(x, 2.5, 16, 8, "none", stroke=svg.SECOND, dash="2 2"),
            svg.text(x + 21, 10, "last report", size=place.note),
        ]
    return body


def _in_words(row: Bar) -> str:
    if row.value is None:
        return f"{row.label}: {row.absent}."
    parts = [f"{row.label}: {svg.amount(row.value)}"]
    if row.limit is not None:
        parts.append(f"limit {svg.amount(row.limit)}")
    if row.was is not None:
        parts.append(f"was {svg.amount(row.was)}")
    return f"{', '.join(parts)}."
