"""A ZIP of documents as a list of their names. No document is opened or unpacked."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from vciso.imports.reading.book import Book, Cell, Row, Sheet
from vciso.imports.reading.guard import MAX_FILE, ending
from vciso.imports.reading.refused import ImportRefused
from vciso.imports.reading.texts import clean

MAX_DOCUMENTS = 2_000
DOCUMENTS = frozenset({"docx", "doc", "dotx", "pdf", "odt", "rtf", "md", "txt", "pages"})
HEADINGS = ("File name", "Date modified", "Folder")


def is_folder(name: str, data: bytes) -> bool:
    """Whether the bytes are a ZIP by name and by content."""
    return ending(name) == "zip" and data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read_folder(name: str, data: bytes) -> Book:
    """One row per document: its name, its day, the folder it lies in."""
    if len(data) > MAX_FILE:
        raise ImportRefused(
            f"The archive has more than {MAX_FILE // 1048576} MB. Only the names are read: "
            "send a list of the file names instead, as a text file."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ImportRefused("The archive is damaged. Make it again and choose that.") from error
    if len(infos) > MAX_DOCUMENTS:
        raise ImportRefused(f"The archive holds {len(infos):,} files; at most {MAX_DOCUMENTS:,} names can be read.")
    sheet = Sheet(name=clean(name)[:80] or "Folder", rows=[_row(1, *HEADINGS)])
    others = 0
    for info in infos:
        path = clean(info.filename).replace("\\", "/")
        folder, _, base = path.rpartition("/")
        if ending(base) not in DOCUMENTS or base.startswith((".", "~$")) or "__MACOSX" in folder:
            others += 1
            continue
        sheet.rows.append(_row(len(sheet.rows) + 1, base[:300], _day(info), folder[:300]))
    if len(sheet.rows) == 1:
        raise ImportRefused("The archive holds no Word, PDF or text document. Choose the folder with the documents.")
    book = Book("zip", [sheet], remarks=["Only the names and days of the documents were read, not their words."])
    if others:
        book.remarks.append(f"{others} files that are no documents were left out.")
    return book


def _day(info: zipfile.ZipInfo) -> str:
    try:
        return date(*info.date_time[:3]).isoformat()
    except ValueError:
        return ""


def _row(number: int, *texts: str) -> Row:
    return Row(number, {column: Cell(text, text) for column, text in enumerate(texts, start=1) if text})
