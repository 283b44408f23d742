"""What a workbook that went to a meeting says beside what the portal says now."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engagements.models import Person
from risks.selectors.wording import full_day
from vciso.imports.comparing import comparable
from vciso.imports.handed import said_then
from vciso.imports.keeping import Wording, exponent_of
from vciso.imports.planning import Choice
from vciso.imports.reading.texts import shorten
from vciso.imports.registry import Field, FieldKind, PersonEntry, Situation
from vciso.tenancy.models import Client

PORTAL, FILE = "portal", "file"
SHORT = 100
"""Characters of a text that travel with its row."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What the cells of a row said when its workbook was made, by column, and the columns changed since."""

    said: Mapping[str, Any]
    touched: frozenset[str]


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


def stamp(item: Field, value: Any) -> Any:
    """What a cell says, short enough to travel with its row: of a long text the beginning and a digest."""
    value = comparable(item.kind, value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and len(value) > SHORT:
        return [value[:SHORT], hashlib.sha256(value.encode()).hexdigest()[:32]]
    return value


def opened(row: Any, situation: Situation) -> Handed | None:
    """What a row of a workbook said when it was handed out; nothing for other files.

    A cell that says so still was not touched, and says what the portal says by now.
    """
    text = row.values.pop("as_handed_out", None)
    severity = row.values.pop("severity_worked_out", None)
    row.values.pop("limit_worked_out", None)
    if row.record is None:
        return None
    if row.values.get("version") is not None:
        _leave_past(row, situation)
    handed = said_then(text)
    if handed is None:
        return None
    touched = set()
    for key, said in handed.items():
        item = row.kind.by_key.get(key)
        if item is None or stamp(item, row.values.get(key)) != said:
            touched.add(key)
            continue
        known = row.record.values if item.stored else row.record.more
        row.values[key] = known.get(key)
    if severity and severity != handed.get("severity_worked_out"):
        row.warn("severity_worked_out", "Severity is worked out. Change likelihood or impact instead.")
    return Handed(handed, frozenset(touched))


def _leave_past(row: Any, situation: Situation) -> None:
    """A meeting plans ahead: a day that has passed is an odd cell, unless it stands so."""
    for key in ("due", "review"):
        day = row.values.get(key)
        if day is not None and day < situation.on and day != row.record.values.get(key):
            row.warn(
                key, f"{full_day(day, situation.client)} has passed, so the day stays as it was. Give a day to come."
            )
            row.values[key] = None


def ask_of_conflicts(row: Any, situation: Situation, handed: Handed | None) -> None:
    """What was changed here and in the workbook is asked about, cell by cell, before anything is written.

    A workbook that no longer says what it was handed out with is compared by the version alone.
    """
    seen = row.values.pop("version", None)
    if seen is None or row.record is None or (handed is None and seen == row.record.more.get("version")):
        return
    words = Wording(names(situation), exponent_of(situation.client.currency), row.kind.day_of(situation.client))
    for key, (here, there) in row.changes_from_record().items():
        item = row.kind.field(key)
        said = handed.said if handed is not None else {}
        if item.appends or (handed is not None and (key not in said or said[key] == stamp(item, here))):
            continue
        says = [shorten(words.text(item, value), 80) or "nothing" for value in (here, there)]
        was = f" It said “{said_words(item, said[key], words)}” then." if handed is not None else ""
        choice = Choice(
            f"conflict_{key}",
            f"{row.record.reference} was changed here since this workbook was made. {item.label}: the portal says "
            f"“{says[0]}”, the workbook “{says[1]}”.{was} Which counts?",
            ((PORTAL, f"Keep “{says[0]}”"), (FILE, f"Take “{says[1]}”")),
        )
        if row.ask(choice, situation.answers.get(row.answer_key(choice.key), "")) == PORTAL:
            row.values[key] = None
            if key.startswith("impact_"):
                row.values[key.replace("impact_", "impacts_")] = None


def said_words(item: Field, said: Any, words: Wording) -> str:
    """A stamp as people read it."""
    if isinstance(said, list):
        return f"{said[0][:80]}…"
    if item.kind is FieldKind.DATE and said:
        said = dt.date.fromisoformat(said)
    return shorten(words.text(item, said), 80) or "nothing"


def names(situation: Situation) -> list[PersonEntry]:
    """The names of owners, looked up once for a file."""
    return situation.once("people", _people)


def _people(client: Client) -> list[PersonEntry]:
    """The names of owners, those who left too."""
    rows = Person.objects.filter(client=client).values_list("pk", "name")
    return [PersonEntry(key=str(pk), name=name) for pk, name in rows]
