"""A heat map: a scale along two sides of a table, and only the numbers of records inside. It is no list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vciso.imports.levels import reading_of
from vciso.imports.reading.book import Cell, Row, Sheet
from vciso.imports.reading.texts import shorten

MOST = 15
"""Rows and columns of a heat map with its titles."""
LEAST = 3
"""Levels of a scale."""
LONGEST = 60
"""Characters in a cell that holds numbers of records alone."""


def is_heat_map(sheet: Sheet) -> bool:
    """Whether a tab is one, and not a list with short texts."""
    return bool(sheet.rows) and len(sheet.rows) <= MOST and sheet.width <= MOST and inside(sheet) is not None


def inside(sheet: Sheet) -> list[Cell] | None:
    """The cells within the two scales; nothing where a scale is missing or a text stands among them."""
    down = next((index for index in sorted({index for row in sheet.rows for index in row.cells})
                 if any(_meet(sheet, row, index) for row in sheet.rows)), 0)  # fmt: skip
    if not down:
        return None
    cells = [
        cell
        for row in sheet.rows
        for index, cell in row.cells.items()
        if index > down and cell.text and _rank(row.cell(down).text)
    ]
    return cells if all(len(cell.text) <= LONGEST for cell in cells) else None


def _meet(sheet: Sheet, across: Row, down: int) -> bool:
    """Whether one scale runs along this row and the other down this column, without the cell they share."""
    return _is_scale(cell.text for index, cell in across.cells.items() if index != down) and _is_scale(
        row.cell(down).text for row in sheet.rows if row is not across
    )


def _is_scale(texts: Iterable[str]) -> bool:
    """Whether nearly all of the texts are levels, each once and in their order."""
    held = [text for text in texts if text]
    levels = [_rank(text) for text in held]
    known = [level for level in levels if level]
    return (
        len(known) >= LEAST
        and len(known) + 1 >= len(held)
        and (known in (sorted(known), sorted(known, reverse=True)))
        and len(set(known)) == len(known)
    )


def _rank(text: str) -> float:
    level = reading_of(text)
    word = level.five or {"vl": 1, "l": 2, "m": 3, "h": 4, "vh": 5, "xh": 6}.get(level.plain, 0)
    if level.number is not None and level.number != int(level.number):
        # 1.1 and 1.2 number the points of a list.
        return 0
    return level.number or word


def said_of_heat_map(sheet: Sheet, others: Sequence[str], noun: str) -> str:
    """What the tab is, and where the list may be."""
    names = ", ".join(dict.fromkeys(shorten(cell.text, 20) for cell in (inside(sheet) or [])[:3]))
    holds = f" holds only {names} and the like" if names else " holds no text"
    where = f"Perhaps the list is the tab {' or '.join(f'“{name}”' for name in others[:3])}: read that instead."
    if not others:
        where = f"This file has no other list: bring the register that describes each {noun}, one a row."
    return f"“{sheet.name}” looks like a heat map, which{holds} between likelihood and impact. {where}"
