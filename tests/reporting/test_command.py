"""`report`: the worker's own code path from a command line; nothing is ever published by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reporting import services
from reporting.enums import State
from reporting.management.commands import report as command
from reporting.models import Report
from tests.factories.cast import Cast
from tests.reporting.conftest import NOW, as_alice, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "WORKER_TAKES_IT", 0.0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def made(out: Path, capsys: Any, **given: str) -> dict[str, Any]:
    options = {"client": "acme-a1b2c3", "kind": "monthly", "period": "2026-10"} | given
    call_command("report", json=True, out=str(out), **options)
    return dict(json.loads(capsys.readouterr().out))


def test_a_draft_is_built_by_the_job_and_stays_a_draft(programme: Cast, tmp_path: Path, capsys: Any) -> None:
    answer = made(tmp_path / "october.pdf", capsys)
    assert (answer["state"], answer["preview"], answer["pages"] >= 1) == ("draft", False, True)
    assert (tmp_path / "october.pdf").read_bytes()[:5] == b"%PDF-"
    with as_alice(programme):
        assert Report.objects.get().state == State.DRAFT


def test_a_published_report_gives_its_exact_bytes(programme: Cast, tmp_path: Path, capsys: Any) -> None:
    report = published(programme)
    answer = made(tmp_path / "october.pdf", capsys)
    assert (answer["state"], answer["sha256"]) == ("published", report.approved_sha256)
    assert (tmp_path / "october.pdf").read_bytes() == services.open_pdf(report)


def test_a_running_period_gives_a_preview(programme: Cast, tmp_path: Path, capsys: Any) -> None:
    answer = made(tmp_path / "november.pdf", capsys, period="2026-11")
    assert (answer["preview"], answer["data_as_of"]) == (True, "2026-11-20")


def test_a_period_to_come_is_refused_with_status_1(programme: Cast, tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        made(tmp_path / "x.pdf", capsys, period="2027-01")
    assert ended.value.code == 1
    assert "has not begun" in json.loads(capsys.readouterr().out)["refused"]


@pytest.mark.parametrize(
    "wrong",
    [{"period": "2026-Q3"}, {"period": "October"}, {"client": "nobody"}, {"out": "/no/such/folder/x.pdf"}],
    ids=["a quarter", "words", "an unknown client", "no folder"],
)
def test_wrong_use_ends_with_status_2(programme: Cast, tmp_path: Path, wrong: dict[str, str]) -> None:
    options = {"client": "acme-a1b2c3", "kind": "monthly", "period": "2026-10", "out": str(tmp_path / "x.pdf")}
    with pytest.raises(CommandError) as ended:
        call_command("report", **(options | wrong))
    assert ended.value.returncode == 2
