"""Which end of a file's scale is the worst, by the words beside its numbers or the legend in its heading."""

from __future__ import annotations

import pytest

from tests.imports.sheets import csv_bytes, look, values
from vciso.imports import scales


def _pairs(head: list[str], cells: list[tuple[str, str]]) -> tuple[list[tuple[int, int]], list[str]]:
    rows = [[f"The kiln of hall {number} fails", *pair] for number, pair in enumerate(cells)]
    seen = look(csv_bytes([["Risk", *head], *rows], mark=";"))
    return list(zip(values(seen, "likelihood_now"), values(seen, "impact_now"), strict=True)), seen.plan.remarks


def test_words_beside_numbers_turn_a_scale_round() -> None:
    cells = [("1 - High", "1 - High"), ("2 - Medium", "3 - Low"), ("3 - Low", "2 - Medium")]
    found, said = _pairs(["Likelihood", "Impact"], cells)
    assert found == [(5, 5), (3, 1), (1, 3)]
    assert any("1 is the worst in this file: likelihood now, impact now" in text for text in said)


def test_a_legend_in_the_heading_turns_a_scale_round() -> None:
    head = ["Likelihood (1 = almost certain, 5 = rare)", "Impact (1 = negligible, 5 = catastrophic)"]
    found, said = _pairs(head, [("1", "5"), ("2", "4"), ("5", "1")])
    assert found == [(5, 5), (4, 4), (1, 1)]
    assert any("likelihood now." in text for text in said if "Turned round" in text)


def test_a_heading_that_counts_from_nought_has_five_levels() -> None:
    found, said = _pairs(["Likelihood (0-4)", "Impact (0-4)"], [("0", "4"), ("1", "3"), ("2", "2")])
    assert found == [(1, 5), (2, 4), (3, 3)] and not said


@pytest.mark.parametrize(
    ("texts", "levels", "turned"),
    [
        (["1 Catastrophic", "2 Critical", "3 Marginal", "4 Negligible"], [5, 4, 2, 1], True),
        (["1 - Rare", "3 - Possible", "5 - Almost certain"], [1, 3, 5], False),
        (["1", "3", "5"], [1, 3, 5], False),
    ],
)
def test_the_direction_of_one_column(texts: list[str], levels: list[int], turned: bool) -> None:
    scale = scales.build(texts, top=4 if len(texts) == 4 else 5)
    assert ([scale.level(text) for text in texts], scale.turned) == (levels, turned)


def test_words_that_disagree_with_each_other_are_told() -> None:
    cells = [("1 - High", "1"), ("2 - Low", "2"), ("3 - High", "3")]
    _, said = _pairs(["Likelihood", "Impact"], cells)
    assert any("Words and numbers of likelihood now disagree" in text for text in said)
