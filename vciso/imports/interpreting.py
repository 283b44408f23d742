"""From the cells of a row to the values of a kind, with a remark wherever a cell is in doubt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vciso.imports.cellreading import UNREAD
from vciso.imports.lengths import cut
from vciso.imports.levels import reading_of
from vciso.imports.mapping import NOTE, SKIP, STRUCK, SheetMapping
from vciso.imports.numbering import product
from vciso.imports.planning import Choice, PlannedRow, Remark
from vciso.imports.reading.book import Cell, cell_name, letters
from vciso.imports.reading.texts import plain, shorten, without_markup
from vciso.imports.registry import RATINGS, Field, FieldKind, ImportKind
from vciso.imports.scalereading import ScaleReader
from vciso.imports.sensitive import finds_in, sentence
from vciso.imports.states import state_named, take_state
from vciso.imports.tables import Column, Line, Skipped, Table
from vciso.imports.values import is_nothing

STRUCK_CHOICE = Choice(
    "struck", "The row is struck through in the file. What is it?", tuple(item for item in STRUCK.items() if item[0])
)
ONE_LINE = 100
"""A title of so many characters was broken only to fit its cell."""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_LEVELS = re.compile(rf" ([1-5]|{re.escape(UNREAD)})(?=;|$)")
_BESIDE_AN_ACTION = (FieldKind.PERSON, FieldKind.DATE, FieldKind.CHOICE)
_BANDS = {"vl": (1, 6), "l": (1, 8), "m": (3, 15), "h": (8, 25), "vh": (10, 25), "xh": (10, 25)}
"""Products a file's own word may stand for, whatever its bands; only what lies outside is told."""


@dataclass
class Interpreter(ScaleReader):
    """Reads the rows of one file, as its mapping says."""

    where: dict[str, list[int]] = field(default_factory=dict, init=False)
    """Field → columns of the tab at hand."""
    telling: set[int] = field(default_factory=set, init=False)
    """Columns of the tab at hand whose colours may stand for ratings."""

    def columns_of(self, item: Field) -> int:
        return len(self.where.get(item.key, ()))

    def rows(self, sheet: SheetMapping, table: Table) -> tuple[list[PlannedRow], list[Skipped]]:
        """The records of one tab, and the rows that turned out to be none."""
        where = {item.key: sheet.field_columns(item.key) for item in self.kind.fields}
        self.where = {key: held for key, held in where.items() if held}
        self.telling = self._telling(sheet, table)
        found: list[PlannedRow] = []
        skipped: list[Skipped] = []
        previous: Line | None = None
        last = -1
        for line in table.lines:
            if previous is not None and found and self._continues(sheet, previous, line):
                self._add_to(found[-1], sheet, table, line)
                why = f"added to row {found[-1].number}, whose cells are merged over it"
                skipped.append(Skipped(line.row.number, why, _text(line)))
                last = line.row.number
                continue
            if found and line.row.number == last + 1 and self._only_acts(sheet, line):
                self._add_to(found[-1], sheet, table, line)
                why = f"added to row {found[-1].number}, as it says no more than what is to be done"
                skipped.append(Skipped(line.row.number, why, _text(line)))
                last = line.row.number
                continue
            row = self._row(sheet, table, line)
            if row is None:
                skipped.append(Skipped(line.row.number, "only a number or a formula is filled in", _text(line)))
                continue
            if self._struck(sheet, line):
                answer = self.mapping.choices.get(row.answer_key("struck"), "") or self.mapping.struck
                if answer == "skip":
                    skipped.append(Skipped(line.row.number, "struck through in the file", _text(line)))
                    continue
                self._strike(row, answer)
            previous, last = line, line.row.number
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
            if cell.empty:
                self._hint(row, table, line, column, key)
                continue
            if key == SKIP and column.index not in sheet.columns:
                continue
            # What we wrote ourselves holds ids and digests, in which any number may stand by chance.
            ours = key != NOTE and key == self.kind.handed
            if not ours:
                row.read[_unique(row.read, column.name)] = cell.text
            if not ours and (sorts := finds_in(cell.text)):
                place = cell_name(table.sheet, line.row.number, column.index)
                row.remarks.append(Remark(self.kind.notes_field, place, "", sentence(sorts)))
            if key == SKIP:
                continue
            wordy = wordy or (key != self.kind.key_field and _says_something(self.kind, key, cell))
            if cell.link and cell.link.startswith(("http://", "https://", "mailto:")) and cell.link != cell.text:
                row.note(f"Link in {column.name}", cell.link)
            if key == NOTE:
                if not cell.error and not is_nothing(cell.text):
                    row.keep(column.name, without_markup(cell.text))
                continue
            by_field.setdefault(key, []).append((column, cell))
        if not wordy:
            return None
        for item in self.kind.fields:
            pairs = by_field.get(item.key, [])
            columns = self.where.get(item.key)
            if columns:
                row.cells[item.key] = cell_name(
                    table.sheet, line.row.number, pairs[0][0].index if pairs else columns[0]
                )
            if pairs:
                row.headers[item.key] = pairs[0][0].name
                self._take(row, item, pairs)
        self._section(row, line)
        self._check_scores(row, by_field)
        self._settle_title(row, sheet)
        return row

    def _telling(self, sheet: SheetMapping, table: Table) -> set[int]:
        """Columns of ratings and columns without a text; one colour all the way down is decoration."""
        colours: dict[int, set[str]] = {}
        texted: set[int] = set()
        for line in table.lines:
            for index, colour in line.row.colours.items():
                colours.setdefault(index, set()).add(colour)
            texted.update(index for index, cell in line.row.cells.items() if cell.text)
        kinds = {index: self.kind.by_key[key].kind for index, key in sheet.columns.items() if key in self.kind.by_key}
        rated = {index for index, kind in kinds.items() if kind in RATINGS}
        headed = {column.index for column in table.columns if column.header}
        return {
            index
            for index, held in colours.items()
            if index in headed and (index in rated) + (len(held) > 1) + (index not in texted) >= 2
        }

    def _hint(self, row: PlannedRow, table: Table, line: Line, column: Column, key: str) -> None:
        """A cell that is only coloured is no rating; its colour is told and kept in the notes."""
        colour = line.row.colours.get(column.index)
        if colour is None or key == SKIP or column.index not in self.telling:
            return
        if any(line.row.colours.get(index) == colour for index in self.where.get(self.kind.title_field, ())):
            # The whole row is marked, which says nothing about this column.
            return
        row.read[_unique(row.read, column.name)] = f"({colour})"
        row.note(f"Colour of {column.name}", colour)
        place = cell_name(table.sheet, line.row.number, column.index)
        said = f"“{column.name}” is {colour} and says nothing else."
        why = "A colour is no rating; it stays in the notes as a hint."
        row.remarks.append(Remark(key or self.kind.notes_field, place, f"({colour})", f"{said} {why}"))

    # What concerns the row as a whole

    def _section(self, row: PlannedRow, line: Line) -> None:
        key = self.kind.section_field
        take_state(row, line.category or row.sheet)
        if not line.category or state_named(self.kind, line.category):
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
                    if named := sheet.field_columns(title.key):
                        source = row.headers.get(key) or self.kind.field(key).label
                        row.warn(
                            title.key, f"Column {letters(named[0])} is empty, so “{source}” is taken as the title."
                        )
                    break
        if not text:
            named = sheet.field_columns(title.key)
            wanted = "name" if title.label.lower() == self.kind.noun else title.label.lower()
            where = f"Column {letters(named[0])} is empty" if named else f"No column is chosen for the {wanted}"
            remedy = "Write one in the file" if named else "Choose the column that names it"
            row.refuse(title.key, f"{where}, so this {self.kind.noun} has no {wanted}. {remedy}.")
            return
        limit = title.max_length or 200
        if "\n" in text and len(joined := " ".join(text.split())) <= ONE_LINE:
            text = joined
        if len(text) > limit or "\n" in text:
            whole, text = text, _headline(text, limit)
            described = next((key for key in title.fallback if key in self.kind.by_key), "")
            if described and not row.values.get(described):
                row.values[described] = whole
            elif plain(whole) not in plain(str(row.values.get(described) or "")):
                row.note(title.label, whole)
        row.values[title.key] = text

    def _check_scores(self, row: PlannedRow, by_field: Mapping[str, list[tuple[Column, Cell]]]) -> None:
        for item in self.kind.fields:
            if item.kind is not FieldKind.SCORE or not item.of:
                continue
            one, two = row.values.get(item.of[0]), self._worst(row, item.of[1])
            score = None if one is None or two is None else one * two
            held = [(column.name, cell.text) for column, cell in by_field.get(item.key, ())]
            if not held and item.key in row.texts:
                # The product of a pair, or what stands in its column alone.
                held = [(row.headers.get(item.key, item.label), row.texts[item.key])]
            said = [(name, text) for name, text in held if not is_nothing(text) and not text.startswith(("=", "#"))]
            if score is None:
                self._keep_scores(row, item, said)
            elif told := next((text for _, text in said if not self._agrees(row, item, text, score)), ""):
                row.warn(
                    item.key,
                    f"The file says {shorten(told, 40)}; likelihood × impact gives {score}, which is what counts.",
                )
            for name, text in said if score is not None else ():
                if not reading_of(text).known:
                    row.keep(name, text)

    def _keep_scores(self, row: PlannedRow, item: Field, said: list[tuple[str, str]]) -> None:
        """What stands where a rating should be, in the notes whole."""
        said = [(name, text) for name, text in said if reading_of(text).number != 0 or reading_of(text).plain]
        for name, text in said:
            row.keep(name, text)
        if said:
            texts = ", ".join(f"“{shorten(text, 40)}”" for _, text in said)
            kept = "The word is" if len(said) == 1 else "The words are"
            row.warn(
                item.key,
                f"{texts} alone is no rating: without likelihood and impact it stays “not rated”. "
                f"{kept} kept in the notes.",
            )

    def _worst(self, row: PlannedRow, key: str) -> int | None:
        """The level of a rating, or where it is given sort by sort the worst of them, if each is understood."""
        sorts = next((item.key for item in self.kind.fields if item.each and item.each.rating == key), "")
        levels = _LEVELS.findall(str(row.values.get(sorts) or ""))
        if row.values.get(key) is not None or not levels or UNREAD in levels:
            return row.values.get(key)
        return max(int(level) for level in levels)

    def _agrees(self, row: PlannedRow, item: Field, text: str, score: int) -> bool:
        reading = reading_of(text)
        texts = [row.texts.get(key, "") for key in item.of or ()]
        raw = [reading_of(said).number for said in texts]
        if reading.number is not None:
            number = reading.number
            possible = [float(score), product(self.numberings.get(item.key), texts)]
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

    def _strike(self, row: PlannedRow, answer: str) -> None:
        """Struck through may mean closed, wrong or merely moved; only a person knows."""
        row.ask(STRUCK_CHOICE, answer)
        key, value = self.kind.ended
        if answer == "close" and key in self.kind.by_key:
            row.values[key] = value

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

    def _only_acts(self, sheet: SheetMapping, line: Line) -> bool:
        """Whether a line holds an action, and beside it at most a person, days, a state and notes."""
        keys = {sheet.columns.get(index, SKIP) for index, cell in line.row.cells.items() if not cell.empty}
        fields = [self.kind.field(key) for key in keys if key in self.kind.by_key]
        return any(field.still_to_do for field in fields) and all(
            field.still_to_do or field.kind in _BESIDE_AN_ACTION for field in fields
        )

    def _add_to(self, row: PlannedRow, sheet: SheetMapping, table: Table, line: Line) -> None:
        """Add a further line of a record: its text to the field it stands in, with what stands beside it in brackets.

        A further action keeps its person, day and state so. Where the line has several texts or none, what stands
        beside them goes to the notes.
        """
        texts: list[tuple[Field, str]] = []
        beside: list[str] = []
        for column in table.columns:
            cell = line.row.cell(column.index)
            key = sheet.columns.get(column.index, SKIP)
            if cell.empty or cell.filled or key == SKIP or cell.error or is_nothing(cell.text):
                continue
            row.read[_unique(row.read, f"Row {line.row.number} {column.name}")] = cell.text
            item = self.kind.by_key.get(key)
            if item is not None and item.kind is FieldKind.TEXT and item.multiple and not item.appends:
                texts.append((item, cell.text))
            else:
                beside.append(f"{column.name}: {cell.text}")
        if len(texts) == 1 and beside:
            item, text = texts[0]
            texts, beside = [(item, f"{text} ({'; '.join(beside)})")], []
        for item, text in texts:
            row.values[item.key] = f"{row.values.get(item.key) or ''}\n{text}".strip()
        if beside:
            row.keep(f"Row {line.row.number}", "; ".join(beside))


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


def _headline(text: str, limit: int) -> str:
    whole = " ".join(text.split())
    if len(whole) <= limit and "\n" not in text.strip():
        return whole
    first = _SENTENCE.split(text.strip(), maxsplit=1)[0].strip(" .;")
    return cut(" ".join(first.split()), limit)


def _text(line: Line) -> str:
    cells = [line.row.cells[column] for column in line.row.filled]
    texts = [cell.text for cell in cells if not cell.filled]
    return shorten(" · ".join(dict.fromkeys(texts)), 200)
