"""Rows that are no records and rows that go on with one: remarks, sections, an action a row, forms."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from tests.imports.sheets import csv_bytes, look, values, xlsx_bytes

HEAD = ["Ref", "Risk", "L", "I", "Action", "Action owner", "Due", "Status"]
ONE = ["A1", "Leavers keep their accounts", 4, 4, "HR sends a list", "Pam Orr", "2027-01-15", "Open"]
TWO = ["A2", "Admins use one password", 3, 5, "A vault", "Dev Roy", "2027-02-28", "Open"]


@pytest.mark.parametrize(
    "text",
    ["Note: see the audit report, finding 4", "Hinweis: siehe Bericht", "NB: agreed in May", "Prepared by: Dev Roy",
     "The next two were raised by the auditor in March.", "See finding 4", "Remarque : voir annexe", "NOTE: URGENT"],
)  # fmt: skip
def test_a_remark_between_rows_heads_nothing(text: str) -> None:
    seen = look(csv_bytes([HEAD, ["ACCESS"], ONE, [text], TWO]))
    assert values(seen, "category") == ["ACCESS", "ACCESS"]
    assert [(skipped.row, skipped.text) for _, skipped in seen.plan.skipped] == [(2, "ACCESS"), (4, text)]


@pytest.mark.parametrize("text", ["CONTINUITY", "Continuity and recovery:", "Finance dept."])
def test_a_heading_between_rows_stays_one(text: str) -> None:
    seen = look(csv_bytes([HEAD, ONE, [text], TWO]))
    assert values(seen, "category") == [None, text.rstrip(":")]


def test_further_actions_of_a_risk_keep_who_when_and_state_together_and_are_told_as_added() -> None:
    def shape(book: Any, sheet: Any) -> None:
        for column in "ABCD":
            sheet.merge_cells(f"{column}2:{column}4")

    more = [[None] * 4 + ["Quarterly review", "Dev Roy", "2027-03-31", "Not started"]] * 2
    seen = look(xlsx_bytes([HEAD, ONE, *more, TWO], shape=shape))
    row = seen.plan.rows[0]
    line = "Quarterly review (Action owner: Dev Roy; Due: 2027-03-31; Status: Not started)"
    assert row.values["action"].splitlines() == ["HR sends a list", line, line]
    assert (row.values["due"], row.values["status"]) == (date(2027, 1, 15), "open")
    assert [skipped.reason for _, skipped in seen.plan.skipped] == [
        "added to row 2, whose cells are merged over it"
    ] * 2
    assert "Leavers" not in seen.plan.skipped[0][1].text


def form(number: int, title: str) -> list[list[Any]]:
    return [
        ["RISK ASSESSMENT FORM", None, None, None],
        ["Risk ID", number, "Date raised", date(2026, 5, number)],
        ["Risk title", title],
        ["Likelihood", 3, "Impact", 4],
        ["Existing controls", "A fence", "Room of the works", "Hall 7"],
        ["Treatment", "Reduce", "Target date", "Q2 2027"],
        [None, None, "signed on paper"],
    ]


def test_forms_with_two_labels_a_line_are_one_risk_a_tab() -> None:
    book = Workbook()
    book.remove(book.active)
    for number, title in ((1, "Phone system down"), (2, "Payroll leaks")):
        sheet = book.create_sheet(f"R{number}")
        for line in form(number, title):
            sheet.append(line)
        sheet.merge_cells("A1:D1")
    out = io.BytesIO()
    book.save(out)
    seen = look(out.getvalue())
    assert values(seen, "title") == ["Phone system down", "Payroll leaks"]
    row = seen.plan.rows[0]
    wanted = {"reference": "1", "likelihood_now": 3, "impact_now": 4, "raised_on": date(2026, 5, 1),
              "treatment": "reduce", "controls": "A fence"}  # fmt: skip
    assert {key: row.values[key] for key in wanted} == wanted
    assert set(row.values["notes"].splitlines()) == {
        "Room of the works: Hall 7", "Cell C7: signed on paper", "Target date: Q2 2027"
    }  # fmt: skip
    assert [remark.cell for remark in row.remarks] == ["D6"]
    assert any("“R1”, “R2” are forms" in said for said in seen.plan.remarks)


def test_forms_one_below_the_other_are_one_risk_each() -> None:
    rows = []
    for number, title in ((1, "Fire"), (2, "Flood")):
        rows += [["Risk ID", number, "Status", "Open"], ["Risk", title, "Controls", "A wall"],
                 ["Likelihood", 2 + number, "Impact", 5]]  # fmt: skip
    seen = look(xlsx_bytes(rows))
    assert (values(seen, "title"), values(seen, "likelihood_now")) == (["Fire", "Flood"], [3, 4])
    assert [row.cell("likelihood_now") for row in seen.plan.rows] == ["B3", "B6"]


def test_a_title_merged_over_a_list_that_runs_sideways_is_no_field_of_every_risk() -> None:
    rows = [
        ["Top risks of the works", None, None],
        ["Risk no.", "B1", "B2"],
        ["Risk", "The kiln overheats", "The gate jams"],
        ["Likelihood", 4, 2],
        ["Impact", 5, 4],
        ["Status", "Open", "Closed"],
    ]
    seen = look(xlsx_bytes(rows, shape=lambda book, sheet: sheet.merge_cells("A1:C1")))
    assert values(seen, "title") == ["The kiln overheats", "The gate jams"]
    assert not any(values(seen, "notes"))


def test_a_line_of_nothing_but_an_action_belongs_to_the_risk_above_it() -> None:
    rows = [["Finance", "Fraud by staff", 3, 5, "Four eyes", "Dana Field", ""],
            ["", "", "", "", "Rotation", "Omar Reyes", "2027-01-31"], ["", "", "", "", "Audit", "", ""],
            ["", "Late invoices", 4, 2, "Remind", "Omar Reyes", ""], ["", "", 2, 2, "No title", "", ""]]  # fmt: skip
    head = ["Area", "Risk", "Likelihood", "Impact", "Action", "Who", "Due"]
    seen = look(csv_bytes([head, *rows]))
    assert [row.outcome for row in seen.plan.rows] == ["new", "new", "refused"]
    assert values(seen, "action")[0] == "Four eyes\nRotation (Who: Omar Reyes; Due: 2027-01-31)\nAudit"
    added = [item.reason for _, item in seen.plan.skipped]
    assert added == ["added to row 2, as it says no more than what is to be done"] * 2
