"""The five by five map: optional, small, a few named risks, never the ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from vciso.charts import svg

LEFT, UP, DOWN = 74, 6, 40
LEVELS = range(1, 6)


@dataclass(frozen=True, slots=True)
class Point:
    """A risk on the map: its short reference and where it stands."""

    label: str
    likelihood: int
    impact: int
    moved: str = ""


def heat_map(
    points: Sequence[Point],
    *,
    step_of: Callable[[int], int],
    likelihood: Sequence[str],
    impact: Sequence[str],
    limit: int | None = None,
    width: float = 420,
    height: float = 252,
) -> SafeString:
    """Likelihood across, impact up; `step_of` gives a score's place from light to dark."""
    cell = ((width - LEFT - 2) / 5, (height - UP - DOWN) / 5)
    body = _cells(cell, step_of)
    if limit is not None:
        body.append(_boundary(cell, limit))
    body += _marks(points, cell)
    for at in range(5):
        middle = LEFT + at * cell[0] + cell[0] / 2
        row = UP + (4 - at) * cell[1] + cell[1] / 2 + 3
        word = svg.fit(likelihood[at], cell[0], 9)[0]
        body.append(svg.text(middle, height - DOWN + 15, word, size=9, anchor="middle"))
        body.append(svg.text(LEFT - 7, row, svg.fit(impact[at], LEFT - 10, 9)[0], size=9, anchor="end"))
    middle = LEFT + (width - LEFT) / 2
    body.append(svg.text(middle, height - 6, "Likelihood", size=9.5, fill=svg.INK, anchor="middle", bold=True))
    body.append(svg.text(0, UP + 9, "Impact", size=9.5, fill=svg.INK, bold=True))
    said = ", ".join(f"{point.label} at likelihood {point.likelihood}, impact {point.impact}" for point in points)
    title = (
        f"Map of {len(points)} risks by likelihood and impact: {said}."
        if points
        else ("Map of likelihood and impact without a rated risk.")
    )
    return svg.svg(width, height, title, body, "heat")


def _cells(cell: tuple[float, float], step_of: Callable[[int], int]) -> list[str]:
    wide, high = cell
    body = []
    for across in LEVELS:
        for up in LEVELS:
            step = step_of(across * up)
            x, y = LEFT + (across - 1) * wide, UP + (5 - up) * high
            body.append(svg.rect(x + 1, y + 1, wide - 2, high - 2, svg.RAMP[step]))
            body.append(svg.text(x + wide - 5, y + high - 5, across * up, size=8, fill=svg.ON[step], anchor="end"))
    return body


def _boundary(cell: tuple[float, float], limit: int) -> str:
    """The line between scores inside the limit and scores above it."""
    wide, high = cell
    points: list[tuple[float, float]] = []
    for across in LEVELS:
        inside = max((up for up in LEVELS if across * up <= limit), default=0)
        y = UP + (5 - inside) * high
        right = (LEFT + across * wide, y)
        points = [*points, (LEFT + (across - 1) * wide, y), right] if inside < 5 else [right]
    return svg.path(points, stroke=svg.ALERT, width=2.4) if len(points) > 1 else ""


def _marks(points: Sequence[Point], cell: tuple[float, float]) -> list[str]:
    wide, high = cell
    taken: dict[tuple[int, int], int] = {}
    body: list[str] = []
    for point in points:
        place = (point.likelihood, point.impact)
        number = taken[place] = taken.get(place, -1) + 1
        x = LEFT + (point.likelihood - 1) * wide + 4 + (number % 2) * (wide / 2 - 2)
        y = UP + (5 - point.impact) * high + 4 + (number // 2) * 15.5
        if number > 3:
            continue
        said = "…" if number == 3 else f"{point.label}{point.moved}"
        body.append(svg.rect(x, y, wide / 2 - 4, 13.5, svg.PAPER, stroke=svg.INK, stroke_width=0.8, radius=6.5))
        body.append(svg.text(x + wide / 4 - 2, y + 10, said, size=8.2, fill=svg.INK, anchor="middle", bold=True))
    return body
