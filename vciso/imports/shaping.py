"""Tables that do not stand one to a tab, headings on top: brought into that shape before anything is guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile, pairwise

from vciso.imports.dictionary import Dictionary, dictionary_of
from vciso.imports.evidence import fit
from vciso.imports.reading.book import EMPTY, Book, Row, Sheet, letters
from vciso.imports.reading.texts import plain
from vciso.imports.registry import Field, FieldKind, ImportKind
from vciso.imports.tables import find_header

GUIDE = re.compile(
    r"\b(template|example|instruction\w*|guide|read ?me|legend|criteria|kriterien|matrix|lookups?|lists?|dropdowns?|"
    r"how to|version|change ?log|cover|help|definition\w*|scales?|dashboard|charts?|pivot|summary|heat ?map)\b",
    re.I,
)
"""Names of tabs that explain a list and are none."""
_SORTS = (FieldKind.SCALE, FieldKind.LEVELS, FieldKind.PAIR, FieldKind.DATE, FieldKind.CHOICE, FieldKind.BOOL)
MOST_HEADINGS = 60
"""A list that runs sideways has no more rows than it has fields."""
_WIDEST, _FEWEST, _NAMED = 12, 6, 6
"""Columns of a form, fields it names at least, and forms that are named in a sentence."""


def shape(book: Book, kind: ImportKind) -> Book:
    """The book with a sheet per table, each with its headings above its records."""
    dictionary = dictionary_of(kind)
    sheets: list[Sheet] = []
    forms: list[str] = []
    for sheet in book.sheets:
        if labels := form_labels(sheet, dictionary):
            forms.append(f"“{sheet.name}”")
            sheets.append(unfold(sheet, labels, dictionary))
        elif runs_sideways(sheet, dictionary):
            book.remarks.append(f"“{sheet.name}” has its headings in a column; each further column is one {kind.noun}.")
            sheets.append(turn(sheet))
        else:
            sheets += split(sheet, dictionary)
    book.sheets = sheets
    if forms:
        named = ", ".join(forms[:_NAMED]) + (f" and {len(forms) - _NAMED} more" if len(forms) > _NAMED else "")
        what = "is a form" if len(forms) == 1 else "are forms"
        book.remarks.append(f"{named} {what} with labels side by side; each form is read as one {kind.noun}.")
    return book


def form_labels(sheet: Sheet, dictionary: Dictionary) -> list[int]:
    """The columns of labels of a form that has two or more of them, each with its values to the right; else none."""
    if GUIDE.search(sheet.name) or not 3 <= len(sheet.rows) <= MOST_HEADINGS:
        return []
    named: dict[int, set[str]] = {}
    for column in range(1, min(sheet.width, _WIDEST) + 1):
        texts = [cell.text for row in sheet.rows if (cell := row.cell(column)).text and not cell.filled]
        matches = [match for text in texts if (match := dictionary.names_field(text))]
        if len(matches) >= 2 and len(matches) >= 0.6 * len(texts):
            named[column] = {match.field.key for match in matches}
    labels = sorted(named)
    title = dictionary.kind.field(dictionary.kind.title_field)
    known = {key for keys in named.values() for key in keys}
    apart = all(after - before > 1 for before, after in pairwise(labels))
    if len(labels) < 2 or not apart or labels[-1] >= sheet.width or not known & {title.key, *title.fallback}:
        return []
    # In a list each of the columns would say the same for another record.
    return labels if len(known) == sum(map(len, named.values())) and len(known) >= _FEWEST else []


def unfold(sheet: Sheet, labels: list[int], dictionary: Dictionary) -> Sheet:
    """Forms as a list: their labels as headings, the values of each below them.

    The first label once more begins the next form. What has no label stands there without a heading, and so goes to
    the notes.
    """
    heads, forms = Row(1), [Row(2)]
    places: dict[tuple[int, int], str] = {}
    known: dict[str, int] = {}
    ends = [*labels[1:], sheet.width + 1]
    for row in _below_title(sheet):
        for label, end in zip(labels, ends, strict=True):
            cells = {index: cell for index in range(label, end) if (cell := row.cell(index)).text and not cell.filled}
            names = {index: f"{letters(index)}{row.number}" for index in cells}
            rest = [index for index in cells if index != label]
            if label in cells and (rest or dictionary.names_field(cells[label].text)):
                form = plain(cells[label].text)
                if form == next(iter(known), "") and forms[-1].cells:
                    forms.append(Row(len(forms) + 2))
                index = known.setdefault(form, len(heads.cells) + 1)
                if index not in heads.cells:
                    heads.cells[index], places[1, index] = cells[label], names[label]
                if rest:
                    value = rest.pop(0)
                    forms[-1].cells[index], places[forms[-1].number, index] = cells[value], names[value]
            elif label in cells:
                rest.append(label)
            for loose in rest:
                index = len(heads.cells) + 1
                heads.cells[index], places[1, index] = EMPTY, names[loose]
                forms[-1].cells[index], places[forms[-1].number, index] = cells[loose], names[loose]
    return replace(sheet, rows=[heads, *forms], hidden_columns=set(), merged=[], places=places)


def _below_title(sheet: Sheet) -> list[Row]:
    """The rows without a title merged over the table at its top: it heads nothing."""
    return list(dropwhile(_spans_all, sheet.rows))


def _spans_all(row: Row) -> bool:
    """Whether one text is merged over all that a row holds."""
    cells = [cell for cell in row.cells.values() if cell.text]
    return len(cells) > 1 and sum(not cell.filled for cell in cells) == 1 and len({cell.text for cell in cells}) == 1


def runs_sideways(sheet: Sheet, dictionary: Dictionary) -> bool:
    """Whether the first column names the fields and no row does."""
    if GUIDE.search(sheet.name) or not 3 <= len(sheet.rows) <= MOST_HEADINGS or sheet.width < 2:
        return False
    first = min(min(row.cells) for row in sheet.rows)
    headed = [row for row in sheet.rows if row.cell(first).text]
    named = {
        match.field.key: (match.field, row) for row in headed if (match := dictionary.names_field(row.cell(first).text))
    }
    title = dictionary.kind.field(dictionary.kind.title_field)
    if len(named) < 4 or len(named) < 0.6 * len(headed) or not named.keys() & {title.key, *title.fallback}:
        return False
    if not _holds_records(list(named.values()), first):
        return False
    header = find_header(sheet, dictionary)
    return header is None or header.score < 0.6 * len(named)


def _holds_records(named: list[tuple[Field, Row]], first: int) -> bool:
    """Ratings, days and states stand beside their headings; in a guide to the columns there are sentences."""
    fits = []
    for field, row in named:
        cells = [cell for index, cell in row.cells.items() if index != first and cell.text]
        if field.kind in _SORTS and cells:
            fits.append(fit(field, cells, own=False) == 1.0)
    return sum(fits) * 2 > len(fits)


def turn(sheet: Sheet) -> Sheet:
    """Rows become columns and columns rows."""
    rows: dict[int, Row] = {}
    for row in _below_title(sheet):
        for index, cell in row.cells.items():
            turned = rows.setdefault(index, Row(index, hidden=index in sheet.hidden_columns))
            turned.cells[row.number] = cell
        for index, colour in row.colours.items():
            if index in rows:
                rows[index].colours[row.number] = colour
    return replace(
        sheet,
        rows=[rows[index] for index in sorted(rows)],
        hidden_columns={row.number for row in sheet.rows if row.hidden},
        merged=[(left, top, right, bottom) for top, left, bottom, right in sheet.merged],
        turned=True,
    )


def split(sheet: Sheet, dictionary: Dictionary) -> list[Sheet]:
    """A sheet per table: after a gap, a row that names other fields begins the next."""
    main = find_header(sheet, dictionary)
    if main is None or main.first < 0 or main.score < 1.5:
        return [sheet]
    headings = {plain(column.header) for column in main.columns if column.header}
    starts = [0]
    rows = sheet.rows
    for position in range(main.last + 2, len(rows)):
        if rows[position].number > rows[position - 1].number + 1 and _begins(rows, position, headings, dictionary):
            starts.append(position)
    if len(starts) == 1:
        return [sheet]
    ends = [*starts[1:], len(rows)]
    return [
        replace(
            sheet,
            name=sheet.name if start == 0 else f"{sheet.name}, from row {rows[start].number}"[:80],
            rows=rows[start:end],
            part_of=sheet.name,
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _begins(rows: list[Row], position: int, headings: set[str], dictionary: Dictionary) -> bool:
    """Whether one of the next three rows is a header, and not the first one printed again."""
    title = dictionary.kind.field(dictionary.kind.title_field)
    wanted = {title.key, *title.fallback}
    for row in rows[position : position + 3]:
        texts = [row.cell(column).text for column in row.filled]
        if len(texts) < 3 or any(len(text) > 60 for text in texts):
            continue
        named = {match.field.key for text in texts if (match := dictionary.names_field(text))}
        if len(named) >= 3 and len(named) >= 0.6 * len(texts) and named & wanted:
            same = sum(plain(text) in headings for text in texts)
            return same < 0.7 * len(texts)
    return False
