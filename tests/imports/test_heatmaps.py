"""A heat map is no list: the preview says what it is and where the list may be, and takes another tab where it can."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.layouts import book
from tests.imports.sheets import look, xlsx_bytes
from vciso.imports.heatmaps import is_heat_map
from vciso.imports.reading import read

WORDS = [
    [None, None, "Impact"],
    [None, None, "1 Insignificant", "2 Minor", "3 Moderate", "4 Major", "5 Severe"],
    ["Likelihood", "5 Almost certain", None, None, "R7", None, None],
    [None, "4 Likely", None, "R3", None, "R1, R2", None],
    [None, "3 Possible", None, None, None, None, "R4"],
    [None, "2 Unlikely", "R9", None, None, None, None],
    [None, "1 Rare", None, None, None, None, "R5"],
]
COUNTS = [
    ["", "Low", "Medium", "High"], ["High", 0, 2, 1], ["Medium", 3, 0, 0], ["Low", 4, 1, 0],
]  # fmt: skip
BELOW = [["Likelihood"], *([level, *[""] * 5] for level in (5, 4, 3, 2, 1)), ["", 1, 2, 3, 4, 5], ["", "Impact"]]
LIST = [
    ["Ref", "Risk", "Likelihood", "Impact"], ["R1", "The till is empty", 1, 2], ["R2", "Fire", 2, 3],
    ["R3", "Theft", 3, 4],
]  # fmt: skip


@pytest.mark.parametrize("rows", [WORDS, COUNTS, BELOW])
def test_a_table_with_a_scale_along_two_sides_is_a_heat_map(rows: list[list[Any]]) -> None:
    assert is_heat_map(read("m.xlsx", xlsx_bytes(rows)).sheets[0])


@pytest.mark.parametrize(
    "rows",
    [
        LIST,
        [["Likelihood", "Impact", "Score"], [1, 2, 2], [2, 3, 6], [3, 4, 12]],
        [["Level", "Likelihood", "Impact"], [1, "Rare", "Minor"], [2, "Unlikely", "Moderate"], [3, "Likely", "Major"]],
    ],
)
def test_a_short_list_is_none_however_much_it_counts(rows: list[list[Any]]) -> None:
    assert not is_heat_map(read("m.xlsx", xlsx_bytes(rows)).sheets[0])


def test_the_preview_says_what_it_is_and_where_the_list_may_be() -> None:
    (said,) = [remark for remark in look(xlsx_bytes(WORDS, title="Board view")).plan.remarks if "heat map" in remark]
    assert said == (
        "“Board view” looks like a heat map, which holds only R7, R3, R1, R2 and the like between likelihood and "
        "impact. "
        "This file has no other list: bring the register that describes each risk, one a row."
    )
    seen = look(book({"Board view": WORDS, "All": LIST}))
    assert [table.sheet.name for _, table in seen.tables] == ["All"] and "heat map" not in str(seen.plan.remarks)
    only = look(book({"Board view": WORDS, "All": LIST}), mapping=_reading(seen, "Board view"))
    assert "Perhaps the list is the tab “All”: read that instead." in str(only.plan.remarks)


def _reading(seen: Any, name: str) -> Any:
    mapping = seen.mapping
    for sheet in mapping.sheets:
        sheet.use = sheet.name == name
    return mapping
