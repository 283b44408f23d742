"""The whole way from bytes to a plan, without a database: what services and tests share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table_
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vciso.imports.body import Body
from vciso.imports.columns import guess_columns
from vciso.imports.dictionary import Dictionary, dictionary_of
from vciso.imports.groups import asset_values, said_of_repeats, said_of_times, said_of_twins
from vciso.imports.guessing import Guess, guess
from vciso.imports.heatmaps import is_heat_map, said_of_heat_map
from vciso.imports.interpreting import Interpreter
from vciso.imports.joining import join_tabs, said_of_tabs
from vciso.imports.mapping import NOTE, SKIP, Mapping, Question, SheetMapping
from vciso.imports.pairs import holds_pairs, read_pair, says_order
from vciso.imports.planning import Plan, PlannedRow, plan_rows
from vciso.imports.reading import Book, read
from vciso.imports.reading.book import Row
from vciso.imports.reading.texts import shorten
from vciso.imports.registry import RATINGS, FieldKind, ImportKind, PersonEntry, Record, Situation
from vciso.imports.scales import Scale, said_of_scales
from vciso.imports.settling import OUTGROWN
from vciso.imports.shaping import shape
from vciso.imports.tables import Skipped, Table, header_at_row

STEPS = ("Reading the file", "Finding the list and its columns", "Reading the rows", "Comparing with what is here")


@dataclass(frozen=True)
class Surroundings:
    """What a file is read against."""

    client: Any
    on: date
    records: Sequence[Record] = ()
    people: Sequence[PersonEntry] = ()
    exponent: int = 2
    default_order: str = "dmy"
    history: Table_[str, str] = field(default_factory=dict)
    recall: Callable[[Guess], Mapping | None] = lambda proposal: None
    """How a file of the same form was read before, if anybody said."""
    measured: Table_[str, Callable[[str], int | None]] = field(default_factory=dict)
    """Texts that say what a level means, read by what the levels of this client mean; see ``ImportKind``."""
    within: Callable[[], AbstractContextManager[None]] = nullcontext
    """Where the client's records may be read besides, while the file is."""
    tell: Callable[[int, str], None] = lambda step, words: None
    """Where the work is: one of ``STEPS``, counted from 1."""


@dataclass
class Preview:
    """Everything a person needs to see before saying "import"."""

    book: Book
    mapping: Mapping
    plan: Plan
    tables: list[tuple[SheetMapping, Table]]
    scales: dict[str, Scale]
    questions: list[Question]
    sure: dict[str, dict[int, float]]
    """Sheet → column → how sure the guess of its field is."""
    signature: str = ""
    read_from: str = ""
    people: list[dict[str, Any]] = field(default_factory=list)
    """Names nobody was found for, and whom they may mean."""


def preview(
    name: str,
    data: bytes,
    kind: ImportKind,
    around: Surroundings,
    *,
    mapping: Mapping | None = None,
) -> Preview:
    """Read the file by ``mapping``, or by the guess where there is none. Raises ``ImportRefused``."""
    around.tell(1, STEPS[0])
    book = read(
        name,
        data,
        encoding=mapping.encoding if mapping else "",
        delimiter=mapping.delimiter if mapping else "",
        folders=kind.folders,
    )
    around.tell(2, STEPS[1])
    shape(book, kind)
    proposal = guess(book, kind, on=around.on, default_order=around.default_order)
    recalled = around.recall(proposal) if mapping is None else None
    used = mapping or recalled or proposal.mapping
    dictionary = dictionary_of(kind)
    _complete(used, proposal, book, dictionary, around.on)
    tables: list[tuple[SheetMapping, Table]] = []
    plan = Plan(remarks=list(book.remarks))
    for sheet_mapping in used.sheets:
        sheet = book.sheet(sheet_mapping.name)
        if not sheet_mapping.use or sheet is None:
            continue
        table = Body(sheet, kind, sheet_mapping, used).table(dictionary)
        if table is not None:
            tables.append((sheet_mapping, table))
    around.tell(3, STEPS[2])
    interpreter = _read_tables(plan, tables, kind, used, around, book)
    _remark_on_heat_maps(plan, proposal, tables, kind)
    _remark(plan, book, used, tables, kind)
    plan.remarks += said_of_scales({kind.field(key).label: scale for key, scale in interpreter.built.items()})
    said = mapping or recalled
    questions = [q for q in proposal.questions if said is None or q.key.startswith(OUTGROWN) or _still_open(q, said)]
    sure = {item.sheet.name: item.sure for item in proposal.sheets}
    people = [
        {"form": form, "text": text, "candidates": several, "answer": used.people.get(form, "")}
        for form, (text, several) in sorted(interpreter.unknown.items(), key=lambda entry: (not entry[1][1], entry[0]))
    ]
    return Preview(book, used, plan, tables, interpreter.built, questions, sure, proposal.signature, people=people)


def _read_tables(
    plan: Plan,
    tables: list[tuple[SheetMapping, Table]],
    kind: ImportKind,
    used: Mapping,
    around: Surroundings,
    book: Book,
) -> Interpreter:
    interpreter = Interpreter(kind, used, around.people, around.exponent, measured=around.measured)
    interpreter.build_scales(tables)
    for sheet_mapping, table in tables:
        rows, skipped = interpreter.rows(sheet_mapping, table)
        if book.delimiter:
            _warn_of_shifts(rows, table, kind)
        plan.rows += rows
        plan.skipped += [(table.sheet.name, item) for item in sorted([*table.skipped, *skipped], key=lambda s: s.row)]
    left_out = [*kind.prepare(plan.rows)]
    prepared = {id(row) for row, _ in left_out}
    rows = [row for row in plan.rows if id(row) not in prepared]
    joined = join_tabs(rows, prefer=used.prefer, answers=used.choices)
    plan.remarks += said_of_tabs(joined, rows)
    left_out += joined
    plan.skipped += [(row.sheet, Skipped(row.number, why, shorten(row.title, 200))) for row, why in left_out]
    gone = {id(row) for row, _ in left_out}
    plan.rows = [row for row in plan.rows if id(row) not in gone]
    mapped = frozenset(key for sheet, _ in tables for key in sheet.columns.values() if key not in ("", "-"))
    around.tell(4, STEPS[3])
    plan_rows(
        plan.rows,
        kind=kind,
        records=around.records,
        situation=Situation(
            client=around.client,
            on=around.on,
            mapped=mapped,
            records=around.records,
            answers=used.choices,
            remarks=plan.remarks,
            within=around.within,
        ),
        history=around.history,
        trust_references=used.own,
        answers=used.choices,
    )
    return interpreter


_FEW_LINES = 5


def _warn_of_shifts(rows: Sequence[PlannedRow], table: Table, kind: ImportKind) -> None:
    """Rows of a text file with more cells than headings: an unquoted separator may have moved what stands behind it."""
    headed = max((column.index for column in table.columns if column.header), default=0)
    lines = {line.row.number: max(line.row.filled, default=0) for line in table.lines}
    wide = {number for number, last in lines.items() if last > headed > 0}
    if len(wide) == len(lines) or (2 * len(wide) > len(lines) > _FEW_LINES):
        # A column without a heading, and no slip.
        return
    for row in rows:
        if row.number in wide:
            row.warn(
                kind.title_field,
                f"This row has {lines[row.number]} cells and the headings are {headed}. A separator inside a text may "
                "have moved what stands behind it: compare the row with the file.",
            )


def _complete(used: Mapping, proposal: Guess, book: Book, dictionary: Dictionary, on: date) -> None:
    """A mapping whose header row was changed gets its columns proposed anew."""
    known = {sheet.name for sheet in used.sheets}
    used.sheets += [sheet for sheet in proposal.mapping.sheets if sheet.name not in known]
    for sheet_mapping in used.sheets:
        sheet = book.sheet(sheet_mapping.name)
        if sheet is None or sheet_mapping.columns:
            continue
        header = header_at_row(sheet, sheet_mapping.first_header, sheet_mapping.last_header, dictionary)
        if header is not None:
            sheet_mapping.columns, _ = guess_columns(sheet, header, dictionary, on=on)


def _still_open(question: Question, mapping: Mapping) -> bool:
    if question.key == "date_order":
        return not mapping.date_order
    return question.key == "sheets" and sum(sheet.use for sheet in mapping.sheets) < 2


def _remark_on_heat_maps(
    plan: Plan, proposal: Guess, tables: list[tuple[SheetMapping, Table]], kind: ImportKind
) -> None:
    others = [item.sheet.name for item in proposal.sheets if item.usable and not is_heat_map(item.sheet)]
    plan.remarks += [
        said_of_heat_map(table.sheet, others, kind.noun) for _, table in tables if is_heat_map(table.sheet)
    ]


def _remark(plan: Plan, book: Book, used: Mapping, tables: list[tuple[SheetMapping, Table]], kind: ImportKind) -> None:
    if not plan.rows:
        plan.remarks.append(f"No {kind.noun} was found. Choose the tab and the row that holds the headings.")
    if used.date_orders:
        named = {way: [kind.field(key).label.lower() for key, held in used.date_orders.items() if held == way]
                 for way in ("dmy", "mdy")}  # fmt: skip
        plan.remarks.append(
            f"Days are written both ways: the day first in {', '.join(named['dmy'])}, the month first in "
            f"{', '.join(named['mdy'])}."
        )
    title = kind.field(kind.title_field)
    mapped = {key for sheet, _ in tables for key in sheet.columns.values() if key in kind.by_key}
    rated = [item for item in kind.fields if item.rated]
    if rated and plan.rows and not any(kind.by_key[key].kind in RATINGS for key in mapped):
        plan.remarks.append(
            f"No column is read as a rating, so every {kind.noun} stays “not rated”. Choose the columns if the file "
            "has them."
        )
    for sheet, table in tables:
        source = next((found for key in title.fallback for found in sheet.field_columns(key)), 0)
        if source and not sheet.field_columns(title.key) and (column := table.column(source)) is not None:
            plan.remarks.append(f"No column is headed as the {title.label.lower()}; it is taken from “{column.name}”.")
        plan.remarks += _said_of_guessed_title(sheet, table, kind)
        plan.remarks += said_of_times(table.columns, sheet.columns)
        plan.remarks += _said_of_assets(sheet, table, kind)
        plan.remarks += said_of_repeats(table.columns, sheet.columns, kind)
        plan.remarks += said_of_twins(table.columns, sheet.columns, dictionary_of(kind))
        plan.remarks += _said_of_pairs(sheet, table, kind)
        hidden = [column.name for column in table.columns if column.hidden and column.header and not used.own]
        if hidden and not used.hidden:
            plan.remarks.append("Hidden columns are read only where they have a field: " + ", ".join(hidden[:6]) + ".")
    unread = [
        sheet.name
        for sheet in book.sheets
        if sheet.rows
        and not any(s.name == sheet.name and s.use for s in used.sheets)
        and not (used.own and sheet.hidden)
    ]
    if unread:
        plan.remarks.append("Tabs that were not read: " + ", ".join(f"“{name}”" for name in unread[:12]) + ".")


def _said_of_guessed_title(sheet: SheetMapping, table: Table, kind: ImportKind) -> list[str]:
    """A title whose heading does not name it was found by its texts alone."""
    title = kind.field(kind.title_field)
    columns = [column for index in sheet.field_columns(title.key) if (column := table.column(index)) is not None]
    if not columns or any(
        match.field.key == title.key
        for column in columns
        for match in dictionary_of(kind).matches(column.asked, column.above)
    ):
        return []
    what = title.label.lower() if title.label.lower() != kind.noun else "name"
    return [f"No heading names the {what}; “{columns[0].name}” is taken for it. Choose another column if it is not."]


def _said_of_assets(sheet: SheetMapping, table: Table, kind: ImportKind) -> list[str]:
    worth = asset_values(table.columns, sheet.columns, dictionary_of(kind))
    if not worth or any(sheet.columns.get(column.index) for column in worth):
        return []
    named = ", ".join(f"“{column.name}”" for column in worth)
    why = f"say what an asset is worth, and nothing beside them says how likely a {kind.noun} is"
    return [f"{named} {why}. They stay in the notes."]


def _said_of_pairs(sheet: SheetMapping, table: Table, kind: ImportKind) -> list[str]:
    """Columns of pairs whose heading leaves open which rating they are, or which half comes first."""
    said = []
    rated = any(key in kind.by_key and kind.field(key).rated for key in sheet.columns.values())
    for column in table.columns:
        key = sheet.columns.get(column.index, SKIP)
        heading = f"{column.group} {column.header}"
        cells = [line.row.cell(column.index) for line in table.lines]
        field = kind.by_key.get(key)
        if key == NOTE and not rated and says_order(heading) and any(cell.text for cell in cells):
            said.append(
                f"“{column.name}” names likelihood and impact in one, and its cells are not read as both. It stays in "
                "the notes; write them into two columns to have them read."
            )
        elif key == NOTE and holds_pairs(cells):
            example = next(cell.text for cell in cells if read_pair(cell.text))
            said.append(
                f"“{column.name}” holds two numbers in a cell, such as “{shorten(example, 30)}”, and does not say "
                "which rating they are. It stays in the notes; choose one for it to read them."
            )
        elif field is not None and field.kind is FieldKind.PAIR and not says_order(column.name):
            pairs = [pair for cell in cells if (pair := read_pair(cell.text))]
            if any(pair.likelihood != pair.impact for pair in pairs):
                said.append(f"The first number of “{column.name}” is read as the likelihood, the second as the impact.")
    return said


def first_rows(book: Book, name: str, count: int = 5) -> list[Row]:
    """The first rows of a tab as they stand, to see that it was read rightly."""
    sheet = book.sheet(name)
    return sheet.rows[:count] if sheet else []
