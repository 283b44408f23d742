"""What no register may hold: each is refused in words by the service, and by the database without it."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from risks import columns, services
from risks.models import Risk, RiskRating, TreatmentPlan
from risks.rules import scoring
from risks.selectors.weighing import band_words
from risks.services.errors import Refused
from tests.api.conftest import Program, make_token
from tests.conftest import owning
from tests.risks.conftest import NOW, raised, rated
from vciso.imports import services as imports
from vciso.imports.enums import Taking
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)
LEVELS = st.integers(1, 5)
RATINGS = st.builds(lambda likelihood, impact: scoring.Rating(likelihood, {"legal": impact}), LEVELS, LEVELS)


def written(risk, kind, likelihood, impacts, at=LATER):
    """A row as no service writes it."""
    with transaction.atomic():
        return RiskRating.objects.create(
            client_id=risk.client_id, risk=risk, kind=kind, likelihood=likelihood, impacts=impacts, reason="By hand",
            happened_at=at,
        )  # fmt: skip


def test_a_target_above_now_is_refused_when_it_is_set(alices):
    risk = raised(alices, now=rated(2, operational=4))
    with pytest.raises(Refused) as caught:
        services.rate_risk(
            risk=risk, kind="target", rating=rated(3, operational=3), reason="Hope", by=alices.alice, at=LATER
        )
    assert caught.value.message_dict == {
        "target_likelihood": ["A target of 9 is above the 8 that the risk is rated now. Set it at 8 or below."]
    }
    with pytest.raises(DatabaseError, match="at most what the risk is rated now"):
        written(risk, "target", 3, {"operational": 3})
    services.rate_risk(
        risk=risk, kind="target", rating=rated(2, operational=4), reason="As it is", by=alices.alice, at=LATER
    )


def test_a_risk_is_not_raised_with_a_target_above_now(alices):
    with pytest.raises(Refused, match="A target of 20 is above the 6"):
        services.raise_risk(
            client=alices.acme, by=alices.alice, at=NOW, wording=services.Wording(title="Both at once"),
            ratings={"now": rated(2, legal=3), "target": rated(5, legal=4)},
        )  # fmt: skip
    with pytest.raises(Refused, match="A target of 20 is above the 6"):
        services.raise_many(
            client=alices.acme, by=alices.alice, at=NOW,
            risks=[
                services.NewRisk(
                    wording=services.Wording(title="One of many"),
                    ratings={"now": rated(2, legal=3), "target": rated(5, legal=4)},
                )
            ],
        )  # fmt: skip


@pytest.mark.parametrize(("likelihood", "impacts"), [(6, {"legal": 3}), (3, {"legal": 6}), (3, {"legal": 0}), (3, {})])
def test_the_database_keeps_ratings_on_the_scale(alices, likelihood, impacts):
    risk = raised(alices)
    with pytest.raises(DatabaseError), transaction.atomic():
        written(risk, "now", likelihood, impacts)
    with pytest.raises(DatabaseError, match="never change"):
        RiskRating.objects.filter(risk=risk).update(impacts=impacts)


def test_a_risk_that_falls_below_its_target_has_met_it(alices, browse):
    risk = raised(alices, now=rated(4, operational=4))
    for kind, rating in (("target", rated(2, operational=4)), ("now", rated(1, operational=4))):
        services.rate_risk(risk=risk, kind=kind, rating=rating, reason="Done", by=alices.alice, at=LATER)
    page = browse(alices.alice).get(f"/c/{alices.acme.key}/risks/{risk.reference}/").content.decode()
    assert "8, medium, target met" in page


@given(target=RATINGS, now=RATINGS)
def test_a_target_is_refused_exactly_when_it_scores_above_now(target, now):
    assert bool(scoring.above_now(target, now)) == (target.score > now.score)
    words = band_words(now, target, scoring.Scale())
    assert words.startswith("The target is met") == (now.score < target.score)


def bring(cast, *rows):
    content = "\n".join(["Risk,Likelihood,Impact,Target likelihood,Target impact", *rows]).encode()
    batch = imports.preview(
        client=cast.acme, kind=columns.KIND, name="register.csv", content=content, by=cast.alice, at=NOW
    )
    return imports.import_rows(batch=batch, taking=Taking.GOOD, by=cast.alice, at=NOW)


def warnings(batch):
    return [remark["reason"] for row in batch.rows.all() for remark in row.remarks]


def test_an_import_brings_a_target_that_was_met_and_leaves_out_one_above_what_we_know(alices, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    first = bring(alices, "The line fails,2,3,4,4")
    assert warnings(first) == ["The target of 16 is above the 6 of the rating now, so it reads as met."]
    risk = Risk.objects.get()
    assert (risk.now_score, risk.target_score) == (6, 16)

    again = bring(alices, "The line fails,2,3,5,5")
    assert warnings(again) == ["The target of 25 is above the 6 of the rating now. It is left out."]
    risk.refresh_from_db()
    assert risk.target_score == 16

    lower = bring(alices, "The line fails,2,3,2,2")
    risk.refresh_from_db()
    assert risk.target_score == 4
    imports.undo(batch=lower, by=alices.alice, at=NOW)
    risk.refresh_from_db()
    assert risk.target_score == 16, "an undo brings back a target that was met"


def ending(risk, target_on, at=NOW, **given):
    """A version of a plan as no service writes it."""
    with transaction.atomic():
        TreatmentPlan.objects.create(
            client_id=risk.client_id, risk=risk, treatment="reduce", words="Buy spares.", target_on=target_on,
            happened_at=at, **given,
        )  # fmt: skip
        Risk.objects.filter(pk=risk.pk).update(treatment="reduce", plan="Buy spares.", target_on=target_on)


PASSED = dt.date(2026, 11, 19)
"""The day before NOW where Acme is."""


def test_a_plan_ends_on_a_day_to_come_whoever_writes_it(alices):
    risk = raised(alices)
    write = {"by": alices.alice, "at": NOW}
    plan = {"risk": risk, "treatment": "reduce", "words": "Buy spares.", **write}
    title = {"client": alices.acme, "wording": services.Wording(title="Late already"), **write}
    for refused in (
        lambda: services.plan_treatment(target_on=PASSED, **plan),
        lambda: services.redate(risks=[risk], target_on=PASSED, **write),
        lambda: services.raise_risk(target_on=PASSED, **title),
        lambda: services.raise_many(
            client=alices.acme, risks=[services.NewRisk(wording=title["wording"], target_on=PASSED)], **write
        ),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.message_dict == {"target_on": ["November 19, 2026 has passed. Give a day to come."]}
    with pytest.raises(DatabaseError, match="ends on the day it is written or later"):
        ending(risk, PASSED)
    kept = services.plan_treatment(target_on=NOW.date(), **plan)
    with pytest.raises(DatabaseError, match="ends on the day"), transaction.atomic():
        TreatmentPlan.objects.filter(pk=kept.pk).update(target_on=PASSED)
    # What stands and has passed meanwhile may stay when something else changes.
    services.plan_treatment(**plan | {"target_on": NOW.date(), "words": "Buy two.", "at": LATER + dt.timedelta(days=3)})
    ending(risk, NOW.date(), at=LATER + dt.timedelta(days=4))


@pytest.mark.parametrize(("zone", "fits"), [("Pacific/Kiritimati", False), ("Pacific/Pago_Pago", True)])
def test_a_plan_ends_by_the_days_of_the_client(alices, zone, fits):
    """At noon in London it is the 21st on Kiritimati and the 20th still in Pago Pago."""
    alices.acme.time_zone = zone
    with owning():
        alices.acme.save(update_fields=["time_zone"])
    risk, day = raised(alices), dt.date(2026, 11, 20)
    at = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    with nullcontext() if fits else pytest.raises(DatabaseError, match="ends on the day"):
        ending(risk, day, at=at)
    ending(risk, day, at=at, is_recorded=True)


def test_page_and_program_refuse_an_end_that_passed_and_an_import_brings_it(cast, people, browse, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(cast)
    page = browse(cast.alice)
    gone = {"treatment": "reduce", "words": "Buy spares.", "target_on": "2020-01-31"}
    for name, words in (("plan", {"ref": "R-001"}), ("new", {})):
        address = reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, **words})
        answer = page.post(address, gone | {"title": "Late already"})
        assert (
            answer.status_code == 422 and "January 31, 2020 has passed. Give a day to come." in answer.content.decode()
        )
    told = Program(make_token(cast.alice, cast.acme)).post(f"c/{cast.acme.key}/risks/R-001/plan/", gone)
    assert (told.status_code, "has passed" in str(told.told)) == (422, True)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        content = b"Risk,Action plan,Due date\nThe line fails,Buy spares,2020-01-31"
        batch = imports.preview(
            client=cast.acme, kind=columns.KIND, name="register.csv", content=content, by=cast.alice, at=NOW
        )
        imports.import_rows(batch=batch, taking=Taking.GOOD, by=cast.alice, at=NOW)
        plan = TreatmentPlan.objects.get()
        assert (plan.target_on, plan.is_recorded) == (dt.date(2020, 1, 31), True)
        assert Risk.objects.overdue(on=NOW.date()).get().title == "The line fails"
