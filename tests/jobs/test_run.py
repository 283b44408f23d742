"""Jobs: claimed once, fenced, retried, refused; the broker is only a hint."""

import uuid
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.factories.cast import Cast
from vciso.jobs import handlers, run, services
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


def refused(job: run.RunningJob) -> handlers.Finish:
    raise handlers.Refused("October has not ended yet.")


def overtaken(job: run.RunningJob) -> handlers.Finish:
    with job.tenant():
        Job.objects.filter(pk=job.id).update(lease_token=uuid.uuid4())
    return lambda: done.append("must not happen")


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    done.clear()
    for handler in (good, broken, disturbed, refused, overtaken):
        handlers.register(f"test.{handler.__name__}", handler)
    yield
    for handler in (good, broken, disturbed, refused, overtaken):
        handlers._handlers.pop(f"test.{handler.__name__}")


def queue(cast: Cast, kind: str) -> Job:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        return services.enqueue(f"test.{kind}", client_id=cast.acme.pk, key="one", args={"word": "ran"}, by=cast.alice)


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
    assert "tried again by itself" in after.waits_for


def test_a_refusal_ends_at_once_with_its_sentence(cast: Cast) -> None:
    job = queue(cast, "refused")
    assert run.run(job.pk, client_id=cast.acme.pk) == "refused"
    assert reload(cast, job).waits_for == "October has not ended yet."


def test_who_lost_the_lease_stores_nothing(cast: Cast) -> None:
    job = queue(cast, "overtaken")
    assert run.run(job.pk, client_id=cast.acme.pk) == "fenced"
    assert done == []
