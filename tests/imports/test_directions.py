"""Which end of a file's scale is the worst, by the words beside its numbers or the legend in its heading."""

from __future__ import annotations

import pytest

from tests.imports.sheets import RISKS, TODAY, csv_bytes, look, reasons, values
from vciso.imports import scales
from vciso.imports.guessing import guess
from vciso.imports.mapping import Mapping
from vciso.imports.previewing import Preview
from vciso.imports.reading import read
from vciso.imports.settling import keep_scales


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


def _seen(head: list[str], rows: list[list[str]]) -> Preview:
    return look(csv_bytes([["Risk", *head], *([f"The kiln of hall {n} fails", *row] for n, row in enumerate(rows))]))


def _asked(seen: Preview) -> dict[str, str]:
    return {q.key: q.answer for q in seen.questions if q.key.startswith("worst.")}


def test_words_that_disagree_with_each_other_are_asked_about_and_told_at_their_cells() -> None:
    seen = _seen(["Likelihood", "Impact"], [["1 - High", "1"], ["2 - Low", "2"], ["3 - High", "3"], ["3 - High", "3"]])
    assert _asked(seen) == {"worst.likelihood_now": "high"}
    assert values(seen, "likelihood_now") == [1, 3, 5, 5]
    assert [row.number for row in seen.plan.rows if row.warnings] == [2]
    assert "“1 - High” says one thing by its word and another by its number, which counts, 1." in reasons(seen)


def test_the_answer_turns_the_column_and_what_was_said_of_single_texts_goes() -> None:
    content = csv_bytes([["Risk", "Likelihood", "Impact"], ["Kiln", "1 - High", "2"], ["Gate", "3 - High", "3"]])
    first = look(content)
    first.mapping.worst["likelihood_now"] = "low"
    again = look(content, mapping=Mapping.from_json(first.mapping.to_json()))
    assert values(again, "likelihood_now")[0] == 5 and again.scales["likelihood_now"].turned
    assert not _asked(again)


def test_what_was_said_of_the_worst_end_is_kept_unless_words_say_otherwise_and_else_asked() -> None:
    said = Mapping(worst={"likelihood_now": "low", "impact_now": "low"})

    def again(rows: list[list[str]]) -> tuple[dict[str, str], set[str]]:
        found = guess(read("r.csv", csv_bytes([["Risk", "Likelihood", "Impact"], *rows])), RISKS, on=TODAY)
        keep_scales(found, said, RISKS)
        return found.mapping.worst, {question.key for question in found.questions if "worst" in question.key}

    bare = again([["Kiln", "1", "2"], ["Gate", "3", "1"]])
    assert bare == ({"likelihood_now": "low", "impact_now": "low"}, set())
    worded = again([["Kiln", "1 - Low", "2"], ["Gate", "3 - High", "1"]])
    assert worded == ({"impact_now": "low"}, set())
    said.worst.clear()
    mixed = again([["Kiln", "1 - High", "2"], ["Gate", "2 - Low", "1"], ["Roof", "3 - High", "1"]])
    assert mixed == ({"likelihood_now": "high"}, {"outgrown.worst.likelihood_now"})


def test_bare_numbers_beside_a_turned_column_are_asked_about_and_turned_too() -> None:
    seen = _seen(["Likelihood", "Impact"], [["1 - High", "1"], ["2 - Medium", "2"], ["3 - Low", "3"]])
    assert _asked(seen) == {"worst.impact_now": "low"}
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([5, 3, 1], [5, 3, 1])
    assert any("1 is the worst in this file: likelihood now, impact now" in said for said in seen.plan.remarks)


def test_a_turned_column_beside_an_upright_one_is_asked_about() -> None:
    cells = [["1 - High", "3 - High"], ["2 - Medium", "2 - Medium"], ["3 - Low", "1 - Low"]]
    seen = _seen(["Likelihood", "Impact"], cells)
    assert _asked(seen) == {"worst.likelihood_now": "low"}
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([5, 3, 1], [5, 3, 1])


def test_one_word_at_both_ends_is_asked_about() -> None:
    assert _asked(_seen(["Likelihood", "Impact"], [["1 - High", "1"], ["3 - High", "3"]])) == {
        "worst.likelihood_now": "high"
    }


def test_upright_columns_ask_nothing() -> None:
    assert not _asked(_seen(["Likelihood", "Impact"], [["1 - Low", "3"], ["3 - High", "1"]]))


def test_what_lies_between_two_levels_is_the_worse_and_told() -> None:
    seen = _seen(["Likelihood", "Impact"], [["2/3", "4-5"], ["2.5", "3 to 4"], ["5", "1"]])
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([3, 3, 5], [5, 4, 1])
    assert [len(row.warnings) for row in seen.plan.rows] == [2, 2, 0]
    assert "Likelihood: 2/3" in seen.plan.rows[0].values["notes"]
    parts = _seen(["Likelihood", "Impact"], [["2/3", "1/3"], ["3/3", "2/3"]])
    assert values(parts, "likelihood_now") == [3, 5] and not reasons(parts)


def test_letters_from_a_to_e_are_asked_for_and_arrows_beside_levels_are_kept() -> None:
    seen = _seen(["Likelihood", "Impact"], [["A", "3 ↑"], ["C", "5 ▼"], ["E", "2"]])
    assert values(seen, "likelihood_now") == [None, None, None] and values(seen, "impact_now")[2] == 2
    assert all("is no level of this file's scale" in remark.reason for row in seen.plan.rows for remark in row.remarks)
    rated = _seen(["Likelihood", "Impact"], [["E", "3 ↑"], ["C", "5 ▼"], ["H", "High ↑"]])
    assert values(rated, "impact_now")[:2] == [3, 5]
    assert rated.plan.rows[0].values["notes"] == "Impact: 3 ↑"


def test_a_legend_without_brackets_leaves_the_heading_what_it_is() -> None:
    found, said = _pairs(["Likelihood 1=High 3=Low", "Impact 1=High 3=Low"], [("1", "2"), ("3", "3")])
    assert found == [(5, 3), (1, 1)] and any("Turned round" in text for text in said)


@pytest.mark.parametrize(
    ("head", "levels"),
    [
        ("Likelihood (1 is the highest)", [5, 1]),
        ("Likelihood (1 = highest)", [5, 1]),
        ("Likelihood (5 = worst)", [1, 5]),
        ("Likelihood (low = 1, high = 5)", [1, 5]),
        ("Likelihood (high = 1, low = 5)", [5, 1]),
        ("Likelihood (1-5)", [1, 5]),
    ],
)
def test_legends_of_a_heading_in_many_forms(head: str, levels: list[int]) -> None:
    seen = _seen([head, "Impact (1 low - 5 high)"], [["1", "3"], ["5", "4"]])
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == (levels, [3, 4])


def test_two_words_are_the_worse_of_them_and_told_and_a_word_before_the_number_is_no_matter() -> None:
    seen = _seen(
        ["Likelihood", "Impact"],
        [["Low-Medium", "Level 1 - High"], ["Medium to high", "Level 3 - Low"], ["M/H", "Level 2 - Medium"]],
    )
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([3, 5, 5], [5, 1, 3])
    assert reasons(seen).count("lies between two levels and is read as the worse") == 3


def test_few_ratings_never_settle_a_short_scale_unasked() -> None:
    seen = _seen(["Likelihood", "Impact"], [["1", "4"], ["2", "3"], ["3", "2"], ["4", "1"], ["2", "4"], ["3", "1"]])
    assert {q.key for q in seen.questions} == {"top.likelihood_now", "top.impact_now"}


def test_words_from_the_least_to_the_worst_say_where_their_scale_ends() -> None:
    seen = _seen(["Severity", "Likelihood"], [["1 Catastrophic", "3"], ["3 Marginal", "5"], ["4 Negligible", "1"]])
    assert values(seen, "impact_now") == [5, 2, 1]
    assert "top.impact_now" in {q.key for q in seen.questions}
