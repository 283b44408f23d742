"""How a form is read: remembered per client with each import, and per practice when a person says so."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vciso.audit import services as audit
from vciso.imports.guessing import Guess
from vciso.imports.mapping import Mapping
from vciso.imports.models import ImportBatch, PracticeReading, Reading
from vciso.imports.registry import ImportKind
from vciso.imports.settling import keep_scales
from vciso.tenancy.models import Client, User

CLIENT, PRACTICE = "client", "practice"


class Memory:
    """The remembered readings of one list of one client; the client's own come first."""

    def __init__(self, client: Client, kind: ImportKind) -> None:
        self.client, self.kind = client, kind
        self.own: dict[str, dict[str, Any]] = dict(
            Reading.objects.filter(client=client, kind=kind.name).values_list("signature", "mapping")
        )
        self.used = ""
        """Whose reading was taken: ``client``, ``practice`` or nothing."""

    def recall(self, proposal: Guess) -> Mapping | None:
        """The remembered decisions on the places of this file, or nothing."""
        stored = self.own.get(proposal.signature)
        whose = CLIENT
        if stored is None:
            stored, whose = practice_mapping(self.client, self.kind, proposal.signature), PRACTICE
        if stored is None:
            return None
        self.used = whose
        return adapted(Mapping.from_json(stored), proposal, self.kind)


def practice_mapping(client: Client, kind: ImportKind, signature: str) -> dict[str, Any] | None:
    """How the client's practice has this one form read; asked through a door, so that jobs may ask too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.practice_reading(%s, %s, %s)", [client.pk, kind.name, signature])
        row = cursor.fetchone()
    return json.loads(row[0]) if row and row[0] else None


def adapted(earlier: Mapping, guessed: Guess, kind: ImportKind) -> Mapping:
    """The earlier decisions on the places of the new file, as far as its numbers allow."""
    proposal = guessed.mapping
    used = [sheet for sheet in earlier.sheets if sheet.use]
    by_name = {sheet.name: sheet for sheet in used}
    places = [sheet for sheet in proposal.sheets if sheet.name in by_name] or [s for s in proposal.sheets if s.use]
    for number, now in enumerate(places):
        before = by_name.get(now.name) or (used[number] if number < len(used) else None)
        if before is None:
            continue
        now.use = True
        moved = before.first_header - before.guessed[0]
        if moved:
            height = before.last_header - before.first_header
            now.first_header = max(0, now.first_header + moved)
            now.last_header = now.first_header + height
            now.columns = dict(before.columns)
        else:
            now.columns |= {index: key for index, key in before.columns.items() if index in now.columns or len(key) < 2}
    if by_name and any(sheet.name in by_name for sheet in proposal.sheets):
        for sheet in proposal.sheets:
            sheet.use = sheet.name in by_name
    keep_scales(guessed, earlier, kind)
    proposal.people = earlier.people
    proposal.hidden, proposal.struck, proposal.prefer = earlier.hidden, earlier.struck, earlier.prefer
    if not guessed.order_told:
        proposal.date_order = earlier.date_order or proposal.date_order
    return proposal


def remember(*, batch: ImportBatch, by: User | None, at: datetime) -> None:
    """Keep how this import was read for the client's next file of the same form."""
    mapping = batch.read_as
    mapping.choices = {}
    Reading.objects.update_or_create(
        client_id=batch.client_id,
        kind=batch.kind,
        signature=batch.signature,
        defaults={
            "headings": headings_of(batch),
            "mapping": mapping.to_json(),
            "file_name": batch.file_name,
            "changed_by": by,
            "changed_at": at,
        },
    )


@transaction.atomic
def share_reading(*, batch: ImportBatch, by: User, at: datetime) -> PracticeReading:
    """Have every client of the practice read this form so, unless a client has a reading of its own.

    Only columns, scales' ends and the treatment of rows go along: no cell, no name of a tab, no
    person of this client.
    """
    mapping = batch.read_as
    shared = Mapping(
        sheets=[sheet for sheet in mapping.sheets if sheet.use], tops=mapping.tops, worst=mapping.worst,
        hidden=mapping.hidden, struck=mapping.struck,
    )  # fmt: skip
    for number, sheet in enumerate(shared.sheets, start=1):
        sheet.name = f"{number}"
    reading, _ = PracticeReading.objects.update_or_create(
        practice_id=batch.client.practice_id,
        kind=batch.kind,
        signature=batch.signature,
        defaults={
            "headings": headings_of(batch),
            "mapping": shared.to_json(),
            "changed_by": by,
            "changed_at": at,
        },
    )
    audit.record(verb="import.reading_shared", client=batch.client, obj=batch, by=by, at=at, after={"kind": batch.kind})
    return reading


@transaction.atomic
def forget(*, reading: Reading | PracticeReading, client: Client, by: User, at: datetime) -> None:
    """Forget how a form is read; the next file of it is guessed anew."""
    whose = CLIENT if isinstance(reading, Reading) else PRACTICE
    audit.record(
        verb="import.reading_forgotten", client=client, by=by, at=at, after={"kind": reading.kind, "whose": whose}
    )
    reading.delete()


def headings_of(batch: ImportBatch) -> list[str]:
    """The first headings of the form, by which a person knows it again."""
    used = {sheet.name for sheet in batch.read_as.sheets if sheet.use}
    found = [
        column["name"][:60]
        for sheet in batch.shape.get("sheets", [])
        if sheet["name"] in used
        for column in sheet["columns"]
    ]
    return list(dict.fromkeys(found))[:12]
