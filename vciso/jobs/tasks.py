"""Celery shells: each takes ids, enters the context and calls the room's own code."""

import uuid
from typing import Any

from celery import shared_task

from vciso.jobs import outbox, reconcile, run
from vciso.tenancy import context
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
    """Sends what is due, each mail in the context of its own client, practice or installation."""
    outcomes: dict[str, int] = {}
    for mail_id, client_id, practice_id in reconcile.due_mail():
        outcome = _deliver(mail_id, client_id, practice_id)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


def _deliver(mail_id: Any, client_id: Any, practice_id: Any) -> str:
    if client_id is not None:
        with context.as_job(client_id, "outbox"):
            return outbox.deliver(mail_id)
    if practice_id is not None:
        with context.as_practice_job(practice_id, "outbox"):
            return outbox.deliver(mail_id)
    with context.as_installation("outbox"):
        return outbox.deliver(mail_id)
