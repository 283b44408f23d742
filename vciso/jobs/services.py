"""Asking for background work. The row is written with the change; the broker hears of it after."""

import logging
import uuid
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from vciso.jobs import handlers
from vciso.jobs.enums import LIVE, JobState, WaitsFor
from vciso.jobs.models import Job
from vciso.jobs.scope import working_in
from vciso.tenancy.models import User

log = logging.getLogger(__name__)

RUN_TASK = "jobs.run"
RUN_PRACTICE_TASK = "jobs.run_for_practice"


def enqueue(
    kind: str,
    *,
    key: str,
    client_id: uuid.UUID | None = None,
    practice_id: uuid.UUID | None = None,
    args: dict[str, Any] | None = None,
    by: User | None = None,
    at: datetime | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Queues a job, or answers the live one with the same key: asking twice is asking once.

    `at` is when it was asked for; when it is due, the database's clock says, as for leases.
    """
    if (client_id is None) == (practice_id is None):
        raise ValueError("a job belongs to one client or to one practice")
    scope = {"client_id": client_id, "practice_id": practice_id, "kind": kind, "key": key}
    fresh = Job(
        **scope, args=args or {}, requested_by=by, created_at=at or timezone.now(), not_before=not_before or Now()
    )
    job = None
    while job is None:
        # One statement, and the unique index decides: two requests at once make one job. The one
        # that stood in the way may end before it is looked at; then ours is queued after all.
        Job.objects.bulk_create([fresh], ignore_conflicts=True)
        job = Job.objects.filter(**scope, state__in=LIVE).first()
    if job.pk == fresh.pk:
        queued = job
        transaction.on_commit(lambda: dispatch(queued))
    return job


def dispatch(job: Job) -> bool:
    """Tells the broker. A broker that is away is no error: the row says so, the reconciler tells it later."""
    return tell_broker(job.pk, job.client_id, job.practice_id, job.kind)


def tell_broker(job_id: uuid.UUID, client_id: uuid.UUID | None, practice_id: uuid.UUID | None, kind: str = "") -> bool:
    """Sends the hint, or notes on the row that the queue is away."""
    if not kind:
        with working_in(client_id, practice_id, "hint"):
            kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first() or ""
    if send_hint(job_id, client_id, practice_id, kind):
        return True
    with working_in(client_id, practice_id, "queue away"):
        Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(waiting_for=WaitsFor.QUEUE)
    return False


def send_hint(job_id: uuid.UUID, client_id: uuid.UUID | None, practice_id: uuid.UUID | None, kind: str = "") -> bool:
    seconds = handlers.minutes_of(kind) * 60
    limits = {"soft_time_limit": seconds, "time_limit": seconds + 30} if seconds else {}
    name, scope = (RUN_TASK, client_id) if client_id else (RUN_PRACTICE_TASK, practice_id)
    try:
        current_app.send_task(name, args=[str(scope), str(job_id)], retry=False, **limits)
    except Exception as error:
        log.warning("the broker is away; job %s waits for the reconciler: %s", job_id, error)
        return False
    return True


def cancel(*, job: Job) -> bool:
    """Stops a job that has not started. A running one finishes."""
    changed = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, finished_at=timezone.now()
    )
    return bool(changed)
