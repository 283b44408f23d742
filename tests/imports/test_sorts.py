"""Headings of one sort of impact are never the impact, and never the target."""

from __future__ import annotations

import pytest

from tests.imports.sheets import columns, csv_bytes, look, reasons, values, xlsx_bytes


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
        (("Likelihood", "People", "Morale", "Reputation", "Velocity"), ["likelihood_now", EACH, EACH, EACH, ""]),
        (("Likelihood", "Impact", "Impact - Health & Safety"), ["likelihood_now", "impact_now", EACH]),
        (("Likelihood", "Impact (Cyber)", "Impact (Ethics)"), ["likelihood_now", EACH, EACH]),
        (("Likelihood (L)", "Impact (I)"), ["likelihood_now", "impact_now"]),
        (
            ("Inherent likelihood (L)", "Inherent impact (I)", "Residual likelihood (L)", "Residual impact (I)"),
            ["likelihood_before", "impact_before", "likelihood_now", "impact_now"],
        ),
        (("Likelihood", "Impact (H/M/L)", "Impact comment"), ["likelihood_now", "impact_now", ""]),
        (("Likelihood", "Impact", "Global impact"), ["likelihood_now", "impact_now", ""]),
        (("Likelihood", "Residual cyber impact", "Residual likelihood"), ["likelihood_before", EACH, "likelihood_now"]),
        (("Likelihood", "Impact", "C", "I", "A"), ["likelihood_now", "impact_now", "", "", ""]),
        (
            ("Likelihood", "Current legal impact", "Residual legal impact"),
            ["likelihood_now", EACH, "impact_each_target"],
        ),
        (("Threat", "Likelihood", "Severity and pervasiveness", "Impact"), ["", "likelihood_now", "", "impact_now"]),
    ],
)
def test_which_column_a_heading_is(head: tuple[str, ...], fields: list[str]) -> None:
    assert _columns(*head) == fields


def test_headings_over_two_rows_name_sorts_below_the_rating() -> None:
    top = ["ID", "Risk", "Inherent", None, None, "Residual", None, None]
    low = [None, None, "Likelihood", "Financial", "Legal", "Likelihood", "Financial", "Legal"]
    rows = [top, low, ["1", "Fire", 3, 4, 2, 1, 4, 1], ["2", "Flood", 2, 1, 2, 5, 5, 2]]
    found = list(columns(look(xlsx_bytes(rows, shape=lambda _, sheet: sheet.merge_cells("C1:E1")))).values())
    before, now = "impact_each_before", "impact_each_now"
    assert found[2:] == ["likelihood_before", before, before, "likelihood_now", now, now]


def test_a_sort_in_money_or_time_beside_rated_ones_leaves_the_worst_unknown() -> None:
    head = ["Risk", "Likelihood", "Cost impact", "Schedule impact", "Quality impact"]
    seen = look(csv_bytes([head, ["Kiln", "4", "£20k", "2 weeks", "3"], ["Gate", "2", "£5k", "3 days", "5"]]))
    said = [value.replace(" impact", "") for value in values(seen, EACH)]
    assert said == ["Cost ?; Schedule ?; Quality 3", "Cost ?; Schedule ?; Quality 5"]
    beside = look(
        csv_bytes([[*head[:2], "Impact", "Cost impact"], ["Kiln", "4", "5", "£20k"], ["Gate", "2", "1", "£5k"]])
    )
    assert "D" not in columns(beside) and not reasons(beside)


def test_a_score_is_compared_with_the_worst_of_the_sorts() -> None:
    head = ["Risk", "Likelihood", "Legal impact", "Safety impact", "Risk score"]
    seen = look(csv_bytes([head, ["Kiln", 3, 2, 4, 12], ["Gate", 2, 5, 1, 9], ["Roof", 3, "huge", 1, 9]]))
    assert [[remark.field for remark in row.warnings] for row in seen.plan.rows] == [
        [], ["score_now"], ["impact_each_now", "score_now"],
    ]  # fmt: skip
    assert "The file says 9; likelihood × impact gives 10" in reasons(seen)


def test_a_sort_with_sums_of_money_or_sentences_is_no_level() -> None:
    assert _columns("Likelihood", "Impact", "Financial impact", cell="250000")[2] == ""
    seen = look(
        csv_bytes([["Risk", "Likelihood", "Impact", "Legal impact"], ["Kiln", "3", "3", "A claim by the tenants"]])
    )
    assert columns(seen)["D"] == "consequence"
