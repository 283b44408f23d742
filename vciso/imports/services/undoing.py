"""Taking a whole import back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from vciso.audit import services as audit
from vciso.imports import registry
from vciso.imports.enums import BatchState, RowOutcome
from vciso.imports.keeping import decode, same
from vciso.imports.models import UNDO_DAYS, ImportBatch, ImportRow
from vciso.imports.reading import ImportRefused
from vciso.imports.registry import ImportKind, Record, UndoRefused
from vciso.tenancy.models import User


@dataclass
class UndoResult:
    """How many records were taken back, and which stay, by name and reason."""

    batch: ImportBatch
    undone: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def undo(*, batch: ImportBatch, by: User | None, at: datetime) -> UndoResult:
    """Remove what the import made and restore what it changed, last row first.

    Refuses one that is not imported or is older than 30 days. A record that
    somebody changed since stays as it is and is named.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("client").get(pk=batch.pk)
    if batch.state != BatchState.IMPORTED:
        raise ImportRefused("There is nothing to undo: this file is not imported.")
    if not batch.may_undo(at):
        raise ImportRefused(f"An import can be undone for {UNDO_DAYS} days. Change the records one by one instead.")
    kind = registry.get(batch.kind)
    there = {record.id: record for record in kind.records(batch.client)}
    result = UndoResult(batch)
    rows = list(batch.rows.written().order_by("-position"))
    for row in rows:
        why = _undo_row(row, there.get(str(row.record_id)), kind, batch, by, at)
        row.undone, row.undo_refused = not why, why
        if why:
            result.kept.append(f"{row.record_reference or row.title}: {why}")
        else:
            result.undone += 1
    ImportRow.objects.bulk_update(rows, ["undone", "undo_refused"], batch_size=500)
    if not result.kept:
        batch.state = BatchState.UNDONE
    batch.undone_by, batch.undone_at = by, at
    batch.save()
    audit.record(
        verb="import.undone",
        client=batch.client,
        obj=batch,
        by=by,
        at=at,
        after={"kind": kind.name, "undone": result.undone, "kept": len(result.kept)},
    )
    return result


def _undo_row(
    row: ImportRow, record: Record | None, kind: ImportKind, batch: ImportBatch, by: User | None, at: datetime
) -> str:
    """Take one row back; the answer is why not, or nothing."""
    if record is None:
        return "" if row.outcome == RowOutcome.NEW else "it is no longer there."
    if row.after is None or not same(kind, record.values, decode(kind, row.after)):
        return "it was changed since the import."
    try:
        with transaction.atomic():
            if row.outcome == RowOutcome.NEW:
                kind.remove(record.id, client=batch.client, by=by, at=at)
            else:
                kind.restore(record.id, decode(kind, row.before or {}), client=batch.client, by=by, at=at)
    except UndoRefused as refusal:
        return str(refusal)
    except (ProtectedError, IntegrityError):
        return "other records refer to it by now."
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
