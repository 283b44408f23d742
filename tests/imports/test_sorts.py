"""Headings of one sort of impact are never the impact, and never the target."""

from __future__ import annotations

import pytest

from tests.imports.sheets import columns, csv_bytes, look


def _columns(*head: str, cell: str = "3") -> list[str]:
    rows = [["The kiln fails", *[cell] * len(head)], ["The gate jams", *["2"] * len(head)]]
    found = columns(look(csv_bytes([["Risk", *head], *rows])))
    return [found.get(chr(66 + number), "") for number in range(len(head))]


EACH = "impact_each_now"


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (("Likelihood", "Legal impact"), ["likelihood_now", EACH]),
        (
            ("Likelihood", "Impact", "Legal impact", "Goal impact"),
            ["likelihood_now", "impact_now", EACH, "impact_target"],
        ),
        (("Likelihood", "Impact (Financial)", "Impact: Legal"), ["likelihood_now", EACH, EACH]),
        (
            ("L", "Impact C", "Impact I", "Impact A", "Highest impact"),
            ["likelihood_now", EACH, EACH, EACH, "impact_now"],
        ),
        (("L", "C", "I", "A"), ["likelihood_now", EACH, EACH, EACH]),
        (("L", "I"), ["likelihood_now", "impact_now"]),
        (("Likelihood", "Impact on patients", "Worst case impact"), ["likelihood_now", EACH, "impact_now"]),
        (("Wahrscheinlichkeit", "Auswirkung finanziell", "Auswirkung rechtlich"), ["likelihood_now", EACH, EACH]),
        (("Likelihood", "Estimated impact"), ["likelihood_now", "impact_now"]),
        (("Likelihood", "Impact (1-5)"), ["likelihood_now", "impact_now"]),
        (
            ("Inherent likelihood", "Inherent financial impact", "Residual likelihood", "Residual financial impact"),
            ["likelihood_before", "impact_each_before", "likelihood_now", EACH],
        ),
        (
            ("Target likelihood", "Target legal impact", "Likelihood", "Legal impact"),
            ["likelihood_target", "impact_each_target", "likelihood_now", EACH],
        ),
        (("Likelihood", "Overall impact", "Financial", "Safety"), ["likelihood_now", "impact_now", EACH, EACH]),
    ],
)
def test_which_column_a_heading_is(head: tuple[str, ...], fields: list[str]) -> None:
    assert _columns(*head) == fields


def test_a_sort_with_sums_of_money_or_sentences_is_no_level() -> None:
    assert _columns("Likelihood", "Impact", "Financial impact", cell="250000")[2] == ""
    seen = look(
        csv_bytes([["Risk", "Likelihood", "Impact", "Legal impact"], ["Kiln", "3", "3", "A claim by the tenants"]])
    )
    assert columns(seen)["D"] == "consequence"
