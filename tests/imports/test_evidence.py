"""What a whole register says decides how it is read: one odd cell, row or tab changes nothing but itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from openpyxl.styles import PatternFill

from tests.imports.layouts import book
from tests.imports.sheets import RISKS, columns, csv_bytes, look, reasons, values, xlsx_bytes
from vciso.imports.joining import agree
from vciso.imports.reading.colours import name_of
from vciso.imports.registry import Field, FieldKind
from vciso.imports.scales import build

HEAD = ["Ref", "Risk", "Likelihood", "Impact"]
WORDS = ("", "Rare", "Unlikely", "Possible", "Likely", "Almost certain")


def register(rows: int, *, slip: Any = None, top: int = 5) -> list[list[Any]]:
    """So many ratings over the whole of a scale, and perhaps one cell mistyped."""
    made: list[list[Any]] = [[n, f"Trouble {n} at the works", n * 7 % top + 1, n * 3 % top + 1] for n in range(rows)]
    if slip is not None:
        made[rows // 2][3] = slip
    return made


@pytest.mark.parametrize("slip", [9, 6, 44, "44%5"])
def test_a_mistyped_cell_is_odd_and_rescales_nothing(slip: Any) -> None:
    rows = register(40, slip=slip)
    seen = look(csv_bytes([HEAD, *rows]))
    assert values(seen, "likelihood_now") == [row[2] for row in rows]
    expected = [row[3] if row[3] != slip else None for row in rows]
    assert values(seen, "impact_now") == expected
    assert [row.number for row in seen.plan.rows if row.warnings] == [22]
    assert not seen.questions and f"Impact: {slip}" in seen.plan.rows[20].values["notes"]
    if isinstance(slip, int):
        assert f"The ratings are read as 1 to 5. Above that lies “{slip}”, which is not rated." in seen.plan.remarks


def test_words_beside_digits_settle_the_scale_of_a_short_register() -> None:
    rows = [[n, f"Trouble {n}", f"{n} - {WORDS[n]}", 9 if n == 3 else n] for n in range(1, 6)]
    seen = look(csv_bytes([HEAD, *rows]))
    assert values(seen, "likelihood_now") == [1, 2, 3, 4, 5] and values(seen, "impact_now") == [1, 2, None, 4, 5]
    assert not seen.questions


def test_scores_settle_the_scale_although_one_is_the_product_of_a_slip() -> None:
    rows = [[*row, row[2] * row[3]] for row in register(15, slip=7)]
    seen = look(csv_bytes([[*HEAD, "Score"], *rows]))
    assert seen.mapping.tops["impact_now"] == 5 and values(seen, "likelihood_now") == [row[2] for row in rows]
    assert not seen.questions


def test_a_few_higher_numbers_are_asked_about_and_stand_as_they_are_until_then() -> None:
    seen = look(csv_bytes([HEAD, *register(6, slip=8)]))
    asked = next(question for question in seen.questions if question.key == "top.impact_now")
    assert (
        "1 of 12 ratings are higher than the others (8), and impact now may go beyond 5." in asked.text
        and asked.answer == "5"
    )
    assert values(seen, "likelihood_now") == [row[2] for row in register(6)]
    seen.mapping.tops = {"impact_now": 10, "likelihood_now": 10}
    answered = look(csv_bytes([HEAD, *register(6, slip=8)]), mapping=seen.mapping)
    assert max(filter(None, values(answered, "likelihood_now"))) == 3 and not reasons(answered)


@pytest.mark.parametrize(("top", "rows"), [(10, 20), (10, 3), (100, 30)])
def test_a_scale_that_is_really_longer_is_read_as_one_and_said(top: int, rows: int) -> None:
    seen = look(csv_bytes([HEAD, *([n, f"Trouble {n}", top - n, (n * 3 % 10 + 1) * top // 10] for n in range(rows))]))
    assert set(seen.mapping.tops.values()) == {top} and values(seen, "likelihood_now")[0] == 5
    assert any("likelihood now" in remark for remark in seen.plan.remarks)


def test_a_mistyped_cell_in_a_longer_scale_is_odd_too() -> None:
    seen = look(csv_bytes([HEAD, *register(20, slip=100, top=10)]))
    assert set(seen.mapping.tops.values()) == {10} and values(seen, "impact_now")[10] is None


def test_a_column_that_ends_at_five_beside_one_to_ten_is_asked_about() -> None:
    rows = [[n, f"Trouble {n}", n % 5 + 1, n % 10 + 1] for n in range(30)]
    seen = look(csv_bytes([HEAD, *rows]))
    assert [question.key for question in seen.questions] == ["top.likelihood_now"]
    assert values(seen, "likelihood_now") == [row[2] for row in rows] and values(seen, "impact_now")[9] == 5


def test_one_four_in_a_register_of_three_levels_is_asked_about() -> None:
    rows = register(40, slip=4, top=3)
    assert {question.key for question in look(csv_bytes([HEAD, *rows])).questions} >= {"top.impact_now"}


def site(*rows: tuple[Any, ...]) -> list[list[Any]]:
    return [HEAD, *(list(row) for row in rows)]


def test_tabs_that_number_their_own_risks_keep_what_is_not_the_same_apart() -> None:
    seen = look(book({
        "Berlin": site((1, "Fire at the Berlin depot", 2, 5), (2, "Power is lost in the hall", 3, 3),
                       (3, "Risk 3", 1, 1)),
        "Hamburg": site((1, "Fire at the Hamburg depot", 2, 5), (2, "Power is lost in the tall hall", 3, 3),
                        (3, "Risk 4", 1, 1)),
    }))  # fmt: skip
    assert [row.title for row in seen.plan.rows] == [
        "Fire at the Berlin depot", "Power is lost in the hall", "Risk 3", "Fire at the Hamburg depot", "Risk 4",
    ]  # fmt: skip
    assert [(sheet, item.row, item.reason) for sheet, item in seen.plan.skipped] == [
        ("Hamburg", 3, "the same risk as row 3 of “Berlin”")
    ]
    assert "Title in “Hamburg”, row 3: Power is lost in the tall hall" in seen.plan.rows[1].values["notes"]
    assert "1 stands in row 2 of “Berlin” too, with another title" in reasons(seen)
    assert seen.plan.remarks[:2] == [
        "1 row names a risk of an earlier tab: joined with it, and listed under the rows left out.",
        "2 rows bear the number of a row in another tab under another title: each stays a risk of its own.",
    ]


def test_a_tab_of_a_later_year_may_put_a_title_in_other_words() -> None:
    first = look(book({"2025": site(("A-1", "The lorry is stolen at night", 2, 2)),
                       "2026": site(("A-1", "A lorry is stolen by night from the yard", 2, 2))}))  # fmt: skip
    for sheet in first.mapping.sheets:
        sheet.use = True
    data = book({"2025": site(("A-1", "The lorry is stolen at night", 2, 2)),
                 "2026": site(("A-1", "A lorry is stolen by night from the yard", 2, 2))})  # fmt: skip
    seen = look(data, mapping=first.mapping)
    assert len(seen.plan.rows) == 1 and "from the yard" in seen.plan.rows[0].values["notes"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Phishing of the staff", "Phishing of staff in the office", True), ("Fire in Berlin", "Fire in Hamburg", False),
     ("Unpatched server 1", "Unpatched server 2", False), ("Fire", "Fire in the hall of the old depot", False),
     ("Loss of backup data", "Loss of back-up data", True), ("Ransomware", "ransomware", True)],
)  # fmt: skip
def test_titles_agree_where_neither_contradicts_the_other(one: str, other: str, same: bool) -> None:
    assert agree(one, other) is agree(other, one) is same


def test_short_words_alone_above_rated_rows_are_headings_and_the_next_one_ends_them() -> None:
    rows = [
        [None, "IT", None, None], [1, "No backups are tested", 4, 5], [2, "Old servers", 3, 3],
        [None, "Human resources and payroll", None, None], [3, "Key person leaves", 2, 4],
        [4, "Fraud", None, None], [5, "A visitor wanders about", 1, 2], [None, "Nobody rated this yet", None, None],
    ]  # fmt: skip
    seen = look(xlsx_bytes([HEAD, *rows]))
    assert [(row.title, row.values.get("category")) for row in seen.plan.rows] == [
        ("No backups are tested", "IT"), ("Old servers", "IT"), ("Key person leaves", "Human resources and payroll"),
        ("Fraud", "Human resources and payroll"), ("A visitor wanders about", "Human resources and payroll"),
        ("Nobody rated this yet", "Human resources and payroll"),
    ]  # fmt: skip
    assert [item.reason for _, item in seen.plan.skipped] == ["a section heading, used as category below"] * 2
    bare = look(xlsx_bytes([HEAD[1:], *(row[1:] for row in rows)]))
    assert "Human resources and payroll" in values(bare, "title") and "IT" not in values(bare, "title")


def test_a_heading_is_kept_beside_a_category_the_row_has_itself() -> None:
    rows = [["IT", None, None, None], ["Old servers", 3, 3, "Technology"], ["Lost keys", 2, 2, None]]
    seen = look(xlsx_bytes([["Risk", "Likelihood", "Impact", "Category"], *rows]))
    assert values(seen, "category") == ["Technology", "IT"] and "Section: IT" in seen.plan.rows[0].values["notes"]


def test_a_list_that_nobody_rated_yet_has_no_headings() -> None:
    rows = [[n, f"Trouble {n}", None, None] for n in range(6)]
    assert len(look(xlsx_bytes([HEAD, *rows])).plan.rows) == 6


@pytest.mark.parametrize(
    ("text", "level"),
    [("Rare (<5%)", 1), ("Almost certain (>90%)", 5), ("Unlikely (10–30%)", 2), ("4 – Major (€1m–€5m)", 4),
     ("Moderate [€50k-€1m]", 3), ("Likely > 60%", 4), ("5 (>90%)", 5), ("Likely (4)", 4), ("Possible: 1 in 3", 3)],
)  # fmt: skip
def test_a_level_is_read_by_its_word_whatever_range_explains_it(text: str, level: int) -> None:
    assert build([text]).level(text) == level


def test_consequence_in_levels_with_amounts_is_a_rating_and_a_loss_is_none() -> None:
    head = ["#", "Risk description", "Likelihood", "Consequence", "Inherent $ loss", "Residual likelihood",
            "Residual consequence"]  # fmt: skip
    rows = [[1, "A stranger takes the client list", "Almost certain (>90%)", "4 – Major (€1m–€5m)", "$1.2m",
             "Rare (<5%)", "1 – Insignificant"],
            [2, "The office burns", "Rare (<5%)", "5 – Catastrophic (>€5m)", "900,000", "Rare (<5%)",
             "2 – Minor (<€100k)"]]  # fmt: skip
    seen = look(csv_bytes([head, *rows]))
    assert values(seen, "likelihood_before") == [5, 1] and values(seen, "impact_before") == [4, 5]
    assert values(seen, "impact_now") == [1, 2] and "Inherent $ loss: $1.2m" in seen.plan.rows[0].values["notes"]
    assert not reasons(seen)


def coloured(fills: dict[str, str]) -> Any:
    def shape(_: Any, sheet: Any) -> None:
        for place, colour in fills.items():
            sheet[place].fill = PatternFill("solid", fgColor=colour)

    return shape


def test_a_column_of_colours_is_a_hint_in_the_preview_and_no_rating() -> None:
    rows = [["1", "The kiln overheats", None, None, None], ["2", "Rain comes in", None, None, None],
            ["3", "The lorry is stolen", None, None, 3]]  # fmt: skip
    fills = {"C2": "FFFF0000", "C3": "FF92D050", "C4": "FFFFC000", "D2": "FFFFFF00", "D3": "FFFFFF00", "E2": "FF4472C4"}
    seen = look(xlsx_bytes([["Ref", "Risk", "RAG", "Marked", "Score"], *rows], shape=coloured(fills)))
    assert [row.read.get("RAG") for row in seen.plan.rows] == ["(red)", "(green)", "(amber)"]
    assert all("score_now" not in row.values and row.values.get("impact_now") is None for row in seen.plan.rows)
    assert "Colour of RAG: red" in seen.plan.rows[0].values["notes"]
    told = seen.plan.rows[0].warnings[0]
    assert (told.cell, told.value) == ("C2", "(red)") and "A colour is no rating" in told.reason
    assert "Marked" not in str(values(seen, "notes")), "one colour all the way down is decoration"


def test_a_row_marked_as_a_whole_hints_at_nothing() -> None:
    rows = [["1", "The kiln overheats", None, 5], ["2", "Rain comes in", 2, 2]]
    fills = {"A2": "FFFFFF00", "B2": "FFFFFF00", "C2": "FFFFFF00", "D2": "FFFFFF00", "C3": "FFFF0000"}
    assert "olour" not in str(values(look(xlsx_bytes([HEAD, *rows], shape=coloured(fills))), "notes"))


@pytest.mark.parametrize(
    ("attrs", "name"),
    [({"rgb": "FFC00000"}, "red"), ({"rgb": "FFFFEB9C"}, "amber"), ({"rgb": "FFC6EFCE"}, "green"),
     ({"rgb": "FF00B0F0"}, ""), ({"rgb": "FFD9D9D9"}, ""), ({"indexed": "13"}, "yellow"), ({"theme": "9"}, "green"),
     ({"theme": "0"}, ""), ({"rgb": "nonsense"}, ""), ({}, "")],
)  # fmt: skip
def test_colours_by_name(attrs: dict[str, str], name: str) -> None:
    assert name_of(attrs, {"accent6": "70AD47", "lt1": "FFFFFF"}) == name


def test_headings_of_dutch_registers_and_of_failure_analyses() -> None:
    seen = look(csv_bytes([["Risico ID", "Risico", "Gevolg", "Kans", "Impact"], ["R-1", "Datalek", "Boete", 3, 4]]))
    assert list(columns(seen).values()) == ["reference", "title", "consequence", "likelihood_now", "impact_now"]
    seen = look(
        csv_bytes([["Item", "Failure mode", "Effect", "Resp."], ["1", "Key leaks", "Orders lost", "Dana Field"]])
    )
    assert list(columns(seen).values()) == ["reference", "title", "consequence", "owner"]
    assert columns(look(csv_bytes([["Risk", "By whom"], ["Key leaks", "Dana Field"]]))) == {"A": "title", "B": "owner"}


def test_words_for_a_day_still_open_are_kept() -> None:
    words = ["TBC", "tbd", "unknown", "n/a", "-", ""]
    seen = look(csv_bytes([["Risk", "Due date"], *([f"Trouble {n}", word] for n, word in enumerate(words))]))
    assert [bool(row.warnings) for row in seen.plan.rows] == [True, True, True, False, False, False]
    assert "Due date: TBC" in seen.plan.rows[0].values["notes"]


def test_a_title_that_comes_from_another_column_is_said() -> None:
    seen = look(csv_bytes([["Cause", "Effect"], ["Old wiring", "Orders are lost"]]))
    assert "No column is headed as the title; it is taken from “Cause”." in seen.plan.remarks
    rows = [["The kiln overheats", "At night"], ["", "Rain comes in"]]
    seen = look(csv_bytes([["Risk", "Description"], *rows]))
    assert [bool(row.warnings) for row in seen.plan.rows] == [False, True]
    assert "Column A is empty, so “Description” is taken as the title." in reasons(seen)


def test_a_file_of_ours_rates_on_our_scale_whatever_its_headings_became() -> None:
    ours = replace(
        RISKS,
        fields=(*RISKS.fields, Field(key="version", label="Portal version", kind=FieldKind.NUMBER)),
        ours="version",
    )
    rows = [["R-1", "The kiln overheats", 4, 7, 3], ["R-2", "Rain comes in", 2, 3, 3]]
    seen = look(csv_bytes([["Reference", "Title", "Likelihood", "Impact", "Portal version"], *rows]), of=ours)
    assert values(seen, "likelihood_now") == [4, 2] and values(seen, "impact_now") == [None, 3]
