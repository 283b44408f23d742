"""A spreadsheet as the importer sees it: sheets, rows and cells with content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

MAX_ROWS = 20_000
MAX_COLUMNS = 300
MAX_CELLS = 600_000
MAX_TEXT = 40_000
TOO_WIDE = f"Only the first {MAX_COLUMNS} columns were read; a list of that width is more than one. Split it."

Value = str | float | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it holds, and how that reads."""

    value: Value = None
    text: str = ""
    struck: bool = False
    comment: str = ""
    link: str = ""
    error: bool = False
    filled: bool = False
    """The content comes from the first cell of a merged range."""

    @property
    def empty(self) -> bool:
        return not self.text


EMPTY = Cell()


@dataclass(slots=True)
class Row:
    """One row, by its number in the file; cells by column, counted from 1."""

    number: int
    cells: dict[int, Cell] = field(default_factory=dict)
    hidden: bool = False
    cut: bool = False
    """The row went on beyond the widest that is read."""
    colours: dict[int, str] = field(default_factory=dict)
    """Column → red, amber, yellow or green behind a cell, whether it holds anything or not."""

    def cell(self, column: int) -> Cell:
        return self.cells.get(column, EMPTY)

    @property
    def filled(self) -> list[int]:
        return [column for column, cell in sorted(self.cells.items()) if cell.text]


@dataclass(slots=True)
class Sheet:
    """A tab of a workbook, or the whole of a CSV file. Rows without content are left out."""

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Ranges as (first row, first column, last row, last column)."""
    part_of: str = ""
    """The tab this table stands on, when several tables stand there."""
    places: dict[tuple[int, int], str] = field(default_factory=dict)
    """Row and column here → the cell's name in the file, where neither row nor column say it: in a form."""
    turned: bool = False
    """The file has a record per column; rows and columns change places here."""

    @property
    def width(self) -> int:
        return max((max(row.cells, default=0) for row in self.rows), default=0)


@dataclass(slots=True)
class Book:
    """A file that was read."""

    form: str
    sheets: list[Sheet]
    encoding: str = ""
    delimiter: str = ""
    active: int = 0
    remarks: list[str] = field(default_factory=list)

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def cell_name(sheet: Sheet, row: int, column: int) -> str:
    """The cell's name in the file."""
    if place := sheet.places.get((row, column)):
        return place
    return f"{letters(row)}{column}" if sheet.turned else f"{letters(column)}{row}"


def letters(column: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    made = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def fill_merged(sheet: Sheet) -> None:
    """Give every cell of a merged range the content of its first one.

    A range over more than 60 columns or 2,000 rows is decoration and stays as it is.
    """
    by_number = {row.number: row for row in sheet.rows}
    for top, left, bottom, right in sheet.merged:
        first = by_number.get(top)
        if first is None or right - left > 60 or bottom - top > 2000:
            continue
        source = first.cell(left)
        if source.empty:
            continue
        copy = Cell(source.value, source.text, source.struck, error=source.error, filled=True)
        for number in range(top, bottom + 1):
            row = by_number.get(number)
            if row is None:
                continue
            for column in range(left, right + 1):
                if row.cell(column).empty:
                    row.cells[column] = copy
