"""Ratings as strangers write them, brought to 1–5.

The whole column decides: a file with levels 1 to 3 becomes 1, 3, 5; 1 to 4
becomes 1, 2, 4, 5; 0 to 10 is halved and rounded up. Words are placed by how
many levels their family has. What was decided is a table from the file's own
texts to levels, which is shown, kept with the import and may be changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from vciso.imports.legends import contradicts, counts_from_nought, direction, hint, legend
from vciso.imports.levels import Level, plain_level, reading_of

SCALES = {"3": "1 to 3", "4": "1 to 4", "5": "1 to 5", "10": "0 to 10", "100": "percent"}


def scale_name(top: int) -> str:
    return SCALES.get(str(top), "parts of one")


@dataclass
class Scale:
    """How one column's texts become levels."""

    top: int = 5
    """The highest number of the file's own scale: 3, 4, 5, 10 or 100 for percent."""
    levels: dict[str, int | None] = field(default_factory=dict)
    """Text as compared → level; ``None`` is deliberately not rated."""
    shown: dict[str, str] = field(default_factory=dict)
    """Text as compared → text as it stands in the file."""
    turned: bool = False
    """Whether 1 is the worst in the file."""

    def level(self, text: str) -> int | None:
        return self.levels.get(plain_level(text))

    def knows(self, text: str) -> bool:
        return plain_level(text) in self.levels


@dataclass(frozen=True, slots=True)
class Top:
    """Where the numbers of a file end, and how sure that is."""

    top: int
    unsure: bool = False
    beyond: tuple[float, ...] = ()
    """Numbers above it: odd cells, which are not rated."""
    of: int = 0
    """How many numbers there are."""


_LONE = 0.05
"""A share of higher numbers so small that they are slips of a finger, not a longer scale."""
_FEW = 0.15
_MANY = 0.25
_SETTLED = 20
"""From so many numbers on a lone higher one leaves no doubt."""


def top_of(readings: Iterable[Level]) -> Top:
    """The scale of a file by all its numbers; a few that lie above the rest make no longer scale."""
    readings = list(readings)
    numbers = [reading.number for reading in readings if reading.number is not None]
    if not numbers:
        return Top(5)
    parts = [number for number in numbers if 0 < number < 1]
    if parts and len(parts) + numbers.count(0) + numbers.count(1) >= (1 - _LONE) * len(numbers):
        return Top(1, beyond=tuple(number for number in numbers if number > 1), of=len(numbers))
    worded = [reading.number == reading.five for reading in readings if reading.number is not None and reading.five]
    # "3 - Possible" is the third of five, however few levels the file uses.
    of_five = bool(worded) and (all(worded) or (len(worded) > 3 and sum(worded) >= 0.8 * len(worded)))
    stated = max((reading.out_of for reading in readings), default=0)
    for top in (5, 10):
        beyond = tuple(number for number in numbers if number > top)
        share = len(beyond) / len(numbers)
        if stated > top:
            continue
        if not beyond:
            break
        if share <= _MANY and ((of_five and top == 5) or (share <= _LONE and len(numbers) >= _SETTLED)):
            return Top(top, beyond=beyond, of=len(numbers))
        if share <= _MANY and len(numbers) >= 5:
            # Numbers are left as they stand where they may well be of a longer scale, and the person is asked.
            return Top(top if share <= _FEW else _longer(beyond, top), True, beyond, len(numbers))
    else:
        return Top(100, True, of=len(numbers)) if max(numbers) > 100 else Top(100, of=len(numbers))
    if top == 10 or of_five:
        return Top(top, of=len(numbers))
    return _short(readings, numbers)


def outgrown(numbers: list[float], top: int) -> bool:
    """Whether so many numbers lie above a scale that it cannot be that of the column."""
    beyond = sum(number > top for number in numbers)
    return beyond > 1 and beyond > _LONE * len(numbers)


def _longer(beyond: tuple[float, ...], top: int) -> int:
    return 10 if top == 5 and max(beyond) <= 10 else 100


def _short(readings: list[Level], numbers: list[float]) -> Top:
    """One of three, four or five levels, where no number is above five."""
    highest = max([*numbers, *(float(reading.out_of) for reading in readings)])
    top = next(top for top in (3, 4, 5) if highest <= top)
    if top == 5 or any(reading.out_of for reading in readings):
        return Top(top, of=len(numbers))
    # Few ratings may all be low by chance, and one of four may be a slip: the likelier scale is taken, and asked.
    lone = top == 4 and numbers.count(4) == 1
    return Top(top if _enough(numbers, top) else 5, lone or len(numbers) < (10 if top == 3 else 20), of=len(numbers))


def _enough(numbers: list[float], top: int) -> bool:
    """Whether so many ratings without a higher one speak for a short scale; else five is likelier."""
    whole = set(numbers) >= set(range(1, top + 1))
    if top == 3:
        return whole or len(numbers) >= 6
    return len(numbers) >= 12 or (whole and len(numbers) >= 8)


def place(number: float, top: int) -> int:
    """A number of a scale that ends at ``top``, as 1–5."""
    if top == 1:
        return max(1, min(5, math.ceil(number * 5 - 1e-9)))
    if top == 3:
        return {1: 1, 2: 3, 3: 5}[max(1, min(3, math.floor(number + 0.5)))]
    if top == 4:
        return {1: 1, 2: 2, 3: 4, 4: 5}[max(1, min(4, math.floor(number + 0.5)))]
    if top == 10:
        return max(1, min(5, math.ceil(number / 2 - 1e-9)))
    if top == 100:
        return max(1, min(5, math.ceil(number / 20 - 1e-9)))
    return max(1, min(5, math.floor(number + 0.5)))


def _words(readings: list[Level]) -> dict[str, int]:
    """Levels of low, medium, high and their like, by how many of them the file uses."""
    seen = {reading.plain for reading in readings if reading.plain}
    five = {reading.five for reading in readings if reading.five}
    # "Very" is a word of five levels; "critical" may also be the fourth of four.
    if seen & {"vl", "xh"} or five & {1, 2, 4}:
        return {"vl": 1, "l": 2, "m": 3, "h": 4, "vh": 5, "xh": 5}
    if "vh" in seen or 5 in five:
        return {"vl": 1, "l": 1, "m": 2, "h": 4, "vh": 5, "xh": 5}
    return {"vl": 1, "l": 1, "m": 3, "h": 5, "vh": 5, "xh": 5}


def build(texts: Iterable[str], *, together: Iterable[str] = (), top: int = 0, header: str = "") -> Scale:
    """The scale of a column holding ``texts``.

    ``together`` are the texts of all columns that share the scale; ``top``
    is the scale the header or the user states. A ``header`` with a legend says
    which end is the worst; else the words beside the numbers do.
    """
    own = {plain_level(text): " ".join(text.split()) for text in texts}
    readings = {form: reading_of(text) for form, text in own.items()}
    shared = [reading_of(text) for text in together] or list(readings.values())
    scale = Scale(top=top or top_of(shared).top, shown=own)
    facing = direction(legend(header)) or direction(readings.values())
    scale.turned = facing < 0 and scale.top in (3, 4, 5, 10)
    nought = counts_from_nought(header) and scale.top == hint(header)
    words = _words(shared if any(reading.plain for reading in shared) else list(readings.values()))
    for form, reading in readings.items():
        if reading.nothing:
            scale.levels[form] = None
        elif reading.percent is not None:
            scale.levels[form] = place(reading.percent, 100)
        elif reading.number is not None and not (top == 0 and reading.number > 100) and reading.number >= 0:
            placed = _placed_number(replace(reading, number=reading.number + nought), scale.top)
            if placed is not None and scale.turned:
                placed = 6 - placed
            if placed is not None:
                scale.levels[form] = placed
        elif reading.five is not None:
            # "moderate" beside low and high is the middle of three, as "medium" would be.
            scale.levels[form] = reading.five
        elif reading.plain:
            scale.levels[form] = words[reading.plain]
    return scale


def said_of_scales(built: Mapping[str, Scale]) -> list[str]:
    """How the columns, by their labels, were read where the file does not rate from 1 to 5, and what lies above."""
    by_top: dict[int, list[str]] = {}
    beyond: dict[str, int] = {}
    for label, scale in built.items():
        numbers = {form: reading_of(text).number or 0 for form, text in scale.shown.items()}
        if any(numbers.values()):
            by_top.setdefault(scale.top, []).append(label.lower())
        for form, number in numbers.items():
            if number > scale.top and form not in scale.levels:
                beyond.setdefault(scale.shown[form], scale.top)
    said = [f"Read as {scale_name(top)}: {', '.join(labels)}." for top, labels in sorted(by_top.items()) if top != 5]
    if turned := [label.lower() for label, scale in built.items() if scale.turned]:
        said.append(f"Turned round, as 1 is the worst in this file: {', '.join(turned)}.")
    for label, scale in built.items():
        if contradicts(reading_of(text) for text in scale.shown.values()):
            said.append(
                f"Words and numbers of {label.lower()} disagree on which end is worst. Check the table of levels."
            )
    for top in sorted(set(beyond.values())):
        odd = ", ".join(f"“{text}”" for text, end in beyond.items() if end == top)
        said.append(f"The ratings are read as {scale_name(top)}. Above that lies {odd}, which is not rated.")
    return said


def _placed_number(reading: Level, top: int) -> int | None:
    number = reading.number or 0.0
    if number == 0 and top in (3, 4, 5):
        return None
    if number > top and top > 1:
        return None
    return place(number, top)
