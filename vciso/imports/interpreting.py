"""From the cells of a row to the values of a kind, with a remark wherever a cell is in doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vciso.imports import scales
from vciso.imports.dates import read_day
from vciso.imports.mapping import NOTE, SKIP, Mapping, SheetMapping
from vciso.imports.planning import PlannedRow
from vciso.imports.reading.book import Cell, letters
from vciso.imports.reading.texts import plain, shorten
from vciso.imports.registry import Field, FieldKind, ImportKind, PersonEntry
from vciso.imports.tables import Column, Line, Skipped, Table
from vciso.imports.values import (
    Directory,
    is_nothing,
    read_bool,
    read_choice,
    read_money,
    read_number,
    split_many,
)

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_BANDS = {"vl": (1, 5), "l": (1, 5), "m": (6, 10), "h": (12, 25), "vh": (16, 25)}


@dataclass
class Interpreter:
    """Reads the rows of one file, as its mapping says."""

    kind: ImportKind
    mapping: Mapping
    people: Sequence[PersonEntry] = ()
    exponent: int = 2
    directory: Directory = field(init=False)
    built: dict[str, scales.Scale] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directory = Directory(self.people)
        self.readers = {
            FieldKind.SCALE: self._scale,
            FieldKind.DATE: self._date,
            FieldKind.PERSON: self._person,
            FieldKind.CHOICE: self._choice,
            FieldKind.MONEY: self._money,
            FieldKind.NUMBER: self._number,
            FieldKind.BOOL: self._bool,
        }

    def build_scales(self, tables: Sequence[tuple[SheetMapping, Table]]) -> None:
        """Settle the scale of every rating column over all tabs that are read."""
        texts: dict[str, list[str]] = {}
        for sheet, table in tables:
            for item in self.kind.fields:
                if item.kind is not FieldKind.SCALE:
                    continue
                for column in sheet.field_columns(item.key):
                    held = texts.setdefault(item.key, [])
                    held += [line.row.cell(column).text for line in table.lines if not line.row.cell(column).empty]
        together = [text for held in texts.values() for text in held]
        for key, held in texts.items():
            top = self.mapping.tops.get(key, 0)
            scale = scales.build(held, together=_alike(held, together), top=top)
            for form, level in self.mapping.scales.get(key, {}).items():
                scale.levels[form] = level
            self.built[key] = scale

    def rows(self, sheet: SheetMapping, table: Table) -> tuple[list[PlannedRow], list[Skipped]]:
        """The records of one tab, and the rows that turned out to be none."""
        found: list[PlannedRow] = []
        skipped: list[Skipped] = []
        previous: Line | None = None
        for line in table.lines:
            if previous is not None and found and self._continues(sheet, previous, line):
                self._add_to(found[-1], sheet, table, line)
                skipped.append(
                    Skipped(line.row.number, f"belongs to row {found[-1].number}, whose cells are merged", _text(line))
                )
                continue
            row = self._row(sheet, table, line)
            if row is None:
                skipped.append(Skipped(line.row.number, "only a number or a formula is filled in", _text(line)))
                continue
            if self._struck(sheet, line):
                if self.mapping.struck == "skip":
                    skipped.append(Skipped(line.row.number, "struck through in the file", _text(line)))
                    continue
                self._strike(row)
            previous = line
            found.append(row)
        return found, skipped

    # One row

    def _row(self, sheet: SheetMapping, table: Table, line: Line) -> PlannedRow | None:
        row = PlannedRow(self.kind, table.sheet.name, line.row.number)
        by_field: dict[str, list[tuple[Column, Cell]]] = {}
        wordy = False
        for column in table.columns:
            cell = line.row.cell(column.index)
            key = sheet.columns.get(column.index, SKIP)
            if column.hidden and not self.mapping.hidden and key == NOTE:
                key = SKIP
            if cell.comment and key != SKIP:
                row.note(f"Comment on {column.name}", cell.comment)
            if cell.empty or (key == SKIP and column.index not in sheet.columns):
                continue
            row.read[_unique(row.read, column.name)] = cell.text
            if key == SKIP:
                continue
            wordy = wordy or (key != self.kind.key_field and _says_something(self.kind, key, cell))
            if cell.link and cell.link.startswith(("http://", "https://", "mailto:")) and cell.link != cell.text:
                row.note(f"Link in {column.name}", cell.link)
            if key == NOTE:
                if not cell.error and not is_nothing(cell.text):
                    row.note(column.name, cell.text)
                continue
            by_field.setdefault(key, []).append((column, cell))
        if not wordy:
            return None
        for item in self.kind.fields:
            pairs = by_field.get(item.key, [])
            columns = sheet.field_columns(item.key)
            if columns:
                row.cells[item.key] = f"{letters(pairs[0][0].index if pairs else columns[0])}{line.row.number}"
            if pairs:
                row.headers[item.key] = pairs[0][0].name
                self._take(row, item, pairs)
        self._section(row, line)
        self._check_scores(row)
        self._settle_title(row, sheet)
        return row

    def _take(self, row: PlannedRow, item: Field, pairs: list[tuple[Column, Cell]]) -> None:
        row.texts[item.key] = "\n".join(cell.text for _, cell in pairs)
        if item.kind is FieldKind.SCORE:
            return
        column, cell = pairs[0]
        if cell.error:
            row.warn(
                item.key, f"The cell shows {shorten(cell.text, 40)} instead of a value, so nothing was taken from it."
            )
            return
        if item.kind is FieldKind.MULTI:
            row.values[item.key] = self._many(item, pairs) or None
        elif item.kind is FieldKind.TEXT:
            self._text(row, item, pairs)
        else:
            row.values[item.key] = self.readers[item.kind](row, item, column, cell)

    def _keep(self, row: PlannedRow, item: Field, column: Column, cell: Cell, why: str) -> None:
        row.note(column.name, cell.text)
        row.warn(item.key, why)

    def _text(self, row: PlannedRow, item: Field, pairs: list[tuple[Column, Cell]]) -> None:
        parts: list[str] = []
        for column, cell in pairs:
            text = cell.text
            labelled = column.header == item.label
            if (item.multiple and not labelled and read_bool(text) is not None) or (len(pairs) > 1 and not labelled):
                text = f"{column.name}: {text}"
            if (item.multiple and is_nothing(cell.text)) or text in parts:
                continue
            parts.append(text)
        text = "\n".join(parts)
        if is_nothing(text):
            return
        if item.max_length and len(text) > item.max_length and item.key != self.kind.title_field:
            row.note(pairs[0][0].name, text)
            row.warn(
                item.key,
                f"{item.label} holds at most {item.max_length} characters; it was shortened and the whole text kept in the notes.",
            )
            text = _cut(text, item.max_length)
        row.values[item.key] = text

    def _many(self, item: Field, pairs: list[tuple[Column, Cell]]) -> list[str]:
        found: list[str] = []
        for column, cell in pairs:
            if is_nothing(cell.text) or cell.error:
                continue
            said = read_bool(cell.text)
            own = column.header == item.label
            if said is not None and not own:
                entries = [_bare(column.name)] if said else []
            elif not own and (day := read_day(cell, self.mapping.date_order).day) is not None:
                entries = [f"{_bare(column.name)} ({day.isoformat()})"]
            else:
                entries = split_many(cell.text)
            found += [entry for entry in entries if entry not in found]
        return found

    def _scale(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> int | None:
        scale = self.built.get(item.key) or scales.build([cell.text])
        if scale.knows(cell.text):
            return scale.level(cell.text)
        self._keep(
            row, item, column, cell,
            f"“{shorten(cell.text, 60)}” is no level of this file's scale, so it is not rated. "
            "Say what it means in the table of levels.",
        )  # fmt: skip
        return None

    def _date(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> Any:
        if isinstance(cell.value, str) and is_nothing(cell.text):
            return None
        read = read_day(cell, self.mapping.date_order)
        if read.day is not None:
            return read.day
        if cell.text in ("1900-01-00", "0", "00/01/1900", "1/0/1900"):
            row.warn(item.key, f"{cell.text} is how a spreadsheet shows an empty date; no date was set.")
        else:
            why = "is no certain day" if read.vague else "is no date"
            self._keep(
                row,
                item,
                column,
                cell,
                f"“{shorten(cell.text, 60)}” {why}: no date was set and the words are kept in the notes.",
            )
        return None

    def _person(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> str | None:
        if is_nothing(cell.text):
            return None
        key, more = self.directory.find_first(cell.text)
        if key is None:
            self._keep(
                row, item, column, cell,
                f"Nobody in the directory is called “{shorten(cell.text, 60)}”, so it stays unassigned. "
                "Add the person and import again, or assign it by hand.",
            )  # fmt: skip
        elif more:
            name = self.directory.people[key].name
            self._keep(
                row, item, column, cell, f"Several are named; {name} was taken and the others kept in the notes."
            )
        return key

    def _choice(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> str | None:
        found = read_choice(item, cell.text)
        if found is not None:
            return found
        if is_nothing(cell.text) and item.otherwise is None:
            return None
        meant = item.choices[item.otherwise][0].lower() if item.otherwise else ""
        known = ", ".join(words[0].lower() for words in item.choices.values())
        self._keep(
            row, item, column, cell,
            f"“{shorten(cell.text, 60)}” is none of {known}"
            + (f"; it is read as {meant}." if meant else "; nothing was taken and the words are kept in the notes."),
        )  # fmt: skip
        return item.otherwise

    def _money(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> int | None:
        if is_nothing(cell.text):
            return None
        amount = read_money(cell.text, exponent=self.exponent)
        if amount is None:
            self._keep(
                row, item, column, cell, f"“{shorten(cell.text, 60)}” is no single amount; it is kept in the notes."
            )
        return amount

    def _number(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> int | None:
        if is_nothing(cell.text):
            return None
        number = read_number(cell.text)
        if number is None:
            self._keep(
                row, item, column, cell, f"“{shorten(cell.text, 60)}” is no whole number; it is kept in the notes."
            )
        return number

    def _bool(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> bool | None:
        said = read_bool(cell.text)
        if said is None and not is_nothing(cell.text):
            self._keep(
                row, item, column, cell, f"“{shorten(cell.text, 60)}” is neither yes nor no; it is kept in the notes."
            )
        return said

    # What concerns the row as a whole

    def _section(self, row: PlannedRow, line: Line) -> None:
        key = self.kind.section_field
        if not line.category:
            return
        if key in self.kind.by_key and not row.values.get(key):
            row.values[key] = row.texts[key] = line.category
        elif row.values.get(key) != line.category:
            row.note("Section", line.category)

    def _settle_title(self, row: PlannedRow, sheet: SheetMapping) -> None:
        title = self.kind.field(self.kind.title_field)
        text = row.values.get(title.key)
        if not text:
            for key in title.fallback:
                if row.values.get(key):
                    text = _headline(str(row.values[key]), title.max_length or 200)
                    row.texts.setdefault(title.key, text)
                    row.cells[title.key] = row.cell(key)
                    break
        if not text:
            named = sheet.field_columns(title.key)
            where = (
                f"Column {letters(named[0])} is empty" if named else f"No column is chosen for {title.label.lower()}"
            )
            remedy = "Write one in the file" if named else "Choose the column that names it"
            row.refuse(title.key, f"{where}, so this {self.kind.noun} has no {title.label.lower()}. {remedy}.")
            return
        limit = title.max_length or 200
        if len(text) > limit or "\n" in text:
            whole, text = text, _headline(text, limit)
            described = next((key for key in title.fallback if key in self.kind.by_key), "")
            if described and not row.values.get(described):
                row.values[described] = whole
            elif plain(whole) not in plain(str(row.values.get(described) or "")):
                row.note(title.label, whole)
        row.values[title.key] = text

    def _check_scores(self, row: PlannedRow) -> None:
        for item in self.kind.fields:
            said = row.texts.get(item.key, "")
            if item.kind is not FieldKind.SCORE or not item.of or not said or is_nothing(said):
                continue
            one, two = (row.values.get(key) for key in item.of)
            reading = scales.reading_of(said)
            if said.startswith(("=", "#")):
                continue
            if one is None or two is None:
                if reading.number == 0 and not reading.plain:
                    continue
                row.note(row.headers.get(item.key, item.label), said)
                row.warn(
                    item.key,
                    f"“{shorten(said, 40)}” alone is no rating: without likelihood and impact it stays “not rated”, and the word is kept in the notes.",
                )
            elif not self._agrees(row, item.of, reading, one * two):
                row.warn(
                    item.key,
                    f"The file says {shorten(said, 40)}; likelihood × impact gives {one * two}, which is what counts.",
                )

    def _agrees(self, row: PlannedRow, of: tuple[str, str], reading: scales.Level, score: int) -> bool:
        raw = [scales.reading_of(row.texts.get(key, "")).number for key in of]
        if reading.number is not None:
            number = reading.number
            possible = [float(score)]
            if raw[0] is not None and raw[1] is not None:
                possible += [raw[0] * raw[1], raw[0] + raw[1]]
            return any(abs(number - value) < 0.01 for value in possible)
        if reading.plain or reading.five:
            name = reading.plain or {1: "vl", 2: "l", 3: "m", 4: "h", 5: "vh"}[reading.five or 3]
            low, high = _BANDS[name]
            return low <= score <= high
        return True

    def _struck(self, sheet: SheetMapping, line: Line) -> bool:
        titled = [line.row.cell(column) for column in sheet.field_columns(self.kind.title_field)]
        if any(cell.struck for cell in titled):
            return True
        words = [cell for cell in line.row.cells.values() if cell.text and isinstance(cell.value, str)]
        return bool(words) and sum(cell.struck for cell in words) * 2 > len(words)

    def _strike(self, row: PlannedRow) -> None:
        key, value = self.kind.ended
        if self.mapping.struck == "close" and key in self.kind.by_key:
            row.values[key] = value
            return
        row.warn(
            self.kind.title_field,
            "The row is struck through in the file. It is read like the others; the setting "
            "“Struck-through rows” can close them or leave them out.",
        )

    def _continues(self, sheet: SheetMapping, previous: Line, line: Line) -> bool:
        """A further line of a record whose title is merged over several rows."""
        columns = sheet.field_columns(self.kind.title_field) or sheet.field_columns("description")
        return any(
            line.row.cell(column).filled and line.row.cell(column).text == previous.row.cell(column).text
            for column in columns
        ) and all(
            line.row.cell(column).filled or line.row.cell(column).empty
            for column in sheet.field_columns(self.kind.key_field)
        )

    def _add_to(self, row: PlannedRow, sheet: SheetMapping, table: Table, line: Line) -> None:
        for column in table.columns:
            cell = line.row.cell(column.index)
            key = sheet.columns.get(column.index, SKIP)
            if cell.empty or cell.filled or key == SKIP or cell.error:
                continue
            item = self.kind.by_key.get(key)
            if item is not None and item.kind is FieldKind.TEXT and item.multiple:
                held = str(row.values.get(key) or "")
                if cell.text not in held.splitlines():
                    row.values[key] = f"{held}\n{cell.text}".strip()
            elif cell.text != row.texts.get(key):
                row.note(column.name, cell.text)


def _alike(own: list[str], together: list[str]) -> list[str]:
    """The texts of other columns that are of one sort with this one's: words with words, numbers with numbers."""

    def worded(texts: list[str]) -> bool:
        readings = [scales.reading_of(text) for text in texts]
        return sum(1 for reading in readings if reading.plain or reading.five) * 2 > len(readings)

    return own if worded(own) else together


def _says_something(kind: ImportKind, key: str, cell: Cell) -> bool:
    """Whether a cell makes its row more than a prepared empty line."""
    if cell.error or is_nothing(cell.text):
        return False
    item = kind.by_key.get(key)
    if item is None:
        return isinstance(cell.value, str) and not cell.text.startswith("=")
    if item.kind is FieldKind.TEXT:
        return True
    return item.kind in (FieldKind.PERSON, FieldKind.MULTI, FieldKind.DATE)


def _unique(held: dict[str, str], name: str) -> str:
    if name not in held:
        return name
    number = 2
    while f"{name} ({number})" in held:
        number += 1
    return f"{name} ({number})"


def _bare(header: str) -> str:
    """A yes/no header as the thing it asks about: "PII (y/n)?" is PII."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)
    text = re.sub(r"\b(y\s*/\s*n|yes\s*/\s*no|date|signed|in place|status|report)\b", " ", text, flags=re.I)
    return " ".join(text.replace("?", " ").split()).strip(" -:/") or header


def _headline(text: str, limit: int) -> str:
    whole = " ".join(text.split())
    if len(whole) <= limit and "\n" not in text.strip():
        return whole
    first = _SENTENCE.split(text.strip(), maxsplit=1)[0].strip(" .;")
    return _cut(" ".join(first.split()), limit)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") or text[: limit - 1]
    return head + "…"


def _text(line: Line) -> str:
    texts = [line.row.cells[column].text for column in line.row.filled]
    return shorten(" · ".join(dict.fromkeys(texts)), 200)
