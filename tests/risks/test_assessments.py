"""The register as a whole: frozen on a day, approved, compared, handed out."""

import datetime as dt
import hashlib
import io
import re
import subprocess

import openpyxl
import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement
from engagements.services import asks
from reporting.services import storage
from risks import selectors, services
from risks.models import Risk, RiskAssessment
from risks.rules import snapshots
from risks.selectors.assessment import facts_of
from risks.selectors.facts import register_as_of
from risks.services import drawing
from risks.services.assessment import Assessed, fingerprint
from tests.conftest import owning
from tests.factories.jobs import run_jobs
from tests.risks.conftest import NOW, TODAY, limited, raised, rated
from tests.risks.test_pages import counted
from vciso import files
from vciso.audit.models import Event
from vciso.jobs.models import Job
from vciso.tenancy.models import Client

KEY = "acme-a1b2c3"
PAGE = f"/c/{KEY}/risks/assessments/"
LATER = NOW + dt.timedelta(days=40)

pytestmark = pytest.mark.django_db


def assessed(cast, directory, **given):
    return Assessed(
        **{
            "title": "Baseline 2026", "kind": "baseline", "as_of": TODAY, "scope": "Both clinics.",
            "method": "Rated 1 to 5.", "conclusion": "Mend the backups.", "people": [directory["bob"]],
            "team": [cast.alice], **given,
        }
    )  # fmt: skip


@pytest.fixture
def backups(cast, people, entering):
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        risk = raised(cast, owner=people["bob"], private_notes="They quarrel")
        raised(cast, "Phishing", now=None)
    return risk


@pytest.fixture
def draft(cast, people, entering, backups):
    with entering(cast.alice, cast.acme):
        return services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), by=cast.alice, at=NOW)


def test_a_day_before_any_record_is_refused_and_the_question_tells_open_from_closed(cast, people, entering, draft):
    early = assessed(cast, people, as_of=dt.date(2020, 1, 1))
    with entering(cast.alice, cast.acme):
        for write in (
            lambda: services.draft_assessment(client=cast.acme, assessed=early, by=cast.alice, at=NOW),
            lambda: services.edit_assessment(assessment=draft, assessed=early, by=cast.alice, at=NOW),
        ):
            with pytest.raises(services.Refused) as refused:
                write()
            assert refused.value.message_dict["as_of"] == [
                "Nothing was on record on January 1, 2020. The first risk is of November 20, 2026: "
                "choose that day or a later one."
            ]
        gone = raised(cast, "Gone")
        services.close_risk(risk=gone, by=cast.alice, at=NOW, reason="Sold")
    asked = put(cast, people, entering, draft)
    assert "of these words and of the 2 open and 1 closed risks: " in asked.ask.text


def put(cast, people, entering, draft, who="bob", at=NOW):
    with entering(cast.alice, cast.acme):
        return services.ask_assessment(assessment=draft, asked_of=people[who], by=cast.alice, at=at)


def answered(cast, people, entering, draft, who="bob", choice="approve", reason="So we see it."):
    row = put(cast, people, entering, draft, who)
    user = getattr(cast, who)
    with entering(user, cast.acme):
        asks.answer(ask=row.ask, choice=choice, reason=reason, by=user, at=NOW)
    with entering(cast.alice, cast.acme):
        row.refresh_from_db()
    return row


def rerated(cast, likelihood, at=LATER, reason="It failed twice."):
    risk = Risk.objects.select_related("client").get(reference="R-001")
    services.rate_risk(risk=risk, kind="now", rating=rated(likelihood), reason=reason, by=cast.alice, at=at)


def test_a_draft_follows_its_day_and_freezes_when_approval_is_asked(cast, people, entering, draft):
    with entering(cast.alice, cast.acme):
        assert (draft.reference, draft.state, draft.sha256) == ("RA-001", "draft", "")
        raised(cast, "A flood", now=rated(2), at=NOW)
    row = put(cast, people, entering, draft)
    found = snapshots.read(row.facts)
    assert [risk.title for risk in found.open] == ["Backups cannot be restored", "A flood", "Phishing"]
    assert (found.figures.open, found.figures.above, found.figures.not_rated) == (3, 1, 1)
    with entering(cast.alice, cast.acme):
        rerated(cast, 5)
        row.refresh_from_db()
        assert row.sha256 == fingerprint(row) and len(row.sha256) == 64
        assert snapshots.read(row.facts) == found
        asked = Event.objects.get(verb="risk.assessment_asked")
    assert asked.after["sha256"] == row.sha256
    assert "They quarrel" not in str(row.facts)


def test_the_facts_of_a_past_day_are_those_of_that_day(cast, people, entering, backups):
    with entering(cast.alice, cast.acme):
        then = facts_of(register_as_of(cast.acme, TODAY))
        rerated(cast, 5)
        services.close_risk(
            risk=Risk.objects.get(reference="R-002"), reason="No mail is left.", by=cast.alice, at=LATER
        )
        made = services.draft_assessment(
            client=cast.acme, assessed=assessed(cast, people, as_of=TODAY), by=cast.alice, at=LATER
        )
    assert made.facts == then


@pytest.mark.parametrize("who", ["bob", "dora"])
def test_the_owner_or_a_director_approves_it_and_whoever_asks_does_not(cast, people, entering, draft, who):
    row = answered(cast, people, entering, draft, who)
    assert (row.state, row.signer_name, row.answered_on) == ("approved", who.capitalize(), TODAY)
    with entering(cast.alice, cast.acme):
        for words in ("Both clinics.", "Rated 1 to 5.", "Mend the backups.", "R-001 Backups", row.sha256):
            assert words in row.ask.text
        second = services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), by=cast.alice, at=NOW)
    with pytest.raises(ValidationError, match="does not hold the role"):
        put(cast, people, entering, second, "carl")
    waiting = put(cast, people, entering, second)
    with entering(cast.alice, cast.acme), pytest.raises(PermissionDenied):
        asks.answer(ask=waiting.ask, choice="approve", reason="", by=cast.alice, at=NOW)


def test_declined_withdrawn_and_disputed_ones_stay_on_record(cast, people, entering, draft):
    declined = answered(cast, people, entering, draft, choice="decline", reason="The flood is missing.")
    assert (declined.state, declined.reason) == ("declined", "The flood is missing.")
    with entering(cast.alice, cast.acme):
        again = services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), by=cast.alice, at=NOW)
        row = services.ask_assessment(assessment=again, asked_of=people["bob"], by=cast.alice, at=NOW)
        asks.withdraw(ask=row.ask, reason="Too early.", by=cast.alice, at=NOW)
        row.refresh_from_db()
        assert (row.reference, row.state, row.reason) == ("RA-002", "withdrawn", "Too early.")
        third = services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), by=cast.alice, at=NOW)
        row = services.ask_assessment(assessment=third, asked_of=people["bob"], by=cast.alice, at=NOW)
        asks.record_answer(
            ask=row.ask, choice="approve", reason="Said so", witness="Amir", recorded_by=cast.alice, at=NOW
        )
    with entering(cast.bob, cast.acme):
        row.ask.refresh_from_db()
        asks.confirm_answer(ask=row.ask, agrees=False, note="I did not", by=cast.bob, at=NOW)
        row.refresh_from_db()
        assert row.state == "withdrawn"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"as_of": TODAY + dt.timedelta(days=1)}, "as_of", "has not come yet"),
        ({"scope": "  "}, "scope", "which places"),
        ({"method": ""}, "method", "how it was assessed"),
        ({"title": ""}, "title", "title"),
        ({"title": "x" * 201}, "title", "200"),
        ({"kind": "yearly"}, "kind", "no kind"),
        ({"people": [], "team": []}, "people", "who took part"),
        ({"scope": "x" * 4001}, "scope", "4,000"),
    ],
)
def test_what_cannot_be_assessed_is_refused_with_its_field(cast, people, alices, given, field, words):
    with pytest.raises(services.Refused, match=words) as refusal:
        services.draft_assessment(client=cast.acme, assessed=assessed(cast, people, **given), by=cast.alice, at=NOW)
    assert refusal.value.field == field


def test_nothing_is_asked_without_a_conclusion_and_nothing_frozen_is_edited(cast, people, entering, draft):
    with entering(cast.alice, cast.acme):
        empty = services.draft_assessment(
            client=cast.acme, assessed=assessed(cast, people, conclusion=""), by=cast.alice, at=NOW
        )
    with pytest.raises(services.Refused, match="conclusion"):
        put(cast, people, entering, empty)
    put(cast, people, entering, draft)
    with entering(cast.alice, cast.acme), pytest.raises(services.Refused, match="is frozen"):
        services.edit_assessment(
            assessment=draft, assessed=assessed(cast, people, title="Other"), by=cast.alice, at=NOW
        )
    with pytest.raises(services.Refused, match="is frozen"):
        put(cast, people, entering, draft)


def test_a_day_that_holds_no_risk_any_more_is_not_read_again(cast, entering, browse, draft):
    with owning():
        Risk.objects.update(raised_on=NOW.date() + dt.timedelta(days=30))
    answer = browse(cast.alice).post(f"{PAGE}RA-001/read-again/")
    assert answer.status_code == 422 and "Not read again" in answer.content.decode()


def test_a_draft_is_discarded_and_taken_back_and_keeps_its_reference(cast, people, entering, browse, draft):
    alice = browse(cast.alice)
    gone = alice.post(f"{PAGE}RA-001/discard/", follow=True).content.decode()
    assert "RA-001 discarded." in gone and f"{PAGE}RA-001/restore/" in gone and "never assessed as a whole" in gone
    assert "RA-001" in alice.get(f"{PAGE}?show=discarded").content.decode()
    assert "nothing to compare" in alice.get(f"{PAGE}compare/").content.decode().lower()
    for path in ("edit/", "ask/"):
        assert alice.get(f"{PAGE}RA-001/{path}").status_code == 409
    assert alice.post(f"{PAGE}RA-001/read-again/").status_code == 409
    with entering(cast.alice, cast.acme):
        row = RiskAssessment.objects.get()
        assert selectors.find(text="baseline 2026") == []
        for verb in (services.discard_assessment, services.reread_assessment):
            with pytest.raises(services.Refused, match="Take it back first"):
                verb(assessment=row, by=cast.alice, at=NOW)
        question = asks.ask(
            client=cast.acme, kind="assessment", title="Is it so?", text="", asked_of=people["bob"], by=cast.alice,
            options=[asks.option(key="approve", label="Yes")], due_on=None, at=NOW,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="discarded_is_draft"), transaction.atomic():
            RiskAssessment.objects.update(state="asked", sha256="0" * 64, frozen_at=NOW, ask=question)
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
            row.delete()
        again = services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), by=cast.alice, at=NOW)
        assert again.reference == "RA-002"
    assert alice.post(f"{PAGE}RA-001/restore/").status_code == 303
    assert alice.post(f"{PAGE}RA-001/restore/").status_code == 422
    with entering(cast.alice, cast.acme):
        row.refresh_from_db()
        assert row.is_draft and row.facts == draft.facts


def test_the_register_of_a_draft_is_read_again_and_its_pages_drawn_anew(cast, people, entering, browse, draft):
    alice = browse(cast.alice)
    with entering(cast.alice, cast.acme):
        raised(cast, "A flood", now=rated(2), at=NOW)
    assert "A flood" not in alice.get(f"{PAGE}RA-001/").content.decode()
    assert alice.post(f"{PAGE}RA-001/read-again/").status_code == 303
    page = alice.get(f"{PAGE}RA-001/").content.decode()
    assert "A flood" in page and f'hx-get="{PAGE}RA-001/progress/"' in page
    assert alice.get(f"{PAGE}RA-001/progress/").status_code == 200
    assert run_jobs(cast.acme) == ["done", "done"], "of the first version nothing is drawn"
    ready = alice.get(f"{PAGE}RA-001/progress/")
    assert (ready.status_code, ready["HX-Refresh"]) == (286, "true")
    page = alice.get(f"{PAGE}RA-001/").content.decode()
    assert f"{PAGE}RA-001/pdf/" in page and f"{PAGE}RA-001/progress/" not in page
    with entering(cast.alice, cast.acme):
        draft.refresh_from_db()
        told = Event.objects.get(verb="risk.assessment_read_again")
    assert (draft.version, draft.file_version) == (2, 2)
    assert (told.before["open"], told.after["open"]) == (2, 3)


def test_pages_that_could_not_be_drawn_say_why_and_are_asked_for_again(cast, entering, browse, draft, monkeypatch):
    monkeypatch.setattr(drawing, "TIMEOUT_SECONDS", 0.001)
    with entering(cast.alice, cast.acme):
        Job.objects.update(max_attempts=1)
    assert run_jobs(cast.acme) == ["failed"]
    alice = browse(cast.alice)
    page = alice.get(f"{PAGE}RA-001/").content.decode()
    assert "took longer than 0.001 seconds" in page and f"{PAGE}RA-001/pdf/" not in page
    monkeypatch.undo()
    assert alice.post(f"{PAGE}RA-001/draw/").status_code == 303
    assert run_jobs(cast.acme) == ["done"]
    files.storage.place().delete(draft_key(entering, cast))
    assert storage.sweep(at=NOW)["missing"] == 1
    assert alice.get(f"{PAGE}RA-001/pdf/").status_code == 410
    with entering(cast.alice, cast.acme):
        assert Event.objects.filter(verb="risk.assessment_file_missing").count() == 2


def draft_key(entering, cast):
    with entering(cast.alice, cast.acme):
        return RiskAssessment.objects.get().file_key


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"}, {"as_of": TODAY - dt.timedelta(days=3)}, {"scope": "x"}, {"participants": []},
        {"conclusion": "All is well."}, {"facts": {}}, {"sha256": "0" * 64}, {"frozen_at": LATER}, {"ask": None},
        {"file_key": "c/2"}, {"file_version": 2}, {"file_version": 4}, {"read_at": LATER}, {"discarded_at": LATER},
    ],
)  # fmt: skip
def test_the_database_keeps_every_word_of_a_frozen_one(cast, people, entering, draft, change):
    row = answered(cast, people, entering, draft)
    rows = RiskAssessment.objects.filter(pk=row.pk)
    with entering(cast.alice, cast.acme):
        assert (row.version, rows.update(file_version=3, file_key="c/1")) == (3, 1), "its pages are drawn once"
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
            rows.update(signer_name="Somebody else")
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
            rows.delete()


def test_the_database_takes_no_request_without_a_fingerprint(cast, draft, entering):
    with entering(cast.alice, cast.acme), pytest.raises(DatabaseError, match="fingerprint"), transaction.atomic():
        RiskAssessment.objects.filter(pk=draft.pk).update(state="asked")


def test_the_clients_people_never_see_a_draft(cast, people, entering, draft):
    with entering(cast.bob, cast.acme):
        assert not RiskAssessment.objects.exists()
    put(cast, people, entering, draft)
    with entering(cast.bob, cast.acme):
        assert RiskAssessment.objects.get().reference == "RA-001"
    with entering(cast.dora, cast.acme):
        assert not RiskAssessment.objects.exists()
    with entering(cast.gina, cast.globex):
        assert not RiskAssessment.objects.exists()


def test_today_asks_for_the_first_one_after_ninety_days_and_for_the_next_after_a_year(
    cast, people, entering, draft, as_owner
):
    def says(on):
        with entering(cast.alice, cast.acme):
            return [item.due_on for item in selectors.attention(on=on) if item.kind == "assessment"]

    year = dt.date(2027, 11, 20)
    with as_owner():
        Client.objects.filter(pk=cast.acme.pk).update(created_at=NOW - dt.timedelta(days=60))
    assert (says(TODAY + dt.timedelta(days=29)), says(TODAY + dt.timedelta(days=30))) == ([], [None])
    with as_owner():
        Engagement.objects.create(client=cast.acme, starts_on=TODAY - dt.timedelta(days=10), created_at=NOW)
    assert (says(TODAY + dt.timedelta(days=79)), says(TODAY + dt.timedelta(days=80))) == ([], [None])
    row = answered(cast, people, entering, draft)
    assert (says(dt.date(2027, 10, 20)), says(dt.date(2027, 10, 21)), says(year)) == ([], [year], [year])
    with entering(cast.alice, cast.acme):
        found = selectors.find(text="baseline 2026")
    assert [(one.kind, one.title, one.sub) for one in found] == [
        ("Risk assessment", f"{row.reference} Baseline 2026", "Approved")
    ]


def test_two_of_them_stand_side_by_side_with_reasons(cast, people, entering, browse, backups):
    with entering(cast.alice, cast.acme):
        raised(cast, "A flood", now=rated(4))
        raised(cast, "A fire", now=rated(1))
        first = services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), by=cast.alice, at=NOW)
    answered(cast, people, entering, first)
    with entering(cast.alice, cast.acme):
        rerated(cast, 5)
        flood, phishing = (Risk.objects.select_related("client").get(title=t) for t in ("A flood", "Phishing"))
        services.rate_risk(risk=flood, kind="now", rating=rated(1), reason="A wall stands.", by=cast.alice, at=LATER)
        services.close_risk(risk=phishing, reason="Mail is filtered.", by=cast.alice, at=LATER)
        raised(cast, "A strike", at=LATER)
        second = services.draft_assessment(
            client=cast.acme,
            assessed=assessed(cast, people, kind="periodic", title="Periodic 2026", as_of=LATER.date()),
            by=cast.alice,
            at=LATER,
        )
    found = snapshots.compare(snapshots.read(first.facts), snapshots.read(second.facts))
    assert {(move.risk.title, move.kind, move.reason, move.crossed) for move in found.moves} == {
        ("Backups cannot be restored", "up", "It failed twice.", ""),
        ("A flood", "down", "A wall stands.", "no longer above the limit"),
        ("Phishing", "closed", "Mail is filtered.", ""),
        ("A strike", "new", "", ""),
        ("A fire", "same", "", ""),
    }
    alice = browse(cast.alice)

    def shown(query):
        page = alice.get(f"{PAGE}compare/{query}").content.decode()
        return re.findall(r'<td class="id">([^<]+)</td>', page), page

    both = "?earlier=RA-001&later=RA-002"
    assert shown(both)[0] == ["R-005", "R-001", "R-003", "R-002"]
    assert shown("?earlier=RA-002&later=RA-001")[0] == ["R-005", "R-001", "R-003", "R-002"]
    assert shown(f"{both}&show=same")[0] == ["R-004"]
    refs, page = shown(f"{both}&show=closed")
    assert refs == ["R-002"] and "Mail is filtered." in page
    assert set(shown("?earlier=RA-001&later=today&show=same")[0]) == {"R-001", "R-002", "R-003", "R-004"}
    assert alice.get(f"{PAGE}compare/")["Location"] == f"{PAGE}compare/?earlier=RA-002&later=today"
    assert alice.get(f"{PAGE}compare/?earlier=RA-001&later=RA-777").status_code == 404


def test_pages_cost_the_same_for_a_few_risks_and_for_a_hundred(cast, people, entering, browse, draft):
    def cost(path):
        browser = browse(cast.alice)
        browser.get(path)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(path).status_code == 200
        return counted(found)

    paths = (PAGE, f"{PAGE}RA-001/", f"{PAGE}compare/?earlier=RA-001&later=today")
    few = [cost(path) for path in paths]
    with entering(cast.alice, cast.acme):
        for number in range(100):
            raised(cast, f"Risk {number}", now=rated(number % 5 + 1))
        services.edit_assessment(assessment=draft, assessed=assessed(cast, people), by=cast.alice, at=NOW)
    many = [cost(path) for path in paths]
    assert [len(sql) for sql in few] == [len(sql) for sql in many]
    assert max(len(sql) for sql in many) <= 12, "\n".join(max(many, key=len))


def test_the_document_and_the_workbook_hold_the_same_and_nothing_to_calculate(cast, people, entering, browse, backups):
    with entering(cast.alice, cast.acme):
        raised(cast, "=HYPERLINK(1)", now=rated(2), controls="Links are read twice")
        draft = services.draft_assessment(
            client=cast.acme, assessed=assessed(cast, people, scope="=1+1"), by=cast.alice, at=NOW
        )
    row = answered(cast, people, entering, draft)
    alice, bob = browse(cast.alice), browse(cast.bob)
    assert alice.get(f"{PAGE}RA-001/pdf/")["Location"] == f"{PAGE}RA-001/"
    mine = f"/my/{KEY}/assessments/RA-001/pdf/"
    waiting = bob.get(mine)
    assert (waiting.status_code, "being drawn" in waiting.content.decode()) == (202, True)
    assert run_jobs(cast.acme) == ["done"] * 3
    ready = bob.get(mine, headers={"HX-Request": "true"})
    assert (ready.status_code, ready["HX-Refresh"]) == (286, "true")
    paper = alice.get(f"{PAGE}RA-001/pdf/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    with entering(cast.alice, cast.acme):
        row.refresh_from_db()
    assert row.file_sha256 == hashlib.sha256(paper.content).hexdigest() and row.is_drawn
    with pikepdf.open(io.BytesIO(paper.content)) as document:
        assert document.Root.MarkInfo.Marked and "/StructTreeRoot" in document.Root
        assert "Baseline 2026" in str(document.docinfo["/Title"])
    assert bob.get(mine).content == alice.get(f"{PAGE}RA-001/pdf/").content == paper.content
    book = alice.get(f"{PAGE}RA-001/xlsx/")
    opened = openpyxl.load_workbook(io.BytesIO(book.content))
    assert opened.sheetnames == ["Assessment", "Risks", "Scale"]
    first = opened["Risks"]["D2"]
    assert first.alignment.wrap_text and opened["Risks"].row_dimensions[2].height >= 30 and len(first.value) > 60
    about = {what: value for what, value, *_ in opened["Assessment"].iter_rows(min_row=2, values_only=True)}
    assert (about["Scope"], about["Open risks"], about["Fingerprint (SHA-256)"]) == ("=1+1", 3, row.sha256)
    assert about["Register as it stood on"].date() == TODAY
    rows = list(opened["Risks"].iter_rows(min_row=2))
    assert [line[1].value for line in rows] == ["R-001", "R-003", "R-002"]
    heads = [cell.value for cell in opened["Risks"][1]]
    ours = dict(zip(heads, [cell.value for cell in rows[1]], strict=True))
    assert (ours["Protection in place"], ours["Likelihood now"], ours["Impact now, by category"]) == (
        "Links are read twice", 2, "Operational 5",
    )  # fmt: skip
    levels = list(opened["Scale"].iter_rows(min_row=2, values_only=True))
    assert levels[0][:4] == (1, "Rare", None, "Minor") and levels[-1][0] == "Critical: scores 20 to 25"
    told = subprocess.run(["pdftotext", "-q", "-", "-"], input=paper.content, capture_output=True, check=True)
    printed = " ".join(told.stdout.decode().split())
    assert "In place: Links are read twice" in printed and re.search(r"2 ?× ?5 10, medium", printed)
    assert {cell.data_type for line in (*rows, *opened["Assessment"].iter_rows()) for cell in line} <= {"s", "n", "d"}
    with entering(cast.alice, cast.acme):
        told = list(Event.objects.filter(verb="risk.assessment_downloaded").values_list("after__format", flat=True))
    assert sorted(told) == ["pdf", "pdf", "pdf", "xlsx"]


def test_it_is_made_and_approved_on_the_pages(cast, people, entering, browse, backups):
    alice, bob = browse(cast.alice), browse(cast.bob)
    assert "never assessed as a whole" in alice.get(PAGE).content.decode()
    given = {
        "title": "Baseline", "kind": "baseline", "as_of": "2099-01-01", "scope": "All", "method": "Rated",
        "people": [str(people["bob"].pk)], "team": [str(cast.alice.pk)], "conclusion": "Mend it.",
    }  # fmt: skip
    refused = alice.post(f"{PAGE}new/", given)
    assert refused.status_code == 422 and "has not come yet" in refused.content.decode()
    made = alice.post(f"{PAGE}new/", {**given, "as_of": "2026-11-20"})
    assert made.status_code == 303 and made["Location"] == f"{PAGE}RA-001/"
    page = alice.get(f"{PAGE}RA-001/").content.decode()
    assert "Backups cannot be restored" in page and "Draft" in page
    assert bob.get(PAGE).status_code == 403
    assert bob.get(f"{PAGE}RA-001/").status_code == 404
    assert bob.get(f"/my/{KEY}/assessments/RA-001/pdf/").status_code == 404
    seen = re.search(r'name="seen_version" value="([^"]+)"', alice.get(f"{PAGE}RA-001/edit/").content.decode())[1]
    edited = {**given, "as_of": "2026-11-20", "title": "The baseline", "seen_version": seen}
    assert alice.post(f"{PAGE}RA-001/edit/", edited).status_code == 303
    assert alice.post(f"{PAGE}RA-001/edit/", {**edited, "title": "Mine"}).status_code == 409
    assert alice.post(f"{PAGE}RA-001/ask/", {"asked_of": str(people["bob"].pk)}).status_code == 303
    assert alice.get(f"{PAGE}RA-001/edit/").status_code == 409
    assert bob.get(f"{PAGE}RA-001/").status_code == 403
    with entering(cast.alice, cast.acme):
        row = RiskAssessment.objects.select_related("ask").get()
    asked = bob.get(f"/my/{KEY}/asks/{row.ask.reference}/").content.decode()
    assert "Every open risk of" in asked and "Phishing" in asked
    given = bob.post(f"/my/{KEY}/asks/{row.ask.reference}/", {"choice": "approve", "reason": ""})
    assert given.status_code == 303
    page = alice.get(f"{PAGE}RA-001/").content.decode()
    assert "Approved" in page and row.sha256 in page
