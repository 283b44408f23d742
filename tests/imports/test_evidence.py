"""What a whole register says decides how it is read: one odd cell, row or tab changes nothing but itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.sheets import csv_bytes, look, reasons, values

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
    assert "1 of 12 ratings are higher than the others (8)" in asked.text and asked.answer == "5"
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
