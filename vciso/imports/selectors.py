"""What pages ask about imports."""

from __future__ import annotations

from django.db.models import QuerySet

from vciso.imports.enums import BatchState
from vciso.imports.models import ImportBatch, ImportRow
from vciso.jobs.models import Job
from vciso.tenancy.models import Client


def past(client: Client, kind: str) -> QuerySet[ImportBatch]:
    """The client's imports of one list, latest first; a preview nobody imported counts too."""
    return (
        ImportBatch.objects.filter(client=client, kind=kind)
        .select_related("created_by", "imported_by")
        .order_by("-created_at")
    )


def rows(batch: ImportBatch, show: str) -> QuerySet[ImportRow]:
    """The rows of one outcome, those with a warning, or all."""
    found = ImportRow.objects.filter(client_id=batch.client_id, batch=batch).in_order()
    if show == "warning":
        return found.with_warnings()
    return found.filter(outcome=show) if show else found


def job_of(batch: ImportBatch) -> Job | None:
    """The latest job that writes this import."""
    if batch.state != BatchState.WORKING:
        return None
    return (
        Job.objects.filter(client_id=batch.client_id, kind="imports.import", key=f"import:{batch.pk}")
        .order_by("-created_at")
        .first()
    )
