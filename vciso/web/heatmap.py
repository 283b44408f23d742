"""Risks by likelihood and impact as a table whose counts are links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LEVELS = {1: "Low", 2: "Medium", 3: "High", 4: "Critical"}
LIKELIHOOD = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
IMPACT = ("Minor", "Limited", "Serious", "Major", "Severe")


def default_level(likelihood: int, impact: int) -> int:
    """Low 1–5, medium 6–10, high 12–16, critical 20–25; a client may edit these."""
    score = likelihood * impact
    return 4 if score >= 20 else 3 if score >= 12 else 2 if score >= 6 else 1


@dataclass(frozen=True)
class Cell:
    count: int
    level: int
    url: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """Counts by (likelihood, impact), both 1–5, with the client's words and bands.

    `url(likelihood, impact)` is the list filtered to that cell; `chosen` is the cell it is
    filtered to now.
    """

    counts: Mapping[tuple[int, int], int]
    url: Callable[[int, int], str]
    level: Callable[[int, int], int] = default_level
    likelihood: tuple[str, ...] = LIKELIHOOD
    impact: tuple[str, ...] = IMPACT
    levels: Mapping[int, str] = field(default_factory=lambda: LEVELS)
    chosen: tuple[int, int] | None = None
    caption: str = "Open risks by likelihood and impact, now. A count opens the filtered list."

    @property
    def rows(self) -> list[Row]:
        """Most likely first, as the axis is drawn."""
        return [Row(self.likelihood[y - 1], tuple(self._cell(y, x) for x in range(1, 6))) for y in range(5, 0, -1)]

    def _cell(self, likelihood: int, impact: int) -> Cell:
        count, level = self.counts.get((likelihood, impact), 0), self.level(likelihood, impact)
        words = f"{self.likelihood[likelihood - 1].lower()}, {self.impact[impact - 1].lower()} impact"
        noun = "risk" if count == 1 else "risks"
        return Cell(
            count=count,
            level=level,
            url=self.url(likelihood, impact) if count else "",
            label=f"{count} {self.levels[level].lower()} {noun}: {words}",
            chosen=self.chosen == (likelihood, impact),
        )


@dataclass(frozen=True)
class Mark:
    """Where a risk stands on the small map: B before, N now, T target."""

    x: float
    y: float
    letter: str


@dataclass(frozen=True)
class Arrow:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Square:
    x: int
    y: int
    level: int
    fill: str


FILLS = {1: "#dde7ef", 2: "#f7d470", 3: "#e9813f", 4: "#860f2d"}


@dataclass(frozen=True)
class RatingPath:
    """The way of one risk from before controls over now to its target, each (likelihood, impact)."""

    before: tuple[int, int] | None
    now: tuple[int, int] | None
    target: tuple[int, int] | None
    level: Callable[[int, int], int] = default_level
    likelihood: tuple[str, ...] = LIKELIHOOD
    impact: tuple[str, ...] = IMPACT

    @property
    def _points(self) -> list[tuple[str, str, tuple[int, int]]]:
        named = (("B", "Before controls", self.before), ("N", "Now", self.now), ("T", "Target", self.target))
        return [(letter, word, at) for letter, word, at in named if at is not None]

    @property
    def sentence(self) -> str:
        """The same in words, for those who do not see it."""
        parts = [
            f"{word}: {self.likelihood[y - 1].lower()}, {self.impact[x - 1].lower()}."
            for _, word, (y, x) in self._points
        ]
        return " ".join(parts) or "Not rated yet."

    @property
    def squares(self) -> list[Square]:
        return [
            Square(26 + (x - 1) * 26, (5 - y) * 26, self.level(y, x), FILLS[self.level(y, x)])
            for y in range(5, 0, -1)
            for x in range(1, 6)
        ]

    @property
    def marks(self) -> list[Mark]:
        """One disc per rating; those that share a square stand side by side."""
        taken: dict[tuple[int, int], int] = {}
        marks = []
        for letter, _, at in self._points:
            shift = taken.get(at, 0)
            taken[at] = shift + 1
            y, x = at
            marks.append(Mark(26 + (x - 1) * 26 + 12 + shift * 7, (5 - y) * 26 + 12 + shift * 7, letter))
        return marks

    @property
    def arrows(self) -> list[Arrow]:
        found = []
        for one, two in zip(self.marks, self.marks[1:], strict=False):
            dx, dy = two.x - one.x, two.y - one.y
            length = (dx * dx + dy * dy) ** 0.5
            if length > 24:
                ux, uy = dx / length, dy / length
                found.append(
                    Arrow(
                        round(one.x + ux * 11, 1),
                        round(one.y + uy * 11, 1),
                        round(two.x - ux * 12, 1),
                        round(two.y - uy * 12, 1),
                    )
                )
        return found
