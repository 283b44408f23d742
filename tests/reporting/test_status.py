"""The status word: the worst thing decides, and not knowing is never fine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engagements.services import work
from reporting import selectors
from reporting.enums import Word
from reporting.facts import gather
from reporting.models import Report
from reporting.services.composing import edition
from reporting.status import Inputs, compute
from risks.models import Risk
from tests.factories.cast import Cast
from tests.reporting.conftest import NOW, as_alice

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


@pytest.mark.django_db
def test_home_and_report_say_the_same_word(programme: Cast) -> None:
    today = programme.acme.today(NOW)
    with as_alice(programme):
        for change in (None, "limits", "ownerless"):
            if change == "limits":
                Risk.objects.filter(is_above=True).update(position="inside", is_above=False)
            if change == "ownerless":
                work.add_task(
                    client=programme.acme,
                    title="Nobody does this",
                    due_on=today,
                    by=programme.alice,
                    at=NOW,
                    side="client",
                )
            shown = selectors.status_of(selectors.status_words(on=today), programme.acme.pk)
            if change is None:
                report = Report(client=programme.acme, kind="monthly", period="2026-11", requested_at=NOW)
                facts = gather(report, at=NOW, edition=edition(report, at=NOW))
                assert (shown.label, shown.reasons[0]) == (facts.status.word, facts.status.reasons[0].text)
            else:
                assert shown.word == {"limits": Word.INSIDE, "ownerless": Word.WATCH}[change]
        assert selectors.status_of({}, programme.globex.pk).word == Word.NOT_KNOWN
