"""Finds the table in a sheet: its header, wherever it stands, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vciso.imports.dictionary import Dictionary
from vciso.imports.groups import Period, settle
from vciso.imports.reading.book import Cell, Row, Sheet, letters
from vciso.imports.reading.texts import plain

LOOK_AT = 150
MAX_HEADER_ROWS = 3
_LETTERS = 3
"""A header of so many letters is an abbreviation."""
_SHORT = 20
"""A word of so many letters may name a column under a heading over several."""
_DAY = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$")


@dataclass(slots=True)
class Column:
    """A column of the table, with its own header and the heading above it."""

    index: int
    header: str
    group: str = ""
    hidden: bool = False
    turned: bool = False
    place: str = ""
    """The cell of its label in a form."""
    spelled: str = ""
    """The header in the words that a dictionary knows, where it is abbreviated or says a time."""
    under: str | None = None
    """The heading above without the time it says."""
    block: int = 0
    """Which of several blocks of the same ratings it belongs to, where a list repeats them word for word."""
    period: Period | None = None
    """The time a rating is of, where the table has it for several."""

    @property
    def asked(self) -> str:
        """The header as a dictionary is asked about it."""
        return self.spelled or self.header

    @property
    def above(self) -> str:
        """The heading above as a dictionary is asked about it."""
        return self.group if self.under is None else self.under

    @property
    def letter(self) -> str:
        """Where it stands in the file: a letter, or a row's number when the file runs sideways."""
        return self.place or (str(self.index) if self.turned else letters(self.index))

    @property
    def name(self) -> str:
        """How the column is called in sentences; a nameless one by its letter."""
        if not self.header and self.place:
            return f"Cell {self.place}"
        if not self.header:
            return self.group or f"{'Row' if self.turned else 'Column'} {self.letter}"
        if self.group and plain(self.group) not in plain(self.header):
            return f"{self.group} {self.header}" if len(self.header) <= _LETTERS else f"{self.group}: {self.header}"
        return self.header


@dataclass(slots=True)
class Skipped:
    """A row that is no record, and why it was left out."""

    row: int
    reason: str
    text: str = ""


@dataclass(slots=True)
class Line:
    """A row of the body; ``category`` comes from the section heading above it."""

    row: Row
    category: str = ""


@dataclass(slots=True)
class Table:
    """What was found in a sheet."""

    sheet: Sheet
    first_header: int
    last_header: int
    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    score: float = 0.0

    def column(self, index: int) -> Column | None:
        return next((column for column in self.columns if column.index == index), None)


@dataclass(slots=True)
class Header:
    """A place where the header may be: positions in ``sheet.rows``."""

    first: int
    last: int
    columns: list[Column]
    score: float


def find_header(sheet: Sheet, dictionary: Dictionary) -> Header | None:
    """The rows that name most fields; ``None`` for a sheet without content."""
    best: Header | None = None
    for position in range(min(len(sheet.rows), LOOK_AT)):
        for height in range(1, MAX_HEADER_ROWS + 1):
            header = _header_at(sheet, position, height, dictionary)
            if header is None:
                break
            if best is None or header.score > best.score + 0.05:
                best = header
    if best is not None and best.score >= 1.5:
        last = _last_row(sheet, best)
        return _whole(sheet, _first_row(sheet, best.first, last, dictionary), last, dictionary)
    return _widest(sheet, dictionary) or best


def _last_row(sheet: Sheet, header: Header) -> int:
    """The position where a header ends: short words below headings over several columns belong to it, known or not."""
    last = header.last
    while last - header.first + 1 < MAX_HEADER_ROWS and last + 1 < len(sheet.rows):
        top, low = sheet.rows[last], sheet.rows[last + 1]
        texts = [_own(low, column) for column in low.filled if _own(low, column)]
        short = all(len(text) <= _SHORT and not any(map(str.isdigit, text)) for text in texts)
        if low.number != top.number + 1 or not short or not _goes_on(sheet, top, low):
            break
        last += 1
    return last


def _first_row(sheet: Sheet, first: int, last: int, dictionary: Dictionary) -> int:
    """The position where a header begins: the headings above belong to it where they tell apart what is named alike.

    Cells merged downwards lend their names to the lowest row, which then seems to be a header of its own.
    """
    while first > 0 and last - first + 1 < MAX_HEADER_ROWS:
        top, low = sheet.rows[first - 1], sheet.rows[first]
        if low.number != top.number + 1 or not _goes_on(sheet, top, low):
            break
        names = [
            len({(column.group, column.header) for column in _columns(sheet, start, last - start + 1, dictionary)})
            for start in (first, first - 1)
        ]
        if names[1] <= names[0]:
            break
        first -= 1
    return first


def _whole(sheet: Sheet, first: int, last: int, dictionary: Dictionary) -> Header:
    """The header at these positions with all its columns."""
    columns = _columns(sheet, first, last - first + 1, dictionary, whole=True)
    return Header(first, last, columns, _score(columns, dictionary))


def header_at_row(sheet: Sheet, first: int, last: int, dictionary: Dictionary) -> Header | None:
    """The header at row numbers the user chose; 0 means the sheet has none."""
    if first <= 0:
        width = sheet.width
        columns = [Column(index, "", hidden=index in sheet.hidden_columns, turned=sheet.turned)
                   for index in range(1, width + 1)]  # fmt: skip
        return Header(-1, -1, columns, 0.0)
    positions = [i for i, row in enumerate(sheet.rows) if first <= row.number <= max(first, last)]
    if not positions:
        return None
    return _whole(sheet, positions[0], positions[-1], dictionary)


def _header_at(sheet: Sheet, position: int, height: int, dictionary: Dictionary) -> Header | None:
    rows = sheet.rows[position : position + height]
    if len(rows) < height or rows[-1].number - rows[0].number != height - 1:
        return None
    if height > 1 and not all(_goes_on(sheet, rows[i], rows[i + 1]) for i in range(height - 1)):
        return None
    if height == 1 and not _may_be_header(rows[0]):
        # A heading over groups has few words; it may still be the top of two rows.
        return Header(position, position, [], 0.0)
    columns = _columns(sheet, position, height, dictionary)
    return Header(position, position + height - 1, columns, _score(columns, dictionary) - 0.1 * (height - 1))


def _may_be_header(row: Row) -> bool:
    cells = [row.cells[column] for column in row.filled]
    if not cells:
        return False
    wordy = sum(1 for cell in cells if len(cell.text) > 60)
    numeric = sum(1 for cell in cells if not isinstance(cell.value, str))
    return wordy * 3 <= len(cells) and numeric * 2 <= len(cells)


def _spans(sheet: Sheet, row: Row) -> dict[int, tuple[int, int]]:
    """Column → first and last column of the merged heading it belongs to."""
    found: dict[int, tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merged:
        if top <= row.number <= bottom and right > left:
            for column in range(left, min(right, left + 60) + 1):
                found[column] = (left, right)
    return found


def _own(row: Row, column: int) -> str:
    """The text that stands in the cell itself, not the one a merged range lends it."""
    cell = row.cell(column)
    return "" if cell.filled else cell.text


def _goes_on(sheet: Sheet, top: Row, low: Row) -> bool:
    """Whether the lower row is the second row of one header."""
    lower = [column for column in low.filled if _own(low, column)]
    if len(lower) < 2 or not _may_be_header(low):
        return False
    if any(len(low.cell(column).text) > 45 or not isinstance(low.cell(column).value, str) for column in lower):
        return False
    spans = _spans(sheet, top)
    headings = {top.cell(column).text for column in top.filled}
    width = max(lower[-1], max(top.filled, default=0)) - min(lower[0], min(top.filled, default=1)) + 1
    if len(headings) == 1 and all(right - left + 1 >= 0.7 * width for left, right in spans.values()):
        return False
    for column in lower:
        above = top.cell(column)
        if above.empty or above.filled or column in spans:
            continue
        goes_right = column + 1 in lower and top.cell(column + 1).empty
        repeated = above.text in (top.cell(column - 1).text, top.cell(column + 1).text)
        if not goes_right and not repeated:
            return False
    return any(not top.cell(column).empty for column in lower) or any(column in spans for column in lower)


def _columns(sheet: Sheet, position: int, height: int, dictionary: Dictionary, *, whole: bool = False) -> list[Column]:
    """The columns under a header; ``whole`` adds those that only the body fills."""
    rows = sheet.rows[position : position + height]
    wide = max((max(row.filled, default=0) for row in rows), default=0)
    if whole:
        wide = max(wide, sheet.width)
    columns = []
    lent = ["" for _ in rows]
    for index in range(1, wide + 1):
        texts: list[str] = []
        for number, row in enumerate(rows):
            cell = row.cell(index)
            lower_own = number + 1 < height and any(_own(later, index) for later in rows[number + 1 :])
            if cell.text:
                lent[number] = cell.text
                texts.append(cell.text)
            elif lower_own and lent[number] and height > 1:
                texts.append(lent[number])
            else:
                lent[number] = ""
        parts = list(dict.fromkeys(" ".join(text.split()) for text in texts))
        columns.append(
            Column(
                index,
                parts[-1][:200] if parts else "",
                " ".join(parts[:-1])[:200],
                index in sheet.hidden_columns,
                sheet.turned,
                sheet.places.get((rows[-1].number, index), ""),
            )
        )
    settle(columns, dictionary)
    return columns


def _score(columns: list[Column], dictionary: Dictionary) -> float:
    """How many fields the headers name, sure ones more than doubtful ones."""
    best: dict[str, float] = {}
    named = 0
    for column in columns:
        if not column.header:
            continue
        named += 1
        if len(column.header) <= 120 and (match := dictionary.names_field(column.asked, column.above)) is not None:
            # Each sort of a rating counts for itself: "Financial" and "Legal" below "Impact".
            key = f"{match.field.key}.{column.index}" if match.field.each else match.field.key
            best[key] = max(best.get(key, 0.0), match.confidence)
    needed = dictionary.kind.title_field
    fallback = {needed, *dictionary.kind.field(needed).fallback}
    extra = 0.5 if fallback & best.keys() and len(best) > 1 else 0.0
    return sum(best.values()) + extra + min(named, 12) * 0.02


def _widest(sheet: Sheet, dictionary: Dictionary) -> Header | None:
    """Where no word is known: the first row that is as wide as the table below it."""
    rows = sheet.rows[:LOOK_AT]
    if not rows:
        return None
    most = max(len(row.filled) for row in rows)
    for position, row in enumerate(rows):
        if len(row.filled) >= max(1, most - 1) and _may_be_header(row):
            nameless = most == 1 and dictionary.names_field(row.cell(row.filled[0]).text) is None
            if _holds_data(row) or nameless:
                return header_at_row(sheet, 0, 0, dictionary)
            return _whole(sheet, position, position, dictionary)
    return None


def _holds_data(row: Row) -> bool:
    """A first row with numbers or days in it is no heading: the list has none."""
    texts = [row.cell(column).text for column in row.filled]
    return any(not isinstance(row.cell(c).value, str) for c in row.filled) or any(
        text.replace(".", "", 1).isdigit() or bool(_DAY.match(text)) for text in texts
    )


def rows_below(sheet: Sheet, header: Header) -> list[Row]:
    """The rows that surely belong to the header: all, or those before the first wide gap."""
    rows = [row for row in sheet.rows[header.last + 1 :] if not _spans_table(row)]
    for position in range(2, len(rows)):
        if rows[position].number - rows[position - 1].number > 2:
            return rows[:position]
    return rows


def _spans_table(row: Row) -> bool:
    """Whether one text is merged over the row, as section headings are; it says nothing about columns."""
    if len(row.cells) < 3:
        return False
    texts = filter(None, (cell.text for cell in row.cells.values()))
    first = next(texts, "")
    return bool(first) and all(text == first for text in texts)


def cells_below(sheet: Sheet, header: Header, column: int) -> list[Cell]:
    return [
        row.cells[column] for row in rows_below(sheet, header) if column in row.cells and not row.cells[column].empty
    ]
