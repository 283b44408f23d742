"""One tab of a workbook, read event by event."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from vciso.imports.reading.book import (
    EMPTY,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT,
    Cell,
    Row,
    Sheet,
    Value,
    fill_merged,
)
from vciso.imports.reading.package import (
    Attributes,
    Events,
    RichText,
    Shared,
    Style,
    Styles,
    attribute,
    parse,
    unescape,
)
from vciso.imports.reading.refused import ImportRefused
from vciso.imports.reading.texts import clean

_NAME = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_DATE_CALL = re.compile(r"=?\s*DATE\(\s*(\d{4})\s*,\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)$", re.I)
_LINK_CALL = re.compile(r'=?\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)")?\s*\)$', re.I)
_PLAIN_CALL = re.compile(r'=?\s*(?:"([^"]*)"|(-?\d+(?:\.\d+)?))$')
MAX_COLUMN = 16_384


@dataclass
class Tables:
    """What all tabs share."""

    shared: list[Shared] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)
    from_1904: bool = False
    cells: int = 0
    rows: int = 0
    cut: bool = False
    """Whether cells beyond the widest row that is read held something."""


def position(name: str) -> tuple[int, int] | None:
    """``"AB12"`` as (12, 28)."""
    match = _NAME.match(name)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def number_text(value: float) -> str:
    """A number the way a person would type it."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.12g}"


def serial_date(value: float, *, from_1904: bool) -> date | None:
    """The day of a workbook's serial number; ``None`` for day 0 and what no calendar has."""
    if not 1 <= value < 2_958_466:
        return None
    # Excel counts a 29 February 1900 that never was.
    start = date(1899, 12, 31) if value < 60 else date(1899, 12, 30)
    if from_1904:
        start = date(1904, 1, 1)
    return start + timedelta(days=int(value))


class SheetReader:
    """Collects the cells of one tab that hold something."""

    def __init__(
        self, sheet: Sheet, tables: Tables, comments: dict[str, str], links: dict[str, tuple[str, str]]
    ) -> None:
        self.sheet, self.tables, self.comments, self.links = sheet, tables, comments, links
        self.row = Row(0)
        self.column = 0
        self.attrs: Attributes = {}
        self.value: list[str] = []
        self.formula: list[str] = []
        self.into: list[str] | None = None
        self.rich = RichText()
        self.inline = False
        self.linked: list[tuple[str, str]] = []

    def read(self, part: bytes) -> None:
        parse(part, Events(self._start, self._end, self._text))
        self._add_comments_and_links()
        fill_merged(self.sheet)

    def _start(self, name: str, attrs: Attributes) -> None:
        if name == "c":
            self._start_cell(attrs)
        elif name == "v":
            self.into = self.value
        elif name == "f":
            self.into = self.formula
        elif name == "row":
            given = attrs.get("r", "")
            number = int(given) if given.isdigit() and len(given) < 8 else self.row.number + 1
            self.row = Row(number, hidden=attrs.get("hidden", "") in ("1", "true"))
            self.column = 0
        elif name == "is":
            self.inline = True
            self.rich.reset()
        elif self.inline:
            self.rich.start(name, attrs)
        elif name == "col":
            self._hide_columns(attrs)
        elif name == "mergeCell":
            self._merge(attrs.get("ref", ""))
        elif name == "hyperlink":
            kind, target = self.links.get(attribute(attrs, "id"), ("", ""))
            if kind == "hyperlink":
                self.linked.append((attrs.get("ref", ""), target))

    def _start_cell(self, attrs: Attributes) -> None:
        self.attrs = attrs
        self.value, self.formula, self.into = [], [], None
        place = position(attrs.get("r", ""))
        self.column = place[1] if place else self.column + 1

    def _text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)
        elif self.inline:
            self.rich.text(data)

    def _end(self, name: str) -> None:
        if name in ("v", "f"):
            self.into = None
        elif name == "is":
            self.inline = False
        elif self.inline:
            self.rich.end(name)
        elif name == "c":
            self._end_cell()
        elif name == "row" and self.row.cells:
            self._end_row()

    def _end_cell(self) -> None:
        style = self.tables.styles.of(self.attrs.get("s", "0"))
        cell = self._cell(style)
        if style.colour and self.column <= MAX_COLUMNS:
            self.row.colours[self.column] = style.colour
        if self.column > MAX_COLUMN or len(self.row.cells) >= MAX_COLUMNS:
            self.tables.cut = self.tables.cut or bool(cell.text)
            return
        if cell.text:
            self.row.cells[self.column] = cell
            self.tables.cells += 1

    def _end_row(self) -> None:
        self.sheet.rows.append(self.row)
        self.tables.rows += 1
        if self.tables.rows > MAX_ROWS or self.tables.cells > MAX_CELLS:
            raise ImportRefused(
                f"The workbook has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells with content. "
                "Split it into parts and import them one after the other."
            )

    def _cell(self, style: Style) -> Cell:
        kind = self.attrs.get("t", "n")
        raw = "".join(self.value)
        if kind == "s":
            index = int(raw) if raw.strip().isdigit() and len(raw) < 9 else -1
            if not 0 <= index < len(self.tables.shared):
                return EMPTY
            shared = self.tables.shared[index]
            return _texted(shared.text, struck=style.struck or shared.struck)
        if kind == "inlineStr":
            result = self.rich.result()
            self.rich.reset()
            return _texted(result.text, struck=style.struck or result.struck)
        if kind == "str":
            return _texted(unescape(raw), struck=style.struck)
        if kind == "e":
            return Cell(None, raw.strip() or "#ERROR!", style.struck, error=True)
        if kind == "b":
            return Cell(raw.strip() == "1", "TRUE" if raw.strip() == "1" else "FALSE", style.struck)
        if kind == "d":
            return _texted(raw[:10], struck=style.struck)
        if not raw.strip():
            return self._uncalculated(style)
        return _numbered(raw, style, from_1904=self.tables.from_1904)

    def _uncalculated(self, style: Style) -> Cell:
        """A formula that no program has calculated yet; the plain ones are worked out."""
        formula = "".join(self.formula).strip()
        if not formula:
            return EMPTY
        if match := _DATE_CALL.match(formula):
            try:
                day = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return Cell(None, f"={formula}"[:MAX_TEXT], error=True)
            return Cell(day, day.isoformat(), style.struck)
        if match := _LINK_CALL.match(formula):
            text = clean(match[2] or match[1])
            return Cell(text, text, style.struck, link=clean(match[1]))
        if match := _PLAIN_CALL.match(formula):
            if match[1] is not None:
                return _texted(match[1], struck=style.struck)
            return _numbered(match[2], style, from_1904=self.tables.from_1904)
        return Cell(None, f"={formula.lstrip('=')}"[:MAX_TEXT], style.struck, error=True)

    def _hide_columns(self, attrs: Attributes) -> None:
        low, high = attrs.get("min", ""), attrs.get("max", "")
        if attrs.get("hidden", "") in ("1", "true") and low.isdigit() and high.isdigit():
            first, last = int(low[:6]), min(int(high[:6]), MAX_COLUMN)
            self.sheet.hidden_columns.update(range(first, min(last, first + 500) + 1))

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        start, end = position(first), position(last)
        if start and end and len(self.sheet.merged) < 20_000:
            self.sheet.merged.append((*start, *end))

    def _add_comments_and_links(self) -> None:
        by_number = {row.number: row for row in self.sheet.rows}
        for ref, text in self.comments.items():
            place = position(ref)
            if place and place[0] in by_number and (kept := clean(text)):
                row = by_number[place[0]]
                row.cells[place[1]] = replace(row.cell(place[1]), comment=kept[:MAX_TEXT])
        for ref, target in self.linked:
            place = position(ref.partition(":")[0])
            if place and place[0] in by_number and place[1] in by_number[place[0]].cells:
                row = by_number[place[0]]
                row.cells[place[1]] = replace(row.cell(place[1]), link=clean(target)[:2000])


def _texted(text: str, *, struck: bool) -> Cell:
    kept = clean(text)[:MAX_TEXT]
    return Cell(kept, kept, struck) if kept else EMPTY


def _numbered(raw: str, style: Style, *, from_1904: bool) -> Cell:
    try:
        number = float(raw)
    except ValueError:
        return _texted(raw, struck=style.struck)
    if not math.isfinite(number):
        return Cell(None, raw.strip(), style.struck, error=True)
    value: Value = number
    if style.date:
        day = serial_date(number, from_1904=from_1904)
        if day is None:
            text = "1900-01-00" if 0 <= number < 1 else number_text(number)
            return Cell(None, text, style.struck)
        return Cell(day, day.isoformat(), style.struck)
    if style.percent:
        return Cell(value, f"{number_text(round(number * 100, 6))}%", style.struck)
    if number == int(number) and abs(number) < 1e15:
        value = int(number)
    return Cell(value, number_text(number), style.struck)
