"""What exports write: safe to open, whole when read again, small in memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.imports.sheets import RISKS, VENDORS, look
from vciso.imports import export
from vciso.imports.reading import read
from vciso.imports.reading.texts import clean

CALCULATED = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\ufeff=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "=cmd|' /C calc'!A0",
]
LABELS = {item.key: number for number, item in enumerate(RISKS.exported)}


def written(rows: list[list[Any]], fmt: str, kind: Any = RISKS) -> bytes:
    out = io.BytesIO()
    assert export.write_rows(kind.exported, rows, fmt, out, name=kind.label) == len(rows)
    return out.getvalue()


def row(**values: Any) -> list[Any]:
    return [values.get(item.key) for item in RISKS.exported]


@pytest.mark.parametrize("text", CALCULATED)
def test_csv_keeps_what_would_be_calculated_as_text(text: str) -> None:
    lines = list(csv.reader(io.StringIO(written([row(title=text)], "csv").decode("utf-8-sig"))))
    cell = lines[1][LABELS["title"]]
    assert cell.startswith("'") or not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))


@pytest.mark.parametrize("text", CALCULATED)
def test_workbook_cells_are_text_after_reading_again(text: str) -> None:
    sheet = load_workbook(io.BytesIO(written([row(title=text)], "xlsx"))).worksheets[0]
    cell = sheet.cell(2, LABELS["title"] + 1)
    assert cell.data_type == "s" and cell.value == clean(text)


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_calculating_texts_come_back_as_they_were(fmt: str) -> None:
    rows = [row(title=f"{text} number {n}", description=text) for n, text in enumerate(CALCULATED)]
    seen = look(written(rows, fmt), name=f"x.{fmt}")
    assert [r.values["title"] for r in seen.plan.rows] == [clean(r[LABELS["title"]]) for r in rows]


def test_what_looks_like_an_escaped_character_stays_what_was_typed() -> None:
    content = written([row(title="Form _x0041_ and _x000D_ stay", description="a < b & c")], "xlsx")
    cells = read("x.xlsx", content).sheets[0].rows[1]
    assert cells.cell(LABELS["title"] + 1).text == "Form _x0041_ and _x000D_ stay"
    assert cells.cell(LABELS["description"] + 1).text == "a < b & c"


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(min_size=1, max_size=60).filter(lambda t: any(c.isalpha() for c in clean(t))),
    notes=st.text(max_size=80),
    fmt=st.sampled_from(["csv", "xlsx"]),
)
def test_any_text_comes_back(title: str, notes: str, fmt: str) -> None:
    content = written([row(title=f"Risk {title}", notes=f"Note {notes}", likelihood_now=3, due=date(2027, 1, 2))], fmt)
    cells = read(f"x.{fmt}", content).sheets[0].rows[1]
    assert cells.cell(LABELS["title"] + 1).text == clean(f"Risk {title}")
    assert cells.cell(LABELS["notes"] + 1).text == clean(f"Note {notes}")


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", [RISKS, VENDORS], ids=["risks", "vendors"])
def test_an_empty_export_has_every_heading_and_no_record(kind: Any, fmt: str) -> None:
    book = read(f"x.{fmt}", written([], fmt, kind))
    assert [cell.text for cell in book.sheets[0].rows[0].cells.values()] == [item.heading for item in kind.exported]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_own_exports_are_on_a_scale_of_five_however_low_they_are(level: int) -> None:
    seen = look(written([row(title="The kiln overheats", likelihood_now=level, impact_now=level)], "csv"), name="x.csv")
    assert seen.plan.rows[0].values["impact_now"] == level and seen.questions == []


def test_a_list_of_any_length_costs_little_memory() -> None:
    def many() -> Iterator[list[Any]]:
        for number in range(6_000):
            yield row(title=f"Risk number {number}", description="x" * 200, likelihood_now=3)

    tracemalloc.start()
    export.write_rows(RISKS.exported, many(), "xlsx", io.BytesIO(), name="Risks")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


@pytest.mark.parametrize("kind", [RISKS, VENDORS], ids=["risks", "vendors"])
def test_template_tells_its_columns_beside_the_list_and_reads_as_empty(kind: Any) -> None:
    out = io.BytesIO()
    export.template(kind, out)
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheetnames == [kind.label, export.GUIDE]
    assert [cell.value for cell in book.worksheets[0][1]] == [item.heading for item in kind.exported]
    seen = look(out.getvalue(), of=kind)
    assert seen.plan.rows == [] and seen.mapping.sheets[0].use
