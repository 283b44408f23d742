"""The rows below the header: which are records, and what the others are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from vciso.imports.dictionary import Dictionary
from vciso.imports.evidence import fit
from vciso.imports.legends import EXPLAINED, is_legend
from vciso.imports.levels import reading_of
from vciso.imports.mapping import Mapping, SheetMapping
from vciso.imports.reading.book import Row, Sheet
from vciso.imports.reading.texts import plain, shorten
from vciso.imports.registry import RATINGS, FieldKind, ImportKind
from vciso.imports.sections import LONGEST, REPEATED, SECTION, blocks, head_first_part, outlined
from vciso.imports.tables import Column, Line, Skipped, Table, header_at_row

_TOTAL = re.compile(
    r"^(grand|sub|over ?all)?[\s-]*totals?\b|^(sum|average|avg|mean|count|median|maximum|minimum|summe|gesamt)\b|"
    r"^(highest|lowest|overall|number of|no\. of)\b.*\b(scores?|ratings?|risks?)$",
    re.I,
)
_HELP = re.compile(
    r"^[\[(<{]|^(e\.?g\.?|ex\.|for example|example|enter|describe|description of|select|choose|provide|please|insert|"
    r"list|state|specify|name of|date (of|the|when|by)|what|who|how|when|where|which|unique|identify|add|write|"
    r"rate|click|give|type|a brief|brief|short|the (name|date|person|risk|level)|free text|dd[/.-]mm|mm[/.-]dd|yyyy|"
    r"drop ?down|1 ?[-–] ?[345]\b)", re.I)  # fmt: skip

_REMARK = re.compile(
    r"^\W*(?:notes?|n\.?b\.?|remarks?|comments?|attention|caution|legend|key|sources?|prepared by|updated by|"
    r"hinweise?|anmerkung(?:en)?|bemerkung(?:en)?|achtung|quelle|legende|erstellt von|remarques?|légende|nota|notas|"
    r"attenzione|atención|fuente|fonte|opmerking(?:en)?|let op|bron)\s*[:–—-]", re.I)  # fmt: skip
_POINTS = re.compile(r"^(?:see|refer to|siehe|voir|véase|vedi|zie)\s", re.I)
_SPOKEN = 4
"""A sentence has so many words; "Finance dept." has fewer."""
_SENTENCE = re.compile(r"[^\s.](?:\w+)?[.!?…][)\]\"”’]*$")
"""How a sentence ends; a heading does not."""

MOST_WORDS, FEW_WORDS = 6, 2
"""How long a heading is where only risks bear a number, and where none does."""
_SORTS = (*RATINGS, FieldKind.DATE, FieldKind.CHOICE, FieldKind.BOOL)


@dataclass
class Body:
    """Reads one tab as its mapping says."""

    sheet: Sheet
    kind: ImportKind
    mapping: SheetMapping
    options: Mapping

    def table(self, dictionary: Dictionary) -> Table | None:
        """The table with its records and everything that was left out; ``None`` without a header."""
        header = header_at_row(self.sheet, self.mapping.first_header, self.mapping.last_header, dictionary)
        if header is None:
            return None
        self.dictionary = dictionary
        table = Table(self.sheet, self.mapping.first_header, self.mapping.last_header, header.columns)
        table.score = header.score
        rows = self.sheet.rows[header.last + 1 :]
        self._choose_columns(table, rows)
        kept = self._first_pass(table, rows)
        self.headings = self._find_headings(kept) | self._find_outlined(kept)
        for number, block in enumerate(blocks(kept)):
            if not self._read_block(table, block, number):
                break
        self._close_section(table)
        head_first_part(table, header)
        return table

    # What belongs to the table sideways

    def _choose_columns(self, table: Table, rows: list[Row]) -> None:
        """Drop what stands beside the table: columns after an empty one that no header joins to it."""
        used = {index for row in rows for index in row.cells if not row.cells[index].empty}
        self.width = [c for c in table.columns if c.header or c.index in used]
        self.by_index = {column.index: column for column in self.width}
        self.mapped = {i for i, key in self.mapping.columns.items() if key not in ("", "-")}
        self.beside: set[int] = set()
        for run in _runs(self.width):
            if any(column.index in self.mapped for column in run):
                continue
            if self._stands_beside(run, rows):
                self.beside.update(column.index for column in run)
                texts = [row.cell(c.index).text for row in rows for c in run if row.cell(c.index).text]
                heads = [column.header for column in run if column.header]
                table.skipped.append(
                    Skipped(table.last_header, "text beside the table", shorten(" · ".join(heads + texts), 200))
                )
        self._part_legend(table, rows)
        table.columns = [column for column in table.columns if column.index not in self.beside]
        self.main = [column.index for column in self.width if column.index not in self.beside]
        self.title = set(self.mapping.field_columns(self.kind.title_field))
        for key in self.kind.field(self.kind.title_field).fallback:
            self.title.update(self.mapping.field_columns(key))

    def _part_legend(self, table: Table, rows: list[Row]) -> None:
        """Columns at the right end that count levels from the first row on, with their words: no gap parts a legend."""
        tail = [column.index for column in self.width if column.index > max(self.mapped, default=0)]
        for place in range(len(tail) - 1):
            beside = tail[place:]
            if is_legend([[row.cell(one).text for row in rows] for one in beside]):
                self.beside.update(beside)
                texts = [text for one in beside for row in rows if (text := row.cell(one).text)]
                said = shorten(" · ".join(texts), 200)
                table.skipped.append(Skipped(table.last_header, "text beside the table", said))
                return

    def _stands_beside(self, run: list[Column], rows: list[Row]) -> bool:
        indexes = [column.index for column in run]
        filled = [row for row in rows if any(not row.cell(index).empty for index in indexes)]
        if not filled:
            return False
        if not any(column.header for column in run):
            return True
        headed = [column.header for column in run if column.header]
        if len(headed) >= 3 and sum(text.isdigit() and int(text) <= 25 for text in headed) >= 0.6 * len(headed):
            # A heat map has the levels for headings.
            return True
        lonely = [row for row in filled if not any(not row.cell(index).empty for index in self.mapped)]
        body = [row for row in rows if any(not row.cell(index).empty for index in self.mapped)]
        if lonely and len(lonely) < len(filled):
            return len(run) <= 4
        dense = filled == body[: len(filled)]
        return len(run) <= 3 and len(body) >= 6 and dense and len(filled) < 0.6 * len(body)

    # Rows that are no records wherever they stand

    def _first_pass(self, table: Table, rows: list[Row]) -> list[Row]:
        kept: list[Row] = []
        headers = {column.index: plain(column.header) for column in self.width if column.header}
        for row in rows:
            filled = self._own(row)
            if not filled:
                continue
            texts = [row.cell(index).text for index in filled]
            if row.hidden and not self.options.hidden:
                table.skipped.append(Skipped(row.number, "hidden in the file", _line(texts)))
            elif len(filled) >= 2 and self._repeats(row, filled, headers):
                table.skipped.append(Skipped(row.number, REPEATED, _line(texts)))
            elif not any(map(str.isalnum, "".join(texts))):
                table.skipped.append(Skipped(row.number, "nothing but signs", _line(texts)))
            elif self._is_legend(row, filled):
                table.skipped.append(Skipped(row.number, "what the levels mean, not a record", _line(texts)))
            elif self._is_total(row, filled):
                table.skipped.append(Skipped(row.number, "a total, not a record", _line(texts)))
            else:
                kept.append(row)
        while kept and len(kept) > 1 and self._is_help(kept[0]):
            texts = [kept[0].cell(i).text for i in self._own(kept[0])]
            table.skipped.append(Skipped(kept[0].number, "the template's explanation of its columns", _line(texts)))
            kept = kept[1:]
        return kept

    @staticmethod
    def _repeats(row: Row, filled: list[int], headers: dict[int, str]) -> bool:
        """Whether the row is the heading again, as printed lists have it on every page."""
        same = sum(plain(row.cell(index).text) == headers.get(index) for index in filled)
        return same >= 0.7 * len(filled)

    def _own(self, row: Row) -> list[int]:
        """Main columns with content of their own or lent by a merged range."""
        return [index for index in self.main if not row.cell(index).empty]

    def _is_total(self, row: Row, filled: list[int]) -> bool:
        words = [index for index in filled if isinstance(row.cell(index).value, str) and _wordy(row.cell(index).text)]
        if not words or len({row.cell(index).text for index in words}) > 2:
            return False
        head = row.cell(words[0]).text
        if not _TOTAL.match(head) or len(head) > 40:
            return False
        rest = [row.cell(index) for index in filled if row.cell(index).text != head]
        numbers = sum(1 for cell in rest if not isinstance(cell.value, str) or not _wordy(cell.text))
        return numbers >= len(rest) - 0 if rest else len(head.split()) <= 3

    def _is_legend(self, row: Row, filled: list[int]) -> bool:
        """Whether the row explains levels: "1 = Almost certain" stands where its title would, and beside it."""
        explained = [index for index in filled if EXPLAINED.match(row.cell(index).text)]
        return len(explained) > 1 and bool(self.title & set(explained))

    def _is_help(self, row: Row) -> bool:
        """A first row that tells how to fill the columns in, or repeats our own template's words."""
        told = mapped = wrong = 0
        for index in self._own(row):
            key = self.mapping.columns.get(index, "")
            cell = row.cell(index)
            if not isinstance(cell.value, str):
                return False
            field = self.kind.by_key.get(key)
            if field is not None:
                mapped += 1
                if field.help and plain(cell.text) == plain(field.help):
                    told += 2
                if field.rated and not reading_of(cell.text).known:
                    wrong += 1
                if field.rated and reading_of(cell.text).known:
                    return False
            if _HELP.match(cell.text):
                told += 1
        return told >= 2 and told + wrong >= 0.5 * max(2, len(self._own(row)))

    # Blocks: the table, its sections and the guide below it

    def _read_block(self, table: Table, block: list[Row], number: int) -> bool:
        if number > 0:
            if self._another_header(block):
                table.skipped.append(
                    Skipped(block[0].number, "another table starts here; choose its row as the header to read it",
                            self._text(block[0]))
                )  # fmt: skip
                return False
            if not self._like_table(table, block):
                if len(block) == 1 and (block[0].number in self.headings or self._single(block[0])):
                    self._open_section(table, block[0])
                    return True
                self._close_section(table)
                for row in block:
                    table.skipped.append(Skipped(row.number, "text below the table", self._text(row)))
                return True
        for row in block:
            if self._is_remark(row):
                table.skipped.append(Skipped(row.number, "a remark between the rows", self._text(row)))
            elif row.number in self.headings or self._is_section(row):
                self._open_section(table, row)
            else:
                self._pending = None
                table.lines.append(Line(row, self._category))
        return True

    _pending: Row | None = None
    _category: str = ""

    def _open_section(self, table: Table, row: Row) -> None:
        self._close_section(table, heading=True)
        self._pending = row
        texts = [row.cell(index).text for index in self.main if row.cell(index).text]
        self._category = shorten(texts[-1].rstrip(":"), LONGEST)
        table.skipped.append(Skipped(row.number, SECTION, self._text(row)))

    def _close_section(self, table: Table, *, heading: bool = False) -> None:
        """A heading with no record below it was text, and its category ends."""
        if self._pending is not None:
            for skipped in table.skipped:
                if skipped.row == self._pending.number:
                    skipped.reason = "text in the table" if heading else "text below the table"
            self._pending = None
            if not heading:
                self._category = ""

    def _like_table(self, table: Table, block: list[Row]) -> bool:
        if not table.lines:
            return True
        widths = [len(self._own(line.row)) for line in table.lines[:200]]
        needed = max(2, min(0.4 * median(widths), 4)) if median(widths) > 1 else 1
        good = sum(
            1
            for row in block
            if len(self._own(row)) >= needed and any(not row.cell(index).empty for index in self.title)
        )
        rows = [
            row
            for row in block
            if row.number not in self.headings and not self._is_section(row) and not self._is_remark(row)
        ]
        return bool(rows) and good >= 0.5 * len(rows) and not self._of_other_sort(rows)

    def _of_other_sort(self, rows: list[Row]) -> bool:
        """Whether a column of ratings, days or states holds something else down here."""
        for index, key in self.mapping.columns.items():
            field = self.kind.by_key.get(key)
            if field is None or field.kind not in _SORTS:
                continue
            cells = [row.cell(index) for row in rows if not row.cell(index).empty]
            if len(cells) > 1 and fit(field, cells, own=False) == 0:
                return True
        return False

    def _another_header(self, block: list[Row]) -> bool:
        row = block[0]
        filled = self._own(row)
        if len(filled) < 3 or len(block) < 2:
            return False
        sure = sum(
            1
            for index in filled
            if isinstance(row.cell(index).value, str) and self.dictionary.names_field(row.cell(index).text) is not None
        )
        return sure >= 3 and sure >= 0.6 * len(filled)

    def _first(self, row: Row) -> str:
        return next((row.cell(index).text for index in self.main if row.cell(index).text), "")

    def _single(self, row: Row) -> bool:
        filled = self._own(row)
        return len({row.cell(index).text for index in filled}) == 1 and isinstance(row.cell(filled[0]).value, str)

    def _is_remark(self, row: Row) -> bool:
        """One text across the row that heads nothing: it begins as a note does, or is a sentence beside the titles."""
        if len(self.main) < 3 or not self._single(row):
            return False
        filled = self._own(row)
        text = row.cell(filled[0]).text
        if filled[0] in self.title and len(filled) == 1:
            return bool(_REMARK.match(text))
        spoken = len(text.split()) >= _SPOKEN and bool(_SENTENCE.search(text))
        return spoken or bool(_REMARK.match(text) or _POINTS.match(text))

    def _is_section(self, row: Row) -> bool:
        """One text across the row: merged over it, outside the title's column, or in capitals."""
        if len(self.main) < 3 or not self._single(row):
            return False
        filled = self._own(row)
        text = row.cell(filled[0]).text
        if len(text) > LONGEST or re.fullmatch(r"\W*\d+\W*", text):
            return False
        if len(filled) >= 3:
            return True
        if filled[0] in self.title or filled[0] not in self.main[:3]:
            return filled[0] in self.main[:2] and ((text.isupper() and len(text) > 3) or text.endswith(":"))
        key = self.mapping.columns.get(filled[0], "")
        if key == self.kind.key_field:
            return bool(re.search(r"[^\W\d_]{3}", text)) and not re.search(r"\d{2,}$", text)
        return True

    def _find_headings(self, rows: list[Row]) -> set[int]:
        """Rows that hold nothing but a short title, where the row below is rated and so are nearly all others.

        Where the others bear a reference, its lack tells a heading from a risk that nobody has rated yet; where
        none does, only a word or two may be one.
        """
        rated = self._columns_of(*RATINGS)
        references = set(self.mapping.field_columns(self.kind.key_field))
        alone = {row.number for row in rows if set(self._own(row)) <= self.title and self._single(row)}
        full = [row for row in rows if row.number not in alone]
        if not alone or not rated or len(alone) > len(full):
            return set()
        if sum(_holds(row, rated) for row in full) < 0.8 * len(full):
            return set()
        numbered = bool(references) and sum(_holds(row, references) for row in full) >= 0.8 * len(full)
        words = MOST_WORDS if numbered else FEW_WORDS
        return {
            row.number
            for row, below in pairwise(rows)
            if row.number in alone
            and below.number not in alone
            and _holds(below, rated)
            and len(self._first(row).split()) <= words
            and not self._first(row).endswith((".", "?"))
        }

    def _find_outlined(self, rows: list[Row]) -> set[int]:
        references = self.mapping.field_columns(self.kind.key_field)
        if len(references) != 1:
            return set()
        heading = {*references, *self.title}
        return outlined([(row.number, row.cell(references[0]).text, set(self._own(row)) <= heading) for row in rows])

    def _columns_of(self, *kinds: FieldKind) -> set[int]:
        return {
            index
            for index, key in self.mapping.columns.items()
            if (field := self.kind.by_key.get(key)) is not None and field.kind in kinds
        }

    def _text(self, row: Row) -> str:
        return _line([row.cell(index).text for index in self._own(row)])


def _holds(row: Row, columns: set[int]) -> bool:
    return any(not row.cell(index).empty for index in columns)


def _wordy(text: str) -> bool:
    """Whether a text is more than a number or an amount."""
    return not re.fullmatch(r"[\d.,%€$£ ]+", text)


def _line(texts: list[str]) -> str:
    return shorten(" · ".join(dict.fromkeys(texts)), 200)


def _runs(columns: list[Column]) -> list[list[Column]]:
    runs: list[list[Column]] = []
    for column in columns:
        if runs and column.index == runs[-1][-1].index + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return runs
