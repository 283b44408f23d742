"""What a whole register says decides how it is read: one odd cell, row or tab changes nothing but itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.layouts import book
from tests.imports.sheets import csv_bytes, look, reasons, values
from vciso.imports.joining import agree

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
