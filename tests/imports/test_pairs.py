"""Likelihood and impact in one cell are taken apart where the heading names a rating."""

from __future__ import annotations

import pytest

from tests.imports.sheets import columns, csv_bytes, look, reasons, values
from vciso.imports.pairs import Pair, read_pair


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("5 x 5 = 25", Pair("5", "5", "25")),
        ("4x3 (12)", Pair("4", "3", "12")),
        ("2 × 4 = 8", Pair("2", "4", "8")),
        ("3*4", Pair("3", "4")),
        ("L3 I4", Pair("3", "4")),
        ("I4 x L3 = 12 (High)", Pair("3", "4", "12")),
        ("L: 2, I: 5", Pair("2", "5")),
        ("20 (5x4)", Pair("5", "4", "20")),
        ("Very high (L5 x I4)", Pair("5", "4")),
        ("4 x 2 - Low", Pair("4", "2")),
        ("12", None),
        ("3 (low)", None),
        ("4-5", None),
        ("2/3", None),
        ("3 4", None),
        ("High", None),
        ("2026 x 4", None),
    ],
)
def test_what_one_cell_says(text: str, pair: Pair | None) -> None:
    assert read_pair(text) == pair


def test_gross_net_and_target_are_ratings_and_the_stated_product_is_checked() -> None:
    head = ["Ref", "Risk", "Gross (L x I)", "Net (L x I)", "Target (I x L)"]
    seen = look(csv_bytes([head, ["1", "The kiln fails", "5 x 4 = 20", "4x3 (11)", "1 x 3"],
                           ["2", "The gate jams", "4 x 4 = 16", "12", "2 x 3"]]))  # fmt: skip
    keys = ("likelihood_before", "impact_before", "likelihood_now", "impact_now", "likelihood_target", "impact_target")
    assert [[row.values.get(key) for key in keys] for row in seen.plan.rows] == [
        [5, 4, 4, 3, 3, 1],
        [4, 4, None, None, 3, 2],
    ]
    assert "The file says 11; likelihood × impact gives 12" in reasons(seen)
    assert "“12” alone is no rating" in reasons(seen)
    assert "Net (L x I): 12" in seen.plan.rows[1].values["notes"]
    assert not any("first number" in remark for remark in seen.plan.remarks)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("Gross score (LxI)", {"likelihood_before": 5, "impact_before": 4}),
        ("Brutorisico (K x I)", {"likelihood_before": 5, "impact_before": 4}),
        ("Risque résiduel (PxG)", {"likelihood_now": 5, "impact_now": 4}),
        ("Impact × likelihood", {"likelihood_now": 4, "impact_now": 5}),
        ("Target (CxL)", {"likelihood_target": 4, "impact_target": 5}),
    ],
)
def test_headings_say_which_rating_it_is_and_which_half_comes_first(head: str, found: dict[str, int]) -> None:
    seen = look(csv_bytes([["Risk", head], ["The kiln fails", "5 x 4 = 20"], ["The gate jams", "3 x 2 = 6"]]))
    assert {key: value for key, value in seen.plan.rows[0].values.items() if key in found} == found
    assert not any("first number" in said for said in seen.plan.remarks)


def test_a_bare_pair_is_the_rating_now_and_an_order_nobody_states_is_told() -> None:
    seen = look(
        csv_bytes([["Risk", "Risk rating", "Owner"], ["The kiln fails", "5 x 4", ""], ["The gate jams", "2 x 2", ""]])
    )
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([5, 2], [4, 2])
    assert any("The first number of “Risk rating” is read as the likelihood" in said for said in seen.plan.remarks)


def test_pairs_under_a_heading_that_names_no_rating_stay_in_the_notes_and_are_told() -> None:
    seen = look(
        csv_bytes(
            [["Risk", "Likelihood", "Impact", "Panel"], ["The kiln fails", 3, 4, "5 x 4"], ["The gate", 1, 2, "2 x 2"]]
        )
    )
    assert "D" not in columns(seen)
    assert "Panel: 5 x 4" in seen.plan.rows[0].values["notes"]
    assert any("“Panel” holds two numbers in a cell, such as “5 x 4”" in said for said in seen.plan.remarks)


def test_a_column_of_its_own_goes_before_the_pair() -> None:
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact", "L x I"], ["The kiln fails", 3, 4, "3 x 5 = 15"]]))
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([3], [4])
    assert "The file says 15" in reasons(seen)


@pytest.mark.parametrize(
    ("heading", "cells", "found"),
    [
        ("Likelihood / Impact", ["H / H", "M/L", "Low / High", "L-H"], [(5, 5), (3, 1), (1, 5), (1, 5)]),
        ("Impact and likelihood", ["High, low", "low; HIGH", "Medium & high"], [(1, 5), (5, 1), (5, 3)]),
        ("Probability x severity", ["Very high x low", "low x very low"], [(5, 2), (2, 1)]),
        ("L/I (H/M/L)", ["H/L", "M / M"], [(5, 1), (3, 3)]),
        ("Probabilité / Gravité", ["faible / élevée", "moyenne / faible"], [(1, 5), (3, 1)]),
        ("Wahrscheinlichkeit/Auswirkung", ["hoch / niedrig", "mittel/hoch"], [(5, 1), (3, 5)]),
        ("Likelihood / Impact", ["3/4", "5/1", "2 - 2"], [(3, 4), (5, 1), (2, 2)]),
        ("Likelihood, impact", ["Impact: high, likelihood: low", "L: low; I: low"], [(1, 5), (1, 1)]),
    ],
)
def test_two_words_below_a_heading_that_names_both_halves_are_a_pair(
    heading: str, cells: list[str], found: list[tuple[int, int]]
) -> None:
    rows = [[f"The kiln of hall {number} fails", cell] for number, cell in enumerate(cells)]
    seen = look(csv_bytes([["Risk", heading], *rows]))
    assert list(zip(values(seen, "likelihood_now"), values(seen, "impact_now"), strict=True)) == found


def test_half_a_pair_and_one_that_is_none_are_told_at_their_row_and_kept() -> None:
    cells = ["H / H", "M / L", "H", "to be discussed"]
    seen = look(csv_bytes([["Risk", "Likelihood / Impact"], *([f"Kiln {cell} fails", cell] for cell in cells)]))
    for row, cell in zip(seen.plan.rows[2:], cells[2:], strict=True):
        assert [remark.cell for remark in row.remarks] == [f"B{row.number}"]
        assert row.values["notes"] == f"Likelihood / Impact: {cell}" and row.values.get("likelihood_now") is None
    none = look(csv_bytes([["Risk", "Likelihood / Impact"], ["The kiln fails", "see annex"]]))
    assert any("names likelihood and impact in one" in said for said in none.plan.remarks)
