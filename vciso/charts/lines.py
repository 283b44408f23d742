"""Lines over time: a spark inside a table row, and a trend with its limit."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.safestring import SafeString

from vciso.charts import svg


def spark(values: Sequence[float], *, title: str = "", width: float = 64, height: float = 18) -> SafeString:
    """A line without axes. One value is a dot; none is a dash in words."""
    if not values:
        return svg.svg(
            width, height, f"{title} no values yet".strip(), [svg.text(0, height - 5, "–", size=9)], "inline"
        )
    low, high = min(values), max(values)
    span = (high - low) or 1
    gap = (width - 7) / max(1, len(values) - 1)
    points = [
        (
            3 + gap * at if len(values) > 1 else width - 4,
            height / 2 if high == low else height - 4 - (height - 8) * (value - low) / span,
        )
        for at, value in enumerate(values)
    ]
    body = [svg.path(points, stroke=svg.MID, width=1.3)] if len(points) > 1 else []
    body.append(svg.dot(*points[-1], 2.3))
    said = ", ".join(svg.amount(value) for value in values)
    return svg.svg(width, height, f"{title} Trend: {said}.".strip(), body, "inline")


def trend_line(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    limit: float | None = None,
    limit_label: str = "Limit",
    width: float = 430,
    height: float = 200,
    nothing: str = "No figures yet.",
) -> SafeString:
    """A line with every value written on it, and the limit as a broken line."""
    if not values:
        return svg.nothing(nothing, width=width)
    left, right, up, down = 16, 16 if limit is None else 74, 22, 24
    top = max([*values, limit or 0]) * 1.1 or 1
    wide = width - left - right
    gap = wide / max(1, len(values) - 1)

    def y_of(value: float) -> float:
        return up + (height - up - down) * (1 - value / top)

    points = [(left + gap * at, y_of(value)) for at, value in enumerate(values)]
    body = [svg.line(left - 8, y_of(0), width - right + 10, y_of(0), stroke=svg.SECOND)]
    if limit is not None:
        y = y_of(limit)
        body.append(svg.line(left - 8, y, width - right + 10, y, stroke=svg.ALERT, width=1.4, dash="5 3"))
        body.append(svg.text(width - right + 14, y + 3, limit_label, size=9.5, fill=svg.ALERT, bold=True))
        body.append(svg.text(width - right + 14, y + 15, svg.amount(limit), size=9.5, fill=svg.ALERT))
    if len(points) > 1:
        body.append(svg.path(points, stroke=svg.NAVY, width=2.2))
    every = _named(labels, gap)
    for at, ((x, y), value) in enumerate(zip(points, values, strict=True)):
        last = at == len(values) - 1
        body.append(svg.dot(x, y, 4 if last else 3, fill=svg.NAVY if last else svg.PAPER, stroke=svg.NAVY))
        body.append(svg.text(x, y - 9, svg.amount(value), size=10.5, fill=svg.INK, anchor="middle", bold=True))
        if (len(values) - 1 - at) % every == 0:
            tone = svg.INK if last else svg.SECOND
            body.append(svg.text(x, height - 8, labels[at], size=9.5, anchor="middle", fill=tone, bold=last))
    said = " ".join(f"{label}: {svg.amount(value)}." for label, value in zip(labels, values, strict=True))
    line = f" {limit_label}: {svg.amount(limit)}." if limit is not None else ""
    return svg.svg(width, height, f"{title} {said}{line}", body, "trend")


def _named(labels: Sequence[str], gap: float) -> int:
    """How many points share one label below the axis, so that none touches the next; the last one has its own."""
    longest = max(len(label) for label in labels) * svg.ON_SCREEN * svg.CHARACTER
    return max(1, math.ceil((longest + 6) / gap)) if len(labels) > 1 else 1
