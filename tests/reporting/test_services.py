"""The life of a report: who may move it, who may not, and what the sentence says."""

from __future__ import annotations

import hashlib

import pytest
from django.utils import timezone

from reporting import documents, periods, services
from reporting.enums import State
from reporting.models import Report
from reporting.rules import Refused
from tests.factories.cast import Cast
from tests.factories.jobs import run_jobs
from tests.reporting.conftest import (
    NOW,
    OCTOBER,
    as_alice,
    drafted,
    fresh,
    published,
    submitted,
)
from vciso import files
from vciso.jobs.models import Job, OutboxMail
from vciso.tenancy import context
from vciso.tenancy.models import Practice

pytestmark = pytest.mark.django_db


def test_a_draft_holds_frozen_facts_and_the_pages_drawn_from_them(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme):
        assert report.state == State.DRAFT
        assert report.is_drawn
        assert report.data_as_of == OCTOBER.end
        assert report.file_sha256 == hashlib.sha256(files.read(report.file_key)).hexdigest()
        document = documents.from_plain(report.facts)
        assert documents.facts_sha256(document) == report.facts_sha256
        assert document.risks.rows[0].title == "Backups cannot be restored"
        assert document.status.word == "Act now"


def test_asking_twice_gives_the_same_report_and_one_job(programme: Cast) -> None:
    with as_alice(programme):
        given = {"client": programme.acme, "kind": "monthly", "period": OCTOBER, "by": programme.alice, "at": NOW}
        first = services.request_draft(**given)
        second = services.request_draft(**given)
        assert (first.pk, Job.objects.count()) == (second.pk, 1)


def test_a_period_that_has_not_begun_is_refused(programme: Cast) -> None:
    with as_alice(programme), pytest.raises(Refused, match="has not begun"):
        services.request_draft(
            client=programme.acme, kind="monthly", period=periods.parse("2026-12"), by=programme.alice, at=NOW
        )


def test_a_running_period_gives_a_preview_that_nobody_hands_in(programme: Cast) -> None:
    # Figures are collected when the job runs, so the month under way is that of the clock.
    at = timezone.now()
    running = periods.parse(f"{programme.acme.today(at):%Y-%m}")
    report = drafted(programme, running, at=at)
    with as_alice(programme):
        assert report.data_as_of == programme.acme.today(report.frozen_at)
        assert report.facts["edition"]["state"] == "preview"
        with pytest.raises(Refused, match="not over"):
            services.submit(report=report, by=programme.alice, at=at, reviewer=programme.amir)


def test_edited_words_are_drawn_and_the_computed_ones_come_back(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme):
        edit = {"key": "changes", "heading": "One door is open", "body": "It closes soon.", "by": programme.alice}
        report = services.edit_section(report=report, at=NOW, version=report.version, **edit)
        assert not report.is_drawn
    assert run_jobs(programme.acme) == ["done"]
    with as_alice(programme):
        report = fresh(report)
        words = {part["key"]: part for part in report.facts["words"]}
        assert (report.is_drawn, words["changes"]["heading"]) == (True, "One door is open")
        services.restore_section(report=report, key="changes", by=programme.alice, at=NOW)
        assert fresh(report).words["sections"] == {}


def test_a_form_opened_before_somebody_elses_change_is_refused(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme), pytest.raises(services.drafting.Stale):
        services.edit_section(
            report=report, key="changes", heading="A", body="B", by=programme.alice, at=NOW, version=report.version - 1
        )


def test_a_job_for_words_of_yesterday_changes_nothing(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme):
        for heading in ("First", "Second"):
            report = services.edit_section(
                report=report,
                key="changes",
                heading=heading,
                body="",
                by=programme.alice,
                at=NOW,
                version=report.version,
            )
    assert run_jobs(programme.acme) == ["done", "done"]
    with as_alice(programme):
        report = fresh(report)
        assert report.is_drawn
        assert {p["key"]: p["heading"] for p in report.facts["words"]}["changes"] == "Second"


def test_a_worse_word_is_printed_with_its_reason_and_a_better_one_refused(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme), pytest.raises(Refused, match="never a better one"):
        services.choose_status_word(report=report, word="watch", reason="It is fine", by=programme.alice, at=NOW)


def test_who_wrote_or_handed_in_does_not_approve(programme: Cast) -> None:
    report = submitted(programme)
    with as_alice(programme), pytest.raises(Refused, match="You wrote or handed in"):
        services.approve(report=report, by=programme.alice, seen_sha256=report.file_sha256, at=NOW)


def test_only_the_person_the_pages_name_approves(programme: Cast) -> None:
    report = submitted(programme)
    with context.as_user(programme.pam, client_id=programme.acme.pk), pytest.raises(Refused, match="name Amir"):
        services.approve(report=report, by=programme.pam, seen_sha256=report.file_sha256, at=NOW)


def test_pages_that_changed_after_they_were_opened_are_not_approved(programme: Cast) -> None:
    report = submitted(programme)
    with context.as_user(programme.amir, client_id=programme.acme.pk), pytest.raises(Refused, match="changed after"):
        services.approve(report=report, by=programme.amir, seen_sha256="0" * 64, at=NOW)


def test_the_reviewer_is_somebody_who_may_see_the_client(programme: Cast) -> None:
    report = drafted(programme)
    with as_alice(programme), pytest.raises(Refused, match="Choose another"):
        services.submit(report=report, by=programme.alice, at=NOW, reviewer=programme.charlie)


def test_a_practice_that_switched_it_off_says_so_in_record_and_pages(programme: Cast, as_owner) -> None:
    with as_owner():
        Practice.objects.filter(pk=programme.northwind.pk).update(second_approval=False)
    report = drafted(programme)
    with as_alice(programme):
        services.submit(report=report, by=programme.alice, at=NOW)
    run_jobs(programme.acme)
    with as_alice(programme):
        report = fresh(report)
        assert report.facts["edition"]["approver"] == ""
        services.approve(report=report, by=programme.alice, seen_sha256=report.file_sha256, at=NOW)
        assert fresh(report).approval_note == "The practice has switched the second approval off."


def test_publication_keeps_the_bytes_that_were_approved_and_tells_the_owner(programme: Cast) -> None:
    report = published(programme)
    with as_alice(programme):
        assert report.state == State.PUBLISHED
        assert report.file_sha256 == report.approved_sha256
        assert hashlib.sha256(services.open_pdf(report)).hexdigest() == report.approved_sha256
        [mail] = OutboxMail.objects.filter(key__startswith="report-published")
        assert (mail.user, "October 2026" in mail.subject) == (programme.bob, True)
        assert "/my/acme-a1b2c3/reports/2026-10/" in mail.body


def test_publishing_twice_is_publishing_once(programme: Cast) -> None:
    report = published(programme)
    with as_alice(programme):
        again = services.publish(report=report, by=programme.alice, seen_sha256=report.file_sha256, at=NOW)
        assert (again, OutboxMail.objects.filter(key__startswith="report-published").count()) == (False, 1)


def test_bytes_other_than_those_approved_are_not_published(programme: Cast) -> None:
    report = submitted(programme)
    with context.as_user(programme.amir, client_id=programme.acme.pk):
        services.approve(report=report, by=programme.amir, seen_sha256=report.file_sha256, at=NOW)
        with pytest.raises(Refused, match="not the ones that were approved"):
            services.publish(report=report, by=programme.amir, seen_sha256="1" * 64, at=NOW)


def test_a_correction_is_a_new_revision_and_the_old_one_stays(programme: Cast) -> None:
    first = published(programme)
    with as_alice(programme):
        second = services.correct(report=first, reason="One risk was missing.", by=programme.alice, at=NOW)
        assert (second.revision, second.state) == (2, State.DRAFT)
        again = services.correct(report=first, reason="Another.", by=programme.alice, at=NOW)
        assert again.pk == second.pk
    run_jobs(programme.acme)
    with as_alice(programme):
        services.submit(report=fresh(second), by=programme.alice, at=NOW, reviewer=programme.amir)
    run_jobs(programme.acme)
    with context.as_user(programme.amir, client_id=programme.acme.pk):
        sha = fresh(second).file_sha256
        services.approve(report=second, by=programme.amir, seen_sha256=sha, at=NOW)
        services.publish(report=second, by=programme.amir, seen_sha256=sha, at=NOW)
        states = dict(Report.objects.values_list("revision", "state"))
        assert states == {1: State.SUPERSEDED, 2: State.PUBLISHED}
        assert services.open_pdf(fresh(first))


def test_a_correction_needs_its_reason(programme: Cast) -> None:
    report = published(programme)
    with as_alice(programme), pytest.raises(Refused, match="printed on the corrected"):
        services.correct(report=report, reason="  ", by=programme.alice, at=NOW)
