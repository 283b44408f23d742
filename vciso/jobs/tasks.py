"""Celery shells: each takes ids, enters the context and calls the room's own code."""

import uuid

from celery import shared_task

from vciso.jobs import outbox, reconcile, run
from vciso.tenancy.tasks import TenantTask


@shared_task(name="jobs.run", base=TenantTask, bind=True)
def run_job(self: TenantTask, client_id: str, job_id: str) -> str:
    return run.run(uuid.UUID(job_id), client_id=self.request.client_id)


@shared_task(name="jobs.run_for_practice")
def run_practice_job(practice_id: str, job_id: str) -> str:
    return run.run(uuid.UUID(job_id), practice_id=uuid.UUID(practice_id))


@shared_task(name="jobs.reconcile")
def reconcile_jobs() -> int:
    return reconcile.reconcile()


@shared_task(name="jobs.send_mail")
def send_due_mail() -> dict[str, int]:
    """Sends what is due."""
    return outbox.deliver_due()
