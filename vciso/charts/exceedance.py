"""How likely a year is to cost more than a sum: the loss-exceedance curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from django.utils.safestring import SafeString

from vciso.charts import svg

CHANCES = (0.1, 0.25, 0.5, 0.75, 1.0)


def exceedance(
    points: Sequence[tuple[float, float]],
    *,
    title: str,
    worded: Callable[[float], str],
    limit: float | None = None,
    limit_label: str = "Limit",
    width: float = 430,
    height: float = 220,
) -> SafeString:
    """A falling line over (sum, chance of a year above it), with the limit as a broken upright line.

    `worded` writes a sum, for the axis and for the text that says the figure in words. Years without a loss are
    above no sum: of the points at nothing the last one alone is true, and the line begins there.
    """
    free = sum(value <= 0 for value, _ in points)
    points = points[max(0, free - 1) :]
    most = max([*(value for value, _ in points), limit or 0], default=0)
    if not most:
        return svg.nothing("No loss in any simulated year.", width=width)
    left, right, up, down = 40, 18, 26, 26
    wide, high = width - left - right, height - up - down

    def x_of(value: float) -> float:
        return left + wide * value / (most * 1.05)

    def y_of(chance: float) -> float:
        return up + high * (1 - chance)

    body = []
    for chance in CHANCES:
        body.append(svg.line(left, y_of(chance), width - right, y_of(chance)))
        body.append(svg.text(left - 6, y_of(chance) + 3, f"{chance:.0%}", size=9.5, anchor="end"))
    body.append(svg.line(left, y_of(0), width - right, y_of(0), stroke=svg.SECOND))
    for sum_ in _apart(_round_sums(most), worded, wide):
        body.append(svg.line(x_of(sum_), y_of(0), x_of(sum_), y_of(0) + 4, stroke=svg.SECOND))
        body.append(svg.text(x_of(sum_), height - 8, worded(sum_), size=9.5, anchor="middle"))
    body.append(svg.path([(x_of(value), y_of(chance)) for value, chance in points], stroke=svg.NAVY, width=2.2))
    if limit is not None:
        x = x_of(limit)
        side = "end" if x > left + wide / 2 else "start"
        body.append(svg.line(x, up - 6, x, y_of(0), stroke=svg.ALERT, width=1.4, dash="5 3"))
        at = x - 5 if side == "end" else x + 5
        body.append(
            svg.text(at, up - 10, f"{limit_label} {worded(limit)}", size=9.5, fill=svg.ALERT, anchor=side, bold=True)
        )
    said = " ".join(_told(points, worded))
    line = f" {limit_label}: {worded(limit)}." if limit is not None else ""
    return svg.svg(width, height, f"{title} {said}{line}", body, "trend")


def _round_sums(most: float) -> list[float]:
    """Nothing, then up to four sums evenly apart, steps of one, two or five with noughts, up to the largest."""
    power = 10.0 ** math.floor(math.log10(most))
    step = next(step for step in (power * part for part in (0.5, 1, 2)) if most / step < 5)
    return [step * number for number in range(int(most / step) + 1)]


def _apart(sums: list[float], worded: Callable[[float], str], room: float) -> list[float]:
    """As many of the sums, evenly, as can be written beside each other."""
    longest = max(len(worded(sum_)) for sum_ in sums) * svg.ON_SCREEN * svg.CHARACTER + 10
    return sums[:: max(1, math.ceil(len(sums) * longest / room))]


def _told(points: Sequence[tuple[float, float]], worded: Callable[[float], str]) -> Iterator[str]:
    """How many years have no loss, if any do, and what half of them, one in ten and one in fifty are above."""
    (first, most), *_ = points
    if first <= 0:
        yield f"No loss in {1 - most:.0%} of years or more."
    for asked in (0.5, 0.1, 0.02):
        value, chance = min(points, key=lambda point: abs(point[1] - asked))
        if value > 0 and asked <= most:
            yield f"{chance:.0%} of years above {worded(value)}."
