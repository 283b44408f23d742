"""Columns that a word of a rating heads and that hold amounts: days of delay, or the ends of an estimate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from vciso.imports.legends import hint
from vciso.imports.levels import reading_of
from vciso.imports.reading.book import Cell
from vciso.imports.reading.texts import plain
from vciso.imports.tables import Column
from vciso.imports.values import read_money

_UNITS = frozenset(
    """minute hour hr day week month usd eur gbp chf cad aud dollar euro pound stunde tag woche monat heure jour
    semaine moi hora dia semana mese giorno settimana uur dag maand""".split()
)
_SIGN = re.compile("[€$£¥]")
_POINTS = frozenset(
    """low lower high upper mode min minimum max maximum likely best worst expected mean average median p5 p10 p50 p90
    p95 optimistic pessimistic""".split()
)
_ASIDE = frozenset({"most", "case"})
_LEVELS = 10
"""A level is a whole number up to here."""


def is_measured(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether a column says how much of a unit: "Schedule impact (days)" is no level, whatever its numbers are."""
    if hint(column.header) or not (_UNITS & set(plain(column.header).split()) or _SIGN.search(column.header)):
        return False
    amounts = sum(_number(cell) is not None or read_money(cell.text) is not None for cell in cells)
    return 2 * amounts > len(cells) > 0


def points_of_estimates(columns: Sequence[Column], contents: Mapping[int, Collection[Cell]]) -> set[int]:
    """Columns whose headings differ only in the end of a range they name, and whose numbers are no levels.

    "Impact low", "Impact most likely" and "Impact high" are one estimate.
    """
    held: dict[frozenset[str], list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for column in columns:
        words = frozenset(plain(column.header).split())
        if point := words & _POINTS:
            held[words - _POINTS - _ASIDE].append((column.index, point))
    found: set[int] = set()
    for base, alike in held.items():
        if not base or len({point for _, point in alike}) < 2:
            continue
        indexes = [index for index, _ in alike]
        numbers = [number for index in indexes for cell in contents[index] if (number := _number(cell)) is not None]
        if any(number > _LEVELS or number != int(number) for number in numbers):
            found |= set(indexes)
    return found


def _number(cell: Cell) -> float | None:
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return float(cell.value)
    return reading_of(cell.text).number
