"""Writing the rows of a previewed file to the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from vciso import files
from vciso.audit import services as audit
from vciso.imports import registry
from vciso.imports.comparing import moved
from vciso.imports.enums import BatchState, RowOutcome, Taking
from vciso.imports.keeping import Wording, encode, exponent_of
from vciso.imports.models import ImportBatch, ImportRow
from vciso.imports.planning import Outcome, Plan, PlannedRow
from vciso.imports.reading import ImportRefused
from vciso.imports.registry import Applied, ImportKind
from vciso.imports.services.previewing import kept_row, look_again, plan_file
from vciso.imports.services.remembering import remember
from vciso.jobs import services as jobs
from vciso.jobs.models import Job
from vciso.tenancy.models import User

AT_ONCE = 150
"""More rows than this are written behind the page."""


BATCH = 500
"""So many rows are written at once, and then told."""

Tell = Callable[[int, int], None]
"""Is told how many rows of how many are written."""


def start_import(*, batch: ImportBatch, taking: str, by: User, at: datetime) -> tuple[ImportBatch, Job | None]:
    """Import now, or behind the page when the file is long; the job then says how far it is."""
    counts = batch.counts
    if counts["new"] + counts["update"] <= AT_ONCE:
        return import_rows(batch=batch, taking=taking, by=by, at=at), None
    _refuse_if_whole_is_wanted(counts, taking)
    changed = ImportBatch.objects.filter(pk=batch.pk, state__in=[BatchState.PREVIEWED, BatchState.WORKING]).update(
        state=BatchState.WORKING
    )
    if not changed:
        raise ImportRefused("This file was imported already.")
    job = jobs.enqueue(
        "imports.import",
        key=f"import:{batch.pk}",
        client_id=batch.client_id,
        args={"batch": str(batch.pk), "taking": taking, "by": str(by.pk)},
        by=by,
        at=at,
    )
    batch.state = BatchState.WORKING
    return batch, job


def set_aside(*, batch: ImportBatch, why: str) -> None:
    """Back to the preview, with the reason to be read there."""
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.WORKING).update(state=BatchState.PREVIEWED, changed=why)


@transaction.atomic
def import_rows(
    *,
    batch: ImportBatch,
    taking: str,
    by: User | None,
    at: datetime,
    tell: Tell = lambda done, of: None,
) -> ImportBatch:
    """Write the new and changed rows, each through the app's own verbs.

    The file is read once more against the register as it is now. When that
    gives something else than was shown, nothing is written: the batch comes
    back as previewed, with the reason in ``changed``. ``Taking.ALL`` refuses
    (``ImportRefused``) when a single row is refused. Every row that is called
    imported was found in the register afterwards.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("client").get(pk=batch.pk)
    if batch.state not in (BatchState.PREVIEWED, BatchState.WORKING):
        raise ImportRefused("This file was imported already. Undo that import or bring the file again.")
    kind = registry.get(batch.kind)
    seen = plan_file(
        client=batch.client,
        kind=kind,
        name=batch.file_name,
        content=files.read(batch.file_key),
        at=at,
        mapping=batch.read_as,
    )
    if not _as_shown(batch, seen.plan):
        batch.state = BatchState.PREVIEWED
        batch.save(update_fields=["state"])
        batch = look_again(batch=batch, by=by, at=at)
        batch.changed = "The register changed since this was shown. Look at the rows again, then import."
        batch.save(update_fields=["changed"])
        return batch
    _refuse_if_whole_is_wanted(seen.plan.counts, taking)
    written = _Writer(seen.plan, batch, by, at, whole=taking == Taking.ALL).write(tell)
    _keep_results(batch, kind, seen.plan, written)
    batch.state = BatchState.IMPORTED
    batch.imported_by, batch.imported_at = by, at
    batch.counts = seen.plan.counts
    batch.changed = ""
    batch.save()
    remember(batch=batch, by=by, at=at)
    audit.record(
        verb="import.imported",
        client=batch.client,
        obj=batch,
        by=by,
        at=at,
        after={"kind": kind.name, "sha256": batch.file_sha256, **batch.counts},
    )
    return batch


def _refuse_if_whole_is_wanted(counts: dict[str, int], taking: str) -> None:
    refused, waiting = counts["refused"], counts["waiting"]
    if taking == Taking.ALL and waiting and not refused:
        rows = "1 row waits" if waiting == 1 else f"{waiting} rows wait"
        raise ImportRefused(
            f"{rows} for a choice, so nothing was imported. Choose first, or import the good rows only."
        )
    if taking == Taking.ALL and refused:
        rows = "1 row is" if refused == 1 else f"{refused} rows are"
        raise ImportRefused(
            f"{rows} refused, so nothing was imported. Mend the file and bring it again, or import the good rows only."
        )


def _as_shown(batch: ImportBatch, plan: Plan) -> bool:
    shown = list(batch.rows.in_order().values_list("sheet", "number", "outcome"))
    return shown == [(row.sheet, row.number, row.outcome.value) for row in plan.rows]


class _Writer:
    """Writes planned rows in batches; what a batch refuses is found by halving it, and named by its row."""

    def __init__(self, plan: Plan, batch: ImportBatch, by: User | None, at: datetime, *, whole: bool) -> None:
        self.rows, self.kind, self.whole = plan.rows, registry.get(batch.kind), whole
        self.who = {"client": batch.client, "by": by, "at": at}
        self.applied: dict[int, Applied] = {}

    def write(self, tell: Tell) -> dict[int, Applied]:
        """New rows first, many at once where the app can, then those that change a record, one by one."""
        due = {outcome: self._with(outcome) for outcome in (Outcome.NEW, Outcome.UPDATE)}
        at_once = BATCH if self.kind.apply_new else 1
        parts = [due[Outcome.NEW][start : start + at_once] for start in range(0, len(due[Outcome.NEW]), at_once)]
        parts += [[position] for position in due[Outcome.UPDATE]]
        done, told, of = 0, 0, sum(map(len, due.values()))
        for part in parts:
            self._write(part)
            done += len(part)
            if done - told >= BATCH or done == of:
                tell(done, of)
                told = done
        return self.applied

    def _with(self, outcome: Outcome) -> list[int]:
        return [position for position, row in enumerate(self.rows) if row.outcome is outcome]

    def _write(self, part: list[int]) -> None:
        rows = [self.rows[position] for position in part]
        try:
            with transaction.atomic():
                if len(rows) > 1 and self.kind.apply_new is not None:
                    done = self.kind.apply_new(rows, **self.who)
                else:
                    done = [self.kind.apply(rows[0], **self.who)]
        except (ValidationError, IntegrityError, DataError, ValueError) as error:
            if len(part) == 1:
                self._refuse(rows[0], error)
                return
            middle = len(part) // 2
            self._write(part[:middle])
            self._write(part[middle:])
        else:
            self.applied |= dict(zip(part, done, strict=True))

    def _refuse(self, row: PlannedRow, error: Exception) -> None:
        reason = _reason(error)
        if self.whole:
            raise ImportRefused(
                f"Row {row.number}: {reason} Nothing was imported; mend the file or import the good rows only."
            ) from error
        row.refuse(self.kind.title_field, reason)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return "The register does not take this row as it is. Shorten long texts and check its dates."


def _keep_results(batch: ImportBatch, kind: ImportKind, plan: Plan, written: Mapping[int, Applied]) -> None:
    """Note what each row became, after finding every one of them in the register."""
    there = {record.id: record for record in kind.records(batch.client)}
    words = Wording(kind.people(batch.client), exponent_of(batch.client.currency), kind.day_of(batch.client))
    batch.rows.all().delete()
    rows: list[ImportRow] = []
    for position, row in enumerate(plan.rows):
        kept = kept_row(batch, kind, words, row, position)
        applied = written.get(position)
        if applied is not None:
            _found(kept, row, applied, there, kind)
        elif row.record is not None and row.outcome is Outcome.UNCHANGED:
            kept.record_id = row.record.id
        rows.append(kept)
    ImportRow.objects.bulk_create(rows, batch_size=500)


def _found(
    kept: ImportRow, row: PlannedRow, applied: Applied, there: dict[str, registry.Record], kind: ImportKind
) -> None:
    record = there.get(applied.id)
    if record is None:
        raise LookupError(f"row {row.number} was written but is not in the register")
    kept.record_id = applied.id
    kept.record_reference = (applied.reference or record.reference)[:120]
    kept.after = encode(record.values)
    kept.before = None
    if row.record is not None and kept.outcome != RowOutcome.NEW:
        changed = {key: before for key, (before, _) in row.changes.items()}
        kept.before = encode(changed | moved(kind, row.record.values, record.values))
        kept.before |= {"rest": dict(applied.rest)} if applied.rest else {}
