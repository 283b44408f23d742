"""Jobs: claimed once, fenced, retried, refused; the broker is only a hint."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone

from tests.conftest import owning
from tests.factories.cast import Cast
from vciso.jobs import handlers, outbox, reconcile, run, services
from vciso.jobs.models import Job
from vciso.tenancy import context
from vciso.tenancy.models import Client

pytestmark = pytest.mark.django_db
done: list[str] = []


def good(job: run.RunningJob) -> handlers.Finish:
    job.progress(step=1, of=2, message="Halfway")
    with job.tenant():
        assert Client.objects.count() == 1
    return lambda: done.append(job.args["word"])


def broken(job: run.RunningJob) -> handlers.Finish:
    raise ValueError("a fault of its own")


def disturbed(job: run.RunningJob) -> handlers.Finish:
    raise OperationalError("the database went away")


def too_large(job: run.RunningJob) -> handlers.Finish:
    raise MemoryError


def file_gone(job: run.RunningJob) -> handlers.Finish:
    raise FileNotFoundError("c/one/two.csv")


def too_slow(job: run.RunningJob) -> handlers.Finish:
    with job.tenant(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")
    raise AssertionError("never reached")


def archives_its_client(job: run.RunningJob) -> handlers.Finish:
    with owning():
        Client.objects.filter(pk=job.client_id).update(status="archived")
    job.progress(step=1, of=2, message="Halfway")
    raise AssertionError("never reached")


def archived_at_the_end(job: run.RunningJob) -> handlers.Finish:
    with owning():
        Client.objects.filter(pk=job.client_id).update(status="archived")
    return lambda: done.append("must not happen")


def refused(job: run.RunningJob) -> handlers.Finish:
    raise handlers.Refused("October has not ended yet.")


def overtaken(job: run.RunningJob) -> handlers.Finish:
    with job.tenant():
        Job.objects.filter(pk=job.id).update(lease_token=uuid.uuid4())
    return lambda: done.append("must not happen")


def overtaken_and_stopped(job: run.RunningJob) -> handlers.Finish:
    overtaken(job)
    raise STOPPED_BY[job.args["word"]]


def long_overtaken(job: run.RunningJob) -> handlers.Finish:
    def finish() -> None:
        job.tell(step=1, of=2, message="Halfway")
        Client.objects.filter(pk=job.client_id).update(name="Stored in vain")
        Job.objects.filter(pk=job.id).update(lease_token=uuid.uuid4())

    return finish


STOPPED_BY = {
    "database": OperationalError("terminating connection due to idle-in-transaction timeout"),
    "itself": ValueError("a fault of its own"),
    "refusal": handlers.Refused("October has not ended yet."),
}
KINDS = (
    good, broken, disturbed, too_large, file_gone, too_slow, archives_its_client, archived_at_the_end, refused,
    overtaken, overtaken_and_stopped, long_overtaken,
)  # fmt: skip


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    done.clear()
    for handler in KINDS:
        handlers.register(f"test.{handler.__name__}", handler, minutes=2 if handler is long_overtaken else 0)
    yield
    for handler in KINDS:
        handlers._handlers.pop(f"test.{handler.__name__}")


def queue(cast: Cast, kind: str, word: str = "ran") -> Job:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        return services.enqueue(f"test.{kind}", client_id=cast.acme.pk, key="one", args={"word": word}, by=cast.alice)


def reload(cast: Cast, job: Job) -> Job:
    with context.as_job(cast.acme.pk, "look"):
        return Job.objects.get(pk=job.pk)


def test_a_job_runs_once_however_often_the_broker_says_so(cast: Cast) -> None:
    job = queue(cast, "good")
    outcomes = [run.run(job.pk, client_id=cast.acme.pk) for _ in range(3)]
    assert (outcomes, done, reload(cast, job).state) == (["done", "skipped", "skipped"], ["ran"], "done")


def test_asking_twice_is_asking_once(cast: Cast) -> None:
    assert queue(cast, "good").pk == queue(cast, "good").pk


def test_a_job_of_another_client_is_not_claimed(cast: Cast) -> None:
    job = queue(cast, "good")
    assert run.run(job.pk, client_id=cast.globex.pk) == "skipped"
    assert done == []


def test_its_own_fault_uses_attempts_up_and_ends_as_failed(cast: Cast) -> None:
    job = queue(cast, "broken")
    states = []
    for _ in range(6):
        with context.as_job(cast.acme.pk, "look"):
            Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
        run.run(job.pk, client_id=cast.acme.pk)
        states.append(reload(cast, job).state)
    assert states == ["queued"] * 4 + ["failed"] * 2
    assert "a fault of its own" in reload(cast, job).error


def test_a_disturbance_uses_no_attempt_up_and_waits(cast: Cast) -> None:
    job = queue(cast, "disturbed")
    assert run.run(job.pk, client_id=cast.acme.pk) == "waiting"
    after = reload(cast, job)
    assert (after.state, after.attempt, after.disturbances, after.not_before > job.not_before) == ("queued", 0, 1, True)
    assert (after.waiting_for, "the database was away" in after.waits_for) == ("database", True)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("too_large", "It needed more memory than a worker may take."),
        ("file_gone", "A stored file it needs is gone or damaged."),
        ("too_slow", "It took too long and was stopped."),
    ],
)
def test_what_waiting_does_not_mend_is_tried_five_times_and_told_in_a_sentence(
    cast: Cast, kind: str, sentence: str
) -> None:
    job = queue(cast, kind)
    assert run.run(job.pk, client_id=cast.acme.pk) == "failed"
    assert reload(cast, job).waits_for == f"{sentence} It is tried again by itself (2 of 5)."
    with context.as_job(cast.acme.pk, "look"):
        Job.objects.filter(pk=job.pk).update(attempt=4, not_before=Now())
    assert run.run(job.pk, client_id=cast.acme.pk) == "failed"
    assert (reload(cast, job).state, reload(cast, job).waits_for) == ("failed", sentence)


def test_33_a_client_archived_meanwhile_ends_its_jobs(cast: Cast) -> None:
    for kind in ("archives_its_client", "archived_at_the_end"):
        with owning():
            Client.objects.filter(pk=cast.acme.pk).update(status="active")
        job = queue(cast, kind)
        assert run.run(job.pk, client_id=cast.acme.pk) == "cancelled"
        assert reload(cast, job).waits_for == "Cancelled: the client was archived meanwhile."
    waiting = queue(cast, "good")
    assert run.run(waiting.pk, client_id=cast.acme.pk) == "skipped"
    reconcile.reconcile()
    assert reload(cast, waiting).state == "cancelled"
    assert done == []


def test_28_a_clock_that_runs_ahead_delays_no_job_and_no_mail(cast: Cast) -> None:
    """When something is due, the database's clock says; `at` is only when it was asked for."""
    tomorrow = timezone.now() + timedelta(days=1)
    with context.as_user(cast.alice, client_key=cast.acme.key):
        job = services.enqueue("test.good", client_id=cast.acme.pk, key="x", args={"word": "ran"}, at=tomorrow)
        outbox.send(to=cast.bob, subject="x", body="y", client=cast.acme, key="x", at=tomorrow)
    assert run.run(job.pk, client_id=cast.acme.pk) == "done"
    assert len(reconcile.due_mail()) == 1


def test_a_refusal_ends_at_once_with_its_sentence(cast: Cast) -> None:
    job = queue(cast, "refused")
    assert run.run(job.pk, client_id=cast.acme.pk) == "refused"
    assert reload(cast, job).waits_for == "October has not ended yet."


def test_who_lost_the_lease_stores_nothing(cast: Cast) -> None:
    job = queue(cast, "overtaken")
    assert run.run(job.pk, client_id=cast.acme.pk) == "fenced"
    assert done == []


@pytest.mark.parametrize("stopped_by", STOPPED_BY)
def test_who_lost_the_lease_has_nothing_to_give_back_whatever_stops_it(cast: Cast, stopped_by: str) -> None:
    job = queue(cast, "overtaken_and_stopped", word=stopped_by)
    assert run.run(job.pk, client_id=cast.acme.pk) == "fenced"
    after = reload(cast, job)
    assert (after.state, after.attempt, after.disturbances, after.error) == ("running", 1, 0, "")


def test_a_long_job_that_lost_the_lease_while_it_stored_takes_back_what_it_stored(cast: Cast) -> None:
    job = queue(cast, "long_overtaken")
    assert run.run(job.pk, client_id=cast.acme.pk) == "fenced"
    assert reload(cast, job).state == "running"
    with owning():
        assert Client.objects.get(pk=cast.acme.pk).name != "Stored in vain"


def test_the_broker_is_told_how_long_a_long_job_may_take(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the reconciler tells it again, which knows the job by its id alone."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(services.current_app, "send_task", lambda *_, **given: told.append(given))
    for kind in ("long_overtaken", "good"):
        job = queue(cast, kind)
        services.tell_broker(job.pk, cast.acme.pk, None)
    assert [given.get("soft_time_limit") for given in told] == [120, None]
    assert told[0]["time_limit"] > 120
