"""Doing a job: claim it with a lease, work outside any transaction, finish behind the fence."""

import json
import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import Error, connection

from vciso.jobs import causes, handlers
from vciso.jobs.retry import with_database
from vciso.tenancy import context

log = logging.getLogger(__name__)

# Nothing is made for a client that was archived meanwhile.
ACTIVE = "NOT EXISTS (SELECT 1 FROM tenancy_client c WHERE c.id = client_id AND c.status <> 'active')"

# A lease that ran out because the database was restarted costs no try.
CLAIM = f"""UPDATE jobs_job SET state = 'running', attempt = attempt + (state = 'queued'
    OR lease_until - make_interval(secs => %(lease)s) >= pg_postmaster_start_time())::int, lease_token = %(token)s,
  lease_until = clock_timestamp() + make_interval(secs => %(lease)s), error = '', message = '', waiting_for = 'worker'
 WHERE id = %(id)s AND {ACTIVE} AND attempt < max_attempts AND not_before <= clock_timestamp()
   AND (state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp()))
RETURNING kind, args, attempt, requested_by_id"""

BEAT = """UPDATE jobs_job SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'running'"""

PROGRESS = f"""UPDATE jobs_job SET step = %(step)s, steps = %(steps)s, message = %(message)s,
  lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'running' AND {ACTIVE}"""

FINISH = f"""UPDATE jobs_job SET state = 'done', lease_token = NULL, lease_until = NULL, message = '',
  step = steps, finished_at = clock_timestamp()
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'running' AND {ACTIVE}"""

CANCEL = f"""UPDATE jobs_job SET state = 'cancelled', lease_token = NULL, lease_until = NULL, message = '',
  finished_at = clock_timestamp()
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'running' AND NOT ({ACTIVE})"""

FAIL = """UPDATE jobs_job SET lease_token = NULL, lease_until = NULL, dispatched_at = NULL, error = %(error)s,
  message = %(message)s,
  state = CASE WHEN %(final)s OR attempt >= max_attempts THEN 'failed' ELSE 'queued' END,
  finished_at = CASE WHEN %(final)s OR attempt >= max_attempts THEN clock_timestamp() END,
  not_before = clock_timestamp() + make_interval(secs => %(wait)s)
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'running'"""

# The world's fault: the attempt is given back, the wait grows to a quarter of an hour at most.
DISTURBED = """UPDATE jobs_job SET lease_token = NULL, lease_until = NULL, dispatched_at = NULL, state = 'queued',
  attempt = attempt - 1, disturbances = disturbances + 1, error = %(error)s, message = '',
  waiting_for = %(waiting_for)s, not_before = clock_timestamp()
    + make_interval(secs => LEAST(%(cap)s, %(base)s * power(2, LEAST(disturbances, 12))))
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'running'"""

LONGEST_WAIT = 900.0


class LeaseLost(Exception):
    """Another worker holds this job now; what this one made is not stored."""


class Cancelled(Exception):
    """The client was archived while the job ran; the job has ended and stores nothing."""


@dataclass(frozen=True)
class RunningJob:
    """A claimed job, as its handler sees it."""

    id: uuid.UUID
    client_id: uuid.UUID | None
    practice_id: uuid.UUID | None
    kind: str
    args: dict[str, Any]
    attempt: int
    requested_by_id: uuid.UUID | None
    token: uuid.UUID

    def tenant(self) -> AbstractContextManager[None]:
        """A short transaction in the job's own scope. Never hold it while something is drawn."""
        if self.client_id is not None:
            return context.as_job(self.client_id, self.kind)
        if self.practice_id is None:
            raise context.ContextError("a job without a scope")
        return context.as_practice_job(self.practice_id, self.kind)

    def progress(self, *, step: int, of: int, message: str) -> None:
        """Shows where the work is, and extends the lease. Raises LeaseLost or Cancelled behind the fence."""
        if not _own(self, PROGRESS, step=step, steps=of, message=message[:200]):
            raise _stopped(self)

    def tell(self, *, step: int, of: int, message: str) -> None:
        """Shows where the storing is, out of its transaction: over a connection of its own.

        For kinds that may take minutes. Whether the fence still holds is asked at the end.
        """

        def say() -> None:
            try:
                _own(self, PROGRESS, step=step, steps=of, message=message[:200])
            except Error:
                log.warning("how far job %s is could not be told", self.id)
            finally:
                connection.close()

        thread = threading.Thread(target=say, name=f"progress {self.id}", daemon=True)
        thread.start()
        thread.join(timeout=5)


def _own(job: RunningJob, sql: str, **params: Any) -> int:
    """Runs a fenced statement in a transaction of its own; the number of rows says if it held."""

    def once() -> int:
        with job.tenant(), connection.cursor() as cursor:
            cursor.execute(sql, {"id": job.id, "token": job.token, "lease": settings.JOB_LEASE, **params})
            return cursor.rowcount

    return with_database(once)


def _stopped(job: RunningJob) -> Exception:
    """Why the fence no longer lets this job through; a cancelled job is ended on the way."""
    return Cancelled(str(job.id)) if _own(job, CANCEL) else LeaseLost(str(job.id))


def claim(job_id: uuid.UUID, *, client_id: uuid.UUID | None, practice_id: uuid.UUID | None) -> RunningJob | None:
    """Takes the lease in one statement; None: a duplicate message, or not due yet."""
    token = uuid.uuid4()
    unclaimed = RunningJob(job_id, client_id, practice_id, "claim", {}, 0, None, token)

    def once() -> tuple[Any, ...] | None:
        with unclaimed.tenant(), connection.cursor() as cursor:
            cursor.execute(CLAIM, {"id": job_id, "token": token, "lease": settings.JOB_LEASE})
            return cursor.fetchone()

    row = with_database(once)
    if row is None:
        return None
    kind, args, attempt, requested_by_id = row
    return RunningJob(job_id, client_id, practice_id, kind, json.loads(args), attempt, requested_by_id, token)


@contextmanager
def heartbeat(job: RunningJob) -> Iterator[None]:
    """Extends the lease every quarter of it, from a thread with its own connection."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.JOB_LEASE / 4):
                try:
                    if not _own(job, BEAT):
                        return
                except Error:
                    continue  # the database is away: go on drawing, the fence decides at the end
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease {job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def run(job_id: uuid.UUID, *, client_id: uuid.UUID | None = None, practice_id: uuid.UUID | None = None) -> str:
    """Does one job if it is due and free.

    Answers done, skipped, fenced, cancelled, waiting, refused or failed.
    """
    job = claim(job_id, client_id=client_id, practice_id=practice_id)
    if job is None:
        return "skipped"
    try:
        with heartbeat(job):
            finish = handlers.handler(job.kind)(job)
            if not with_database(lambda: _finish(job, finish)):
                raise _stopped(job)
        return "done"
    except LeaseLost:
        return "fenced"
    except Cancelled:
        return "cancelled"
    except Exception as error:
        return _give_back(job, error)


def _give_back(job: RunningJob, error: Exception) -> str:
    """Notes what went wrong: ended, waiting for the world, or one try poorer.

    A worker that slept through its lease may wake to any error, such as a connection that the server
    ended meanwhile; then there is nothing to give back, and it was fenced.
    """
    noted = {"error": f"{type(error).__name__}: {error}"[:500], "message": causes.sentence(error)[:200]}
    waiting_for = causes.disturbance(error)
    if isinstance(error, handlers.Refused):
        outcome = "refused"
        held = _own(job, FAIL, final=True, wait=0, **noted)
    elif waiting_for is not None:
        outcome = "waiting"
        log.warning("job %s (%s) waits for the %s: %r", job.id, job.kind, waiting_for, error)
        wait = {"cap": LONGEST_WAIT, "base": settings.JOB_BACKOFF}
        held = _own(job, DISTURBED, error=noted["error"], waiting_for=waiting_for.value, **wait)
    else:
        outcome = "failed"
        log.error("job %s (%s) failed at attempt %s", job.id, job.kind, job.attempt, exc_info=error)
        held = _own(job, FAIL, final=False, wait=settings.JOB_BACKOFF * 2**job.attempt, **noted)
    return outcome if held else "fenced"


class _Fenced(Exception):
    """Takes back what was stored behind a fence that no longer held."""


def _finish(job: RunningJob, finish: handlers.Finish) -> bool:
    """The fence and the result in one transaction: either both are there or neither.

    The fence comes first and nothing is stored in vain; where storing takes minutes it comes last, for
    it holds the job's row, and neither lease nor progress could be written meanwhile.
    """
    last = bool(handlers.minutes_of(job.kind))
    try:
        with job.tenant():
            if last:
                finish()
            with connection.cursor() as cursor:
                cursor.execute(FINISH, {"id": job.id, "token": job.token})
                if not cursor.rowcount:
                    raise _Fenced
            if not last:
                finish()
    except _Fenced:
        return False
    return True
