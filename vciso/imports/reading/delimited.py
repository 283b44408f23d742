"""CSV and its cousins: whatever encoding, separator and line ends they have."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from vciso.imports.reading.book import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, TOO_WIDE, Book, Cell, Row, Sheet
from vciso.imports.reading.refused import ImportRefused
from vciso.imports.reading.texts import clean

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western Europe",
    "cp1250": "Windows, Central Europe",
    "cp1251": "Windows, Cyrillic",
    "iso-8859-15": "Latin 9",
    "mac-roman": "Old Macintosh",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big end first",
}
_ESCAPED = re.compile(r"^'(?=\s*[=+\-@＝＋－＠])")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_delimited(name: str, data: bytes, *, encoding: str = "", delimiter: str = "") -> Book:
    """The file as a book with one sheet; ``encoding`` and ``delimiter`` override the guess."""
    text, used = _decode(data, encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ImportRefused("The file has no text in it. Choose the file with your list in it.")
    first, _, rest = text.partition("\n")
    declared = ""
    offset = 0
    if first.strip('" \t;,|').lower().startswith("sep="):
        declared, text, offset = first.split("=", 1)[1][:1] or "\t", rest, 1
    chosen = delimiter or (declared if declared in DELIMITERS else _sniff(text))
    sheet = Sheet(name=_sheet_name(name), rows=_rows(text, chosen, offset))
    if not sheet.rows:
        raise ImportRefused("The file has only empty lines. Choose the file with your list in it.")
    book = Book("csv", [sheet], encoding=used, delimiter=chosen)
    if any(row.cut for row in sheet.rows):
        book.remarks.append(TOO_WIDE)
    if text.count('"') % 2:
        book.remarks.append("A quotation mark is opened and never closed, so cells below it may have run together.")
    return book


def _sheet_name(name: str) -> str:
    base = clean(name.replace("\\", "/").rsplit("/", 1)[-1])
    return (base.rsplit(".", 1)[0] or "File")[:80]


def _decode(data: bytes, encoding: str) -> tuple[str, str]:
    for mark, named in _MARKS:
        if data.startswith(mark) and encoding in ("", named):
            return _strictly(data[len(mark) :], named), named
    if encoding:
        if encoding not in ENCODINGS:
            raise ImportRefused("That encoding is not known here. Choose one from the list.")
        return data.decode(encoding, errors="replace"), encoding
    sample = data[:4096]
    zeros = sample.count(0)
    if zeros:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if max(even, odd) > 4 * min(even, odd) + 1 and zeros > len(sample) // 8:
            guessed = "utf-16-be" if even > odd else "utf-16-le"
            return _strictly(data, guessed), guessed
        raise ImportRefused(
            "The file is neither text nor a workbook. Save the list as XLSX or CSV and choose that file."
        )
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    odd_bytes = sum(1 for byte in data[:65536] if byte < 9 or 13 < byte < 32)
    if odd_bytes > len(data[:65536]) // 20:
        raise ImportRefused(
            "The file is neither text nor a workbook. Save the list as XLSX or CSV and choose that file."
        )
    if b"\r" in data and b"\n" not in data and _is_mac(data[:65536]):
        return data.decode("mac-roman"), "mac-roman"
    # Excel on Windows writes 1252 where nothing else is said; the preview offers the others.
    return data.decode("cp1252", errors="replace"), "cp1252"


def _is_mac(sample: bytes) -> bool:
    """Whether the letters of a text lie where the old Macintosh had them, and few where Windows has its own."""
    mac = sum(0x80 <= byte <= 0x9F for byte in sample)
    return mac > sum(byte >= 0xC0 for byte in sample)


def _strictly(data: bytes, encoding: str) -> str:
    width = 4 if "32" in encoding else 2 if "16" in encoding else 1
    if len(data) % width:
        data = data[: len(data) - len(data) % width]
    return data.decode(encoding, errors="replace")


def _sniff(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells."""
    sample = text[:60_000]
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        if candidate not in sample:
            continue
        widths: Counter[int] = Counter()
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(sample), delimiter=candidate)):
                if any(cells):
                    widths[len(cells)] += 1
                if number >= 80:
                    break
        except csv.Error:
            continue
        wide = [(count, width) for width, count in widths.items() if width > 1]
        if not wide:
            continue
        count, width = max(wide, key=lambda pair: (pair[0] * min(pair[1], 8), pair[1]))
        score = count / sum(widths.values()) * min(width, 12) ** 0.5
        if score > best_score * 1.02:
            best, best_score = candidate, score
    return best


def _rows(text: str, delimiter: str, offset: int) -> list[Row]:
    rows: list[Row] = []
    cells_seen = 0
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    number = offset
    while True:
        line = reader.line_num + offset + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise ImportRefused(
                f"Line {line} can't be read as cells: a quotation mark may be missing its partner. "
                "Open the file in your spreadsheet program and save it as XLSX."
            ) from error
        if values is None:
            return rows
        number += 1
        cells: dict[int, Cell] = {}
        for column, raw in enumerate(values[:MAX_COLUMNS], start=1):
            if kept := clean(raw):
                # An apostrophe before a sign is how exports keep a text from being calculated.
                kept = _ESCAPED.sub("", kept)[:MAX_TEXT]
                cells[column] = Cell(kept, kept)
        if not cells:
            continue
        cut = any(map(str.strip, values[MAX_COLUMNS:]))
        cells_seen += len(cells)
        rows.append(Row(number, cells, cut=cut))
        if len(rows) > MAX_ROWS or cells_seen > MAX_CELLS:
            raise ImportRefused(
                f"The file has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells with content. "
                "Split it into parts and import them one after the other."
            )
