"""XLSX and XLSM: the values as last calculated, and nothing executed.

Read by our own small reader: it streams, keeps only cells with content however
large the sheet claims to be, and needs no style or drawing to make sense.
"""

from __future__ import annotations

from vciso.imports.reading.book import TOO_WIDE, Book, Sheet
from vciso.imports.reading.package import (
    attribute,
    elements,
    ignoring_damage,
    read_comments,
    read_shared,
    read_styles,
    read_theme,
    relations,
)
from vciso.imports.reading.refused import ImportRefused
from vciso.imports.reading.texts import clean
from vciso.imports.reading.worksheet import SheetReader, Tables

MAX_SHEETS = 60


def read_workbook(parts: dict[str, bytes]) -> Book:
    """The workbook's tabs with their content; refuses one without a single filled cell."""
    path = _main_part(parts)
    links = relations(parts, path)
    kinds = dict(links.values())
    tables = Tables(
        shared=read_shared(parts.get(kinds.get("sharedStrings", ""))),
        styles=read_styles(parts.get(kinds.get("styles", "")), read_theme(parts.get(kinds.get("theme", "")))),
    )
    book = Book("xlsx", [])
    listed: list[tuple[str, str, bool]] = []
    for name, attrs in elements(parts[path]):
        if name == "workbookPr":
            tables.from_1904 = attrs.get("date1904", "") in ("1", "true")
        elif name == "workbookView" and attrs.get("activeTab", "").isdigit():
            book.active = int(attrs["activeTab"][:4])
        elif name == "sheet":
            kind, target = links.get(attribute(attrs, "id"), ("", ""))
            if kind in ("worksheet", "") and target in parts:
                listed.append((attrs.get("name", ""), target, attrs.get("state", "visible") != "visible"))
    if len(listed) > MAX_SHEETS:
        raise ImportRefused(
            f"The workbook has {len(listed)} tabs; at most {MAX_SHEETS} can be read. Delete the old ones."
        )
    for name, target, hidden in listed:
        sheet = Sheet(name=clean(name)[:80] or "Sheet", hidden=hidden)
        _read_sheet(parts, target, sheet, tables)
        book.sheets.append(sheet)
    if not any(sheet.rows for sheet in book.sheets):
        raise ImportRefused("No tab of the workbook has any text in it. Choose the file with your list in it.")
    if tables.cut:
        book.remarks.append(TOO_WIDE)
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        book.remarks.append("The workbook has macros. They were not run; only the values were read.")
    if any("/externalLinks/" in f"/{part}" for part in parts):
        book.remarks.append("Some cells may come from other workbooks; their last stored values were read.")
    return book


def _main_part(parts: dict[str, bytes]) -> str:
    for kind, target in relations(parts, "").values():
        if kind == "officeDocument" and target in parts:
            path = target
            break
    else:
        path = "xl/workbook.xml"
    if path not in parts:
        mimetype = parts.get("mimetype", b"")
        if b"opendocument" in mimetype:
            raise ImportRefused("This is an OpenDocument spreadsheet. Open it and save it as XLSX.")
        if any(part.startswith("word/") for part in parts):
            raise ImportRefused("This is a Word document. Copy its table into a spreadsheet and save that as XLSX.")
        raise ImportRefused("The file is an archive but not a workbook. Unpack it and choose the spreadsheet inside.")
    if path.endswith(".bin"):
        raise ImportRefused("This is a binary workbook (.xlsb). Open it and save it as XLSX.")
    return path


def _read_sheet(parts: dict[str, bytes], path: str, sheet: Sheet, tables: Tables) -> None:
    links = relations(parts, path)
    comments: dict[str, str] = {}
    for kind, target in links.values():
        if kind == "comments":
            with ignoring_damage():
                comments = read_comments(parts.get(target))
    SheetReader(sheet, tables, comments, links).read(parts[path])
