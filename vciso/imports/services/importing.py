"""Writing the rows of a previewed file to the register."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass
class Written:
    """What became of the rows that were to be written."""

    applied: dict[int, Applied] = field(default_factory=dict)


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
def import_rows(*, batch: ImportBatch, taking: str, by: User | None, at: datetime) -> ImportBatch:
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
    written = _write(seen.plan, kind, batch, by, at, whole=taking == Taking.ALL)
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


def _write(plan: Plan, kind: ImportKind, batch: ImportBatch, by: User | None, at: datetime, *, whole: bool) -> Written:
    written = Written()
    for position, row in enumerate(plan.rows):
        if row.outcome not in (Outcome.NEW, Outcome.UPDATE):
            continue
        try:
            with transaction.atomic():
                written.applied[position] = kind.apply(row, client=batch.client, by=by, at=at)
        except (ValidationError, IntegrityError, DataError, ValueError) as error:
            reason = _reason(error)
            if whole:
                raise ImportRefused(
                    f"Row {row.number}: {reason} Nothing was imported; mend the file or import the good rows only."
                ) from error
            row.refuse(kind.title_field, reason)
    return written


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return "The register does not take this row as it is. Shorten long texts and check its dates."


def _keep_results(batch: ImportBatch, kind: ImportKind, plan: Plan, written: Written) -> None:
    """Note what each row became, after finding every one of them in the register."""
    there = {record.id: record for record in kind.records(batch.client)}
    words = Wording(kind.people(batch.client), exponent_of(batch.client.currency))
    batch.rows.all().delete()
    rows: list[ImportRow] = []
    for position, row in enumerate(plan.rows):
        kept = kept_row(batch, kind, words, row, position)
        applied = written.applied.get(position)
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
