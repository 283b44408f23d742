"""What a workbook that went to a meeting says beside what the portal says now."""

from __future__ import annotations

import re
from typing import Any

from engagements.models import Person
from vciso.imports.keeping import Wording, exponent_of
from vciso.imports.planning import Choice
from vciso.imports.reading.texts import shorten
from vciso.imports.registry import PersonEntry, Situation

PORTAL, FILE = "portal", "file"
_LEVEL = re.compile(r"(\d)(?=\s*(?:;|$))")


def keep_together(row: Any, kind: str) -> None:
    """Where a file changes only the worst impact, or only the impacts by category, the other follows.

    The categories that were worst go to the new level, and none stays above it, so that a rating typed
    in a meeting keeps the categories it had.
    """
    if row.record is None:
        return
    single, several = f"impact_{kind}", f"impacts_{kind}"
    was, words = row.record.values.get(single), row.record.values.get(several) or ""
    level, given = row.values.get(single), row.values.get(several)
    levels = [int(found) for found in _LEVEL.findall(words)]
    if level is not None and level != was and levels and given in (None, "", words):
        row.values[several] = _LEVEL.sub(lambda found: str(_moved(int(found[1]), max(levels), level)), words)
    elif given not in (None, "", words) and level in (None, was):
        row.values[single] = max((int(found) for found in _LEVEL.findall(given)), default=level)


def _moved(one: int, worst: int, to: int) -> int:
    return to if one == worst else min(one, to)


def ask_of_conflicts(row: Any, situation: Situation) -> None:
    """A risk that changed here since its workbook was made is asked about, cell by cell, before anything is written."""
    seen = row.values.pop("version", None)
    if seen is None or row.record is None or seen == row.record.more.get("version"):
        return
    words = Wording(_people(situation), exponent_of(situation.client.currency))
    for key, (here, there) in row.changes_from_record().items():
        item = row.kind.field(key)
        if item.appends:
            continue
        says = [shorten(words.text(item, value), 80) or "nothing" for value in (here, there)]
        choice = Choice(
            f"conflict_{key}",
            f"{row.record.reference} was changed here since this workbook was made. {item.label}: the portal says "
            f"“{says[0]}”, the workbook “{says[1]}”. Which counts?",
            ((PORTAL, f"Keep “{says[0]}”"), (FILE, f"Take “{says[1]}”")),
        )
        if row.ask(choice, situation.answers.get(row.answer_key(choice.key), "")) == PORTAL:
            row.values[key] = None


def _people(situation: Situation) -> list[PersonEntry]:
    """The names of owners, looked up once for a file."""
    if "people" not in situation.memory:
        rows = Person.objects.filter(client=situation.client).values_list("pk", "name")
        situation.memory["people"] = [PersonEntry(key=str(pk), name=name) for pk, name in rows]
    return situation.memory["people"]
