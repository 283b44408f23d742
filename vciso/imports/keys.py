"""Tables and lines of a file that explain its levels: "1 = Almost certain", or a tab with numbers beside words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise

from vciso.imports.dictionary import Dictionary
from vciso.imports.legends import EXPLAINED
from vciso.imports.levels import Level, reading_of
from vciso.imports.reading.book import Book, Cell, Row
from vciso.imports.reading.texts import plain

_ENOUGH = 3
"""So many levels make a legend."""
_MOST = 10
_SHORT = 40
"""A heading of a legend has no more characters."""


def explained(book: Book, used: Collection[str], dictionary: Dictionary) -> dict[str, list[Level]]:
    """The levels that a file explains, by the rating that stands above or before them.

    Within the list itself only a cell that says both, "1 = Rare", explains one: a number beside a word may be anything.
    """
    found: dict[str, list[Level]] = defaultdict(list)
    for sheet in book.sheets:
        topic = ""
        for row in sheet.rows:
            topic = _topic(row, dictionary) or topic
            if topic:
                found[topic] += _levels(row, alone=sheet.name in used)
    return {topic: levels for topic, levels in found.items() if len({level.number for level in levels}) >= _ENOUGH}


def _topic(row: Row, dictionary: Dictionary) -> str:
    """The rating that the first cell of a row names: "Likelihood scale"."""
    first = row.cells[row.filled[0]].text if row.filled else ""
    if not first or len(first) > _SHORT:
        return ""
    form = plain(first)
    named = (dictionary.bare.get(word, "") for word in (form, *form.split()) if len(word) > 1)
    return next((name for name in named if name in dictionary.halves), "")


def _levels(row: Row, *, alone: bool) -> Iterator[Level]:
    cells = [row.cells[index] for index in row.filled]
    for cell in cells:
        if EXPLAINED.match(cell.text) and _is_worded(level := reading_of(cell.text)) and level.number:
            yield level
    for one, other in () if alone else pairwise(cells):
        for number, word in ((one, other), (other, one)):
            if (count := _count(number)) and (level := reading_of(word.text)).number is None and _is_worded(level):
                yield replace(level, number=float(count))


def _count(cell: Cell) -> int:
    text = cell.text.removesuffix(".0")
    return int(text) if text.isdigit() and 1 <= int(text) <= _MOST else 0


def _is_worded(level: Level) -> bool:
    return bool(level.five or level.plain)
