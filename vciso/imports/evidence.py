"""Does a column's content fit the field its header names?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from vciso.imports.dates import EMPTY_DATES, read_day
from vciso.imports.levels import reading_of
from vciso.imports.measures import per_year
from vciso.imports.pairs import holds_pairs
from vciso.imports.reading.book import Cell
from vciso.imports.registry import Field, FieldKind
from vciso.imports.values import is_nothing, read_bool, read_choice, read_money, read_number

SAMPLE = 200
_MONEY_SIGN = re.compile(r"[€$£¥₹]|\d\s*(?:k|mn?|mio|million|tsd)\b", re.I)


def _share(cells: Sequence[Cell], fits: Callable[[Cell], bool]) -> float:
    return sum(1 for cell in cells if fits(cell)) / len(cells)


def _length(cells: Sequence[Cell]) -> float:
    return sum(len(cell.text) for cell in cells) / len(cells)


def _numeric(cell: Cell) -> bool:
    return isinstance(cell.value, (int, float)) or cell.text.replace(".", "", 1).replace("%", "").isdigit()


def _level(cell: Cell) -> bool:
    reading = reading_of(cell.text)
    if reading.number is not None and reading.number > 100:
        # An amount of money, not a rating.
        return False
    return reading.known or reading.nothing or cell.error or per_year(cell.text) is not None


def _amount(cell: Cell) -> bool:
    """A sum of money: with its sign or unit, or higher than any scale goes."""
    if (amount := read_money(cell.text)) is None:
        return False
    return bool(_MONEY_SIGN.search(cell.text)) or abs(amount) > 100_00


def _answers(cell: Cell) -> bool:
    """A yes or no, and no level."""
    return read_bool(cell.text) is not None and not _level(cell)


def _nothing_but_a_level(cell: Cell) -> bool:
    """A rating and no other words: "High" or "3 - Possible", not "3) Review the accounts"."""
    reading = reading_of(cell.text)
    return bool(reading.plain or reading.five) or (reading.known and _numeric(cell))


def holds_levels(cells: Sequence[Cell]) -> bool:
    """Whether a column holds ratings and hardly anything else."""
    cells = [cell for cell in cells if cell.text and not is_nothing(cell.text)][:SAMPLE]
    return bool(cells) and _share(cells, _level) >= _NEARLY and _share(cells, _amount) == 0


def holds_sums(cells: Sequence[Cell]) -> bool:
    """Whether a column holds sums of money, each with its sign or unit."""
    cells = [cell for cell in cells if cell.text and not is_nothing(cell.text)][:SAMPLE]
    return bool(cells) and _share(cells, lambda cell: bool(_MONEY_SIGN.search(cell.text)) and _amount(cell)) >= 0.5


_NEARLY = 0.8
_PRODUCTS = 10_000_00
"""No product of two levels is higher, in minor units of money: 100 × 100."""
_INITIALS = 3
"""A column whose texts are shorter and not all different holds codes of levels, and no titles."""
_PHRASE = 30


def fit(field: Field, cells: Sequence[Cell], *, own: bool) -> float:
    """1 for a column that fits or says nothing, 0 for one that cannot be meant.

    ``own`` means the header is the very label our exports write; then only
    content that could never be read speaks against it.
    """
    cells = [cell for cell in cells if cell.text and not is_nothing(cell.text)][:SAMPLE]
    if not cells or own:
        return 1.0
    kind = field.kind
    if kind is FieldKind.PAIR or field.rated or kind is FieldKind.SCORE:
        if holds_pairs(cells) != (kind is FieldKind.PAIR):
            return 0.0
        if kind is FieldKind.PAIR:
            return 1.0
    if field.rated:
        if _share(cells, _amount) > 0.3:
            return 0.0
        if _share(cells, _level) >= 0.5:
            return 1.0
        if _share(cells, _answers) > 0.3:
            return 0.0
        # Short words nobody knows are levels of the file's own, to be explained by a person.
        return 0.6 if _length(cells) <= 18 and _share(cells, _numeric) < 0.5 else 0.0
    if kind is FieldKind.SCORE:
        if holds_sums(cells) or _share(cells, lambda cell: abs(read_money(cell.text) or 0) > _PRODUCTS) > 0.3:
            # "Cost exposure" is no product of levels.
            return 0.0
        share = _share(cells, lambda cell: cell.error or _numeric(cell) or _level(cell))
        return 1.0 if share >= 0.5 else 0.0
    if kind is FieldKind.DATE:
        return _fit_date(cells)
    if kind is FieldKind.BOOL:
        return 1.0 if _share(cells, lambda cell: read_bool(cell.text) is not None) >= 0.4 else 0.0
    if kind is FieldKind.MONEY:
        return 1.0 if _share(cells, lambda cell: read_money(cell.text) is not None) >= 0.3 else 0.0
    if kind is FieldKind.NUMBER:
        return 1.0 if _share(cells, lambda cell: read_number(cell.text) is not None) >= 0.3 else 0.0
    if kind is FieldKind.CHOICE:
        known = _share(cells, lambda cell: read_choice(field, cell.text) is not None)
        if known >= 0.25:
            # Of two columns with such a heading the one that holds nothing else goes first.
            return 1.0 if known > 0.6 else 0.95
        return 0.0 if _length(cells) > 22 or _share(cells, _numeric) > 0.7 else 0.6
    return _fit_text(field, cells)


def _fit_date(cells: Sequence[Cell]) -> float:
    def fits(cell: Cell) -> bool:
        read = read_day(cell, "dmy")
        return read.day is not None or read.vague or cell.error or cell.text in EMPTY_DATES

    if _share(cells, fits) < 0.4:
        # One day among short words: each cell is a date or a note by itself.
        some = any(read_day(cell, "dmy").day is not None for cell in cells) and _length(cells) <= _PHRASE
        return 0.8 if some else 0.0
    # Only vague words may still be a frequency or a remark, unless the header is sure.
    return 1.0 if any(read_day(cell, "dmy").day is not None for cell in cells) else 0.7


def _fit_text(field: Field, cells: Sequence[Cell]) -> float:
    if field.kind is FieldKind.PERSON:
        return 0.0 if _share(cells, _numeric) > 0.6 or _length(cells) > 80 else 1.0
    if field.numbers:
        return 0.0 if _length(cells) > 40 else 1.0
    if _share(cells, _numeric) > 0.7:
        return 0.0
    if field.required and _length(cells) < _INITIALS and len({cell.text for cell in cells}) < len(cells):
        return 0.0
    if (field.required or field.multiple) and _share(cells, _amount) > 0.7:
        return 0.0
    if (field.required or field.multiple) and _share(cells, _nothing_but_a_level) > 0.7:
        return 0.0
    if field.kind is FieldKind.MULTI and _length(cells) > 150:
        return 0.6
    if field.max_length and _length(cells) > 2 * field.max_length and not field.required:
        return 0.0
    return 1.0
