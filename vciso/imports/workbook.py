"""Writing sheets as XLSX row by row, in the few parts of the format that a list needs.

openpyxl builds an object for every cell, and 20,000 risks have 640,000 of them. Here a row becomes
text at once and goes through the compressor, so that a list of any length costs the memory of one
row. Text is always written as text: the format has a place for
formulas, and this writer never writes there (checklist D12).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

# The largest text a cell may hold, and what XML cannot say at all.
LONGEST = 32_767
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Readers take _x000D_ for a character; the same with its first mark written out is plain text.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Days are counted from here; the format believes that 1900 had a 29th of February.
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1900, 3, 1)
PLAIN, HEADING, DAY, LINES = range(4)
# Points: what a line takes, and the highest row there is.
LINE, HIGHEST = 15, 409
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# One cell format for each of PLAIN, HEADING, DAY and LINES, in that order.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFEEF1F6"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headings (label, width in characters) and its rows.

    A cell is a text, a number, a day or None.
    """

    name: str
    headings: Sequence[tuple[str, float]]
    rows: Iterable[Sequence[Any]]
    lists: Mapping[int, str] = field(default_factory=dict)
    """Where the words to choose from stand, by column from 0: “Lists!$A$1:$A$5”."""
    open_lists: frozenset[int] = frozenset()
    """Columns that take other words too."""
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    on_paper: bool = False
    """Text is wrapped, and it prints lying down, as wide as one page, with its headings on each."""


def write_book(out: IO[bytes], sheets: Sequence[Sheet]) -> int:
    """Write a workbook; answers how many rows its sheets have in all. Headings stay in sight while a list scrolls."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        for part, text in _parts(sheets).items():
            package.writestr(part, _HEAD + text)
        return sum(_write(package, number, sheet) for number, sheet in enumerate(sheets, start=1))


def write_sheet(out: IO[bytes], name: str, headings: Sequence[tuple[str, float]], rows: Iterable[Sequence[Any]]) -> int:
    """Write a workbook of one sheet; answers how many rows."""
    return write_book(out, [Sheet(name, headings, rows)])


def _write(package: zipfile.ZipFile, place: int, given: Sheet) -> int:
    with package.open(f"xl/worksheets/sheet{place}.xml", "w", force_zip64=True) as sheet:
        sheet.write((_HEAD + _opening(given)).encode())
        letters = [_letters(number) for number in range(1, len(given.headings) + 1)]
        labels = [label for label, _ in given.headings]
        sheet.write(_row(1, letters, labels, HEADING, _height(given, labels)).encode())
        number = 1
        for number, row in enumerate(given.rows, start=2):
            if given.on_paper:
                sheet.write(_row(number, letters, row, LINES, _height(given, row)).encode())
            else:
                sheet.write(_row(number, letters, row).encode())
        sheet.write(f"</sheetData>{_closing(given, letters, number)}</worksheet>".encode())
    return number - 1


def _parts(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Every part of the package but the sheets themselves."""
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    hidden = {True: ' state="hidden"', False: ""}
    names = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}"{hidden[sheet.hidden]} r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{escape(_quoted(sheet.name))}!$1:$1</definedName>'
        for n, sheet in enumerate(sheets)
        if sheet.on_paper
    )
    defined = f"<definedNames>{titles}</definedNames>" if titles else ""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets>{defined}</workbook>'
        ),
    }


def _opening(given: Sheet) -> str:
    hidden = {True: ' hidden="1"', False: ""}
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"{hidden[n - 1 in given.hidden_columns]}/>'
        for n, (_, width) in enumerate(given.headings, start=1)
    )
    fits = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if given.on_paper else ""
    return (
        f'<worksheet xmlns="{_MAIN}">{fits}<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _closing(given: Sheet, letters: Sequence[str], last: int) -> str:
    """What follows the rows: the words to choose from, with room for more rows, and the paper."""
    strict = {True: "", False: ' showErrorMessage="1"'}
    rules = "".join(
        f'<dataValidation type="list" allowBlank="1"{strict[column in given.open_lists]} '
        f'sqref="{letters[column]}2:{letters[column]}{last + 200}">'
        f"<formula1>{escape(place)}</formula1></dataValidation>"
        for column, place in sorted(given.lists.items())
    )
    found = f'<dataValidations count="{len(given.lists)}">{rules}</dataValidations>' if rules else ""
    return found + ('<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>' if given.on_paper else "")


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _height(given: Sheet, values: Sequence[Any]) -> int:
    """Lines that the wrapped text of a row takes, as wide as its columns are; hidden ones take none."""
    lines = 1
    for column, ((_, width), value) in enumerate(zip(given.headings, values, strict=True)):
        if isinstance(value, str) and column not in given.hidden_columns:
            # Words break before the end of a line.
            lines = max(lines, sum(1 + int(len(line) * 1.1 / width) for line in value.split("\n")))
    return lines


def _row(number: int, letters: Sequence[str], values: Sequence[Any], style: int = PLAIN, lines: int = 1) -> str:
    """A row of cells, as high as its lines: not every program works that out when it opens a file."""
    cells = [
        _cell(f"{letter}{number}", value, style)
        for letter, value in zip(letters, values, strict=True)
        if value is not None and value != ""
    ]
    high = f' ht="{min(lines * LINE, HIGHEST)}"' if lines > 1 else ""
    return f'<row r="{number}"{high}>{"".join(cells)}</row>'


def _cell(place: str, value: Any, style: int) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        marked = f' s="{style}"' if style == LINES else ""
        return f'<c r="{place}"{marked}><v>{value}</v></c>'
    if isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
        return f'<c r="{place}" s="{DAY}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
    text = _text(str(value))
    if style == PLAIN and "\n" in text:
        style = LINES
    marked = f' s="{style}"' if style else ""
    return f'<c r="{place}"{marked} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _text(value: str) -> str:
    return escape(_LOOKS_ESCAPED.sub("_x005F_", _UNSAYABLE.sub("", value)[:LONGEST]))
