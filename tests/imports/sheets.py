"""Small spreadsheets made on the spot, as different programs and people would write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from vciso.imports.previewing import Preview, Surroundings, preview
from vciso.imports.registry import Applied, ImportKind, PersonEntry, Record
from vciso.imports.words import policies, risks, vendors

TODAY = date(2026, 11, 20)
PEOPLE = (
    PersonEntry(key="p1", name="Dana Field", email="dana@acme.test", job_title="Practice manager"),
    PersonEntry(key="p2", name="Omar Reyes", email="omar@acme.test", job_title="IT lead"),
    PersonEntry(key="p3", name="Omar Lind", email="lind@acme.test"),
)


def _never(*args: Any, **options: Any) -> Any:
    raise AssertionError("a preview writes nothing")


def kind(name: str, fields: Any, records: Sequence[Record] = ()) -> ImportKind:
    return ImportKind(
        name=name,
        label=name.capitalize(),
        noun=name[:-1],
        plural=name,
        fields=fields,
        records=lambda client: records,
        apply=_never,
        remove=_never,
        restore=_never,
        section_field="category" if name == "risks" else "type",
    )


RISKS = kind("risks", risks.FIELDS)
VENDORS = kind("vendors", vendors.FIELDS)
POLICIES = kind("policies", policies.FIELDS)


def csv_bytes(rows: Iterable[Sequence[Any]], *, mark: str = ",", encoding: str = "utf-8", ends: str = "\n") -> bytes:
    lines = []
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        quoted = [
            f'"{c.replace(chr(34), chr(34) * 2)}"' if any(x in c for x in (mark, '"', "\n")) else c for c in cells
        ]
        lines.append(mark.join(quoted))
    return ends.join(lines).encode(encoding)


def xlsx_bytes(
    rows: Iterable[Sequence[Any]], *, title: str = "Sheet1", shape: Callable[[Any, Any], None] | None = None
) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column, value)
    if shape:
        shape(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def look(
    data: bytes,
    *,
    name: str = "register.xlsx",
    of: ImportKind = RISKS,
    records: Sequence[Record] = (),
    mapping: Any = None,
    **around: Any,
) -> Preview:
    if name == "register.xlsx" and not data.startswith(b"PK"):
        name = "register.csv"
    around.setdefault("people", PEOPLE)
    return preview(name, data, of, Surroundings(client=None, on=TODAY, records=records, **around), mapping=mapping)


def values(seen: Preview, key: str) -> list[Any]:
    return [row.values.get(key) for row in seen.plan.rows]


def columns(seen: Preview) -> dict[str, str]:
    """Field by column letter of the first tab that is read."""
    sheet, table = seen.tables[0]
    return {c.letter: sheet.columns[c.index] for c in table.columns if sheet.columns.get(c.index)}


def reasons(seen: Preview) -> str:
    return " ".join(remark.reason for row in seen.plan.rows for remark in row.remarks)


def zipped(members: dict[str, bytes], *, level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def applied(number: int) -> Applied:
    return Applied(id=str(number))
