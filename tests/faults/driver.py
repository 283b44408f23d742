"""The portal's own code in a process of its own, told what to do line by line.

A fault test kills workers and servers around this process. It reads one JSON object per line,
`{"do": "submit", ...}`, and answers one JSON line. A reconciler runs beside it in a thread, as
beat does in production, only more often.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
import redis
from celery import current_app

django.setup()

from django.core.exceptions import ValidationError  # noqa: E402 (after setup)
from django.db import close_old_connections, connection, transaction  # noqa: E402 (after setup)
from django.test import Client as Browser  # noqa: E402 (after setup)
from django.utils import timezone  # noqa: E402 (after setup)

from engagements.models import Ask, Engagement  # noqa: E402 (after setup)
from engagements.models import Person as Entry  # noqa: E402 (after setup)
from engagements.services import asks  # noqa: E402 (after setup)
from policies import services as policies  # noqa: E402 (after setup)
from reporting import periods, services  # noqa: E402 (after setup)
from reporting.models import Report  # noqa: E402 (after setup)
from reporting.rules import Refused  # noqa: E402 (after setup)
from reporting.services import storage  # noqa: E402 (after setup)
from risks import services as risks  # noqa: E402 (after setup)
from risks.rules import scoring  # noqa: E402 (after setup)
from tests.conftest import owning, work_as_app_role  # noqa: E402 (after setup)
from vciso import files  # noqa: E402 (after setup)
from vciso.imports import registry  # noqa: E402 (after setup)
from vciso.imports import services as imports  # noqa: E402 (after setup)
from vciso.imports.models import ImportBatch  # noqa: E402 (after setup)
from vciso.jobs import reconcile  # noqa: E402 (after setup)
from vciso.jobs import services as jobs  # noqa: E402 (after setup)
from vciso.jobs.models import Job  # noqa: E402 (after setup)
from vciso.tenancy import context  # noqa: E402 (after setup)
from vciso.tenancy.enums import Role  # noqa: E402 (after setup)
from vciso.tenancy.models import Client, Membership, Practice, User  # noqa: E402 (after setup)

RECONCILE_EVERY = 1.0


def make(*, clients: int, due: bool = False) -> dict[str, Any]:
    """A practice with one consultant and so many clients, of whom nothing is recorded.

    `due`: each has had an agreement for two months, so that beat owes it reports.
    """
    begun = timezone.now() - timedelta(days=70)
    mark = f"{time.monotonic_ns():x}"
    with owning():
        practice = Practice.objects.create(
            name="Fault Practice", slug=f"fault-{mark}", second_approval=False, factor_roles=[]
        )
        user = User.objects.create_user(f"{mark}@example.test", name="Uma Fault")
        Membership.objects.create(user=user, practice=practice, role=Role.CONSULTANT)
        made = []
        for number in range(clients):
            client = Client.objects.create(
                practice=practice, name=f"Client {number}", key=f"client-{number}-{mark}", paper="a4"
            )
            Membership.objects.create(user=user, practice=practice, client=client, role=Role.CONSULTANT)
            if due:
                Client.objects.filter(pk=client.pk).update(created_at=begun)
                Engagement.objects.create(client=client, starts_on=begun.date(), lead=user, created_at=begun)
            made.append(str(client.pk))
    return {"user": str(user.pk), "clients": made}


def _last_month(client: Client) -> periods.Period:
    return periods.last_over(periods.MONTHLY, on=client.today(timezone.now()))


def _request(
    user_id: str, client_id: str, before_commit: Callable[[], None] | None = None, kind: str | None = None
) -> str:
    user = User.objects.get(pk=user_id)
    with context.as_user(user, client_id=client_id):
        if before_commit:
            transaction.on_commit(before_commit)
        client = Client.objects.select_related("practice").get(pk=client_id)
        report = services.request_draft(
            client=client, kind="monthly", period=_last_month(client), by=user, at=timezone.now()
        )
        if kind:
            Job.objects.filter(pk=report.job_id).update(kind=kind)
    return str(report.pk)


def submit(*, user: str, clients: list[str], kind: str | None = None) -> dict[str, Any]:
    """Asks for last month's report of every client; how long each request took.

    `kind`: the same report, made by a job that meets this fault on the way.
    """
    took = []
    for client in clients:
        begun = time.monotonic()
        _request(user, client, kind=kind)
        took.append(round(time.monotonic() - begun, 3))
    return {"slowest": max(took)}


def assess(*, user: str, clients: list[str], kind: str) -> dict[str, Any]:
    """A draft of an assessment for every client, its pages drawn by a job that meets this fault."""
    by, now = User.objects.get(pk=user), timezone.now()
    for client in clients:
        with context.as_user(by, client_id=client):
            served = Client.objects.select_related("practice").get(pk=client)
            words = risks.Assessed(
                title="Baseline", kind="baseline", as_of=served.today(now), scope="All", method="Rated", team=[by]
            )
            risks.draft_assessment(client=served, assessed=words, by=by, at=now)
            Job.objects.filter(client=served).update(kind=kind)
    return {}


def bring(*, user: str, clients: list[str], rows: int, kind: str) -> dict[str, Any]:
    """A register of so many rows for every client, imported by a job that meets this fault."""
    by, now = User.objects.get(pk=user), timezone.now()
    content = "\n".join(["Risk,Likelihood,Impact", *(f"Risk {number},3,4" for number in range(rows))]).encode()
    for client in clients:
        with context.as_user(by, client_id=client):
            served = Client.objects.select_related("practice").get(pk=client)
            batch = imports.preview(
                client=served, kind=registry.get("risks"), name="r.csv", content=content, by=by, at=now
            )
            imports.start_import(batch=batch, taking="all", by=by, at=now)
            Job.objects.filter(client=served).update(kind=kind)
    return {}


def take_back(*, user: str, clients: list[str], kind: str) -> dict[str, Any]:
    """The imports of these clients are undone, each by a job that meets this fault."""
    by = User.objects.get(pk=user)
    for client in clients:
        with context.as_user(by, client_id=client):
            done = imports.start_undo(batch=ImportBatch.objects.get(), by=by, at=timezone.now())
            Job.objects.filter(pk=done.job.pk if done.job else None).update(kind=kind)
    return {}


def submit_and_die(*, user: str, clients: list[str]) -> dict[str, Any]:
    """As `submit`, in a process that is killed after each COMMIT and before the dispatch."""
    died = 0
    for client in clients:
        connection.close()
        child = os.fork()
        if child == 0:
            # Registered first, so it runs first of everything that waits for the commit.
            _request(user, client, before_commit=lambda: os.kill(os.getpid(), 9))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died += os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9
    return {"died": died}


def send_unknown() -> dict[str, Any]:
    """Hands the worker a task of a name it has never heard of, as after a deploy in the wrong order."""
    current_app.send_task("jobs.run_of_tomorrow", args=["x"], retry=False)
    return {}


def forget(*, address: str) -> dict[str, Any]:
    """Empties one database of Redis: the broker's or the cache's."""
    with redis.Redis.from_url(address) as server:
        server.flushdb()
    return {}


def archive(*, clients: list[str]) -> dict[str, Any]:
    with owning():
        return {"changed": Client.objects.filter(pk__in=clients).update(status="archived")}


def store_and_die(*, user: str, client: str) -> dict[str, Any]:
    """A process that stores an upload and is killed before its transaction commits."""
    connection.close()
    child = os.fork()
    if child == 0:
        with context.as_user(User.objects.get(pk=user), client_id=client):
            stored = files.store(client, f"never named {client}".encode(), suffix=".csv")
            ImportBatch.objects.create(
                client_id=client, kind="risks", file_name="x.csv", file_key=stored.key, file_sha256=stored.sha256,
                file_size=stored.size, mapping={}, counts={}, created_at=timezone.now(),
            )  # fmt: skip
            os.kill(os.getpid(), 9)
    _, status = os.waitpid(child, 0)
    return {"died": os.WIFSIGNALED(status)}


def sweep() -> dict[str, Any]:
    """The daily look after stored files, as if everything were a day older."""
    return storage.sweep(at=timezone.now(), older_than=-1)


def sign_in(*, user: str) -> dict[str, Any]:
    """A session as sign-in makes it; answers its key."""
    browser = Browser()
    person = User.objects.get(pk=user)
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"session": browser.session.session_key}


def send_again(*, clients: list[str], times: int) -> dict[str, Any]:
    """Delivers the message of every job again and again."""
    sent = 0
    for client in clients:
        with context.as_job(client, "fault test"):
            ids = list(Job.objects.values_list("pk", flat=True))
        for job_id in ids * times:
            sent += jobs.send_hint(job_id, client, None)  # type: ignore[arg-type]  # text is fine for a task
    return {"sent": sent}


def issue(*, user: str, client: str, upto: str) -> dict[str, Any]:
    """Takes the newest revision one step on: submit or approve."""
    person = User.objects.get(pk=user)
    with context.as_user(person, client_id=client):
        report = Report.objects.select_related("client__practice").order_by("-revision")[0]
        if upto == "submit":
            services.submit(report=report, by=person, at=timezone.now())
        elif upto == "approve":
            services.approve(report=report, by=person, seen_sha256=report.file_sha256, at=timezone.now())
        else:
            services.correct(report=report, reason="A date was wrong.", by=person, at=timezone.now())
    return {}


def colleague(*, client: str) -> dict[str, Any]:
    """One more consultant of the client, with a session."""
    with owning():
        served = Client.objects.select_related("practice").get(pk=client)
        user = User.objects.create_user(f"{time.monotonic_ns():x}@example.test", name="Vera Fault")
        for narrow in (None, served):
            Membership.objects.create(user=user, practice=served.practice, client=narrow, role=Role.CONSULTANT)
    return sign_in(user=str(user.pk))


def put_to_owners(*, user: str, client: str) -> dict[str, Any]:
    """An owner with a deputy is asked to accept a risk and to approve a policy: who they are, and what was asked."""
    now, by = timezone.now(), User.objects.get(pk=user)
    with owning():
        served, owners = Client.objects.select_related("practice").get(pk=client), []
        for name in ("Olga Owner", "Dean Deputy"):
            person = User.objects.create_user(f"{time.monotonic_ns():x}@example.test", name=name)
            Membership.objects.create(user=person, practice=served.practice, client=served, role=Role.OWNER)
            owners.append(person)
        today = served.today(now)
        olga, deputy = (
            Entry.objects.create(client=served, name=owner.name, user=owner, side="client", created_at=now)
            for owner in owners
        )
        olga.deputy, olga.deputy_from, olga.deputy_until = deputy, today, today + timedelta(days=9)
        olga.save()
    with context.as_user(by, client_id=client):
        risk = risks.raise_risk(
            client=served, by=by, at=now, wording=risks.Wording(title="A flood", event="The archive is flooded"),
            ratings={"now": scoring.Rating(2, {"operational": 3})},
        )  # fmt: skip
        until = today + timedelta(days=90)
        acceptance = risks.ask_acceptance(risk=risk, asked_of=olga, until=until, by=by, at=now)
        policy = policies.create_policy(client=served, title="Passwords", owner=olga, body="# Long", by=by, at=now)
        approval = policies.send_for_approval(version=policy.versions.get(), by=by, at=now)
    references = {"acceptance": acceptance.ask, "policy": approval.ask}
    return {
        "owners": [str(owner.pk) for owner in owners],
        "sessions": [sign_in(user=str(owner.pk))["session"] for owner in owners],
        "asks": {what: ask.reference for what, ask in references.items() if ask},
    }


def answer_together(*, client: str, people: list[str], ask: str, choice: str) -> dict[str, Any]:
    """The same ask, answered by each of them at the same moment and past the pages; how often it ended how."""
    barrier, ended = threading.Barrier(len(people)), Counter[str]()

    def once(user: str) -> None:
        close_old_connections()
        person = User.objects.get(pk=user)
        try:
            with context.as_user(person, client_id=client):
                asked = Ask.objects.select_related("client").get(reference=ask)
                barrier.wait()
                asks.answer(ask=asked, choice=choice, reason="", by=person, at=timezone.now())
            ended["answered"] += 1
        except ValidationError as refusal:
            ended[" ".join(refusal.messages)] += 1
        finally:
            connection.close()

    workers = [threading.Thread(target=once, args=(user,)) for user in people]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return dict(ended)


def together(*, user: str, client: str, what: str, threads: int = 20) -> dict[str, Any]:
    """The same verb from so many threads at the same moment; how often it answered what."""
    barrier, answers = threading.Barrier(threads), Counter[str]()

    def once() -> None:
        close_old_connections()
        barrier.wait()
        try:
            answers[_verb(user, client, what)] += 1
        except Refused as refusal:
            answers[str(refusal)] += 1
        except Exception as error:
            answers[type(error).__name__] += 1
        finally:
            connection.close()

    workers = [threading.Thread(target=once) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return dict(answers)


def _verb(user: str, client: str, what: str) -> str:
    if what == "request":
        return _request(user, client)
    person = User.objects.get(pk=user)
    with context.as_user(person, client_id=client):
        report = Report.objects.select_related("client__practice").order_by("-revision")[0]
        seen = "0" * 64 if what == "publish other bytes" else report.file_sha256
        return str(services.publish(report=report, by=person, seen_sha256=seen, at=timezone.now()))


def _reconcile_for_ever() -> None:
    while True:
        time.sleep(RECONCILE_EVERY)
        try:
            reconcile.reconcile()
        except Exception as error:
            logging.getLogger(__name__).warning("reconciler: %r", error)
        finally:
            connection.close()


VERBS: dict[str, Callable[..., dict[str, Any]]] = {
    verb.__name__: verb
    for verb in (
        make,
        submit,
        assess,
        bring,
        take_back,
        submit_and_die,
        send_again,
        send_unknown,
        forget,
        archive,
        store_and_die,
        sweep,
        sign_in,
        issue,
        together,
        colleague,
        put_to_owners,
        answer_together,
    )
}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    work_as_app_role()
    threading.Thread(target=_reconcile_for_ever, daemon=True).start()
    answers.write('{"ready": true}\n')
    for line in sys.stdin:
        wanted = json.loads(line)
        close_old_connections()
        try:
            answer = VERBS[wanted.pop("do")](**wanted)
        except Exception as error:
            logging.getLogger(__name__).exception("driver")
            answer = {"error": repr(error)}
        answers.write(json.dumps(answer) + "\n")


main()
