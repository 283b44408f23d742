"""Taking a whole import back: a short one at once, a long one behind the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
from vciso.imports.services.importing import AT_ONCE, BATCH, Tell
from vciso.jobs import services as jobs
from vciso.jobs.models import Job
from vciso.tenancy.models import User

UNDO = "imports.undo"


@dataclass
class UndoResult:
    """How many records were taken back, and which stay, by name and reason."""

    batch: ImportBatch
    undone: int = 0
    kept: list[str] = field(default_factory=list)
    job: Job | None = None
    """Does it behind the page, where the import is long; nothing is taken back yet."""


@transaction.atomic
def start_undo(*, batch: ImportBatch, by: User, at: datetime) -> UndoResult:
    """Undo now, or behind the page when the import is long; the job then says how far it is.

    One whose job was given up may be started anew, also when its days have passed meanwhile.
    """
    batch = _held(batch, at)
    if batch.state == BatchState.IMPORTED and batch.rows.written().count() <= AT_ONCE:
        return undo(batch=batch, by=by, at=at)
    batch.state = BatchState.UNDOING
    batch.save(update_fields=["state"])
    job = jobs.enqueue(
        UNDO,
        key=f"undo:{batch.pk}",
        client_id=batch.client_id,
        args={"batch": str(batch.pk), "by": str(by.pk)},
        by=by,
        at=at,
    )
    return UndoResult(batch, job=job)


@transaction.atomic
def undo(*, batch: ImportBatch, by: User | None, at: datetime, tell: Tell = lambda done, of: None) -> UndoResult:
    """Remove what the import made and restore what it changed, in the order of the import turned round.

    Refuses one that is not imported or is older than 30 days. A record that
    somebody changed since stays as it is and is named.
    """
    batch = _held(batch, at)
    kind = registry.get(batch.kind)
    rows = list(batch.rows.written().order_by("-position"))
    kept = _TakingBack(batch, kind, by, at).take_back(rows, tell)
    stay = [row for row in rows if row.pk in kept]
    for row in stay:
        row.undo_refused = kept[row.pk]
    batch.rows.written().exclude(pk__in=list(kept)).update(undone=True, undo_refused="")
    ImportRow.objects.bulk_update(stay, ["undo_refused"], batch_size=500)
    batch.state = BatchState.IMPORTED if stay else BatchState.UNDONE
    batch.undone_by, batch.undone_at = by, at
    batch.save()
    audit.record(
        verb="import.undone",
        client=batch.client,
        obj=batch,
        by=by,
        at=at,
        after={"kind": kind.name, **_counted(rows, kept)},
    )
    named = [f"{row.record_reference or row.title}: {row.undo_refused}" for row in stay]
    return UndoResult(batch, undone=len(rows) - len(stay), kept=named)


def _counted(rows: Sequence[ImportRow], kept: Mapping[Any, str]) -> dict[str, int]:
    """How many records went, how many stand as before, and how many stay as they are."""
    gone = [row for row in rows if row.pk not in kept]
    new = sum(row.outcome == RowOutcome.NEW for row in gone)
    return {"removed": new, "restored": len(gone) - new, "kept": len(kept)}


def _held(batch: ImportBatch, at: datetime) -> ImportBatch:
    """The import, held against anybody else's undo. Refuses one that can't be undone; one begun may always end."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("client").get(pk=batch.pk)
    if batch.state not in (BatchState.IMPORTED, BatchState.UNDOING):
        raise ImportRefused("There is nothing to undo: this file is not imported.")
    if batch.state == BatchState.IMPORTED and not batch.may_undo(at):
        raise ImportRefused(f"An import can be undone for {UNDO_DAYS} days. Change the records one by one instead.")
    return batch


class _TakingBack:
    """Takes rows back, new ones many at once where the app can; what a part refuses is found by halving it."""

    def __init__(self, batch: ImportBatch, kind: ImportKind, by: User | None, at: datetime) -> None:
        self.kind, self.client = kind, batch.client
        self.who: dict[str, Any] = {"client": batch.client, "by": by, "at": at}
        self.kept: dict[Any, str] = {}
        """Why a row stays, by its key."""

    def take_back(self, rows: Sequence[ImportRow], tell: Tell) -> Mapping[Any, str]:
        """Changed records first, one by one, then the new ones: an import writes them the other way round."""
        self._hold([row.record_id for row in rows])
        there = {record.id: record for record in self.kind.records(self.client)}
        due = [row for row in rows if self._is_due(row, there.get(str(row.record_id)))]
        changed = [row for row in due if row.outcome != RowOutcome.NEW]
        new = [row for row in due if row.outcome == RowOutcome.NEW]
        at_once = BATCH if self.kind.remove_new else 1
        parts = [[row] for row in changed] + [new[start : start + at_once] for start in range(0, len(new), at_once)]
        done, told = 0, 0
        for part in parts:
            self._take(part)
            done += len(part)
            if done - told >= BATCH or done == len(due):
                tell(done, len(due))
                told = done
        return self.kept

    def _hold(self, ids: Sequence[Any]) -> None:
        """Whoever wants to change one of the records waits until this is over: minutes may pass."""
        if self.kind.model is not None:
            rows = self.kind.model.objects.select_for_update(of=("self",)).filter(client=self.client, pk__in=ids)
            list(rows.order_by(self.kind.locked_by).values_list("pk"))

    def _is_due(self, row: ImportRow, record: Record | None) -> bool:
        """Whether there is something to take back; a record that is gone or was changed since is none."""
        if record is None:
            if row.outcome != RowOutcome.NEW:
                self.kept[row.pk] = "it is no longer there."
            return False
        if row.after is None or not same(self.kind, record.values, decode(self.kind, row.after)):
            self.kept[row.pk] = "it was changed since the import."
            return False
        return True

    def _take(self, part: Sequence[ImportRow]) -> None:
        try:
            with transaction.atomic():
                refused = self._write(part)
        except UndoRefused as refusal:
            self.kept[part[0].pk] = str(refusal)
        except (ProtectedError, IntegrityError, ValidationError) as error:
            if len(part) == 1:
                self.kept[part[0].pk] = _reason(error)
                return
            middle = len(part) // 2
            self._take(part[:middle])
            self._take(part[middle:])
        else:
            self.kept |= {row.pk: refused[str(row.record_id)] for row in part if str(row.record_id) in refused}

    def _write(self, part: Sequence[ImportRow]) -> Mapping[str, str]:
        """Take a part back; answers why some of its records stay, by record."""
        row, key = part[0], str(part[0].record_id)
        if row.outcome != RowOutcome.NEW:
            self.kind.restore(key, decode(self.kind, row.before or {}), **self.who)
            return {}
        if self.kind.remove_new is None:
            self.kind.remove(key, **self.who)
            return {}
        return self.kind.remove_new([str(row.record_id) for row in part], **self.who)


def _reason(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else "other records refer to it by now."
