"""Upright columns over time, and the one bar of hours used and left."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from vciso.charts import svg


def columns(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    limit: float | None = None,
    limit_label: str = "",
    width: float = 200,
    height: float = 150,
    inside: bool = False,
    nothing: str = "No figures yet.",
) -> SafeString:
    """One column per label, the last one dark. An unknown value is a question mark."""
    known = [value for value in values if value is not None]
    if not known:
        return svg.nothing(nothing, width=width)
    top = max([*known, limit or 0]) * 1.12 or 1
    floor, ceiling = height - 26, 22
    step = min(width / len(values), 64)
    room = floor - ceiling
    body = [svg.line(0, floor, width, floor, stroke=svg.SECOND)]
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        last = number == len(values) - 1
        middle = number * step + step / 2
        rise = room * (value or 0) / top
        body.append(svg.rect(middle - step * 0.34, floor - rise, step * 0.68, rise, svg.NAVY if last else svg.LIGHT))
        said = "?" if value is None else svg.amount(value)
        low = inside and rise > 18
        body.append(
            svg.text(
                middle,
                floor - 6 if low else floor - rise - 4,
                said,
                size=9 if low else 10,
                fill=svg.PAPER if low and last else svg.INK,
                anchor="middle",
                bold=True,
            )
        )
        body += _under(label, middle, floor, last)
    if limit is not None:
        y = floor - room * limit / top
        body.append(svg.line(0, y, width, y, stroke=svg.ALERT, width=1.3, dash="5 3"))
        if limit_label:
            body.append(svg.text(0, 10, limit_label, size=9.5, fill=svg.ALERT, bold=True))
    said = ", ".join(
        f"{label}: {'not known' if value is None else svg.amount(value)}"
        for label, value in zip(labels, values, strict=True)
    )
    line = f" {limit_label or 'Limit'}: {svg.amount(limit)}." if limit is not None else ""
    return svg.svg(width, height, f"{title} {said}.{line}", body, "columns")


def _under(label: str, middle: float, floor: float, last: bool) -> list[str]:
    fill = svg.INK if last else svg.SECOND
    return [
        svg.text(middle, floor + 12 + at * 10.5, part, size=9, fill=fill, anchor="middle",
                 bold=last and at == 0)
        for at, part in enumerate(label.split(" ")[:2])
    ]  # fmt: skip


def hours_bar(used: float, included: float, *, width: float = 420, height: float = 34) -> SafeString:
    """Hours used, left, and over what was agreed, in one bar with its words."""
    top = max(used, included)
    if top <= 0:
        return svg.nothing("No hours are recorded.", width=width)
    scale = width / top
    inside = min(used, included) * scale
    body = [
        svg.rect(0, 0, width, 14, svg.TINT, stroke=svg.RULE, stroke_width=0.75),
        svg.rect(0, 0, inside, 14, svg.NAVY),
    ]
    # Rounded as it is printed: a minute short of the agreement is neither left nor over.
    over = round(used - included, 1)
    if over > 0:
        body.append(
            svg.rect(inside + 0.7, 0.7, over * scale - 1.4, 12.6, svg.PAPER, stroke=svg.ALERT, stroke_width=1.4)
        )
        rest = f"{svg.amount(over)} over"
    else:
        rest = f"{svg.amount(abs(over))} left"
    body.append(svg.text(0, 29, f"{svg.amount(used)} used", size=9.5, fill=svg.INK, bold=True))
    body.append(svg.text(width, 29, rest, size=9.5, anchor="end"))
    title = f"{svg.amount(used)} hours used of {svg.amount(included)} agreed, {rest}."
    return svg.svg(width, height, title, body, "hours")
