"""The workbook for a meeting: its columns, what it remembers of the moment it was made, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

from risks.columns.shared import WHY as WHY_KEY
from risks.columns.together import stamp
from vciso.imports import export, workbook
from vciso.imports.handed import said_then
from vciso.imports.planning import same_reference
from vciso.imports.reading.texts import shorten
from vciso.imports.registry import Field, FieldKind, ImportKind, Record, Situation
from vciso.tenancy.models import Client

PORTAL_ID = Field(
    key="portal_id",
    label="Portal ID",
    help="The number pages and prints say; leave it as it is",
    only_checked=True,
    shown=True,
)
SEVERITY = Field(
    key="severity_worked_out",
    label="Severity, worked out",
    help="Read, not written: it follows from likelihood and impact",
    only_checked=True,
    shown=True,
)
LIMIT = Field(
    key="limit_worked_out",
    label="Against the limit, worked out",
    help="Read, not written: it follows from the ratings, the estimate and the limits",
    only_checked=True,
    shown=True,
)
WHY = Field(
    key=WHY_KEY,
    label="Why it changed",
    help="Becomes the reason in the history of a rating that was changed",
    only_checked=True,
)
VERSION = Field(
    key="version",
    label="Portal version",
    kind=FieldKind.NUMBER,
    help="How often the risk had changed when the workbook was made; leave it as it is",
    only_checked=True,
)
EXPORTED = Field(
    key="as_handed_out",
    label="As handed out",
    help="What the row said when the workbook was made; leave it as it is",
    only_checked=True,
)
_EDITED = (
    "title", "owner", "likelihood_now", "impact_now", "likelihood_target", "impact_target", "treatment", "action",
    "due", "review", "status",
)  # fmt: skip
_ORDER = (
    "portal_id", "reference", "title", "owner", "likelihood_now", "impact_now", "severity_worked_out",
    "likelihood_target", "impact_target", "why_changed", "treatment", "action", "due", "review", "status", "links",
    "steps",
)  # fmt: skip
_WIDTHS = {
    "portal_id": 9, "reference": 11, "title": 34, "owner": 22, "severity_worked_out": 12, "why_changed": 26,
    "treatment": 12, "action": 38, "due": 12, "review": 12, "status": 10, "links": 24, "steps": 32, "meeting": 32,
    "version": 9,
}  # fmt: skip
_LISTS = "Lists"
CLIENT = "client"
"""Under which a row says for whom it was handed out."""


def with_theirs(columns: Iterable[Field]) -> tuple[Field, ...]:
    """The columns with the number a risk bears elsewhere beside the portal's own."""
    return tuple(replace(item, label="Their ID") if item.key == "reference" else item for item in columns)


def columns_of(fields: Sequence[Field]) -> tuple[Field, ...]:
    """What is looked at and written in a meeting; what is noted there comes back as private notes."""
    by_key = {item.key: item for item in fields}
    noted = Field(key="meeting", label="Notes of the meeting", multiple=True)
    return (*with_theirs(by_key[key] for key in _ORDER), noted, VERSION, EXPORTED)


def both_ids(record: Record) -> Record:
    """A record whose number elsewhere is left out where it has none."""
    theirs = "" if record.values["reference"] == record.more["portal_id"] else record.values["reference"]
    return replace(record, values={**record.values, "reference": theirs})


def name_rows(rows: Sequence[Any]) -> Sequence[tuple[Any, str]]:
    """A row goes by the portal's number, and bears that where it has none of theirs."""
    then = {id(row): said_then(row.values.get(EXPORTED.key)) or {} for row in rows}
    called = {str(said["title"]): said.get(PORTAL_ID.key) for said in then.values() if said.get("title")}
    for row in rows:
        ours, said = row.values.pop(PORTAL_ID.key, None), then[id(row)]
        if not ours:
            continue
        title = said.get("title") or ""
        row.own = _number_of(row, ours, said, called)
        row.own_title = str(title[0] if isinstance(title, list) and title else title)
        if not row.reference:
            row.values["reference"] = row.texts["reference"] = row.own
    return ()


def _number_of(row: Any, ours: str, said: Mapping[str, Any], called: Mapping[str, Any]) -> str:
    """The portal's number of a row, also where its cells were sorted apart from that.

    A row with its title of then, and what it was handed out with, is what it was handed out as. One with
    the title of another row belongs to nobody any more and is refused.
    """
    title = stamp(row.kind.by_key["title"], row.values.get("title"))
    number = said.get(PORTAL_ID.key)
    if title == said.get("title"):
        if number and same_reference(number) != same_reference(ours):
            row.warn(PORTAL_ID.key, f"“{ours}” stands beside what was handed out as {number}, and is read as that.")
            return str(number)
    elif said and (other := called.get(str(title))) and same_reference(other) != same_reference(ours):
        row.refuse(
            PORTAL_ID.key,
            f"The number is {ours} and the title that of {other}: the list was sorted without all of its columns. Sort "
            "whole rows, then bring it again.",
        )
    return ours


def check_client(row: Any, situation: Situation) -> None:
    """A row that was handed out for another client says nothing of this one: both have an R-001."""
    said = said_then(row.values.get(EXPORTED.key)) or {}
    if said.get(CLIENT, str(situation.client.pk)) != str(situation.client.pk):
        row.refuse(PORTAL_ID.key, "The workbook was made for another client. Bring it there.")


def check_reference(row: Any) -> None:
    """A number of theirs that was changed in a row of a known risk is told: no file changes it."""
    if row.record is None or same_reference(row.own) != same_reference(row.record.own):
        return
    held, text = row.record.reference, row.texts.get("reference", "")
    if same_reference(text) not in {same_reference(held), same_reference(row.record.own)}:
        stays = f"“{held}” stays" if held != row.record.own else "the risk stays without one"
        row.warn("reference", f"“{shorten(text, 60)}” is another number than the risk has here: {stays}. A number says "
                 "which risk a row is, so no file changes it.")  # fmt: skip


def write(kind: ImportKind, columns: Sequence[Field], client: Client, records: Iterable[Record], out: IO[bytes]) -> int:
    """Write the workbook; answers how many risks it holds."""
    people = [entry.text for entry in kind.people(client)]
    by_key = kind.by_key
    handed = (_handed(record, by_key, str(client.pk)) for record in records)
    choices = {
        "treatment": [words[0] for words in by_key["treatment"].choices.values()],
        "status": [by_key["status"].choices[value][0] for value in ("open", "proposed", "closed")],
        "owner": people,
    }
    choices |= {item.key: ["1", "2", "3", "4", "5"] for item in columns if item.kind is FieldKind.SCALE}
    choices = {key: words for key, words in choices.items() if words}
    letters = {key: chr(65 + number) for number, key in enumerate(choices)}
    places = {key: f"{_LISTS}!${letters[key]}$2:${letters[key]}${len(words) + 1}" for key, words in choices.items()}
    keys = [item.key for item in columns]
    longest = max(map(len, choices.values()))
    sheet = workbook.Sheet(
        kind.label,
        [(item.heading, _WIDTHS.get(item.key, 11)) for item in columns],
        export.rows_of(kind, client, columns=columns, records=handed),
        lists={keys.index(key): place for key, place in places.items()},
        open_lists=frozenset({keys.index("owner")}),
        hidden_columns=frozenset({keys.index(EXPORTED.key)}),
        on_paper=True,
    )
    lists = workbook.Sheet(
        _LISTS,
        [(key, 30) for key in choices],
        [
            [_number(words[row]) if row < len(words) else None for words in choices.values()]
            for row in range(longest)
        ],
        hidden=True,
    )  # fmt: skip
    return workbook.write_book(out, [sheet, lists]) - longest


def _number(word: str) -> Any:
    return int(word) if word.isdigit() else word


def _handed(record: Record, fields: dict[str, Field], client: str) -> Record:
    """A record with what it says at this moment, so that a workbook that comes back tells who changed what."""
    said = {key: stamp(fields[key], record.values.get(key)) for key in _EDITED}
    said |= {key: stamp(fields[key], record.more.get(key)) for key in ("steps", SEVERITY.key, PORTAL_ID.key)}
    said[CLIENT] = client
    shown = both_ids(record)
    return replace(shown, more={**shown.more, EXPORTED.key: json.dumps(said, ensure_ascii=False)})
