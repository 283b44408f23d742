"""Asking for background work. The row is written with the change; the broker hears of it after."""

import logging
import uuid
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from vciso.jobs.enums import LIVE, JobState
from vciso.jobs.models import Job
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
    """Queues a job, or answers the live one with the same key: asking twice is asking once."""
    if (client_id is None) == (practice_id is None):
        raise ValueError("a job belongs to one client or to one practice")
    scope = {"client_id": client_id, "practice_id": practice_id, "kind": kind, "key": key}
    now = at or timezone.now()
    fresh = Job(**scope, args=args or {}, requested_by=by, created_at=now, not_before=not_before or now)
    # One statement, and the unique index decides: two requests at once make one job.
    Job.objects.bulk_create([fresh], ignore_conflicts=True)
    job = Job.objects.get(**scope, state__in=LIVE)
    if job.pk == fresh.pk:
        transaction.on_commit(lambda: dispatch(job))
    return job


def dispatch(job: Job) -> bool:
    """Tells the broker. A broker that is away is no error: the reconciler tells it later."""
    return send_hint(job.pk, job.client_id, job.practice_id)


def send_hint(job_id: uuid.UUID, client_id: uuid.UUID | None, practice_id: uuid.UUID | None) -> bool:
    name, scope = (RUN_TASK, client_id) if client_id else (RUN_PRACTICE_TASK, practice_id)
    try:
        current_app.send_task(name, args=[str(scope), str(job_id)], retry=False)
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
