"""The status word: the worst thing decides, and not knowing is never fine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporting.enums import Word
from reporting.status import Inputs, compute

CALM = Inputs(rated=9, with_limit=9, above_unplanned=0, above_planned=0, above_accepted=0, due_without_owner=0)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, Word.INSIDE),
        ({"above_unplanned": 1}, Word.ACT_NOW),
        ({"above_unplanned": 1, "above_accepted": 3}, Word.ACT_NOW),
        ({"above_planned": 2}, Word.WATCH),
        ({"above_accepted": 1}, Word.WATCH),
        ({"due_without_owner": 1}, Word.WATCH),
        ({"rated": 0, "with_limit": 0}, Word.NOT_KNOWN),
        ({"with_limit": 0}, Word.NOT_KNOWN),
        ({"with_limit": 0, "due_without_owner": 1}, Word.WATCH),
    ],
)
def test_the_word_follows_from_the_counts(change: dict[str, int], word: Word) -> None:
    assert compute(replace(CALM, **change)).word == word


def test_the_reasons_are_sentences_with_their_numbers() -> None:
    found = compute(replace(CALM, above_planned=1, above_accepted=2))
    assert found.sentence == (
        "One risk is above your limit; an approved plan is running. "
        "Two risks above your limit have been accepted until a date."
    )
