"""Bringing rows and broker together again: what a crash, a flush or a dead beat left lying."""

import uuid

from django.conf import settings
from django.db import connection

from vciso.jobs.services import tell_broker
from vciso.tenancy import context


def reconcile() -> int:
    """Returns expired leases to the queue and tells the broker of what is due; how many it told.

    Jobs of archived clients end. A lease that ran out because the database was restarted costs
    no try.

    Safe to run several times at once: the definer function takes an advisory lock and stamps
    `dispatched_at` in the same transaction that names the jobs.
    """
    with context.as_installation("reconcile"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT job_id, client_id, practice_id FROM sec.reconcile_jobs(%s, %s, %s)",
            [settings.JOB_REDISPATCH, settings.JOB_BATCH, settings.JOB_LEASE],
        )
        due: list[tuple[uuid.UUID, uuid.UUID | None, uuid.UUID | None]] = cursor.fetchall()
    return sum(tell_broker(*row) for row in due)


def due_mail() -> list[tuple[uuid.UUID, uuid.UUID | None, uuid.UUID | None]]:
    """Ids and scopes of mails that are due; no address and no word of them."""
    with context.as_installation("outbox"), connection.cursor() as cursor:
        cursor.execute("SELECT mail_id, client_id, practice_id FROM sec.due_mail(%s)", [settings.JOB_BATCH])
        return cursor.fetchall()
