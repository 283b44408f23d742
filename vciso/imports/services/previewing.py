"""Reading a file against the register, and keeping what was seen. Writes nothing to the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from vciso import files
from vciso.audit import services as audit
from vciso.files.scanning import MalwareFound
from vciso.files.uploads import safe_name
from vciso.imports import registry
from vciso.imports.enums import BatchState
from vciso.imports.keeping import Wording, encode, exponent_of
from vciso.imports.mapping import SKIP, Mapping
from vciso.imports.models import ImportBatch, ImportRow
from vciso.imports.neighbours import warn_of_other_clients
from vciso.imports.planning import PlannedRow, same_reference
from vciso.imports.previewing import Preview, Surroundings
from vciso.imports.previewing import preview as read_preview
from vciso.imports.reading import ImportRefused
from vciso.imports.reading.guard import ending
from vciso.imports.registry import ImportKind
from vciso.imports.services.remembering import Memory
from vciso.imports.shape import shape_of
from vciso.tenancy.enums import Language
from vciso.tenancy.models import Client, User


def plan_file(
    *,
    client: Client,
    kind: ImportKind,
    name: str,
    content: bytes,
    at: datetime,
    mapping: Mapping | None = None,
    tell: Tell = lambda step, words: None,
) -> Preview:
    """What importing the file would do, computed and not kept. Raises ``ImportRefused``."""
    memory = Memory(client, kind)
    seen = read_preview(name, content, kind, surroundings(client, kind, name, at, memory, tell), mapping=mapping)
    seen.read_from = memory.used
    warn_of_other_clients(client, seen.plan.rows)
    return seen


Tell = Callable[[int, str], None]


def surroundings(client: Client, kind: ImportKind, name: str, at: datetime, memory: Memory, tell: Tell) -> Surroundings:
    """The register, the people and the earlier imports a file is read against."""
    return Surroundings(
        recall=memory.recall,
        tell=tell,
        client=client,
        on=client.today(at),
        records=list(kind.records(client)),
        people=kind.people(client),
        measured=kind.measured(client, client.today(at)),
        exponent=exponent_of(client.currency),
        default_order="mdy" if client.language == Language.AMERICAN else "dmy",
        history=_history(client, kind, name),
    )


def _history(client: Client, kind: ImportKind, name: str) -> dict[str, str]:
    """The records that references of an earlier file of the same name became."""
    rows = (
        ImportRow.objects.filter(
            client=client,
            batch__kind=kind.name,
            batch__state__in=[BatchState.IMPORTED, BatchState.UNDOING],
            batch__file_name__iexact=safe_name(name),
            record_id__isnull=False,
            undone=False,
        )
        .exclude(reference="")
        .order_by("batch__imported_at", "position")
        .values_list("reference", "record_id")
    )
    return {same_reference(reference): str(record_id) for reference, record_id in rows}


@transaction.atomic
def preview(
    *,
    client: Client,
    kind: ImportKind,
    name: str,
    content: bytes,
    by: User | None,
    at: datetime,
    seen: Preview | None = None,
) -> ImportBatch:
    """Keep the file and show what importing it would do; ``seen`` is a plan just made of it.

    Refuses a file that cannot be read (``ImportRefused``); then nothing is kept.
    """
    seen = seen or plan_file(client=client, kind=kind, name=name, content=content, at=at)
    try:
        stored = files.store(client.pk, content, suffix=_suffix(seen))
    except MalwareFound as found:
        raise ImportRefused(str(found)) from found
    batch = ImportBatch(
        client=client,
        kind=kind.name,
        file_name=safe_name(name),
        file_key=stored.key,
        file_sha256=stored.sha256,
        file_size=stored.size,
        created_by=by,
        created_at=at,
    )
    batch.read_from = seen.read_from
    keep(batch, seen, kind, fresh=True)
    audit.record(
        verb="import.previewed",
        client=client,
        obj=batch,
        by=by,
        at=at,
        after={"kind": kind.name, "sha256": stored.sha256, **batch.counts},
    )
    return batch


@transaction.atomic
def change_mapping(*, batch: ImportBatch, mapping: Mapping, by: User | None, at: datetime) -> ImportBatch:
    """Read the kept file anew, the way a person says. Refuses one that was imported already."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("client").get(pk=batch.pk)
    if batch.state != BatchState.PREVIEWED:
        raise ImportRefused("This file was imported already. Undo that import or bring the file again.")
    kind = registry.get(batch.kind)
    content = files.read(batch.file_key)
    seen = plan_file(client=batch.client, kind=kind, name=batch.file_name, content=content, at=at, mapping=mapping)
    keep(batch, seen, kind)
    return batch


def look_again(*, batch: ImportBatch, by: User | None, at: datetime) -> ImportBatch:
    """Read the kept file anew against the register as it is now."""
    return change_mapping(batch=batch, mapping=batch.read_as, by=by, at=at)


def _suffix(seen: Preview) -> str:
    return f".{seen.book.form}"


def keep(batch: ImportBatch, seen: Preview, kind: ImportKind, *, fresh: bool = False) -> None:
    """Store what was seen of a file, in place of what was seen before."""
    batch.mapping = seen.mapping.to_json()
    batch.signature = seen.signature
    batch.counts = seen.plan.counts
    batch.remarks = seen.plan.remarks
    batch.skipped = [
        {"sheet": sheet, "row": item.row, "reason": item.reason, "text": item.text}
        for sheet, item in seen.plan.skipped[:2000]
    ]
    batch.questions = [asdict(question) for question in seen.questions]
    batch.shape = shape_of(seen, kind)
    batch.changed = ""
    batch.save(force_insert=fresh)
    if not fresh:
        batch.rows.all().delete()
    words = Wording(kind.people(batch.client), exponent_of(batch.client.currency), kind.day_of(batch.client))
    rows = [kept_row(batch, kind, words, row, position) for position, row in enumerate(seen.plan.rows)]
    ImportRow.objects.bulk_create(rows, batch_size=500)


def kept_row(batch: ImportBatch, kind: ImportKind, words: Wording, row: PlannedRow, position: int) -> ImportRow:
    """A planned row as it is shown and remembered."""
    return ImportRow(
        client_id=batch.client_id,
        batch=batch,
        position=position,
        sheet=row.sheet,
        number=row.number,
        cell=(row.remarks[0].cell if row.remarks else row.cell(kind.title_field)),
        outcome=row.outcome.value,
        warned=bool(row.warnings),
        title=row.title,
        reference=row.texts.get(kind.key_field, "")[:120],
        read=list(row.read.items()),
        remarks=[asdict(remark) for remark in row.remarks],
        choices=[
            {"key": choice.key, "question": choice.question, "options": choice.options, "answer": answer}
            for choice, answer in row.choices
        ],
        changes=[
            [kind.field(key).label, words.text(kind.field(key), before), words.text(kind.field(key), after)]
            for key, (before, after) in row.changes.items()
        ]
        + [list(one) for one in row.said if row.changes],
        record_reference=(row.record.reference[:120] if row.record else ""),
        before=encode({key: before for key, (before, _) in row.changes.items()}) or None,
    )


def original(batch: ImportBatch) -> tuple[bytes, str]:
    """The file as it came, and a name to offer it under."""
    name = batch.file_name
    if not ending(name):
        name += batch.file_key[batch.file_key.rfind(".") :]
    return files.read(batch.file_key), name


def as_answer(seen: Preview, kind: ImportKind) -> dict[str, Any]:
    """The preview as the command line prints it."""
    return {
        "counts": seen.plan.counts,
        "rows": [answer_row(row) for row in seen.plan.rows],
        "skipped": [
            {"sheet": sheet, "row": item.row, "reason": item.reason, "text": item.text}
            for sheet, item in seen.plan.skipped
        ],
        "questions": [asdict(question) for question in seen.questions],
        "remarks": seen.plan.remarks,
        "mapping": [
            {
                "sheet": table.sheet.name,
                "header_row": table.last_header,
                "columns": {
                    column.letter: {
                        "header": column.name,
                        "field": sheet.columns.get(column.index, SKIP) or "notes (unchanged)",
                    }
                    for column in table.columns
                    if column.index in sheet.columns
                },
            }
            for sheet, table in seen.tables
        ],
        "scales": {
            key: {scale.shown.get(form, form): level for form, level in scale.levels.items()}
            for key, scale in seen.scales.items()
        },
    }


def answer_row(row: PlannedRow) -> dict[str, Any]:
    """One row as the command line prints it: where, what becomes of it, why, and as it was read."""
    first = next((remark for remark in row.remarks if remark.refused), None) or next(iter(row.remarks), None)
    return {
        "sheet": row.sheet,
        "row": row.number,
        "cell": first.cell if first else row.cell(row.kind.title_field),
        "outcome": row.outcome.value,
        "reason": " ".join(
            [remark.reason for remark in row.remarks]
            + [choice.question for choice, answer in row.choices if not answer]
        ),
        "warnings": [
            {"cell": remark.cell, "field": remark.field, "value": remark.value, "reason": remark.reason}
            for remark in row.warnings
        ],
        "reference": row.record.reference if row.record else row.reference,
        "title": row.title,
        "values": row.read,
        "choices": [
            {
                "key": row.answer_key(choice.key),
                "question": choice.question,
                "options": dict(choice.options),
                "answer": answer,
            }
            for choice, answer in row.choices
        ],
        "means": encode({key: value for key, value in row.values.items() if value not in (None, "", [])}),
    }
