"""What a file itself explains: its levels in a legend, its ratings by standing twice, its slips by their width."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.layouts import book
from tests.imports.sheets import csv_bytes, look, reasons, values, xlsx_bytes

LIST = [["No", "Risk", "Likelihood", "Impact"], [1, "Payroll is paid twice", 1, 2], [2, "The van breaks down", 4, 5],
        [3, "The server room is hot", 2, 1]]  # fmt: skip
WORST_FIRST = ("Almost certain", "Likely", "Possible", "Unlikely", "Rare"), (
    "Catastrophic", "Major", "Moderate", "Minor", "Insignificant",
)  # fmt: skip


def lines(likelihood: tuple[str, ...], impact: tuple[str, ...]) -> list[list[Any]]:
    return [
        [f"{name}:", *(f"{number} = {word}" for number, word in enumerate(words, 1))]
        for name, words in (("Likelihood", likelihood), ("Impact", impact))
    ]


def tab(likelihood: tuple[str, ...], impact: tuple[str, ...]) -> list[list[Any]]:
    return [
        row
        for name, words in (("Likelihood scale", likelihood), ("Impact scale", impact))
        for row in ([name], ["Score", "Level", "Meaning"], *([n, word, ""] for n, word in enumerate(words, 1)), [])
    ]


@pytest.mark.parametrize("place", ["below", "in a tab"])
def test_a_legend_with_one_for_the_worst_turns_bare_numbers_round_and_asks(place: str) -> None:
    made = (
        xlsx_bytes([*LIST, [], [], ["Legend"], *lines(*WORST_FIRST)])
        if place == "below"
        else book({"Register": LIST, "Criteria": tab(*WORST_FIRST)})
    )
    seen = look(made)
    assert values(seen, "title") == [row[1] for row in LIST[1:]]
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([5, 2, 4], [4, 1, 5])
    asked = [question for question in seen.questions if question.key.startswith("worst.")]
    assert len(asked) == 2 and all("A legend in the file has 1 for the worst" in question.text for question in asked)


@pytest.mark.parametrize("place", ["below", "in a tab"])
def test_a_legend_that_rises_is_no_record_and_asks_nothing(place: str) -> None:
    rising = tuple(words[::-1] for words in WORST_FIRST)
    made = (
        xlsx_bytes([*LIST, [], [], ["Legend"], *lines(*rising)])
        if place == "below"
        else book({"Register": LIST, "Criteria": tab(*rising)})
    )
    seen = look(made)
    assert values(seen, "likelihood_now") == [1, 4, 2] and not seen.questions


def test_a_legend_says_where_a_short_scale_ends() -> None:
    words = ("Low", "Medium", "High")
    rows = [LIST[0], [1, "Payroll is paid twice", 1, 2], [2, "The van breaks down", 2, 3]]
    seen = look(book({"Register": rows, "Key": tab(words, words)}))
    assert values(seen, "impact_now") == [3, 5] and not seen.questions


def test_a_legend_beside_the_table_without_a_gap_is_no_part_of_it() -> None:
    words = ("Very unlikely", "Unlikely", "Possible", "Likely", "Very likely")
    rows = [
        [*row, str(n), word]
        for n, (row, word) in enumerate(zip([*LIST[1:], [""] * 4, [""] * 4], words, strict=True), 1)
    ]
    seen = look(xlsx_bytes([[*LIST[0], "Key", "Words"], *rows]))
    assert len(seen.plan.rows) == 3 and not any("Key" in str(note) for note in values(seen, "notes"))
    assert [item.reason for _, item in seen.plan.skipped] == ["text beside the table"]


@pytest.mark.parametrize(
    ("between", "fields"),
    [
        (["Mitigation"], ("before", "now")),
        (["Existing controls", "Further action"], ("now", "target")),
        (["Controls", "Likelihood", "Impact", "Action plan"], ("before", "now", "target")),
    ],
)
def test_ratings_that_stand_twice_are_two_ratings_and_said(between: list[str], fields: tuple[str, ...]) -> None:
    head = ["No", "Risk", "Likelihood", "Impact", "Rating", *between, "Likelihood", "Impact", "Rating"]
    cells = {"Likelihood": 3, "Impact": 3}
    row = [1, "Laptops are stolen", 5, 4, 20, *(cells.get(name, "text") for name in between), 2, 1, 2]
    seen = look(csv_bytes([head, row]))
    levels = [(5, 4), (3, 3), (2, 1)] if len(fields) == 3 else [(5, 4), (2, 1)]
    found = seen.plan.rows[0].values
    assert [(found[f"likelihood_{when}"], found[f"impact_{when}"]) for when in fields] == levels
    assert len(fields) == 3 or not reasons(seen)
    assert any("Headed more than once with the same words" in remark for remark in seen.plan.remarks)


@pytest.mark.parametrize(
    "head", [["Likelihood", "Owner", "Likelihood"], ["Likelihood", "Likelihood", "Impact", "Impact"]]
)
def test_half_a_rating_that_stands_twice_is_none_more(head: list[str]) -> None:
    seen = look(csv_bytes([["Risk", *head], ["Laptops are stolen", *range(1, len(head) + 1)]]))
    assert not any("Headed more than once" in remark for remark in seen.plan.remarks)


def test_a_row_of_a_text_file_that_is_wider_than_its_headings_is_told() -> None:
    text = (
        b"ID,Risk,Likelihood,Impact\nR1,Theft of cars,3,5\nR2,Keys, badges and tokens,4,3\nR3,Fire,1,5\nR4,Rain,2,2\n"
    )
    seen = look(text, name="register.csv")
    told = {row.number: " ".join(remark.reason for remark in row.remarks) for row in seen.plan.rows}
    assert "This row has 5 cells and the headings are 4" in told[3] and "cells" not in told[2]
    nameless = look(csv_bytes([["Risk", "Likelihood", "Impact"], ["Fire", 1, 5, "x"], ["Rain", 2, 2, "y"]]))
    assert not reasons(nameless)


def test_a_list_without_ratings_or_a_heading_for_its_titles_is_told() -> None:
    seen = look(csv_bytes([["Nr", "Opis rizika", "Pravdepodobnost"], ["1", "Serverova miestnost je otvorena", "4"]]))
    said = " ".join(seen.plan.remarks)
    assert "No column is read as a rating, so every risk stays “not rated”" in said
    assert "No heading names the title; “Opis rizika” is taken for it" in said


@pytest.mark.parametrize("level", [2, 3, 4])
def test_ratings_that_are_all_alike_are_asked_about_and_taken_as_they_stand(level: int) -> None:
    rows = [[f"Something number {n} happens", level, level] for n in range(30)]
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact"], *rows]))
    assert set(values(seen, "impact_now")) == {level}
    assert any(question.key == "top.impact_now" for question in seen.questions)


@pytest.mark.parametrize(("top", "asked"), [(7, True), (8, True), (9, False), (10, False)])
def test_a_scale_that_is_not_used_up_to_ten_is_asked_about(top: int, asked: bool) -> None:
    rows = [[f"Something number {n} happens", n % top + 1, n % top + 1] for n in range(2 * top)]
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact"], *rows]))
    assert any(question.key == "top.likelihood_now" for question in seen.questions) is asked


def test_stars_are_levels() -> None:
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact"], ["Fire", "***", "*****"], ["Rain", "★★☆☆☆", "★"]]))
    assert (values(seen, "likelihood_now"), values(seen, "impact_now")) == ([3, 2], [5, 1])


def test_a_cell_that_names_two_treatments_or_states_is_told_and_kept() -> None:
    head = ["Risk", "Treatment", "Status"]
    rows = [
        ["Fire", "Mitigate & Transfer", "Open"],
        ["Rain", "Treat", "Closed - Accepted"],
        ["Hail", "Treat", "Open/Active"],
    ]
    seen = look(csv_bytes([head, *rows]))
    assert values(seen, "treatment") == ["reduce"] * 3
    fire, rain, hail = (" ".join(remark.reason for remark in row.remarks) for row in seen.plan.rows)
    assert "“Mitigate & Transfer” names more than one; reduce is taken" in fire
    assert "“Closed - Accepted” names more than one; closed is taken" in rain and not hail
    assert "Treatment: Mitigate & Transfer" in seen.plan.rows[0].values["notes"]


def test_days_to_come_below_a_word_for_days_gone_are_when_it_is_due() -> None:
    head = ["Risk", "Likelihood", "Impact", "Date"]
    seen = look(
        csv_bytes([head, ["Fire", 1, 5, "2027-02-01"], ["Rain", 2, 2, "2027-03-01"], ["Hail", 1, 1, "2026-01-01"]])
    )
    assert [day and day.year for day in values(seen, "due")] == [2027, 2027, 2026]
    gone = look(csv_bytes([head, ["Fire", 1, 5, "2026-02-01"], ["Rain", 2, 2, "2027-03-01"]]))
    assert [day.year for day in values(gone, "raised_on")] == [2026, 2027]


def test_numbered_headings_are_sections_and_their_highest_score_is_no_risk() -> None:
    rows = [["1", "Governance"], ["1.1", "Nobody owns the policy", 3, 5, 15], ["", "Highest score", "", "", 15],
            ["2", "Technology"], ["2.1", "Old servers fail", 4, 4, 16], ["3", "Power is lost", 1, 5, 5]]  # fmt: skip
    seen = look(xlsx_bytes([["ID", "Risk description", "L", "I", "R"], *rows]))
    assert values(seen, "reference") == ["1.1", "2.1", "3"]
    assert values(seen, "category")[:2] == ["Governance", "Technology"]
    assert not any("heat map" in remark for remark in seen.plan.remarks)


@pytest.mark.parametrize("head", ["Control ref", "HIPAA Reference", "Clause no.", "Audit ID"])
def test_the_number_of_something_else_is_no_reference(head: str) -> None:
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact", head], ["Fire", 1, 5, "A.8.24"], ["Rain", 2, 2, "A.8.24"]]))
    assert values(seen, "reference") == [None, None] and not reasons(seen)
    assert f"{head}: A.8.24" in seen.plan.rows[1].values["notes"]


def test_what_a_cell_says_besides_its_state_is_kept() -> None:
    rows = [["Fire", "Closed 12/05/2026", "Transfer (insurance)"], ["Rain", "Open - monitoring", "4 - Treat"]]
    seen = look(csv_bytes([["Risk", "Status", "Treatment"], *rows]))
    assert values(seen, "status") == ["closed", "open"] and values(seen, "treatment") == ["transfer", "reduce"]
    first, second = (row.values.get("notes") for row in seen.plan.rows)
    assert first == "Status: Closed 12/05/2026" and not second


def test_letters_of_an_old_macintosh_are_read() -> None:
    text = "Nr;Risk;Likelihood;Impact\r1;Café is flooded by Größe;3;5\r".encode("mac-roman")
    assert values(look(text, name="register.csv"), "title") == ["Café is flooded by Größe"]


def test_sums_below_an_impact_in_money_stay_notes_and_planned_ends_are_due() -> None:
    head = ["N°", "Risque", "Probabilité", "Impact (k€)", "Date de clôture prévue"]
    seen = look(
        csv_bytes([head, ["1", "Incendie", "3", "1 200,50", "31/12/2026"], ["2", "Vol", "2", "15", ""]], mark=";")
    )
    assert values(seen, "consequence") == [None, None] and values(seen, "due")[0] is not None
    assert "Impact (k€): 15" in seen.plan.rows[1].values["notes"]


@pytest.mark.parametrize(
    ("scores", "levels"),
    [((16, 12, 9, 8), [4, 3, 3, 2]), ((9, 6, 4, 3), [5, 3, 3, 1]), ((25, 15, 9, 5), [5, 3, 3, 1])],
    ids=["of five", "of three", "ours"],
)
def test_words_are_read_as_the_scores_of_the_file_number_them(scores: tuple[int, ...], levels: list[int]) -> None:
    words = [("High", "High"), ("Medium", "High"), ("Medium", "Medium"), ("Low", "High")]
    rows = [
        [f"Something number {n} happens", *pair, score]
        for n, (pair, score) in enumerate(zip(words, scores, strict=True))
    ]
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact", "Score"], *rows]))
    assert values(seen, "likelihood_now") == levels and not reasons(seen)
