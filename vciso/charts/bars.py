"""Ranked horizontal bars: how large, where the limit is, and how large last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from vciso.charts import svg

LABEL, ROW, TOP = 258, 27, 20


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
    notes = 124 if any(row.note for row in rows) else 34
    scale = (width - LABEL - notes) / top
    body = _legend(rows, width)
    for number, row in enumerate(rows):
        body += _row(row, TOP + number * ROW, scale, width)
    said = " ".join(_in_words(row) for row in rows)
    return svg.svg(width, TOP + ROW * len(rows) + 2, f"{title} {said}", body, "ranked")


def _row(row: Bar, y: float, scale: float, width: float) -> list[str]:
    lines = svg.fit(row.label, LABEL - 14, 10, lines=2)
    first = y + (14 if len(lines) == 1 else 8.5)
    body = [
        svg.text(0, first + at * 12, part, size=10, fill=svg.INK, bold=row.is_above) for at, part in enumerate(lines)
    ]
    body.append(svg.line(0, y + ROW - 3.5, width, y + ROW - 3.5, width=0.5))
    if row.value is None:
        body.append(svg.text(LABEL, y + 14, row.absent, size=9.5))
        return body
    length = row.value * scale
    ends = [length]
    if row.was is not None:
        body.append(svg.rect(LABEL, y + 1.5, row.was * scale, 18, "none", stroke=svg.SECOND, dash="2 2"))
        ends.append(row.was * scale)
    body.append(svg.rect(LABEL, y + 4, length, 13, svg.NAVY if row.is_above else svg.MID))
    if row.limit is not None:
        tick = LABEL + row.limit * scale
        body.append(svg.line(tick, y - 0.5, tick, y + 21.5, stroke=svg.PAPER, width=6))
        body.append(svg.line(tick, y - 0.5, tick, y + 21.5, stroke=svg.ALERT, width=2.6))
        ends.append(row.limit * scale)
    at = LABEL + max(ends) + 8
    body.append(svg.text(at, y + 14.5, svg.amount(row.value), size=10.5, fill=svg.INK, bold=True))
    if row.note:
        body.append(svg.text(width, y + 14.5, row.note, size=9, anchor="end"))
    return body


def _legend(rows: Sequence[Bar], width: float) -> list[str]:
    body: list[str] = []
    x = float(LABEL)
    if any(row.limit is not None for row in rows):
        body += [
            svg.line(x + 1.5, 1, x + 1.5, 12, stroke=svg.ALERT, width=2.6),
            svg.text(x + 8, 10, "your limit", size=8.5),
        ]
        x += 66
    if any(row.was is not None for row in rows):
        body += [
            svg.rect(x, 2.5, 16, 8, "none", stroke=svg.SECOND, dash="2 2"),
            svg.text(x + 21, 10, "last report", size=8.5),
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
