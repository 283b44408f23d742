"""From one cell to one value, by the kind of its field; what is in doubt is said and kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vciso.imports import scales
from vciso.imports.dates import EMPTY_DATES, read_day
from vciso.imports.lengths import cut
from vciso.imports.levels import reading_of
from vciso.imports.mapping import Mapping
from vciso.imports.pairs import read_pair
from vciso.imports.planning import PlannedRow
from vciso.imports.reading.book import Cell
from vciso.imports.reading.texts import plain, shorten, without_markup, without_signs
from vciso.imports.registry import Field, FieldKind, ImportKind, PersonEntry
from vciso.imports.tables import Column
from vciso.imports.values import (
    Directory,
    choices_in,
    is_nothing,
    read_bool,
    read_choice,
    read_money,
    read_number,
    says_more,
    split_many,
)

_NAMED = re.compile(r"\b[A-Z]{2,}")
OPEN_DAYS = frozenset({"tbd", "tbc", "unknown"})
"""Words for a day still to be named; they are kept, where a dash or "n/a" says nothing."""
UNREAD = "?"
_SEPARATORS = re.compile(r"[;|\s]+")
NOBODY = frozenset({"nobody", "unassigned", "not assigned", "vacant", "no one", "to be assigned", "no owner"})


@dataclass
class CellReader:
    """Reads cells of one file, as its mapping says."""

    kind: ImportKind
    mapping: Mapping
    people: Sequence[PersonEntry] = ()
    exponent: int = 2
    directory: Directory = field(init=False)
    built: dict[str, scales.Scale] = field(default_factory=dict)
    unknown: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    """Names nobody was found for: as compared → as written, and the people it may mean."""

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

    def _take(self, row: PlannedRow, item: Field, pairs: list[tuple[Column, Cell]]) -> None:
        row.texts[item.key] = "\n".join(cell.text for _, cell in pairs)
        if item.kind is FieldKind.SCORE:
            return
        if item.kind is FieldKind.LEVELS:
            row.values[item.key] = self._levels(row, item, pairs)
            return
        column, cell = pairs[0]
        if item.kind is FieldKind.PAIR:
            self._pair(row, item, column, cell)
            return
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

    def columns_of(self, item: Field) -> int:
        """How many columns of the tab at hand are read as a field."""
        return 1

    def _keep(self, row: PlannedRow, item: Field, column: Column, cell: Cell, why: str) -> None:
        row.note(column.name, cell.text)
        row.warn(item.key, why)

    def _text(self, row: PlannedRow, item: Field, pairs: list[tuple[Column, Cell]]) -> None:
        parts: list[str] = []
        for column, cell in pairs:
            text = without_markup(cell.text)
            labelled = column.header == item.label
            beside = len(pairs) > 1 or (item.appends and self.columns_of(item) > 1)
            if not labelled and (beside or (item.multiple and read_bool(text) is not None)):
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
                f"{item.label} holds at most {item.max_length} characters; it was shortened. "
                "The whole text is kept in the notes.",
            )
            text = cut(text, item.max_length)
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
                if not own and _NAMED.search(_bare(column.name)):
                    # "Type II" under "SOC 2" says nothing without its heading.
                    entries = [_under(_bare(column.name), entry) for entry in entries]
            found += [entry for entry in entries if entry not in found]
        return found

    def _scale(self, row: PlannedRow, item: Field, column: Column, cell: Cell, text: str = "") -> int | None:
        """The level of a cell, or of the part of it that is given."""
        text = text or cell.text
        scale = self.built.get(item.key) or scales.build([text])
        if scale.knows(text):
            if without_signs(text) != " ".join(text.split()):
                row.note(column.name, cell.text)
            if why := scale.doubt(text):
                self._keep(row, item, column, cell, f"“{shorten(text, 60)}” {why}, {scale.level(text)}.")
            return scale.level(text)
        number = reading_of(text).number
        why = "is no level of this file's scale"
        if number is not None and number > scale.top:
            why = f"lies above this file's scale, {scales.scale_name(scale.top)}"
        self._keep(
            row, item, column, cell,
            f"“{shorten(text, 60)}” {why}, so it is not rated. Say what it means in the table of levels.",
        )  # fmt: skip
        return None

    def _pair(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> None:
        """Both halves of a cell, where they have no column of their own; what is no pair is read as a score."""
        score = next(other.key for other in self.kind.fields if other.kind is FieldKind.SCORE and other.of == item.of)
        pair = read_pair(cell.text, f"{column.group} {column.header}")
        product = pair.score if pair else cell.text
        if product:
            row.texts[score], row.headers[score], row.cells[score] = product, column.name, row.cells[item.key]
        for key, text in zip(item.of or (), (pair.likelihood, pair.impact) if pair else (), strict=False):
            if row.values.get(key) is None:
                row.texts[key], row.headers[key], row.cells[key] = text, column.name, row.cells[item.key]
                row.values[key] = self._scale(row, self.kind.field(key), column, cell, text)

    def _levels(self, row: PlannedRow, item: Field, pairs: list[tuple[Column, Cell]]) -> str | None:
        """Each column with its level; one that is not understood has a question mark, as the worst is not known."""
        said = []
        for column, cell in pairs:
            if is_nothing(cell.text) or (reading_of(cell.text).nothing):
                continue
            level = None if cell.error else self._scale(row, item, column, cell)
            said.append(f"{_SEPARATORS.sub(' ', column.name)} {level or UNREAD}")
        return "; ".join(said) or None

    def _date(self, row: PlannedRow, item: Field, column: Column, cell: Cell) -> Any:
        if isinstance(cell.value, str) and is_nothing(cell.text) and plain(cell.text) not in OPEN_DAYS:
            return None
        read = read_day(cell, self.mapping.date_orders.get(item.key) or self.mapping.date_order)
        if read.day is not None:
            return read.day
        if cell.text in EMPTY_DATES:
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
        if is_nothing(cell.text) or plain(cell.text) in NOBODY:
            return None
        form = plain(cell.text)
        if form in self.mapping.people:
            self.unknown[form] = (shorten(cell.text, 60), [])
            return self.mapping.people[form] or None
        key, more = self.directory.find_first(cell.text)
        if key is None and (several := self.directory.candidates(cell.text)):
            self.unknown[form] = (shorten(cell.text, 60), several)
            names = " or ".join(self.directory.people[one].name for one in several[:4])
            self._keep(
                row, item, column, cell,
                f"“{shorten(cell.text, 60)}” may be {names}, so no owner is taken from it. Say who under People.",
            )  # fmt: skip
        elif key is None:
            self.unknown[form] = (shorten(cell.text, 60), [])
            self._keep(
                row, item, column, cell,
                f"Nobody in the directory is called “{shorten(cell.text, 60)}”, so no owner is taken from it. "
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
            if len(choices_in(item, cell.text)) > 1:
                self._keep(
                    row, item, column, cell,
                    f"“{shorten(cell.text, 60)}” names more than one; {item.choices[found][0].lower()} is taken and "
                    "the words are kept in the notes.",
                )  # fmt: skip
            elif says_more(item, cell.text):
                row.note(column.name, cell.text)
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


def _under(header: str, entry: str) -> str:
    return entry if plain(header) in plain(entry) else f"{header}: {entry}"


def _bare(header: str) -> str:
    """A yes/no header as the thing it asks about: "PII (y/n)?" is PII."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)
    text = re.sub(r"\b(y\s*/\s*n|yes\s*/\s*no|date|signed|in place|status|report)\b", " ", text, flags=re.I)
    return " ".join(text.replace("?", " ").split()).strip(" -:/") or header
