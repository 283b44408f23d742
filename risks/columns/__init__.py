"""The register as a spreadsheet: its columns, its own rules for a row, and the way in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engagements.models import Person
from risks.columns.reading import records
from risks.columns.writing import apply, remove, restore
from risks.enums import RatingKind, Status
from vciso.imports.registry import Field, ImportKind, PersonEntry, Situation
from vciso.imports.words.risks import FIELDS
from vciso.tenancy.models import Client


def _by_category(kind: str) -> Field:
    words = {"before": "before controls", "now": "now", "target": "target"}[kind]
    return Field(
        key=f"impacts_{kind}",
        label=f"Impact by category {words}",
        synonyms=(f"impact by category {words}", f"impacts {words}"),
        help="Each category with its level: Financial 3; People 5",
        group=f"Rating {words}",
        max_length=400,
    )


COLUMNS = (*FIELDS, *(_by_category(kind) for kind in RatingKind))


def people(client: Client) -> Sequence[PersonEntry]:
    """Everybody in the client's directory."""
    return [
        PersonEntry(key=str(person.pk), name=person.name, email=person.email, job_title=person.job_title)
        for person in Person.objects.filter(client=client, active=True).order_by("name", "pk")
    ]


def check(row: Any, situation: Situation) -> None:
    """The register's own rules, before a row is compared with its record."""
    values = row.values
    if values.get("status") == "accepted":
        values["status"], values["accepted"] = Status.OPEN, True
    if values.get("accepted") and not (row.record and row.record.values.get("accepted")):
        named = values.get("accepted_by") and values.get("accepted_on")
        row.warn(
            "accepted",
            "Kept as a note that it was accepted. It counts once the person signs here."
            if named
            else "Accepted without a name and a date: kept as a gap, not as accepted.",
        )
    closed = values.get("closed_on")
    if closed and closed <= situation.on and row.record is None and not row.texts.get("status"):
        values["status"] = Status.CLOSED
    raised = values.get("raised_on")
    if raised is not None and raised > situation.on:
        row.warn("raised_on", f"{raised.isoformat()} is a day to come; today is taken instead.")
        values["raised_on"] = situation.on
    for kind in RatingKind:
        _check_rating(row, kind)


def _check_rating(row: Any, kind: str) -> None:
    likelihood, impact = row.values.get(f"likelihood_{kind}"), row.values.get(f"impact_{kind}")
    if row.record is None and (likelihood is None) != (impact is None):
        missing = "likelihood" if likelihood is None else "impact"
        row.warn(f"{missing}_{kind}", f"No {missing} is given, so this rating stays “not rated”.")


KIND = ImportKind(
    name="risks",
    label="Risk register",
    noun="risk",
    plural="risks",
    fields=COLUMNS,
    records=records,
    apply=apply,
    remove=remove,
    restore=restore,
    people=people,
    check=check,
    permission="risks.import",
)
