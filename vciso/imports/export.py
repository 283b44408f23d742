"""Writing lists as CSV and XLSX so that they open safely and import again without loss.

Text that a spreadsheet program would calculate is kept as text: in CSV by an
apostrophe before it, in XLSX by the cell's type (checklist D12). Rows are
written as they come, so that a long list costs no more memory than a short one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from vciso.imports import workbook
from vciso.imports.keeping import Wording, exponent_of
from vciso.imports.reading.texts import clean
from vciso.imports.registry import Field, FieldKind, ImportKind, Record
from vciso.tenancy.models import Client

FORMATS = ("csv", "xlsx")
GUIDE = "How to fill this in"
_CALCULATED = re.compile(r"^[\s\ufeff]*[=+\-@\t\r\n＝＋－＠]")
_WIDTHS = {FieldKind.SCALE: 14, FieldKind.DATE: 14, FieldKind.CHOICE: 16, FieldKind.BOOL: 12, FieldKind.MONEY: 14}


def rows_of(
    kind: ImportKind, client: Client, *, columns: Sequence[Field] = (), records: Iterable[Record] | None = None
) -> Iterable[list[Any]]:
    """Records as cells: every one of the list in the order the app gives, or those that are named."""
    words = Wording(kind.people(client), exponent_of(client.currency))
    for record in kind.records(client) if records is None else records:
        known = {**record.values, **record.more}
        yield [words.plain(item, known.get(item.key)) for item in columns or kind.exported]


def write(kind: ImportKind, client: Client, fmt: str, out: IO[bytes]) -> int:
    """Write the client's list to ``out`` and say how many records it holds."""
    return write_rows(kind.exported, rows_of(kind, client), fmt, out, name=kind.label)


def write_file(kind: ImportKind, client: Client, fmt: str, path: Path) -> int:
    """Write the list to a file, which appears only when it is whole."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as out:
            count = write(kind, client, fmt, out)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return count


def write_rows(
    columns: Sequence[Field], rows: Iterable[Sequence[Any]], fmt: str, out: IO[bytes], *, name: str = "List"
) -> int:
    """Write any rows under the labels of ``columns``; a cell is text, a number, a day or ``None``."""
    if fmt == "csv":
        return _csv(columns, rows, out)
    if fmt == "xlsx":
        return _xlsx(columns, rows, out, name)
    raise ValueError(f"the format {fmt!r} is not written; choose csv or xlsx")


def text_for_csv(value: Any) -> str:
    """A cell that no spreadsheet program will calculate."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return str(value)
    text = clean(str(value))
    return f"'{text}" if _CALCULATED.match(text) else text


def _csv(columns: Sequence[Field], rows: Iterable[Sequence[Any]], out: IO[bytes]) -> int:
    # The mark at the beginning is what makes Excel read UTF-8.
    wrapped = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(wrapped, lineterminator="\r\n")
    writer.writerow([text_for_csv(item.heading) for item in columns])
    count = 0
    for row in rows:
        writer.writerow([text_for_csv(value) for value in row])
        count += 1
    wrapped.flush()
    wrapped.detach()
    return count


def _xlsx(columns: Sequence[Field], rows: Iterable[Sequence[Any]], out: IO[bytes], name: str) -> int:
    headings = [(item.heading, _width(item)) for item in columns]
    return workbook.write_sheet(out, _sheet_name(name), headings, ([_safe(value) for value in row] for row in rows))


def _safe(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _width(item: Field) -> int:
    return _WIDTHS.get(item.kind, 36 if item.multiple or item.required else 22)


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip() or "List"


def _header(sheet: Any, columns: Sequence[Field]) -> None:
    for number, item in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _width(item)
    sheet.freeze_panes = "A2"
    cells = []
    for item in columns:
        cell = WriteOnlyCell(sheet, value=item.heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EEF1F6")
        cells.append(cell)
    sheet.append(cells)


def template(kind: ImportKind, out: IO[bytes]) -> None:
    """An empty list to fill in; what each column takes stands on a tab beside it, never above the header."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(kind.label))
    columns = kind.stored
    for number, item in enumerate(columns, start=1):
        allowed = [words[0] for words in item.choices.values()] if item.kind is FieldKind.CHOICE else []
        if item.kind is FieldKind.SCALE:
            allowed = ["1", "2", "3", "4", "5"]
        if allowed and len(",".join(allowed)) < 250:
            letter = get_column_letter(number)
            rule = DataValidation(type="list", formula1='"' + ",".join(allowed) + '"', allow_blank=True)
            rule.showErrorMessage = False
            rule.add(f"{letter}2:{letter}2000")
            sheet.data_validations.append(rule)
    _header(sheet, columns)
    guide = book.create_sheet(GUIDE)
    for letter, width in zip("ABCD", (28, 60, 40, 60), strict=True):
        guide.column_dimensions[letter].width = width
    guide.append(["Column", "What it takes", "For instance", "Words that are known"])
    for item in columns:
        guide.append([_text(guide, text) for text in _explained(item)])
    book.save(out)


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    """openpyxl takes a text that begins with “=” for a formula unless told otherwise."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _explained(item: Field) -> list[str]:
    takes = item.help or {
        FieldKind.DATE: "A day, best as 2027-03-31",
        FieldKind.BOOL: "yes or no",
        FieldKind.MONEY: "An amount in the client's currency",
        FieldKind.PERSON: "A name or an e-mail address",
        FieldKind.MULTI: "Several entries, separated by |",
    }.get(item.kind, "Text")
    known = ", ".join(words[0] for words in item.choices.values())
    return [item.label, takes + (" (needed)" if item.required else ""), " / ".join(item.examples), known]
