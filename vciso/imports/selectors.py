"""What pages ask about imports."""

from __future__ import annotations

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from vciso.imports.enums import BatchState
from vciso.imports.models import ImportBatch, ImportRow, PracticeReading, Reading
from vciso.jobs.enums import GIVEN_UP
from vciso.jobs.models import Job
from vciso.tenancy.models import Client

BEHIND = {
    BatchState.READING: ("imports.preview", "preview"),
    BatchState.WORKING: ("imports.import", "import"),
    BatchState.UNDOING: ("imports.undo", "undo"),
}
"""States in which a worker has the import: the kind of its job, and the word its key begins with."""


def past(client: Client, kind: str) -> QuerySet[ImportBatch]:
    """The client's imports of one list, latest first; a preview nobody imported counts too.

    `stopped` tells of one whose work was given up.
    """
    words = Case(*(When(state=state, then=Value(f"{word}:")) for state, (_, word) in BEHIND.items()), default=Value(""))
    newest = Job.objects.filter(client_id=OuterRef("client_id"), key=OuterRef("job_key")).order_by("-created_at")
    return (
        ImportBatch.objects.filter(client=client, kind=kind)
        .alias(job_key=Concat(words, Cast("pk", CharField())), job_state=Subquery(newest.values("state")[:1]))
        .annotate(stopped=Q(state__in=BEHIND, job_state__in=GIVEN_UP))
        .select_related("created_by", "imported_by")
        .order_by("-created_at")
    )


def readings(client: Client, kind: str) -> list[tuple[Reading | PracticeReading, str]]:
    """The remembered readings of one list with whose they are, the client's own first."""
    own = Reading.objects.filter(client=client, kind=kind).select_related("changed_by").order_by("-changed_at")
    shared = (
        PracticeReading.objects.filter(practice_id=client.practice_id, kind=kind)
        .select_related("changed_by")
        .order_by("-changed_at")
    )
    return [*((one, "client") for one in own[:20]), *((one, "practice") for one in shared[:20])]


def rows(batch: ImportBatch, show: str) -> QuerySet[ImportRow]:
    """The rows of one outcome, those with a warning, or all."""
    found = ImportRow.objects.filter(client_id=batch.client_id, batch=batch).in_order()
    if show == "warning":
        return found.with_warnings()
    return found.filter(outcome=show) if show else found


def job_of(batch: ImportBatch) -> Job | None:
    """The latest job that reads, writes or takes back this import."""
    if batch.state not in BEHIND:
        return None
    kind, word = BEHIND[BatchState(batch.state)]
    return (
        Job.objects.filter(client_id=batch.client_id, kind=kind, key=f"{word}:{batch.pk}")
        .order_by("-created_at")
        .first()
    )
