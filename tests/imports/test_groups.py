"""Ratings under one heading for several columns: letters, quarters, twins and what an asset is worth."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.sheets import csv_bytes, look, reasons, values, xlsx_bytes
from vciso.imports.groups import period_of

RATED = ("likelihood_before", "impact_before", "likelihood_now", "impact_now")


def merged(*areas: str) -> Any:
    def shape(book: Any, sheet: Any) -> None:
        for area in areas:
            sheet.merge_cells(area)

    return shape


@pytest.mark.parametrize(
    ("groups", "letters"),
    [
        (("Bruttorisiko", "Nettorisiko"), "EW SH RZ"),
        (("Inherent risk", "Residual risk"), "L I S"),
        (("Gross", "Net"), "L C R"),
        (("Risque brut", "Risque résiduel"), "P G C"),
        (("Brutorisico", "Nettorisico"), "K E R"),
        (("Before controls", "After controls"), "P S R"),
    ],
)
@pytest.mark.parametrize("spread", [True, False], ids=["merged", "empty cells"])
def test_letters_under_a_heading_over_several_columns_are_ratings(
    groups: tuple[str, str], letters: str, spread: bool
) -> None:
    rows = [
        ["No.", "Risk", groups[0], None, None, "Existing controls", groups[1], None, None],
        [None, None, *letters.split(), None, *letters.split()],
        ["1", "The kiln overheats", 5, 4, 20, "A sensor", 2, 4, 8],
        ["2", "The gate jams", 3, 3, 9, "", 1, 3, 5],
    ]
    seen = look(xlsx_bytes(rows, shape=merged("C1:E1", "G1:I1") if spread else None))
    assert [[row.values.get(key) for key in RATED] for row in seen.plan.rows] == [[5, 4, 2, 4], [3, 3, 1, 3]]
    # The score that disagrees is told, and nothing else.
    assert [len(row.remarks) for row in seen.plan.rows] == [0, 1] and "gives 3" in reasons(seen)


@pytest.mark.parametrize("one", ["Brutto ", "Gross ", ""])
def test_letters_behind_a_word_are_ratings_too(one: str) -> None:
    head = ["Nr.", "Risiko", *(f"{one}{letters}" for letters in ("EW", "SH", "RZ"))]
    seen = look(csv_bytes([head, ["1", "Feuer", 4, 5, 20], ["2", "Flut", 1, 2, 2]]))
    when = "before" if one else "now"
    assert (values(seen, f"likelihood_{when}"), values(seen, f"impact_{when}")) == ([4, 1], [5, 2])
    assert not reasons(seen)


def test_a_heading_above_belongs_to_the_header_where_cells_merged_downwards_hide_it() -> None:
    rows = [
        ["Ref", "Risk", "Assessment", None, None, None, "Owner"],
        [None, None, "Q1 2026", None, "Q2 2026", None, None],
        [None, None, "L", "I", "L", "I", None],
        ["1", "Fire", 1, 2, 5, 4, ""],
    ]
    down = ("A1:A3", "B1:B3", "G1:G3", "C1:F1", "C2:D2", "E2:F2")
    seen = look(xlsx_bytes(rows, shape=merged(*down)))
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([5], [4])
    assert values(seen, "notes") == ["Q1 2026 L: 1\nQ1 2026 I: 2"]


def test_a_heading_that_is_written_again_over_each_column_is_one() -> None:
    head = ["Ref", "Risk", "Q1 2026", "Q1 2026", "Q2 2026", "Q2 2026"]
    seen = look(csv_bytes([head, ["", "", "L", "I", "L", "I"], ["1", "Fire", 1, 2, 3, 4]]))
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([3], [4])


def test_short_words_nobody_knows_under_merged_headings_are_headings_and_no_row() -> None:
    rows = [
        ["Ref", "Risk", "Panel one", None, "Panel two", None],
        [None, None, "Zu", "Qa", "Zu", "Qa"],
        ["1", "The kiln overheats", 5, 5, 5, 5],
    ]
    row = look(xlsx_bytes(rows, shape=merged("C1:D1", "E1:F1"))).plan.rows[0]
    assert row.title == "The kiln overheats"
    assert row.values["notes"].splitlines() == [
        "Panel one Zu: 5",
        "Panel one Qa: 5",
        "Panel two Zu: 5",
        "Panel two Qa: 5",
    ]


@pytest.mark.parametrize("times", [("Q1 2026", "Q2 2026", "Q3 2026"), ("2026", "2025", "2024"), ("Mar 26", "x", "y")])
def test_of_several_times_the_latest_is_read_and_the_others_stay_whole(times: tuple[str, str, str]) -> None:
    rows = [
        ["Ref", "Risk", times[0], None, None, times[1], None, None, times[2], None, None],
        [None, None, *("L", "I", "S") * 3],
        ["S1", "Cyber attack", 5, 5, 25, 4, 5, 20, 4, 3, 12],
        ["S2", "Staff shortage", 3, 3, 9, 3, 3, 9, 3, 3, 9],
    ]
    seen = look(xlsx_bytes(rows, shape=merged("C1:E1", "F1:H1", "I1:K1")))
    read = 2 if times[0] == "Q1 2026" else 0
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == (
        ([4, 3], [3, 3]) if read == 2 else ([5, 3], [5, 3])
    )
    left = [time for number, time in enumerate(times) if number != read]
    assert seen.plan.rows[1].values["notes"].splitlines() == [
        f"{time} {letter}: {number}" for time in left for letter, number in (("L", 3), ("I", 3), ("S", 9))
    ]
    said = " ".join(seen.plan.remarks)
    assert f"“{times[read]}” is read" in said and all(f"“{time}”" in said for time in left)


def test_a_time_that_is_hardly_filled_in_yet_is_not_the_latest_and_plain_headings_say_times_too() -> None:
    head = ["Risk", "Likelihood Q2 2026", "Impact Q2 2026", "Likelihood Q3 2026", "Impact Q3 2026"]
    rows = [[f"Kiln {number} overheats", 2, 3, "", ""] for number in range(4)]
    seen = look(csv_bytes([head, *rows, ["The gate jams", 1, 5, 4, 4]]))
    assert values(seen, "likelihood_now") == [2, 2, 2, 2, 1]
    assert "Likelihood Q3 2026: 4" in seen.plan.rows[4].values["notes"]


def test_a_time_to_come_is_a_forecast_and_not_how_the_risk_stands() -> None:
    head = ["Risk", *(f"{half} {year}" for year in (2025, 2026, 2027) for half in ("Likelihood", "Impact"))]
    seen = look(csv_bytes([head, ["The kiln overheats", 5, 5, 4, 3, 1, 1]]))
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([4], [3])


@pytest.mark.parametrize("letters", ["M S C W", "R A C I", "S W O T"])
def test_letters_that_are_something_else_are_no_rating(letters: str) -> None:
    rows = [
        ["Risk", "Likelihood", "Impact", "Panel", None, None, None],
        [None, None, None, *letters.split()],
        ["The kiln overheats", 3, 5, "x", 1, 2, "x"],
    ]
    seen = look(xlsx_bytes(rows, shape=merged("D1:G1")))
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([3], [5])
    for letter, text in zip(letters.split(), ("x", "1", "2", "x"), strict=True):
        assert f"Panel {letter}: {text}" in seen.plan.rows[0].values["notes"]


def test_two_groups_of_one_meaning_are_told() -> None:
    rows = [
        ["Risk", "Board", None, "Works council", None],
        [None, "Likelihood", "Impact", "Likelihood", "Impact"],
        ["The kiln overheats", 5, 4, 2, 4],
    ]
    seen = look(xlsx_bytes(rows, shape=merged("B1:C1", "D1:E1")))
    assert values(seen, "likelihood_now") == [5]
    assert seen.plan.rows[0].values["notes"] == "Works council: Likelihood: 2\nWorks council: Impact: 4"
    assert any("“Board” and “Works council” head the same ratings" in said for said in seen.plan.remarks)


@pytest.mark.parametrize("worth", ["C I A", "Confidentiality Integrity Availability", "Vertraulichkeit I A"])
def test_what_an_asset_is_worth_is_no_rating_of_a_risk_and_asks_nothing(worth: str) -> None:
    head = ["Asset", "Threat", *worth.split(), "Risk value"]
    seen = look(csv_bytes([head, ["File server", "Fire", 3, 2, 1, 27], ["Laptops", "Theft", 1, 1, 1, 6]]))
    assert not [question for question in seen.questions if question.key.startswith("top.")]
    first = worth.split()[0]
    assert f"{first}: 3" in seen.plan.rows[0].values["notes"]
    assert any("say what an asset is worth" in said for said in seen.plan.remarks)


def test_sorts_of_impact_without_a_likelihood_ask_nothing() -> None:
    head = ["Risk", "Financial impact", "Legal impact"]
    seen = look(csv_bytes([head, ["Fire", 3, 2], ["Theft", 1, 1], ["Flood", 2, 3]]))
    assert not seen.questions


def test_every_cell_of_a_score_without_its_halves_is_kept_under_its_own_heading() -> None:
    seen = look(csv_bytes([["Risk", "Risk level", "Risk score", "Comment", "Comment"],
                           ["The kiln overheats", "High", "High", "same", "same"]]))  # fmt: skip
    notes = seen.plan.rows[0].values["notes"].splitlines()
    assert "Risk level: High" in notes and "Risk score: High" in notes
    assert "“High”, “High” alone is no rating" in reasons(seen)


@pytest.mark.parametrize(
    ("heading", "period", "rest"),
    [
        ("Q1 2026", (2026, 3, 0), ""),
        ("2026 Q4", (2026, 12, 0), ""),
        ("Q2'26 Likelihood", (2026, 6, 0), "Likelihood"),
        ("Impact (March 2026)", (2026, 3, 0), "Impact"),
        ("FY25", (2025, 0, 0), ""),
        ("H2 2025", (2025, 12, 0), ""),
        ("31.12.2025", (2025, 12, 31), ""),
        ("2025-06 L", (2025, 6, 0), "L"),
        ("3. Quartal 2026", (2026, 9, 0), ""),
        ("Q3", (0, 9, 0), ""),
        ("Likelihood (1-5)", None, "Likelihood (1-5)"),
        ("What may happen", None, "What may happen"),
        ("Set by", None, "Set by"),
        ("S1", None, "S1"),
    ],
)
def test_the_time_a_heading_says(heading: str, period: tuple[int, int, int] | None, rest: str) -> None:
    found, left = period_of(heading)
    assert (found, left) == (period, rest)
