"""What the database itself keeps: published reports never change, drafts stay with the practice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from engagements.services import asks
from reporting import services
from reporting.enums import State
from reporting.models import Report
from tests.factories.cast import Cast
from tests.factories.jobs import run_jobs
from tests.reporting.conftest import NOW, QUARTER, as_alice, drafted, fresh, published, submitted
from vciso.jobs.models import OutboxMail
from vciso.tenancy import context
from vciso.tenancy.models import Client

pytestmark = pytest.mark.django_db

CHANGES = {
    "other bytes": {"file_sha256": "0" * 64},
    "other facts": {"facts": {}},
    "other words": {"words": {"sections": {}}},
    "another period": {"period": "2026-09"},
    "back to draft": {"state": State.DRAFT},
    "another day": {"published_at": NOW.replace(year=2020)},
}


def test_a_published_report_never_changes_for_the_app_or_the_owner_of_its_table(
    programme: Cast, as_owner: Callable[[], Any]
) -> None:
    report = published(programme)
    for entering in (as_owner, lambda: as_alice(programme)):
        for name, change in CHANGES.items():
            with entering(), pytest.raises(DatabaseError), transaction.atomic():
                assert Report.objects.filter(pk=report.pk).update(**change) == 0, name


def test_an_issued_report_is_never_deleted_nor_does_a_superseded_one_return(
    programme: Cast, as_owner: Callable[[], Any]
) -> None:
    report = published(programme)
    for state in (State.PUBLISHED, State.SUPERSEDED):
        with as_owner():
            Report.objects.filter(pk=report.pk).exclude(state=state).update(state=state)
            with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
                Report.objects.filter(pk=report.pk).delete()
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("TRUNCATE reporting_report CASCADE")
    with as_owner(), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state=State.PUBLISHED)


def test_a_report_cannot_be_born_published_or_skip_its_approval(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme):
        with pytest.raises(DatabaseError, match="from approved"), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(
                state=State.PUBLISHED, published_at=NOW, approved_sha256=report.file_sha256
            )
        born = Report(client=programme.acme, kind="monthly", period="2026-09", requested_at=NOW, state=State.APPROVED)
        with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
            born.save(force_insert=True)


def test_a_period_has_one_report_in_work_and_one_published(programme: Cast) -> None:
    report = drafted(programme)
    second = Report(
        client=programme.acme, kind="monthly", period=report.period, revision=2, restated="why", requested_at=NOW
    )
    with as_alice(programme), pytest.raises(IntegrityError, match="report_one_in_work"), transaction.atomic():
        second.save(force_insert=True)


def test_drafts_are_invisible_to_the_clients_people(programme: Cast) -> None:
    submitted(programme)
    for user in (programme.bob, programme.dora, programme.carl):
        with context.as_user(user, client_id=programme.acme.pk):
            assert list(Report.objects.all()) == []


def test_nobody_reads_another_clients_reports(programme: Cast) -> None:
    published(programme)
    strangers = [
        (programme.charlie, programme.acme),
        (programme.xenia, programme.acme),
        (programme.alice, programme.globex),
    ]
    for user, place in strangers:
        with context.as_user(user, client_id=place.pk):
            assert list(Report.objects.all()) == []


def test_an_owner_reads_what_is_published_and_cannot_write_it(programme: Cast) -> None:
    report = published(programme)
    with context.as_user(programme.bob, client_id=programme.acme.pk):
        assert Report.objects.get().pk == report.pk
        assert Report.objects.update(restated="mine") == 0


def test_the_board_reads_a_pack_once_the_owner_released_it(programme: Cast) -> None:
    report = published(programme, QUARTER)
    with context.as_user(programme.dora, client_id=programme.acme.pk):
        assert not Report.objects.exists()
    with as_alice(programme):
        ask = fresh(report).ask
        assert ask.state == "open"
    with context.as_user(programme.bob, client_id=programme.acme.pk):
        asks.answer(ask=ask, choice="release", reason="", by=programme.bob, at=NOW)
    run_jobs(programme.acme)
    with context.as_user(programme.dora, client_id=programme.acme.pk):
        found = Report.objects.get()
        assert (found.released_by_id, found.released_at is not None) == (programme.bob.pk, True)
    with as_alice(programme):
        [mail] = OutboxMail.objects.filter(key__startswith="report-released")
        assert (mail.user, "/board/acme-a1b2c3/packs/2026-q3/" in mail.body) == (programme.dora, True)


def test_a_pack_held_back_stays_with_the_owner_and_can_be_asked_again(programme: Cast) -> None:
    report = published(programme, QUARTER)
    with as_alice(programme):
        ask = fresh(report).ask
    with context.as_user(programme.bob, client_id=programme.acme.pk):
        asks.answer(ask=ask, choice="hold", reason="After the call.", by=programme.bob, at=NOW)
    with context.as_user(programme.dora, client_id=programme.acme.pk):
        assert not Report.objects.exists()
    with as_alice(programme):
        assert services.ask_release(report=fresh(report), by=programme.alice, at=NOW)
        assert fresh(report).ask_id != ask.pk


def test_a_pack_goes_to_the_board_at_publication_where_the_client_set_so(
    programme: Cast, as_owner: Callable[[], Any]
) -> None:
    with as_owner():
        Client.objects.filter(pk=programme.acme.pk).update(pack_release="publication")
    published(programme, QUARTER)
    with context.as_user(programme.dora, client_id=programme.acme.pk):
        assert Report.objects.get().period == "2026-Q3"


def test_a_monthly_report_never_reaches_the_board(programme: Cast) -> None:
    published(programme)
    with context.as_user(programme.dora, client_id=programme.acme.pk):
        assert not Report.objects.exists()
