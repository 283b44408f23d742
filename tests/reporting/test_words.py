"""Headings are sentences made from figures; edits win; the linter warns and never blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporting import formats, plain_english, unknown, words
from reporting.documents import Figure, Term
from tests.reporting import examples
from tests.reporting.golden_files import EXAMPLES, document


@pytest.mark.parametrize("name", EXAMPLES)
def test_default_words_have_no_warning(name: str) -> None:
    assert plain_english.warnings(document(name)) == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_not_known_is_said_in_plain_english(name: str) -> None:
    for sentences in unknown.of(document(name)).values():
        for sentence in sentences:
            assert plain_english.check(sentence) == []
            assert sentence.endswith(".")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_section_has_a_heading_and_a_short_title(name: str) -> None:
    made = document(name)
    assert [one.key for one in made.words] == list(words.sections(made))
    for one in made.words:
        assert one.heading
        assert one.key in words.SHORT


def heading(document: object, key: str) -> str:
    return next(one.heading for one in words.defaults(document) if one.key == key)  # type: ignore[arg-type]  # either document


def test_headings_say_the_figures() -> None:
    report = examples.monthly()
    assert heading(report, "risks") == "Four risks are above your limits; two got better and one got worse"
    assert heading(report, "needs") == "What we need from you: three items, about 30 minutes"
    assert heading(report, "hours") == "31.5 of 36 agreed hours used, 4.5 left"
    assert heading(report, "accepted") == "One acceptance ran out and the risk is still open"


def test_a_single_item_is_singular() -> None:
    report = examples.one_item_monthly()
    assert heading(report, "risks") == "One risk is above your limits"
    assert heading(report, "needs") == "What we need from you: one item, about 15 minutes"
    assert heading(report, "coming") == "Next month: one date to keep"


def test_without_a_limit_nothing_is_called_inside_it() -> None:
    report = examples.monthly()
    without = replace(report, risks=replace(report.risks, above=Figure.unknown("risks.above.1")))
    assert heading(without, "risks") == "14 risks on the register, no limit set yet"


def test_unrated_risks_are_not_called_fine() -> None:
    report = examples.monthly()
    block = replace(report.risks, unrated=examples.some("risks.unrated.1", 14))
    assert heading(replace(report, risks=block), "risks") == "14 risks on the register, none rated yet"
    assert "14 risks are not rated yet and cannot be ranked." in unknown.risks(block)


def test_an_edited_heading_wins_and_an_empty_one_does_not() -> None:
    edits = {"risks": {"heading": "Mine."}, "plan": {"heading": "  ", "body": "**More**"}}
    made = {one.key: one for one in words.apply(examples.monthly(), edits).words}
    assert made["risks"].heading == "Mine."
    assert made["plan"].heading == "Three pieces of work finished, five open, one late"
    assert made["plan"].body == "**More**"


def test_an_override_prints_its_reason() -> None:
    report = examples.monthly()
    worse = replace(report.status, computed="Watch", override_reason="The audit found more.")
    body = next(one.body for one in words.defaults(replace(report, status=worse)) if one.key == "status")
    assert "The records say Watch; your adviser set Act now: The audit found more." in body


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("We built a robust wall.", "fear or comfort word", "robust"),
        ("Our posture is better.", "fear or comfort word", "posture"),
        ("We turned on MFA for all.", "jargon", "MFA"),
        ("There is a risk of cyber attack.", "jargon", "risk of cyber attack"),
        ("We bought a CNAPP.", "unexplained abbreviation", "CNAPP"),
        ("The backup was not completed.", "nobody named", "The backup was not completed."),
        ("IT will fix it.", "nobody named", "IT will fix it."),
    ],
)
def test_the_linter_finds(text: str, kind: str, found: str) -> None:
    assert (kind, found) in [(one.kind, one.text) for one in plain_english.check(text)]


def test_the_linter_finds_long_sentences_and_paragraphs() -> None:
    kinds = [one.kind for one in plain_english.check(" ".join(["word"] * 21) + ".")]
    assert kinds == ["long sentence"]
    assert [one.kind for one in plain_english.check("One. Two. Three. Four.")] == ["long paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "R-014 fell from 16 to 12 after GDPR advice.",
        "- One point.\n- Another point.\n- A third.",
        "The board in the US meets in Q3 2026.",
        "It costs $148,000 once.",
    ],
)
def test_the_linter_leaves_alone(text: str) -> None:
    assert plain_english.check(text) == []


def test_a_word_in_the_glossary_is_explained() -> None:
    assert plain_english.check("We use EDR and CNAPP.", glossary=(Term("EDR", "x"), Term("CNAPP", "y"))) == []


@pytest.mark.parametrize(
    ("minor", "currency", "about", "said"),
    [
        (14_800_000, "USD", False, "$148,000"),
        (23_987_654, "USD", True, "about $240,000"),
        (0, "EUR", True, "€0"),
        (-5000, "GBP", False, "−£50"),
        (5000, "JPY", False, "JPY 5,000"),
        (5000, "CHF", False, "CHF 50"),
        (None, "USD", False, "not known"),
    ],
)
def test_money_is_printed(minor: int | None, currency: str, about: bool, said: str) -> None:
    assert formats.money(minor, currency, about=about) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 hours"), (20, "20 minutes"), (60, "1 hour"), (1890, "31.5 hours"), (None, "not known")],
)
def test_hours_are_printed(minutes: int | None, said: str) -> None:
    assert formats.hours(minutes) == said


def test_numbers_in_sentences() -> None:
    assert formats.counted(1, "risk") == "one risk"
    assert formats.counted(41, "risk") == "41 risks"
    assert formats.counted(2, "policy", "policies") == "two policies"
    assert formats.listing(["a", "b", "c"]) == "a, b and c"
