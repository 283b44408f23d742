"""Small figures that stand inside a line or a table cell."""

from __future__ import annotations

from django.utils.safestring import SafeString

from vciso.charts import svg


def limit_position(score: float | None, limit: float | None, *, maximum: float = 25, width: float = 150) -> SafeString:
    """Where a score stands against its limit, on one thin bar."""
    if score is None:
        return svg.svg(width, 18, "Not rated.", [svg.text(0, 12, "not rated", size=9.5)], "inline")
    scale = width / max(maximum, score, limit or 0, 1)
    above = limit is not None and score > limit
    body = [
        svg.rect(0, 4, width, 9, svg.TINT),
        svg.rect(0, 4, score * scale, 9, svg.NAVY if above else svg.MID),
    ]
    said = f"Score {svg.amount(score)}"
    if limit is None:
        return svg.svg(width, 18, f"{said}; no limit set.", body, "inline")
    body.append(svg.line(limit * scale, 0, limit * scale, 17, stroke=svg.ALERT, width=2.4))
    place = "above" if above else "at" if score == limit else "inside"
    return svg.svg(width, 18, f"{said}, {place} the limit of {svg.amount(limit)}.", body, "inline")


def share(part: float, whole: float, *, said: str, width: float = 110) -> SafeString:
    """A part of a whole as one bar on its ground; `said` is what it means."""
    length = width * min(1.0, max(0.0, part / whole))
    body = [svg.rect(0, 2, width, 8, svg.TINT), svg.rect(0, 2, length, 8, svg.MID)]
    return svg.svg(width, 12, said, body, "inline")


def progress(done: int, total: int, *, width: float = 110) -> SafeString:
    """Steps done of all steps."""
    if total <= 0:
        return svg.svg(width, 12, "No steps recorded.", [svg.text(0, 9, "no steps", size=9)], "inline")
    return share(done, total, said=f"{done} of {total} steps done.", width=width)
