"""The first proposal for reading a file: which tab, which header, which column is what."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date

from vciso.imports.columns import guess_columns, is_own
from vciso.imports.dates import order_of
from vciso.imports.dictionary import Dictionary, dictionary_of
from vciso.imports.handed import order_as_handed_out
from vciso.imports.heatmaps import is_heat_map
from vciso.imports.keys import explained
from vciso.imports.mapping import Mapping, Question, SheetMapping
from vciso.imports.reading.book import Book, Cell, Sheet
from vciso.imports.reading.texts import plain
from vciso.imports.registry import FieldKind, ImportKind
from vciso.imports.settling import settle_scales
from vciso.imports.shaping import GUIDE
from vciso.imports.tables import Header, cells_below, find_header

_OLD = re.compile(
    r"\b(old|archiv\w*|backup|copy|closed|do not edit|19\d\d|20\d\d)\b|\(\d\)$", re.I)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)(\d\d)(?!\d)")


_NEXT_OR_LAST = set(
    """next last due prochaine prochain derniere dernier nachste letzte proxima ultima ultimo prossima volgende
    laatste laatst""".split()
)


@dataclass
class SheetGuess:
    """What was found in one tab."""

    sheet: Sheet
    header: Header
    columns: dict[int, str] = field(default_factory=dict)
    sure: dict[int, float] = field(default_factory=dict)
    score: float = 0.0
    own: bool = False

    @property
    def usable(self) -> bool:
        return bool(self.header.columns) and self.score >= 2


@dataclass
class Guess:
    """The proposal, with what it rests on and what it leaves open."""

    mapping: Mapping
    sheets: list[SheetGuess]
    questions: list[Question] = field(default_factory=list)
    signature: str = ""
    """The headings of the tabs proposed: files of one form share it."""
    facing: dict[str, int] = field(default_factory=dict)
    """Which end of each rating's numbers is the worst by heading and words, by its field; see ``legends.direction``."""
    ratings: dict[str, list[float]] = field(default_factory=dict)
    """The numbers in each column of ratings, by its field."""
    order_told: bool = False
    """The file itself shows the order of day and month, whatever an earlier one had."""


def signature_of(used: list[SheetGuess]) -> str:
    headings = [
        [(column.index, column.group, column.header) for column in item.header.columns if column.header]
        for item in used
    ]
    return hashlib.sha256(json.dumps(headings).encode()).hexdigest()


def guess(book: Book, kind: ImportKind, *, on: date, default_order: str = "dmy") -> Guess:
    """A proposal for the whole book. Only the most likely tab is used; the others are listed."""
    dictionary = dictionary_of(kind)
    found = [_guess_sheet(sheet, dictionary, on) for sheet in book.sheets]
    chosen = _choose(book, found, kind)
    used = [item for item in found if item is chosen or (chosen is not None and _twin(item, chosen, kind))]
    mapping = Mapping(encoding=book.encoding, delimiter=book.delimiter)
    for item in found:
        header = item.header
        rows = item.sheet.rows
        first = rows[header.first].number if header.first >= 0 and rows else 0
        last = rows[header.last].number if header.last >= 0 and rows else 0
        mapping.sheets.append(
            SheetMapping(item.sheet.name, item in used, first, last, dict(item.columns), (first, last))
        )
    mapping.own = bool(chosen and chosen.own)
    result = Guess(mapping, found, signature=signature_of(used))
    if chosen is not None:
        _settle_dates(result, used, kind, default_order)
        settle_scales(result, used, kind, explained(book, {item.sheet.name for item in used}, dictionary))
        _ask_about_tabs(result, used, kind)
        _ask_about_twins(result, chosen, kind)
    return result


def _choose(book: Book, found: list[SheetGuess], kind: ImportKind) -> SheetGuess | None:
    newest = max((year for item in found for year in _YEAR.findall(item.sheet.name)), default="")

    def worth(item: SheetGuess) -> float:
        value = item.score
        name = item.sheet.name
        value -= 2.5 if item.sheet.hidden else 0
        value -= 1.5 if (_OLD.search(name) or GUIDE.search(name)) and not item.own else 0
        value -= 3 if is_heat_map(item.sheet) else 0
        value += 0.5 if newest and newest in _YEAR.findall(name) else 0
        named = {plain(kind.noun), plain(kind.plural), "register", "inventory", plain(kind.label)}
        value += 1.0 if named & set(plain(name).split()) or plain(name) in named else 0
        value += 0.3 if book.sheets.index(item.sheet) == book.active else 0
        below = len(item.sheet.rows) - (item.header.last + 1)
        return value + min(below, 10) * 0.12 if below > 0 else value - 2

    usable = [item for item in found if item.header.columns and item.sheet.rows]
    return max(usable, key=worth, default=None)


def _twin(item: SheetGuess, chosen: SheetGuess, kind: ImportKind) -> bool:
    """Whether a tab is a further part of the same list: a site beside another, or a second table on its sheet."""
    if item.sheet.hidden or not item.usable or _OLD.search(item.sheet.name) or GUIDE.search(item.sheet.name):
        return False
    keys = {key for key in item.columns.values() if key}
    if not keys & {kind.title_field, *kind.field(kind.title_field).fallback}:
        return False
    whole = {key for key in chosen.columns.values() if key}
    same_sheet = bool(chosen.sheet.part_of) and item.sheet.part_of == chosen.sheet.part_of
    return same_sheet or len(keys & whole) >= 0.8 * len(keys | whole)


def _guess_sheet(sheet: Sheet, dictionary: Dictionary, on: date) -> SheetGuess:
    header = find_header(sheet, dictionary) or Header(-1, -1, [], 0.0)
    result = SheetGuess(sheet, header)
    if not header.columns:
        return result
    result.columns, result.sure = guess_columns(sheet, header, dictionary, on=on)
    result.score = sum(result.sure.values())
    result.own = is_own(header, dictionary.kind)
    return result


def _settle_dates(result: Guess, used: list[SheetGuess], kind: ImportKind, default: str) -> None:
    """Day or month first: as each column says by itself, else as the others do, else asked once."""
    if told := order_as_handed_out(used, kind):
        result.mapping.date_order, result.order_told = told, True
        return
    cells: dict[str, list[Cell]] = {}
    headers: dict[str, list[str]] = {}
    for item in used:
        by_index = {column.index: column for column in item.header.columns}
        for index, key in item.columns.items():
            if key and kind.field(key).kind is FieldKind.DATE:
                cells.setdefault(key, []).extend(cells_below(item.sheet, item.header, index))
                headers.setdefault(key, []).append(by_index[index].header)
    by_key = {key: order_of(held, headers[key], default) for key, held in cells.items()}
    settled = {key: order.order for key, order in by_key.items() if order.settled}
    one_way = len(set(settled.values())) < 2
    asked = [key for key in by_key if one_way or key not in settled]
    order = order_of(
        [cell for key in asked for cell in cells[key]], [header for key in asked for header in headers[key]], default
    )
    result.mapping.date_order = order.order
    result.mapping.date_orders = {} if one_way else settled
    if not order.sure:
        result.questions.append(
            Question(
                "date_order",
                "Dates such as these can be read two ways. Which comes first, the day or the month?",
                order.examples,
                order.order,
                (("dmy", "Day first: 03/04 is 3 April"), ("mdy", "Month first: 03/04 is 4 March")),
            )
        )


def _ask_about_tabs(result: Guess, used: list[SheetGuess], kind: ImportKind) -> None:
    read = {id(item) for item in used}
    others = [
        item.sheet.name
        for item in result.sheets
        if id(item) not in read and item.usable and not GUIDE.search(item.sheet.name)
    ]
    if others:
        named = ", ".join(f"“{item.sheet.name}”" for item in used[:4])
        result.questions.append(
            Question(
                "sheets",
                f"Read now: {named}. Other tabs look like lists of {kind.plural} too; tick those to read as well.",
                tuple(others[:6]),
                used[0].sheet.name,
            )
        )


def _ask_about_twins(result: Guess, chosen: SheetGuess, kind: ImportKind) -> None:
    """A header that may mean two different things, such as "review date"."""
    for column in chosen.header.columns:
        key = chosen.columns.get(column.index, "")
        other = kind.field(key).asks if key else ""
        if not other or other in chosen.columns.values():
            continue
        form = plain(column.header)
        if _NEXT_OR_LAST & set(form.split()) or column.header == kind.field(key).label:
            continue
        options = tuple((name, kind.field(name).label) for name in (key, other))
        result.questions.append(
            Question(
                f"column.{column.index}",
                f"“{column.name}” may be {options[0][1].lower()} or {options[1][1].lower()}. Which is it?",
                tuple(c.text for c in cells_below(chosen.sheet, chosen.header, column.index)[:3]),
                key,
                options,
            )
        )
