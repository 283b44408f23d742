"""Figures: for the token's bearer alone, and without a word of what is in jobs and mails."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from tests.factories.cast import Cast
from vciso.jobs.models import Job, OutboxMail
from vciso.operations import metrics
from vciso.settings.addresses import ROOT

TOKEN = "t0ken-of-the-monitoring-system-0123456789"


def figures(browser: Browser) -> dict[str, float]:
    answer = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    assert text.endswith("\n") and "python_info" not in text
    return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{[^}]*\})?) (\S+)$", text, re.M)}


@pytest.mark.django_db
def test_nobody_but_the_bearer_learns_that_the_address_exists(client: Browser, settings: Any) -> None:
    unknown = client.get("/no-such-address")
    settings.METRICS_TOKEN = ""
    off = [client.get("/metrics"), client.get("/metrics", headers={"Authorization": "Bearer "})]
    settings.METRICS_TOKEN = TOKEN
    wrong = [client.get("/metrics", headers={"Authorization": given}) for given in ("", "Bearer x", TOKEN, "Bearer ü")]
    assert {(answer.status_code, answer.content) for answer in (*off, *wrong)} == {(404, unknown.content)}


@pytest.mark.django_db
def test_jobs_and_mail_are_counted_and_aged_across_clients(cast: Cast, client: Browser, as_owner: Any, settings: Any):
    settings.METRICS_TOKEN = TOKEN
    now = timezone.now()
    ended = {"state": "done", "created_at": now - timedelta(seconds=40), "finished_at": now - timedelta(seconds=10)}
    with as_owner():
        for number, (owner, kind, more) in enumerate(
            [
                (cast.acme, "reporting.build", {"not_before": now - timedelta(minutes=5)}),
                (cast.initech, "reporting.build", {"not_before": now + timedelta(hours=1), "disturbances": 2}),
                (cast.globex, "reporting.build", ended),
                (cast.acme, "imports.run", {"state": "failed", "finished_at": now}),
            ]
        ):
            Job.objects.create(client=owner, kind=kind, key=f"SECRET-KEY-{number}", **more)
        for number, due in enumerate((now - timedelta(minutes=9), now + timedelta(hours=1))):
            OutboxMail.objects.create(
                key=f"m{number}", to="secret@example.test", subject="SECRET", body="SECRET", not_before=due, tries=1
            )
    found = figures(client)
    build = '{kind="reporting.build"}'
    assert found[f"vciso_jobs_waiting{build}"] == 1
    assert 300 <= found[f"vciso_jobs_oldest_waiting_seconds{build}"] < 400
    assert found[f"vciso_jobs_disturbed{build}"] == 1
    assert (found[f"vciso_jobs_done_total{build}"], found[f"vciso_jobs_seconds_total{build}"]) == (1, 30)
    assert found[f"vciso_jobs_slowest_seconds{build}"] == 30
    assert found['vciso_jobs_failed_total{kind="imports.run"}'] == 1
    assert (found["vciso_outbox_waiting"], found["vciso_outbox_repeated"]) == (1, 1)
    assert 540 <= found["vciso_outbox_oldest_seconds"] < 640
    assert "SECRET" not in str(found) and "secret@" not in str(found)


COUNTING = """
import os, sys
from vciso.operations import metrics
if len(sys.argv) > 1:
    for _ in range(3):
        metrics.count_request("GET", 200, 0.03)
    metrics.count_request("BREW", 503, 2.0)
else:
    print(metrics._of_requests())
"""


def test_requests_of_several_web_processes_are_summed(tmp_path: Any) -> None:
    environment = {**os.environ, metrics.SHARED: str(tmp_path), "DJANGO_SETTINGS_MODULE": "vciso.settings.test"}

    def run(*words: str) -> str:
        command = [sys.executable, "-c", COUNTING, *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    run("count"), run("count")
    text = run()
    assert 'vciso_requests_total{method="GET",status="2xx"} 6.0' in text
    assert 'vciso_requests_total{method="other",status="5xx"} 2.0' in text
    assert 'vciso_request_seconds_bucket{le="0.05"} 6.0' in text and "vciso_request_seconds_count 8.0" in text


def test_without_a_shared_place_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(metrics.SHARED, raising=False)
    metrics.count_request("GET", 200, 0.1)
    assert metrics._requests is None and metrics._of_requests() == ""
