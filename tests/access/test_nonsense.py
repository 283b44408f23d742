"""What no form sends. Every form of every page, with strangers' values in its fields."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.asking import Answer, Asker
from tests.access.matrix import open_pages
from tests.access.world import World
from tests.formwork import forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
NOBODYS = "00000000-0000-4000-8000-000000000000"
NONSENSE: list[Any] = [
    "a\x00b", "1e400", ["a", "b"], "2026-02-31", NOBODYS, "x" * 20_000, "NaN", "-1", "9" * 400, "9999-12-31",
    "0001-01-01", "٣", "½", "{}", "' OR 1=1 --", "%00", "../../etc/passwd", "9223372036854775808", "\ud7ff\r\nA: b",
]  # fmt: skip
# No field takes this, not even one that holds any text.
NOWHERE = "a\x00b"
# All fields of a form hold nonsense, each another one; so many times.
ROUNDS = 2
# So many forms were found when this was written, and so many of their answers were refusals.
FORMS, REFUSALS = 90, 200
# As they stand, so that what was typed is looked at, not that somebody saved in between.
KEPT = ("seen_version", "version")
PEOPLE = ("consultant", "practice_admin", "owner", "board", "contributor")
ELSEWHERE = ("/account/", "/patterns/")


def _forms(asker: Asker, world: World, known: set[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each kind of form once: where it is sent to, and what it would send."""
    for _, page, content in open_pages(asker, world):
        for form in forms_of(content, page):
            sent = form.as_it_stands()
            kind = form.name, frozenset(sent)
            if kind not in known and not form.action.startswith(ELSEWHERE):
                known.add(kind)
                yield form.action, sent


def _thrown(asker: Asker, world: World, known: set[Any]) -> Iterator[tuple[str, Answer]]:
    """What was sent, and the answer."""
    values = itertools.cycle(NONSENSE)
    for action, sent in _forms(asker, world, known):
        fields = [name for name in sent if name not in KEPT]
        for _ in range(ROUNDS if fields else 0):
            typed = {**sent, **{name: next(values) for name in fields}}
            yield f"{action} {str(typed)[:300]}", asker.ask(action, "POST", typed)
        for name in fields[:2]:
            yield f"{action} {name}", asker.ask(action, "POST", {**sent, name: NOWHERE})


def _wrong(answer: Answer) -> str:
    """Broken, or a refusal that does not say in words what is wrong."""
    if answer.status >= 500:
        return f"{answer.status} {answer.broke}"
    said = any(mark in answer.text for mark in ("err-sum", 'class="error"', 'role="alert"'))
    return "422 without a word" if answer.status == 422 and not said else ""


def test_nonsense_in_any_field_is_refused_in_words(world: World, settings: Any) -> None:
    """Never 500, whichever field of whichever form, as whoever may send it; a refused page says what is wrong."""
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, (10**6, 60))
    logging.disable(logging.ERROR)  # hundreds of refusals are meant
    known: set[Any] = set()
    try:
        answers = [found for person in PEOPLE for found in _thrown(Asker(world.people[person]), world, known)]
    finally:
        logging.disable(logging.NOTSET)
    wrong = [f"{what}: {fault}" for what, answer in answers if (fault := _wrong(answer))]
    assert not wrong, "\n".join(wrong)
    refusals = [answer for _, answer in answers if answer.status in (400, 422)]
    assert len(known) >= FORMS and len(refusals) >= REFUSALS, (len(known), len(refusals))
