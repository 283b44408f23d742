"""Drafts that make themselves, on the client's day and once; stored pages looked after."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from engagements.models import Engagement
from reporting import periods
from reporting.models import Report
from reporting.services import calendar, storage
from tests.factories.cast import Cast
from tests.factories.jobs import run_jobs
from tests.reporting.conftest import NOW, as_alice, drafted, published
from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.tenancy.models import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(programme: Cast, as_owner: Callable[[], Any]) -> Cast:
    """Acme came to the portal in August; its reports are due on the 5th and 15 days after a quarter."""
    with as_owner():
        Client.objects.filter(pk=programme.acme.pk).update(created_at=dt.datetime(2026, 8, 3, tzinfo=dt.UTC))
    return programme


def due(at: dt.datetime) -> list[tuple[str, str]]:
    return [(kind, period) for _, kind, period in calendar.due(at=at)]


def test_what_is_missing_is_due_back_to_the_clients_first_month(served: Cast) -> None:
    assert due(NOW) == [
        ("monthly", "2026-08"),
        ("monthly", "2026-09"),
        ("monthly", "2026-10"),
        ("quarterly", "2026-Q3"),
    ]


def test_each_missed_period_is_made_up_once(served: Cast) -> None:
    assert calendar.draft_due(at=NOW) == 4
    assert calendar.draft_due(at=NOW) == 0
    with as_alice(served):
        assert Report.objects.count() == 4
        assert set(Report.objects.values_list("requested_by", flat=True)) == {None}


def test_the_day_is_the_clients_own(served: Cast) -> None:
    with as_alice(served):
        Engagement.objects.update(monthly_report_day=1)
    # Midnight of 1 December in New York is five o'clock in London's winter.
    before = dt.datetime(2026, 12, 1, 4, 59, tzinfo=dt.UTC)
    after = dt.datetime(2026, 12, 1, 5, 0, tzinfo=dt.UTC)
    assert ("monthly", "2026-11") not in due(before)
    assert ("monthly", "2026-11") in due(after)


def test_the_database_counts_days_as_the_periods_do(served: Cast) -> None:
    for report_day, pack_days in ((1, 2), (5, 15), (20, 30), (28, 4)):
        with as_alice(served):
            Engagement.objects.update(monthly_report_day=report_day, pack_day_offset=pack_days)
        for day in range(1, 29, 3):
            at = dt.datetime(2026, 11, day, 17, tzinfo=dt.UTC)
            last = {p for kind in (periods.MONTHLY, periods.QUARTERLY) for p in [periods.last_over(kind, on=at.date())]}
            days = {"monthly_day": report_day, "pack_days": pack_days}
            wanted = {(p.kind, str(p)) for p in last if p.draft_on(**days) <= at.date()}
            found = {row for row in due(at) if row[1] in {str(p) for p in last}}
            assert found == wanted, (report_day, pack_days, day)


def test_a_preview_is_collected_again_once_its_period_is_over(served: Cast) -> None:
    calendar.draft_due(at=NOW)
    november = periods.parse("2026-11")
    report = drafted(served, november)
    december = dt.datetime(2026, 12, 3, 17, tzinfo=dt.UTC)
    assert due(december) == [("monthly", "2026-11")]
    calendar.draft_due(at=december)
    assert due(december) == [("monthly", "2026-11")], "still due until its job ran"
    calendar.draft_due(at=december)
    with as_alice(served):
        assert Report.objects.get(pk=report.pk).version == report.version + 1


def test_an_archived_or_ended_client_gets_no_drafts(served: Cast, as_owner: Callable[[], Any]) -> None:
    with as_alice(served):
        Engagement.objects.update(ends_on=dt.date(2026, 8, 31))
    assert due(NOW) == [("monthly", "2026-08"), ("quarterly", "2026-Q3")]
    with as_owner():
        Client.objects.filter(pk=served.acme.pk).update(status="archived")
    assert due(NOW) == []


def aged(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF- nobody names this")
    old = time.time() - 2 * 24 * 3600
    os.utime(path, (old, old))
    return path


def test_the_sweep_removes_orphans_and_keeps_what_a_row_names(programme: Cast) -> None:
    report = published(programme)
    folder = Path(settings.FILES_ROOT, "c", str(programme.acme.pk), "ab")
    orphan, unfinished = aged(folder / f"{'ab' * 32}.pdf"), aged(folder / ".new-1")
    young = folder / f"{'cd' * 32}.pdf"
    young.write_bytes(b"%PDF- just written")
    kept = Path(settings.FILES_ROOT, *report.file_key.split("/"))
    old = time.time() - 2 * 24 * 3600
    os.utime(kept, (old, old))
    assert storage.sweep(at=NOW) == {"unfinished": 1, "orphans": 1, "missing": 0}
    assert [p.exists() for p in (orphan, unfinished, young, kept)] == [False, False, True, True]


def test_the_sweep_raises_the_alarm_for_missing_pages(programme: Cast) -> None:
    report = published(programme)
    Path(settings.FILES_ROOT, *report.file_key.split("/")).unlink()
    assert storage.sweep(at=NOW)["missing"] == 1
    with context.as_job(programme.acme.pk, "test"):
        assert Event.objects.filter(verb="report.file_missing", object_id=report.pk).exists()


def test_a_report_nobody_may_see_is_made_by_its_own_clients_job(served: Cast) -> None:
    calendar.draft_due(at=NOW)
    assert set(run_jobs(served.acme)) == {"done"}
    with as_alice(served):
        assert all(report.is_drawn for report in Report.objects.all())
