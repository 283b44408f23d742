"""Taking an import back leaves every risk exactly as it stood, and its history tells of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.services import asks
from risks import columns, services
from risks.models import LibraryChange, Risk, RiskEvent, RiskRating, RiskReview, TreatmentPlan
from risks.rules.scoring import Rating
from risks.selectors.assessment import facts_of
from risks.selectors.change import changes_between
from risks.selectors.facts import register_as_of
from risks.selectors.flow import flow
from risks.selectors.frame import scales_of
from risks.selectors.history import sources, timeline
from tests.risks.conftest import NOW, commit, raised, rated
from tests.risks.test_plans import planned
from vciso.audit.models import Event
from vciso.imports import services as imports
from vciso.imports.enums import Taking
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=3)
HEADING = "Reference,Risk,Likelihood,Impact,Target likelihood,Target impact,Category,Owner,Action plan,Treatment,Due"
HEADING += ",Next review,Last reviewed,Status,Date closed,Accepted,Accepted by,Accepted on,Notes"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def state() -> dict[str, Any]:
    """Everything a register says of its risks, and the rows of history that count; versions only go up."""
    left_out = {"version"}
    risks = {
        row["reference"]: {key: value for key, value in row.items() if key not in left_out}
        for row in Risk.objects.values()
    }
    history = {
        model.__name__: sorted(str(key) for key in model.objects.values_list("pk", flat=True))
        for model in (RiskRating, RiskReview, TreatmentPlan)
    }
    history["RiskEvent"] = sorted(map(str, RiskEvent.objects.exclude(kind="undone").values_list("pk", flat=True)))
    return {"risks": risks, **history}


@pytest.fixture
def register(alices, people):
    """A risk never reviewed, one reviewed with a plan, one with a target, one closed."""
    first = raised(alices, "Backups cannot be restored", now=rated(2, operational=3, legal=2), owner=people["bob"])
    second = raised(
        alices, "Phishing takes an account", now=rated(3, financial=3), treatment="reduce", plan="Train them",
        target_on=dt.date(2027, 3, 1),
    )  # fmt: skip
    services.review_unchanged(risks=[second], by=alices.alice, at=NOW)
    third = raised(alices, "The server room floods", now=rated(4, operational=4))
    services.rate_risk(
        risk=third, kind="target", rating=Rating(1, {"operational": 2}), reason="Plan", by=alices.alice, at=NOW
    )
    gone = raised(alices, "A flood reaches the archive", now=None)
    services.close_risk(risk=gone, by=alices.alice, at=NOW, reason="Moved upstairs")
    assert first.last_reviewed_on is None
    raised(alices, "A drone films the yard", status="proposed")
    return alices


LEVEL = st.sampled_from(["", "1", "3", "5"])
DAY = st.sampled_from(["", "2026-10-01", "2027-06-30"])
ROW = st.fixed_dictionaries(
    {
        "Likelihood": LEVEL, "Impact": LEVEL, "Target likelihood": LEVEL, "Target impact": LEVEL,
        "Category": st.sampled_from(["", "Legal"]), "Owner": st.sampled_from(["", "Dora", "Bob"]),
        "Action plan": st.sampled_from(["", "Buy spares"]), "Treatment": st.sampled_from(["", "Transfer"]), "Due": DAY,
        "Next review": DAY, "Last reviewed": st.sampled_from(["", "2026-10-01", "2026-11-19"]),
        "Status": st.sampled_from(["", "Open", "Closed", "Proposed"]), "Accepted": st.sampled_from(["", "Yes"]),
        "Notes": st.sampled_from(["", "Looked at together"]), "Risk": st.sampled_from(["", "Another title"]),
    }
)  # fmt: skip
TITLES = {
    "R-001": "Backups cannot be restored", "R-002": "Phishing takes an account", "R-003": "The server room floods",
    "R-004": "A flood reaches the archive", "R-005": "A drone films the yard",
}  # fmt: skip


def content_of(rows: dict[str, dict[str, str]]) -> bytes:
    names = HEADING.split(",")
    lines = []
    for reference, row in rows.items():
        cells = {**row, "Reference": reference, "Risk": f"{TITLES[reference]} {row.get('Risk', '')}".strip()}
        lines.append(",".join(cells.get(name, "") for name in names))
    return "\n".join([HEADING, *lines]).encode()


def taken(cast: Any, content: bytes) -> Any:
    batch = imports.preview(
        client=cast.acme, kind=columns.KIND, name="register.csv", content=content, by=cast.alice, at=LATER
    )
    return imports.import_rows(batch=batch, taking=Taking.GOOD, by=cast.alice, at=LATER)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.fixed_dictionaries(dict.fromkeys(TITLES, ROW)))
def test_the_register_after_an_undo_is_the_register_before_the_import(register, rows):
    before = state()
    days = LATER.date(), LATER.date() + dt.timedelta(days=1)
    stood = facts_of(register_as_of(register.acme, days[1]))
    batch = taken(register, content_of(rows))
    result = imports.undo(batch=batch, by=register.alice, at=LATER + dt.timedelta(days=1))
    assert result.kept == []
    assert state() == before
    assert facts_of(register_as_of(register.acme, days[1])) == stood
    moved = flow(register.acme, *days)
    assert changes_between(register.acme, *days) == moved.new == moved.reopened == moved.closed == ()


def test_an_import_that_rates_anew_is_taken_back_with_its_review_and_the_history_tells(register):
    before = state()
    batch = taken(register, content_of({"R-001": {"Likelihood": "4", "Impact": "5", "Due": "2027-05-01"}}))
    risk = Risk.objects.get(reference="R-001")
    assert (risk.now_score, risk.last_reviewed_on) == (20, LATER.date())
    imports.undo(batch=batch, by=register.alice, at=LATER)
    assert state() == before
    risk.refresh_from_db()
    assert risk.last_reviewed_on is None
    (event,) = RiskEvent.objects.filter(risk=risk, kind="undone")
    assert event.reason == "6 values, 1 rating, 1 review, 1 plan; Now: 20 back to 6"
    assert Event.objects.get(verb="risk.import_undone").after["taken_back"] == [
        "6 values", "1 rating", "1 review", "1 plan",
    ]  # fmt: skip
    told = Event.objects.get(verb="import.undone")
    assert told.after == {"kind": "risks", "removed": 0, "restored": 1, "kept": 0}
    lines = timeline(sources(risk), scales_of(risk.client), risk.client)
    assert "An import was taken back" in [line.what for line in lines]


def test_an_import_that_kept_no_events_is_taken_back_with_one_that_undoes_its_closing(register):
    """Imports of before this kept ratings, reviews and plans alone; they can be undone for 30 days more."""
    batch = taken(register, content_of({"R-003": {"Status": "Closed"}}))
    row = batch.rows.get(record_reference="R-003")
    assert [name for name, _ in row.before["rest"]["made"]] == ["RiskEvent"]
    row.before["rest"]["made"] = []
    row.save(update_fields=["before"])
    imports.undo(batch=batch, by=register.alice, at=LATER)
    risk = Risk.objects.get(reference="R-003")
    turns = risk.events.order_by("recorded_at").values_list("kind", flat=True)
    assert (risk.status, [*turns][-3:]) == ("open", ["closed", "reopened", "undone"])


def test_an_undo_leaves_alone_what_somebody_answered_since(register, people):
    batch = taken(register, content_of({"R-001": {"Action plan": "Buy spares", "Due": "2027-05-01"}}))
    risk = Risk.objects.get(reference="R-001")
    services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=register.alice, at=LATER)
    result = imports.undo(batch=batch, by=register.alice, at=LATER)
    assert result.undone == 0 and "asked about its plan" in result.kept[0]
    risk.refresh_from_db()
    assert risk.plan == "Buy spares"


def test_an_undo_brings_back_no_approval_that_its_signer_disputes(register, people):
    risk = Risk.objects.get(reference="R-001")
    planned(register, risk)
    plan = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=register.alice, at=NOW)
    asks.record_answer(ask=plan.ask, choice="approve", reason="", witness="Zoe", recorded_by=register.alice, at=NOW)
    batch = taken(register, content_of({"R-001": {"Due": "2027-05-01"}}))
    with context.as_user(register.bob, client_id=register.acme.pk):
        asks.confirm_answer(ask=plan.ask, agrees=False, note="I did not", by=register.bob, at=LATER)
    assert imports.undo(batch=batch, by=register.alice, at=LATER).undone == 1
    commit()
    risk.refresh_from_db()
    assert (risk.target_on, risk.plan_approved_on) == (plan.target_on, None)


def test_an_undo_that_raises_a_risk_withdraws_the_question_put_for_the_lower_level(register, people):
    batch = taken(register, content_of({"R-003": {"Likelihood": "1", "Impact": "3"}}))
    risk = Risk.objects.get(reference="R-003")
    asked = services.ask_acceptance(
        risk=risk, asked_of=people["bob"], until=dt.date(2027, 3, 1), by=register.alice, at=LATER
    )
    assert imports.undo(batch=batch, by=register.alice, at=LATER).undone == 1
    asked.refresh_from_db()
    assert (asked.state, asked.ended_reason) == ("withdrawn", "The risk rose from low to high.")


def test_of_many_new_risks_those_that_grew_since_stay_by_name_and_the_others_go(alices, people):
    rows = [f"Risk {n},3,4,Do it,2027-03-01" for n in range(9)]
    batch = taken(alices, "\n".join(["Risk,Likelihood (1-5),Impact (1-5),Action plan,Due", *rows]).encode())
    found = {risk.title: risk for risk in Risk.objects.all()}
    services.ask_plan_approval(risk=found["Risk 1"], asked_of=people["bob"], by=alices.alice, at=LATER)
    services.add_step(risk=found["Risk 3"], task={"title": "Buy", "side": "client"}, by=alices.alice, at=LATER)
    services.ask_acceptance(
        risk=found["Risk 4"], asked_of=people["bob"], until=dt.date(2027, 3, 1), by=alices.alice, at=LATER
    )
    services.merge_risk(risk=raised(alices, "Risk 5 again"), into=found["Risk 5"], by=alices.alice, at=LATER)
    # Nothing of the register knows of this one: only the database refuses it, and by its risk alone.
    LibraryChange.objects.create(
        client=alices.acme, scenario="r01", edition=1, risk=found["Risk 7"], title="x", happened_at=LATER,
        by=alices.alice,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        result = imports.undo(batch=batch, by=alices.alice, at=LATER)
    asked = [query["sql"] for query in seen.captured_queries if 'FROM "risks_risk"' in query["sql"]]
    assert "FOR UPDATE" in asked[0], "what somebody changes meanwhile waits, or it would go unseen"
    assert sorted(line.partition(": ")[2].partition(" since")[0] for line in result.kept) == [
        "R-002 has a plan the owner was asked about", "R-004 has a step of a plan", "R-005 has an acceptance",
        "R-006 was merged with another risk or split", "other records refer to it by now.",
    ]  # fmt: skip
    assert result.undone == 4 and set(Risk.objects.values_list("title", flat=True)) == {
        "Risk 1", "Risk 3", "Risk 4", "Risk 5", "Risk 5 again", "Risk 7",
    }  # fmt: skip
    row = batch.rows.get(title="Risk 7")
    assert (row.undone, row.undo_refused) == (False, "other records refer to it by now.")
    assert batch.rows.filter(undone=True, undo_refused="").count() == 4
