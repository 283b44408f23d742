"""The register as a spreadsheet: what goes out comes in again, and a sign-off is never imported."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import System
from engagements.services import business
from risks import columns, selectors, services
from risks.models import Acceptance, Risk
from risks.rules import reviewing
from risks.rules.scoring import Rating
from risks.rules.treating import Cost
from risks.selectors import links
from risks.services import register
from tests.risks.conftest import NOW, TODAY, raised
from vciso.audit import selectors as audit
from vciso.audit.models import Event
from vciso.imports import export
from vciso.imports import services as imports
from vciso.imports.enums import Taking
from vciso.tenancy import context
from vendors.services import keeping as vendor_keeping

pytestmark = pytest.mark.django_db
HEADER = "Risk,Likelihood,Impact,Category,Status,Accepted,Accepted by,Accepted on,Date raised,Date closed"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def bring(client, by, content, name="register.csv"):
    batch = imports.preview(client=client, kind=columns.KIND, name=name, content=content, by=by, at=NOW)
    return imports.import_rows(batch=batch, taking=Taking.GOOD, by=by, at=NOW)


def rows(*lines):
    return "\n".join([HEADER, *lines]).encode()


def values(client):
    return [dict(record.values) for record in columns.KIND.records(client)]


def test_a_rich_register_arrives_whole_at_another_client(cast, people):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        risk = raised(
            cast,
            now=Rating(3, {"financial": 2, "people": 5}),
            treatment="transfer",
            plan="Insure it; ask two brokers",
            target_on=dt.date(2027, 3, 1),
            cost=Cost(once=12_000_50, life_years=4, yearly=300_00, hours=20, hour=150_00),
        )
        services.rate_risk(
            risk=risk, kind="target", rating=Rating(1, {"people": 5}), reason="Plan", by=cast.alice, at=NOW
        )
        second = raised(cast, "=Formula, with “quotes”\nand a line", event="One\n- two", now=None)
        services.close_risk(risk=second, by=cast.alice, at=NOW, reason="Done")
        services.review_unchanged(risks=[risk], by=cast.alice, at=NOW)
        out = io.BytesIO()
        export.write(columns.KIND, cast.acme, "xlsx", out)
        sent = values(cast.acme)
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        bring(cast.globex, cast.charlie, out.getvalue(), "register.xlsx")
        assert values(cast.globex) == sent
        first = selectors.register_as_of(cast.globex, TODAY).rows[0]
        assert dict(first.now.impacts) == {"financial": 2, "people": 5}


def test_accepted_without_a_name_is_a_gap_and_with_one_only_a_note(alices):
    batch = bring(
        alices.acme,
        alices.alice,
        rows(
            "Paper store,2,2,,Accepted,,,,,",
            "Tape store,2,2,,Open,Yes,Una Pine,,,",
            "Old server,3,4,,Open,Yes,Dana Field,2026-05-01,,",
            "Cloud bill,2,3,,Open,No,,,,",
        ),
    )
    assert dict(Risk.objects.values_list("title", "acceptance_gap")) == {
        "Paper store": True,
        "Tape store": True,
        "Old server": True,
        "Cloud bill": False,
    }
    assert set(Acceptance.objects.values_list("state", flat=True)) == {"unsigned"}
    said = dict(Acceptance.objects.values_list("risk__title", "reason"))
    assert said["Old server"].endswith("register (Dana Field, signed on May 1, 2026).")
    remarks = {row.title: str(row.remarks) for row in batch.rows.all()}
    assert "Accepted without a name and the day of signing: kept as a gap" in remarks["Paper store"]
    assert "Accepted without the day of signing: kept as a gap" in remarks["Tape store"]
    assert "It counts once the person signs here" in remarks["Old server"]
    assert not Risk.objects.accepted(on=TODAY).exists()


def test_not_accepted_says_nothing_and_the_same_file_again_changes_nothing(alices):
    text = rows("Old server,3,4,,Open,No,,,,")
    bring(alices.acme, alices.alice, text)
    later = NOW + dt.timedelta(hours=1)
    again = imports.preview(
        client=alices.acme, kind=columns.KIND, name="register.csv", content=text, by=alices.alice, at=later
    )
    assert again.counts["unchanged"] == 1


def test_impact_goes_to_the_category_named_or_to_be_confirmed(alices):
    services.set_appetite(client=alices.acme, category="people", band_limit=1, by=alices.alice, at=NOW)
    bring(alices.acme, alices.alice, rows("One,3,5,Legal,Open,,,,,", "Two,3,5,Printers,Open,,,,,"))
    found = dict(Risk.objects.values_list("title", "now_impacts"))
    assert found == {"One": {"legal": 5}, "Two": {"unconfirmed": 5}}
    assert Risk.objects.get(title="Two").is_above
    assert Risk.objects.get(title="One").position == "no_limit"


def test_a_closed_row_is_closed_on_its_day_and_was_open_before(alices):
    bring(alices.acme, alices.alice, rows("Gone,2,2,,Closed,,,,2026-01-10,2026-06-30"))
    risk = Risk.objects.get()
    assert (risk.status, risk.closed_on) == ("closed", dt.date(2026, 6, 30))
    assert risk.last_reviewed_on is None and not risk.reviews.exists(), "a file looks at nothing"
    march = selectors.register_as_of(alices.acme, dt.date(2026, 3, 1))
    assert [row.status for row in march.rows] == ["open"]
    assert [row.status for row in selectors.register_as_of(alices.acme, TODAY).rows] == ["closed"]


def test_the_end_and_the_last_look_of_a_risk_are_as_the_file_has_them_and_what_ends_nothing_is_a_note(alices):
    """A risk closed by a person was looked at that day; a file that says so looked at nothing."""
    open_here = raised(alices, "Open here")
    closed_here = raised(alices, "Closed here")
    services.close_risk(risk=closed_here, by=alices.alice, at=NOW, reason="Done")
    content = "ID,Risk,Status,Date closed,Last reviewed,Date raised\nX-1,No day,Closed,,"
    content += "\nX-2,Looked at,Closed,2026-06-30,2026-03-01\nX-5,Turned round,Closed,2026-04-30,,2026-05-01"
    content += "\nX-3,To come,Closed,2027-06-30,\nX-4,Not closed,Open,2026-06-30,"
    content += "\nR-001,Open here,Closed,,\nR-002,Closed here,Closed,2026-01-31,"
    batch = bring(alices.acme, alices.alice, content.encode())
    told = {row.title: " ".join(remark["reason"] for remark in row.remarks) for row in batch.rows.all()}
    assert (
        told["No day"]
        == told["Open here"]
        == ("Closed without a closing date: the day of the import is taken. It counts as no review.")
    )
    assert told["Looked at"] == "The file says no day it was raised: June 30, 2026, its end, is taken."
    assert "raised on May 1, 2026; the later day is taken" in told["Turned round"]
    assert "June 30, 2027 is a day to come" in told["To come"]
    assert "The risk is not closed, so June 30, 2026 is not taken" in told["Not closed"]
    assert "The risk was closed here on November 20, 2026, which stays its end" in told["Closed here"]
    found = {risk.title: (risk.closed_on, risk.last_reviewed_on) for risk in Risk.objects.all()}
    assert found == {
        "No day": (TODAY, None), "Looked at": (dt.date(2026, 6, 30), dt.date(2026, 3, 1)), "To come": (TODAY, None),
        "Not closed": (None, None), "Turned round": (dt.date(2026, 5, 1), None),
        "Open here": (TODAY, open_here.last_reviewed_on), "Closed here": (TODAY, TODAY),
    }  # fmt: skip
    again = bring(alices.acme, alices.alice, content.encode())
    assert {row.title: row.changes for row in again.rows.exclude(outcome="unchanged")} == {}


def test_the_next_review_counts_from_the_look_a_file_gives_unless_it_gives_the_day_itself(alices):
    heading = b"ID,Risk,Likelihood,Impact,Category,Last reviewed,Next review\n"
    bring(alices.acme, alices.alice, heading + b"R-001,Flood,3,4,operational,2026-10-20,\n")
    flood = Risk.objects.get()
    assert (flood.last_reviewed_on, flood.next_review_on) == (dt.date(2026, 10, 20), dt.date(2027, 1, 20))
    bring(alices.acme, alices.alice, heading + b"R-001,Flood,5,5,operational,2026-10-20,2027-06-01\n", "again.csv")
    flood.refresh_from_db()
    assert (flood.now_score, flood.next_review_on) == (25, dt.date(2027, 6, 1))


def test_a_review_further_ahead_than_a_person_may_put_it_off_is_told_and_left_out(alices):
    heading = b"ID,Risk,Likelihood,Impact,Status,Next review\n"
    far, near = b"2029-01-01", str(reviewing.latest(TODAY)).encode()
    lines = [b"R-001,Flood,5,5,Open," + far, b"R-002,Fire,1,1,Open," + near, b"R-003,Frost,1,1,Closed," + far]
    batch = bring(alices.acme, alices.alice, heading + b"\n".join(lines))
    told = {row.title: str(row.remarks) for row in batch.rows.all()}
    assert "too far ahead" in told["Flood"] and "too far ahead" not in told["Fire"] + told["Frost"]
    flood, fire = (Risk.objects.get(title=title) for title in ("Flood", "Fire"))
    assert flood.next_review_on < fire.next_review_on == reviewing.latest(TODAY)
    assert "Next review: January 1, 2029" in flood.private_notes
    again = bring(alices.acme, alices.alice, heading + lines[0], "again.csv")
    assert again.rows.get().outcome == "unchanged"


def test_an_opportunity_is_told_at_its_row(alices):
    batch = bring(alices.acme, alices.alice, b"Risk,Threat / Opportunity\nFlood,Threat\nA new client,Opportunity")
    assert ["which is no risk" in str(row.remarks) for row in batch.rows.order_by("number")] == [False, True]


def test_undo_refuses_a_risk_that_somebody_was_asked_about(alices, people):
    batch = bring(alices.acme, alices.alice, rows("Server,3,4,,Open,,,,,"))
    risk = Risk.objects.get()
    services.ask_acceptance(risk=risk, asked_of=people["bob"], until=dt.date(2027, 3, 1), by=alices.alice, at=NOW)
    result = imports.undo(batch=batch, by=alices.alice, at=NOW)
    assert result.undone == 0
    assert "acceptance" in result.kept[0]


def test_the_cost_of_a_plan_is_taken_changed_and_taken_back(alices):
    heading = "Reference,Risk,Action plan,One-off cost,Annual cost,Adviser hours,Hourly rate"
    batch = bring(alices.acme, alices.alice, f"{heading}\nX-1,Paper store,Move it,1200,300,10,150".encode())
    risk = Risk.objects.get()
    assert risk.plans.get().cost == Cost(once=1_200_00, yearly=300_00, hours=10, hour=150_00)
    second = bring(alices.acme, alices.alice, f"{heading}\nX-1,Paper store,Move it,1500,300,10,150".encode())
    newest = risk.plans.order_by("happened_at", "recorded_at").last()
    assert (risk.plans.count(), newest.cost.once, newest.cost.hours) == (2, 1_500_00, 10)
    imports.undo(batch=second, by=alices.alice, at=NOW + dt.timedelta(hours=1))
    assert risk.plans.order_by("happened_at", "recorded_at").last().cost.once == 1_200_00
    assert batch.pk != second.pk


def test_a_cost_that_cannot_be_is_left_out_with_its_sentence(alices):
    heading = "Risk,One-off cost,Adviser hours"
    batch = imports.preview(
        client=alices.acme, kind=columns.KIND, name="register.csv", by=alices.alice, at=NOW,
        content=f"{heading}\nPaper store,-5,10".encode(),
    )  # fmt: skip
    imports.import_rows(batch=batch, taking=Taking.GOOD, by=alices.alice, at=NOW)
    assert not Risk.objects.get().plans.exists()


def furnished(cast, people):
    """A risk with two links, an origin among them, and two steps, one of which the practice keeps to itself."""
    business.add_estate(System, values={"name": "Paper; SYS-9 store"}, client=cast.acme, by=cast.alice, at=NOW)
    vendor_keeping.add_vendor(name="Brightleaf, Ltd", client=cast.acme, by=cast.alice, at=NOW)
    task = {"side": "client", "assignee": people["bob"], "due_on": dt.date(2026, 12, 1)}
    risk = raised(cast, raised_from=links.find(cast.acme, "V-001"))
    services.link_risk(risk=risk, found=links.find(cast.acme, "SYS-001"), by=cast.alice, at=NOW)
    services.add_step(risk=risk, task=task | {"title": "Buy spares"}, cost_minor=1_200_50, by=cast.alice, at=NOW)
    services.add_step(
        risk=risk, task={"title": "Look again", "side": "practice", "private": True}, by=cast.alice, at=NOW
    )
    return risk


def test_links_and_steps_go_out_in_words_and_come_back_unchanged(alices, people):
    risk = furnished(alices, people)
    (record,) = columns.KIND.records(alices.acme)
    assert record.values["links"] == "SYS-001 Paper; SYS-9 store\nV-001 Brightleaf, Ltd"
    assert record.more["steps"] == "T-001 Buy spares: Bob, by 2026-12-01, open, 1200.50"
    for fmt in ("csv", "xlsx"):
        out = io.BytesIO()
        export.write(columns.KIND, alices.acme, fmt, out)
        batch = bring(alices.acme, alices.alice, out.getvalue(), f"register.{fmt}")
        assert (batch.counts["unchanged"], batch.counts["warning"]) == (1, 0), fmt
    assert risk.links.count() == 2 and risk.steps.count() == 2


def test_links_are_added_by_reference_and_what_is_none_stays_in_the_notes(alices, people):
    risk = furnished(alices, people)
    for name in ("Front door", "Alarm"):
        business.add_estate(System, values={"name": name}, client=alices.acme, by=alices.alice, at=NOW)
    cell = "sys-002; V-009 Nobody & Co\nSYS-003 Printing press"
    batch = bring(alices.acme, alices.alice, f'Reference,Risk,Linked records\nR-001,{risk.title},"{cell}"'.encode())
    row = batch.rows.get()
    assert [remark["reason"] for remark in row.remarks] == [
        "“V-009 Nobody & Co” is no record here that a risk can be linked with. It is kept in the notes.",
        "SYS-003 is “Alarm” here, so “SYS-003 Printing press” is not linked. It is kept in the notes.",
    ]
    (record,) = columns.KIND.records(alices.acme)
    assert record.values["links"].splitlines()[1:] == ["SYS-002 Front door", "V-001 Brightleaf, Ltd"]
    assert record.values["notes"] == "Linked records: V-009 Nobody & Co\nLinked records: SYS-003 Printing press"
    imports.undo(batch=batch, by=alices.alice, at=NOW)
    (record,) = columns.KIND.records(alices.acme)
    assert record.values["links"].splitlines() == ["SYS-001 Paper; SYS-9 store", "V-001 Brightleaf, Ltd"]


def test_a_new_risk_is_linked_and_its_steps_are_notes_until_somebody_gives_them(alices, people):
    furnished(alices, people)
    content = "Risk,Status,Date closed,Linked records,Plan steps\nGone,Closed,2026-06-30,V-001,T-001 Buy spares: Bob"
    batch = bring(alices.acme, alices.alice, content.encode())
    risk = Risk.objects.get(title="Gone")
    assert (risk.status, risk.links.get().record.reference) == ("closed", "V-001")
    assert risk.private_notes == "Plan steps: T-001 Buy spares: Bob" and not risk.steps.exists()
    assert "is no step of this plan as it stands" in batch.rows.get().remarks[1]["reason"]
    more = bring(alices.acme, alices.alice, b"Risk,Linked records\nGone,SYS-001")
    assert "R-002 is closed, so SYS-001 is not linked." in more.rows.get().remarks[0]["reason"]
    assert risk.links.count() == 1
    imports.undo(batch=more, by=alices.alice, at=NOW)
    assert imports.undo(batch=batch, by=alices.alice, at=NOW).kept == []
    assert not Risk.objects.filter(title="Gone").exists()


def test_links_and_steps_cost_as_much_for_many_risks_as_for_one(alices, people):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            list(columns.KIND.records(alices.acme))
        return len(seen)

    furnished(alices, people)
    one = asked()
    for title in ("Second", "Third"):
        risk = raised(alices, title)
        services.link_risk(risk=risk, found=links.find(alices.acme, "V-001"), by=alices.alice, at=NOW)
        services.add_step(risk=risk, task={"title": title, "side": "client"}, by=alices.alice, at=NOW)
    assert asked() == one


def register_of(count):
    """A register of so many risks with all that a row may give; every fifth is closed."""
    heading = "ID,Risk,Cause,Likelihood,Impact,Category,Owner,Action plan,Due,Date raised,Last reviewed,Status"
    given = "Operational,Bob,Do it,2027-03-01,2026-01-10,2026-10-01"
    lines = (
        f"X-{n},Risk {n},Cause {n},{5 - n % 5},{5 - n % 4},{given},{'Open' if n % 5 else 'Closed'}"
        for n in range(count)
    )
    return "\n".join([heading, *lines]).encode()


def test_many_new_risks_take_as_many_queries_as_few_and_have_all_that_one_has(alices, people):
    def asked(count, name):
        batch = imports.preview(
            client=alices.acme, kind=columns.KIND, name=name, content=register_of(count), by=alices.alice, at=NOW
        )
        told = []
        with CaptureQueriesContext(connection) as seen:
            imports.import_rows(
                batch=batch, taking=Taking.GOOD, by=alices.alice, at=NOW, tell=lambda *of: told.append(of)
            )
        assert told == [(count, count)]
        return len(seen), batch

    raised(alices, "The first of a register has its categories made")
    few, first = asked(3, "few.csv")
    imports.undo(batch=first, by=alices.alice, at=NOW)
    many, _ = asked(40, "many.csv")
    assert many <= few
    risk = Risk.objects.get(source_reference="X-7")
    assert (risk.events.count(), risk.ratings.count(), risk.plans.count(), risk.reviews.count()) == (1, 1, 1, 1)
    assert (risk.owner, risk.last_reviewed_on, risk.raised_on) == (
        people["bob"], dt.date(2026, 10, 1), dt.date(2026, 1, 10),
    )  # fmt: skip
    assert Event.objects.filter(verb="risk.raised", object_id=risk.pk).count() == 1
    assert (Risk.objects.closed().count(), Event.objects.filter(verb="risk.closed").count()) == (8, 9)
    assert all(chain.broken_at is None for chain in audit.verify())


def test_a_file_keeps_the_numbers_of_ours_that_are_free_and_each_once(alices):
    raised(alices, "R-001 is taken")
    content = "ID,Risk\n,Fire\nR-001,Flood\nR-005,Theft\nR-005,Storm\nX-9,Strike"
    bring(alices.acme, alices.alice, content.encode())
    found = dict(Risk.objects.values_list("title", "reference"))
    assert found["Theft"] == "R-005"
    assert sorted(found.values()) == ["R-001", "R-005", "R-006", "R-007", "R-008", "R-009"]


def test_what_is_refused_of_many_rows_is_one_row_and_the_others_are_written(alices, monkeypatch):
    """A row that passes the preview and that no service takes, as the preview checks less than they do."""
    monkeypatch.setattr(register, "LONGEST", 6)
    long = imports.preview(
        client=alices.acme, kind=columns.KIND, name="s.csv", by=alices.alice, at=NOW,
        content=b"Risk,Likelihood,Impact\nOne,2,2\nMuch too long,2,2\nThree,3,3",
    )  # fmt: skip
    done = imports.import_rows(batch=long, taking=Taking.GOOD, by=alices.alice, at=NOW)
    assert (done.counts["new"], done.counts["refused"]) == (2, 1)
    assert set(Risk.objects.values_list("title", flat=True)) == {"One", "Three"}
    assert "13 characters" in done.rows.get(outcome="refused").remarks[0]["reason"]


def test_half_a_rating_is_a_note_and_a_second_import_finds_it_unchanged(alices):
    content = b"Ref,Risk,Likelihood,Impact,Target impact,Status\nX-1,The kiln fails,3,4,2,Closed\nX-2,No stock,,5,,Open"
    first = imports.preview(
        client=alices.acme, kind=columns.KIND, name="r.csv", content=content, by=alices.alice, at=NOW
    )
    told = {row.title: " ".join(remark["reason"] for remark in row.remarks) for row in first.rows.all()}
    assert "Impact target stands without likelihood" in told["The kiln fails"]
    assert "Closed without a closing date" in told["The kiln fails"]
    assert "the rating now stays “not rated”" in told["No stock"]
    imports.import_rows(batch=first, taking=Taking.GOOD, by=alices.alice, at=NOW)
    notes = [risk.private_notes for risk in Risk.objects.order_by("number")]
    assert "Target impact: 2" in notes[0] and "Impact: 5" in notes[1]
    again = imports.preview(
        client=alices.acme, kind=columns.KIND, name="r.csv", content=content, by=alices.alice, at=NOW
    )
    assert {row.outcome for row in again.rows.all()} == {"unchanged"}
