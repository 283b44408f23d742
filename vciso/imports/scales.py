"""Ratings as strangers write them, brought to 1–5.

The whole column decides: a file with levels 1 to 3 becomes 1, 3, 5; 1 to 4
becomes 1, 2, 4, 5; 0 to 10 is halved and rounded up. Words are placed by how
many levels their family has. What was decided is a table from the file's own
texts to levels, which is shown, kept with the import and may be changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from vciso.imports.legends import counts_from_nought, direction, end_of, hint, legend, off_its_word
from vciso.imports.levels import Level, plain_level, reading_of
from vciso.imports.reading.texts import plain

_NAMED = 12
"""So many texts are named in a sentence."""
LOW, HIGH = "low", "high"
ENDS = {HIGH: "The highest number is the worst", LOW: "1 is the worst"}
SCALES = {"3": "1 to 3", "4": "1 to 4", "5": "1 to 5", "10": "0 to 10", "100": "percent"}


def scale_name(top: int) -> str:
    return SCALES.get(str(top), "fractions from 0 to 1")


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
    between: set[str] = field(default_factory=set)
    """Texts that lie between two levels, "2.5" or "4-5": read as the higher, which is told."""
    opposed: set[str] = field(default_factory=set)
    """Texts read by a number that their word contradicts."""

    steps: tuple[float, ...] = ()
    """The numbers of its five levels, where they do not follow each other."""

    def level(self, text: str) -> int | None:
        return self.levels.get(plain_level(text))

    measured: dict[str, int] = field(default_factory=dict)
    """Texts that were read by what the client's levels mean."""

    def measure(self, means: Callable[[str], int | None]) -> None:
        """Read what is no level yet by what the levels of the client mean."""
        for form, text in self.shown.items():
            if form not in self.levels and (level := means(text)) is not None:
                self.levels[form] = self.measured[text] = level

    def set(self, form: str, level: int | None) -> None:
        """What a person says that a text means."""
        self.levels[form] = level
        self.between.discard(form)
        self.opposed.discard(form)

    def doubt(self, text: str) -> str:
        """Why the level of a text is not certain; nothing where it is."""
        form = plain_level(text)
        if form in self.between:
            return "lies between two levels and is read as the worse"
        return "says one thing by its word and another by its number, which counts" if form in self.opposed else ""

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
    by_words: bool = False
    """Whether the words at both ends say so, whatever the other columns hold."""


_LONE = 0.05
"""A share of higher numbers so small that they are slips of a finger, not a longer scale."""
_FEW = 0.15
_MANY = 0.25
_NEARLY_TEN = 9
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
    stated = stated_top(readings)
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
        # A scale that nobody used beyond 6, 7 or 8 may end there.
        return Top(top, unsure=top == 10 and not stated and max(numbers) < _NEARLY_TEN, of=len(numbers))
    if not stated and (end := end_of(readings)) >= max(numbers):
        return Top(end, unsure=True, of=len(numbers), by_words=True)
    return _short(numbers, stated)


def stated_top(readings: Iterable[Level]) -> int:
    """The end that a column states in most of its cells, as in "2/3" and "1/3"; one alone may be a range."""
    numbers = [reading for reading in readings if reading.number is not None]
    ends = {reading.out_of for reading in numbers if reading.out_of}
    often = sum(bool(reading.out_of) for reading in numbers) * 2 >= len(numbers)
    return ends.pop() if len(ends) == 1 and often else 0


def outgrown(numbers: list[float], top: int) -> bool:
    """Whether so many numbers lie above a scale that it cannot be that of the column."""
    beyond = sum(number > top for number in numbers)
    return beyond > 1 and beyond > _LONE * len(numbers)


def _longer(beyond: tuple[float, ...], top: int) -> int:
    return 10 if top == 5 and max(beyond) <= 10 else 100


def _short(numbers: list[float], stated: int) -> Top:
    """One of three, four or five levels, where no number is above five."""
    highest = max([*numbers, float(stated)])
    top = next(top for top in (3, 4, 5) if highest <= top)
    if top == 5 or stated:
        return Top(top, of=len(numbers))
    # Few ratings may all be low by chance, and one of four may be a slip: the likelier scale is taken, and asked.
    lone = (top == 4 and numbers.count(4) == 1) or (len(set(numbers)) == 1 and highest > 1)
    return Top(top if _enough(numbers, top) else 5, lone or len(numbers) < (20 if top == 3 else 30), of=len(numbers))


def _enough(numbers: list[float], top: int) -> bool:
    """Whether so many ratings without a higher one speak for a short scale; else five is likelier."""
    whole = set(numbers) >= set(range(1, top + 1))
    if len(set(numbers)) == 1:
        # Ratings that are all alike say nothing about where their scale ends.
        return False
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


_STEPS: tuple[tuple[float, ...], ...] = ((1, 2, 5, 8, 10), (1, 2, 4, 8, 16), (0.05, 0.1, 0.2, 0.4, 0.8))
"""Five levels as guides to public bodies and to projects number them; the last step tells the second."""


def steps_of(numbers: Iterable[float]) -> tuple[float, ...]:
    """The five uneven steps that the numbers of a column are of, if they use four of them and no other."""
    used = set(numbers)
    return next(
        (
            steps
            for steps in _STEPS
            if used <= set(steps) and len(used) > 3 and not used <= {1, 2, 3, 4, 5} and (16 in used or 16 not in steps)
        ),
        (),
    )


_INITIALS: tuple[dict[str, str], ...] = (
    {"mb": "vl", "b": "l", "m": "m", "a": "h", "ma": "xh"},
    {"tf": "vl", "f": "l", "m": "m", "e": "h", "te": "xh"},
    {"sg": "vl", "g": "l", "m": "m", "h": "h", "sh": "xh"},
)
"""Initials of levels in Spanish and Portuguese ("muy alto"), French ("très élevé") and German ("sehr hoch")."""


def _by_initials(forms: Iterable[str]) -> dict[str, str]:
    """What initials mean where a file uses those of one language alone, and enough of them to be sure."""
    used = {form for form in forms if reading_of(form).known or len(form) <= _SHORT} - {""}
    for meant in _INITIALS:
        if used <= meant.keys() and (any(len(form) > 1 for form in used) or used >= {"a", "m", "b"}):
            return meant
    return {}


_SHORT = 2


def build(
    texts: Iterable[str], *, together: Iterable[str] = (), top: int = 0, header: str = "", worst: str = ""
) -> Scale:
    """The scale of a column holding ``texts``.

    ``together`` are the texts of all columns that share the scale; ``top``
    is the scale the header or the user states. A ``header`` with a legend says
    which end is the worst; else the words beside the numbers do. ``worst`` goes before
    both: ``LOW`` where 1 is the worst, ``HIGH`` where it is the least.
    """
    own = {plain_level(text): " ".join(text.split()) for text in texts}
    together = list(together)
    initials = _by_initials({*own, *map(plain_level, together)})

    def read(text: str) -> Level:
        name = initials.get(plain_level(text))
        return Level(plain=name) if name else reading_of(text)

    readings = _apart({form: read(text) for form, text in own.items()}, together)
    shared = [read(text) for text in together] or list(readings.values())
    scale = Scale(top=top or top_of(shared).top, shown=own)
    scale.steps = steps_of(reading.number for reading in readings.values() if reading.number is not None)
    facing = {LOW: -1, HIGH: 1}.get(worst) or direction(legend(header)) or direction(readings.values())
    scale.turned = facing < 0 and scale.top in (3, 4, 5, 10)
    nought = counts_from_nought(header) and scale.top == hint(header)
    lettered = not {"a", "b", "d"}.isdisjoint([*own, *map(plain_level, together)])
    stated = stated_top(readings.values())
    doubted = direction(readings.values()) != facing and any(
        reading.five or reading.plain for reading in readings.values()
    )
    words = _words(shared if any(reading.plain for reading in shared) else list(readings.values()))
    for form, reading in readings.items():
        if reading.nothing:
            scale.levels[form] = None
        elif lettered and form in ("c", "e"):
            # Of A to E nobody knows which end is the worst; they stand for neither critical nor extreme.
            continue
        elif reading.percent is not None:
            scale.levels[form] = place(reading.percent, 100)
        elif reading.number in scale.steps:
            scale.levels[form] = scale.steps.index(reading.number) + 1
        elif reading.number is not None and not (top == 0 and reading.number > 100) and reading.number >= 0:
            number, between = _settled(reading, stated, scale)
            placed = _placed_number(number + nought, scale.top)
            if placed is None:
                continue
            scale.levels[form] = level = 6 - placed if scale.turned else placed
            if between:
                scale.between.add(form)
            if doubted and off_its_word(reading, level):
                scale.opposed.add(form)
        elif reading.between:
            scale.levels[form] = reading.five or words[reading.plain]
            scale.between.add(form)
        elif reading.five is not None:
            # "moderate" beside low and high is the middle of three, as "medium" would be.
            scale.levels[form] = reading.five
        elif reading.plain:
            scale.levels[form] = words[reading.plain]
    return scale


def _apart(readings: dict[str, Level], together: list[str]) -> dict[str, Level]:
    """The levels where "remote" stands beside "improbable": then it is the one above it."""
    if not any("improbable" in plain(text).split() for text in {*readings, *together}):
        return readings
    return {
        form: replace(reading, five=2) if reading.five == 1 and "remote" in plain(form).split() else reading
        for form, reading in readings.items()
    }


def _settled(reading: Level, stated: int, scale: Scale) -> tuple[float, bool]:
    """The number of a cell, the worse one where it lies between two levels, and whether it does."""
    number = reading.number or 0.0
    ends = [number, reading.lower or number]
    whole = scale.top in (3, 4, 5)
    if reading.out_of and not stated and whole:
        # "2/3" among plain numbers is two or three, and no part of anything.
        ends.append(float(reading.out_of))
    elif whole:
        ends += [float(math.floor(number)), float(math.ceil(number))]
    return min(ends) if scale.turned else max(ends), len(set(ends)) > 1


def said_of_scales(built: Mapping[str, Scale]) -> list[str]:
    """How the columns, by their labels, were read where the file does not rate from 1 to 5, and what lies above."""
    by_top: dict[int, list[str]] = {}
    by_steps: dict[tuple[float, ...], list[str]] = {}
    beyond: dict[str, int] = {}
    for label, scale in built.items():
        numbers = {form: reading_of(text).number or 0 for form, text in scale.shown.items()}
        if scale.steps:
            by_steps.setdefault(scale.steps, []).append(label.lower())
        elif any(numbers.values()):
            by_top.setdefault(scale.top, []).append(label.lower())
        for form, number in numbers.items():
            if number > scale.top and form not in scale.levels:
                beyond.setdefault(scale.shown[form], scale.top)
    said = [_said_of_top(top, ", ".join(labels)) for top, labels in sorted(by_top.items()) if top != 5]
    for steps, labels in by_steps.items():
        numbered = ", ".join(f"{step:g}" for step in steps)
        said.append(f"Read as five levels in the steps {numbered}: {', '.join(labels)}.")
    if turned := [label.lower() for label, scale in built.items() if scale.turned]:
        said.append(f"Turned round, as 1 is the worst in this file: {', '.join(turned)}.")
    if measured := {text: level for scale in built.values() for text, level in scale.measured.items()}:
        pairs = "; ".join(f"“{text}” {level}" for text, level in list(measured.items())[:_NAMED])
        said.append(f"Read by what the levels of this client mean: {pairs}.")
    for top in sorted(set(beyond.values())):
        odd = ", ".join(f"“{text}”" for text, end in beyond.items() if end == top)
        said.append(f"The ratings are read as {scale_name(top)}. Above that lies {odd}, which is not rated.")
    return said


def _said_of_top(top: int, columns: str) -> str:
    """How columns of a scale were read, in plain words."""
    if top != 1:
        return f"Read as {scale_name(top)}: {columns}."
    levels = ", ".join(f"{part} becomes {place(part, 1)}" for part in (0.2, 0.5, 0.9))
    return f"Read as fractions, 0.3 for 30 percent: {columns}. Of five levels {levels}."


def _placed_number(number: float, top: int) -> int | None:
    if number == 0 and top in (3, 4, 5):
        return None
    if number > top and top > 1:
        return None
    return place(number, top)
