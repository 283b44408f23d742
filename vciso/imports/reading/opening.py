"""The door: bytes and a name in, a book out."""

from __future__ import annotations

import csv
import unicodedata

from vciso.imports.reading import guard
from vciso.imports.reading.book import Book
from vciso.imports.reading.delimited import read_delimited
from vciso.imports.reading.folder import is_folder, read_folder
from vciso.imports.reading.refused import ImportRefused
from vciso.imports.reading.workbook import read_workbook


def check(name: str, data: bytes, *, folders: bool = False) -> str:
    """The ending to keep the bytes under; refuses what is neither a workbook nor text, without reading it."""
    if folders and is_folder(name, data):
        return ".zip"
    form = guard.form_of(name, data)
    if form == "xlsx":
        guard.unpack(data)
    return f".{form}"


def read(name: str, data: bytes, *, encoding: str = "", delimiter: str = "", folders: bool = False) -> Book:
    """The file as a book; ``encoding`` and ``delimiter`` matter to CSV only.

    With ``folders``, a ZIP of documents is a list of their names.
    Raises ``ImportRefused`` for anything that can't be read, and nothing else.
    """
    name = unicodedata.normalize("NFC", name or "file")
    if folders and is_folder(name, data):
        return read_folder(name, data)
    form = guard.form_of(name, data)
    try:
        if form == "xlsx":
            return read_workbook(guard.unpack(data))
        return read_delimited(name, data, encoding=encoding, delimiter=delimiter)
    except (csv.Error, UnicodeError, ValueError, LookupError, OverflowError, RecursionError) as error:
        # Bytes made to confuse a parser are damage to the person who sent them unknowingly.
        raise ImportRefused(
            "The file is damaged in a way that can't be read past. "
            "Open it in your spreadsheet program, save it as a new XLSX file and choose that."
        ) from error
