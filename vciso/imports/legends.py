"""What headings, and words beside numbers, say of a scale: where it ends, and which end is the worst."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vciso.imports.levels import RANK, Level, reading_of

_HINT = re.compile(r"(?<![\d.])([01])\s*(?:[-–—]|to|\.\.)\s*(3|4|5|10|100)(?!\d)")

_LEGEND = re.compile(
    r"(?<![\d.])(\d{1,2})\s*[=:(–—-]?\s*(?:is\s+|being\s+)?(?:the\s+)?([^\W\d](?:[^\W\d]|[ ](?!to\b|and\b))*)"
)
"""A level explained in a heading: "5 = rare", "1 (highest)", "1 low to 5 high"."""
EXPLAINED = re.compile(r"^\d{1,2}\s*[=:–—-]\s*[^\W\d]")
"""A cell that explains a level: "1 = Almost certain"."""
_WORD_FIRST = re.compile(r"([^\W\d]+(?: [^\W\d]+)?)\s*[=:(]\s*(\d{1,2})(?!\d)")
"""The same the other way round: "low = 1, high = 5"."""
_PRODUCT = re.compile(r"(?<![\d.])[01]\s*(?:[-–—]|to)\s*(9|16|25)(?!\d)")
_TOPS = frozenset({3, 4, 5, 10, 100})


def hint(header: str) -> int:
    """The scale a header states, as in "Likelihood (1-3)"; 0 when it states none.

    "(0-4)" states five levels: it counts from nought.
    """
    match = _HINT.search(header)
    if match:
        return int(match[2]) + counts_from_nought(header)
    highest = max((int(level.number or 0) for level in legend(header)), default=0)
    if highest in _TOPS:
        return highest
    return 100 if "%" in header else 0


def counts_from_nought(header: str) -> bool:
    """Whether a header states three or four steps above nought, so that 0 is its lowest level."""
    match = _HINT.search(header)
    return match is not None and match[1] == "0" and match[2] in ("3", "4")


def legend(header: str) -> list[Level]:
    """The levels a header explains, "Likelihood (1 = almost certain, 5 = rare)"; one alone only if it is an end."""
    numbered = [(match[1], match[2]) for match in _LEGEND.finditer(header)]
    worded = [(match[2], match[1]) for match in _WORD_FIRST.finditer(header)]
    for found in (numbered, worded):
        read = [(int(number), reading_of(word)) for number, word in found]
        levels = [replace(said, number=float(number)) for number, said in read if said.five or said.plain]
        if len(levels) > 1:
            return levels
        if len(levels) == 1 and _is_end(levels[0]):
            return levels
    return []


def _is_end(level: Level) -> bool:
    """Whether a level is one of the ends of a scale, as "1 = highest" is."""
    return (level.plain in ("vl", "xh") or level.five in (1, 5)) and (level.number == 1 or level.number in _TOPS)


def without_legend(header: str) -> str:
    """A header without the levels it explains: "Likelihood 1=High 3=Low" is the likelihood."""
    return _WORD_FIRST.sub(" ", _LEGEND.sub(" ", header)) if legend(header) else header


def direction(readings: Iterable[Level]) -> int:
    """1 where higher numbers bear worse words, -1 where lower ones do, 0 where words and numbers say nothing certain.

    Only levels with both a number and a word speak: "1 - High" beside "3 - Low" has 1 for the worst.
    """
    pairs = _worded(readings)
    signs = _signs(pairs)
    if len(signs) == 1:
        return 1 if signs.pop() else -1
    if len(pairs) != 1:
        return 0
    # One level alone says it only at the end of the scale: "1 - High".
    number, rank = next(iter(pairs))
    return -1 if number == 1 and rank >= 4 else 0


def is_legend(columns: Sequence[Sequence[str]]) -> bool:
    """Whether columns explain levels from their first row on: the first counts them, and another has their words."""
    count = sum(map(bool, columns[0]))
    numbers = [str(number) for number in range(1, count + 1)]
    if not 3 <= count <= 10 or list(columns[0][:count]) not in (numbers, numbers[::-1]):
        return False
    if any(any(held[count:]) or not all(held[:count]) for held in columns[1:]):
        return False
    return any(
        direction(
            replace(level, number=float(number))
            for number, word in zip(columns[0][:count], held[:count], strict=True)
            if (level := reading_of(word)).five or level.plain
        )
        for held in columns[1:]
    )


def contradicts(readings: Iterable[Level]) -> bool:
    """Whether some words rise with their numbers and others fall, or one word stands at 1 and beside others too."""
    pairs = _worded(readings)
    signs = _signs(pairs)
    return len(signs) > 1 or (not signs and len(pairs) > 1 and any(number == 1 and rank > 3 for number, rank in pairs))


def leaning(readings: Iterable[Level]) -> int:
    """The direction most words bear out where they contradict each other; upright where they are even."""
    pairs = _worded(readings)
    rising = sum((a[1] > b[1]) - (a[1] < b[1]) for a in pairs for b in pairs if a[0] > b[0])
    return -1 if rising < 0 else 1


def end_of(readings: Iterable[Level]) -> int:
    """Where a scale ends whose words go from the least of five to the worst of five in three or four steps; else 0."""
    pairs = _worded(readings)
    highest = max((number for number, _ in pairs), default=0)
    ends = {(number, rank) for number, rank in pairs if number in (1, highest)}
    whole = ends in ({(1, 1), (highest, 5)}, {(1, 5), (highest, 1)})
    return int(highest) if whole and highest in (3, 4) else 0


def off_its_word(reading: Level, level: int) -> bool:
    """Whether the word beside a number stands at the other end than the level its number was given."""
    rank = reading.five or RANK.get(reading.plain, 3)
    return (rank - 3) * (level - 3) < 0


def _worded(readings: Iterable[Level]) -> set[tuple[float, int]]:
    return {(one.number, one.five or RANK[one.plain]) for one in readings if one.number and (one.five or one.plain)}


def _signs(pairs: set[tuple[float, int]]) -> set[bool]:
    return {a[1] > b[1] for a in pairs for b in pairs if a[0] > b[0] and a[1] != b[1]}


def product_hint(header: str) -> int:
    """The scale whose products a score's header states, as in "Score (1-25)"; 0 when it states none."""
    match = _PRODUCT.search(header)
    return {"9": 3, "16": 4, "25": 5}[match[1]] if match else 0
