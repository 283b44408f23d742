"""The pages of reports: what each role gets, and what bad input is answered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements.services import asks
from reporting import services
from reporting.enums import State
from reporting.models import Report
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sessions import wind_back
from tests.factories.cast import Cast
from tests.factories.jobs import run_jobs
from tests.reporting.conftest import (
    NOW,
    OCTOBER,
    QUARTER,
    approved,
    as_alice,
    drafted,
    fresh,
    published,
    submitted,
)
from vciso.audit.models import Event
from vciso.jobs.enums import WaitsFor
from vciso.jobs.models import Job, OutboxMail
from vciso.tenancy import context
from vciso.tenancy.models import Membership

pytestmark = pytest.mark.django_db
DESK = "/c/acme-a1b2c3/reports/"
OWNER = "/my/acme-a1b2c3/reports/"
BOARD = "/board/acme-a1b2c3/packs/"
Browse = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages read the clock at the edge; these tests live in one November."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_the_list_offers_the_first_report_when_there_is_none(programme: Cast, browse: Browse) -> None:
    page = browse(programme.alice).get(DESK)
    assert (page.status_code, b"No reports yet" in page.content) == (200, True)


def test_asking_for_a_draft_leads_to_its_progress_and_then_to_the_desk(programme: Cast, browse: Browse) -> None:
    alice = browse(programme.alice)
    answer = alice.post(f"{DESK}new/", {"period": "2026-10"})
    assert (answer.status_code, answer.url) == (303, f"{DESK}2026-10/")
    assert b"Making the report" in alice.get(f"{DESK}2026-10/").content
    polled = alice.get(f"{DESK}2026-10/progress/", headers={"HX-Request": "true"})
    assert (polled.status_code, b"every 1s" in polled.content) == (200, True)
    run_jobs(programme.acme)
    ended = alice.get(f"{DESK}2026-10/progress/", headers={"HX-Request": "true"})
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (286, "true")
    desk = alice.get(f"{DESK}2026-10/").content.decode()
    assert "Backups cannot be restored" in desk
    assert "Before you publish" in desk


def test_the_progress_page_says_what_the_work_waits_for(programme: Cast, browse: Browse) -> None:
    alice = browse(programme.alice)
    alice.post(f"{DESK}new/", {"period": "2026-10"})
    for reason in WaitsFor:
        with as_alice(programme):
            Job.objects.update(waiting_for=reason)
        shown = alice.get(f"{DESK}2026-10/progress/", headers={"HX-Request": "true"}).content.decode()
        assert reason.label in shown and "Making the report" in shown
    assert len({reason.label for reason in WaitsFor}) == 7
    with as_alice(programme):
        Job.objects.update(state="failed", message="Drawing took longer than 60 seconds.")
    assert "Drawing took longer than 60 seconds." in alice.get(f"{DESK}2026-10/").content.decode()


def test_32_who_lost_their_role_meanwhile_gets_no_link_and_the_work_is_done(
    programme: Cast, browse: Browse, as_owner: Callable[[], Any]
) -> None:
    amir = browse(programme.amir)
    amir.post(f"{DESK}new/", {"period": "2026-10"})
    with as_owner():
        Membership.objects.filter(user=programme.amir).delete()
    assert run_jobs(programme.acme) == ["done"]
    assert amir.get(f"{DESK}2026-10/").status_code == 404
    with as_alice(programme):
        assert Report.objects.get().is_drawn
        assert not OutboxMail.objects.filter(user=programme.amir).exists()


def test_the_desk_goes_from_draft_to_published(programme: Cast, browse: Browse) -> None:
    drafted(programme)
    alice, amir = browse(programme.alice), browse(programme.amir)
    place = f"{DESK}2026-10/"
    saved = alice.post(f"{place}sections/changes/", {"heading": "One door is open", "body": "It closes.", "version": 1})
    assert saved.status_code == 303
    run_jobs(programme.acme)
    assert alice.post(f"{place}submit/", {"reviewer": str(programme.amir.pk)}).status_code == 303
    run_jobs(programme.acme)
    with as_alice(programme):
        sha = Report.objects.get().file_sha256
    assert alice.post(f"{place}approve/", {"seen": sha}).status_code == 422
    assert amir.get(place).status_code == 200
    assert amir.post(f"{place}approve/", {"seen": sha}).status_code == 303
    wind_back(alice, authenticated=301)
    given = {"seen": sha, "message": "Read page two."}
    asked = alice.post(f"{place}publish/", given)
    assert (asked.status_code, b"Read page two." in asked.content) == (428, True)
    with as_alice(programme):
        assert Report.objects.get().state == State.APPROVED
    assert alice.post(f"{place}publish/", {**given, "confirm-password": PASSWORD}).status_code == 303
    with as_alice(programme):
        assert Report.objects.get().state == State.PUBLISHED
    assert b"One door is open" in browse(programme.bob).get(f"{OWNER}2026-10/").content
    assert alice.post(f"{place}correct/", {"reason": "A date was wrong."}).status_code == 303
    for revision in (1, 2):
        assert alice.get(f"{place}revisions/{revision}/").status_code == 200


def test_each_page_of_the_desk_opens(programme: Cast, browse: Browse) -> None:
    report = drafted(programme)
    alice = browse(programme.alice)
    for tail in ("", "sections/status/", "status/", "submit/", "hand-back/", "take-back/", "publish/", "figures/"):
        page = alice.get(f"{DESK}2026-10/{tail}")
        assert page.status_code == 200, tail
    pdf = alice.get(f"{DESK}2026-10/r1.pdf")
    assert (pdf.content[:5], pdf.headers["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert report.file_pages == pdf.content.count(b"/Type /Page\n") or report.file_pages >= 1


def test_a_director_reads_a_released_pack_and_nothing_else(programme: Cast, browse: Browse) -> None:
    report = published(programme, QUARTER)
    dora, bob = browse(programme.dora), browse(programme.bob)
    assert bob.get(f"{OWNER}2026-q3/").status_code == 200
    assert dora.get(f"{BOARD}2026-q3/").status_code == 404
    with as_alice(programme):
        ask = fresh(report).ask
    with context.as_user(programme.bob, client_id=programme.acme.pk):
        asks.answer(ask=ask, choice="release", reason="", by=programme.bob, at=NOW)
    assert dora.get(f"{BOARD}2026-q3/").status_code == 200
    pdf = dora.get(f"{BOARD}2026-q3.pdf")
    assert pdf.content == services.open_pdf(report)
    assert dora.get(f"{DESK}2026-q3/").status_code == 403
    assert dora.get(f"{OWNER}2026-q3/").status_code == 403
    with as_alice(programme):
        downloads = Event.objects.filter(verb="report.downloaded")
        assert [event.actor_id for event in downloads] == [programme.dora.pk]


def test_unpublished_foreign_and_unknown_reports_answer_alike(programme: Cast, browse: Browse) -> None:
    submitted(programme)
    bob, gina = browse(programme.bob), browse(programme.gina)
    draft = bob.get(f"{OWNER}2026-10/")
    unknown = bob.get(f"{OWNER}2026-09/")
    assert (draft.status_code, draft.content) == (404, unknown.content)
    assert gina.get(f"{OWNER}2026-10/").status_code == 404
    assert browse(programme.charlie).get(f"{DESK}2026-10/").status_code == 404
    assert browse(programme.xenia).get(f"{DESK}2026-10/r1.pdf").status_code == 404


def test_a_missing_file_answers_410_and_raises_an_alarm(programme: Cast, browse: Browse) -> None:
    report = published(programme)
    path = Path(settings.FILES_ROOT, *report.file_key.split("/"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    answer = browse(programme.bob).get(f"{OWNER}2026-10.pdf")
    assert (answer.status_code, b"%PDF" in answer.content) == (410, False)
    with as_alice(programme):
        assert Event.objects.filter(verb="report.file_missing").count() == 1


BAD = {
    "no such period": ("new/", {"period": "2031-13"}),
    "no period": ("new/", {}),
    "NUL in words": ("2026-10/sections/changes/", {"heading": "a\x00b", "body": "", "version": "1"}),
    "ten megabytes": ("2026-10/sections/changes/", {"heading": "a", "body": "x" * 4_000_000, "version": "1"}),
    "a huge version": ("2026-10/sections/changes/", {"heading": "a", "body": "", "version": "9" * 40}),
    "a short fingerprint": ("2026-10/publish/", {"seen": "abc"}),
    "no reason": ("2026-10/hand-back/", {"reason": ""}),
    "a better word": ("2026-10/status/", {"word": "watch", "reason": "better"}),
    "a stranger reviews": ("2026-10/submit/", {"reviewer": "7d3c"}),
}


def test_bad_input_is_answered_with_the_form(programme: Cast, browse: Browse) -> None:
    drafted(programme)
    alice = browse(programme.alice)
    for name, (tail, data) in BAD.items():
        answer = alice.post(f"{DESK}{tail}", data)
        assert answer.status_code == 422, name


def test_a_form_opened_too_early_shows_both_texts(programme: Cast, browse: Browse) -> None:
    report = drafted(programme)
    with as_alice(programme):
        services.edit_section(
            report=report, key="changes", heading="Theirs", body="", by=programme.amir, at=NOW, version=report.version
        )
    answer = browse(programme.alice).post(
        f"{DESK}2026-10/sections/changes/", {"heading": "Mine", "body": "", "version": "1"}
    )
    assert answer.status_code == 409
    assert b"Theirs" in answer.content
    assert b"Mine" in answer.content


FRAME = ("SAVEPOINT", "RELEASE", "SELECT client_id, roles", "SELECT set_config", "usersessions")


def test_lists_and_desk_cost_at_most_twelve_queries(programme: Cast, browse: Browse) -> None:
    drafted(programme, OCTOBER.previous())
    published(programme)
    for user, place in (
        (programme.alice, DESK),
        (programme.alice, f"{DESK}2026-10/"),
        (programme.alice, f"{DESK}2026-09/"),
        (programme.bob, OWNER),
        (programme.bob, f"{OWNER}2026-10/"),
    ):
        browser = browse(user)
        browser.get(place)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(place).status_code == 200
        asked = [q["sql"] for q in captured.captured_queries if not any(word in q["sql"][:90] for word in FRAME)]
        assert len(asked) <= 12, (place, asked)


def primary(browser: Any, client_key: str = "acme-a1b2c3") -> tuple[str, str, int]:
    """The one primary button of the overview, where it leads, and what the page costs."""
    browser.get(f"/c/{client_key}/")
    with CaptureQueriesContext(connection) as asked:
        page = lxml.html.fromstring(browser.get(f"/c/{client_key}/").content)
    (button,) = page.xpath("//main//a[contains(@class, 'btn-primary')][not(ancestor::*[contains(@class, 'empty')])]")
    return button.text_content().strip(), button.get("href"), len(asked)


def test_the_overview_leads_to_the_report_that_waits_for_its_reader(programme: Cast, browse: Browse) -> None:
    """The writer checks and publishes, the reviewer approves; to everybody else it stays the list."""
    alice, amir = browse(programme.alice), browse(programme.amir)
    *leads, cost = primary(alice)
    assert leads == ["Reports", DESK]
    told = []
    for step in (drafted, submitted, approved, published):
        with transaction.atomic():
            step(programme)
            told.append((step.__name__, primary(alice)[:2], primary(amir)[:2]))
            assert primary(alice)[2] <= cost + 1
            transaction.set_rollback(True)
    here, elsewhere = f"{DESK}2026-10/", ("Reports", DESK)
    assert told == [
        ("drafted", ("Check October report", here), elsewhere),
        ("submitted", elsewhere, ("Review October report", here)),
        ("approved", ("Publish October report", here), elsewhere),
        ("published", elsewhere, elsewhere),
    ]


def test_a_report_of_long_ago_is_named_with_its_year(programme: Cast) -> None:
    report = Report(kind="quarterly", period="2025-Q3")
    assert report.short_title(on=NOW.date()) == "July to September 2025 board pack"
    assert Report(kind="quarterly", period="2026-Q3").short_title(on=NOW.date()) == "July to September board pack"
