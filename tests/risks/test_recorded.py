"""A risk says what its records say, and its records stay as they were written: the database holds both by itself."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from risks import services
from risks.models import (
    Acceptance,
    Appetite,
    Risk,
    RiskEstimate,
    RiskEvent,
    RiskRating,
    RiskReview,
    RiskScale,
    TreatmentPlan,
)
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, commit, limited, raised, rated
from tests.risks.test_plans import estimated, planned

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


def accepted(cast, people, risk):
    return services.record_acceptance(
        risk=risk, reason="We can live with it.", witness="Zoe Young", asked_of=people["bob"],
        until=dt.date(2027, 6, 30), by=cast.alice, at=NOW,
    )  # fmt: skip


def test_no_risk_is_rated_planned_accepted_or_estimated_otherwise_than_it_was_written(alices, people):
    limited(alices, operational=3)
    risk, signed = raised(alices, now=rated(2, operational=4)), raised(alices, "Another", now=rated(2, operational=4))
    planned(alices, risk)
    estimated(alices, risk)
    accepted(alices, people, signed)
    commit()
    refused = {
        "rated": (
            {"now_likelihood": 9}, {"now_impact": 5}, {"now_score": 1}, {"now_impacts": {"legal": 4}},
            {"target_likelihood": 1, "target_impact": 1, "target_score": 1}, {"before_score": 25},
        ),
        "accepted by nobody": ({"accepted_until": dt.date(2027, 6, 30)},),
        "plan of": ({"plan_approved_on": TODAY}, {"target_on": dt.date(2020, 1, 1)}, {"plan": "Else"}),
        "cost": ({"one_in_ten_minor": 1}, {"one_in_fifty_minor": None}),
        "risks_risk_words": ({"status": "gone"}, {"treatment": "hoped"}),
        "risks_risk_bands": ({"now_band": 5}, {"limit_band": 9}, {"bands_above": 4}),
    }  # fmt: skip
    for why, changes in refused.items():
        for change in changes:
            with pytest.raises(IntegrityError, match=why), transaction.atomic():
                Risk.objects.filter(pk=risk.pk).update(**change)
                commit()
    with pytest.raises(IntegrityError, match="accepted by nobody"), transaction.atomic():
        Risk.objects.filter(pk=signed.pk).update(accepted_until=dt.date(2027, 7, 31))
        commit()
    with pytest.raises(IntegrityError, match="accepted by nobody"), transaction.atomic():
        Acceptance.objects.filter(risk=signed).update(state="ended", ended_at=NOW, ended_reason="By hand")
        commit()


def test_nothing_is_added_to_the_records_of_a_risk_or_taken_from_them_behind_its_back(alices):
    risk = raised(alices, now=rated(2, operational=4))
    estimated(alices, risk)
    planned(alices, risk)
    commit()
    row = RiskEstimate.objects.values().get() | {"id": None, "happened_at": LATER, "one_in_ten_minor": 0}
    for why, write in (
        ("rated", lambda: again(risk, reason="By hand")),
        ("rated", lambda: RiskRating.objects.filter(risk=risk)._raw_delete("default")),
        ("plan of", lambda: risk.plans.update(words="Something else")),
        ("plan of", lambda: risk.plans.all().delete()),
        ("cost", lambda: RiskEstimate.objects.create(**{k: v for k, v in row.items() if k != "id"})),
    ):
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            write()
            commit()


def again(risk, *, at=LATER, **given):
    """One more rating as no service writes it."""
    row = {"kind": "now", "likelihood": 1, "impacts": {"operational": 1}, "reason": "Else", "happened_at": at} | given
    with transaction.atomic():
        return RiskRating.objects.create(client_id=risk.client_id, risk=risk, **row)


def test_a_rating_is_of_numbers_and_one_that_follows_another_says_why(alices):
    risk = raised(alices)
    for impacts in ({"legal": "4"}, {"legal": 3, "people": None}, {"legal": 2.5}, {"legal": True}, [3]):
        with pytest.raises(DatabaseError, match="a level from 1 to 5"):
            again(risk, impacts=impacts)
    with pytest.raises(DatabaseError, match="says why"):
        again(risk, reason=" ")
    with pytest.raises(DatabaseError, match="risks_riskrating_kind"):
        again(risk, kind="hoped")


def test_limits_scales_turns_and_reviews_are_added_and_never_changed(alices):
    limited(alices, operational=3)
    services.set_scale(
        client=alices.acme, low_to=4, medium_to=9, high_to=15, by=alices.alice, at=NOW, stand_by=True,
        likelihood_words=["a", "b", "c", "d", "e"], impact_words=["a", "b", "c", "d", "e"],
    )  # fmt: skip
    services.review_unchanged(risks=[raised(alices)], by=alices.alice, at=NOW)
    for model, change in (
        (Appetite, {"band_limit": 4}), (RiskScale, {"low_to": 1}), (RiskEvent, {"reason": "Else"}),
        (RiskReview, {"note": "Else"}),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.update(**change)
    for model in (Appetite, RiskScale):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


@pytest.mark.parametrize(("zone", "fits"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)])
def test_a_limit_is_set_on_a_day_that_has_come_where_the_client_is(alices, zone, fits):
    """At noon in London it is the 21st on Kiritimati and the 20th still in Pago Pago."""
    limited(alices, operational=3)
    limit = Appetite.objects.get()
    alices.acme.time_zone = zone
    with owning():
        alices.acme.save(update_fields=["time_zone"])
    row = {"client": alices.acme, "category_id": limit.category_id, "band_limit": 2}
    row |= {"happened_at": dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), "from_on": dt.date(2026, 11, 20)}
    tomorrow = dt.date(2026, 11, 21)
    for day in ({"approved_on": tomorrow}, {"from_on": tomorrow}):
        if fits:
            Appetite.objects.create(**row | day)
        else:
            with pytest.raises(IntegrityError, match="today or on an earlier day"), transaction.atomic():
                Appetite.objects.create(**row | day)


def test_nobody_confirms_in_the_place_of_who_signed(alices, people):
    signed = accepted(alices, people, raised(alices))
    with pytest.raises(IntegrityError, match="confirmed by its signer alone"), transaction.atomic():
        Acceptance.objects.filter(pk=signed.pk).update(confirmed_at=NOW)


def test_an_answer_to_one_question_stands_for_nothing_else(alices, people):
    """Neither another risk nor another record can be signed by it, answered already or not."""
    given, other = raised(alices), raised(alices, "Another")
    plan, elsewhere = planned(alices, given), planned(alices, other)
    services.ask_plan_approval(risk=given, asked_of=people["bob"], by=alices.alice, at=NOW)
    plan.refresh_from_db()
    signed = Acceptance.objects.filter(pk=accepted(alices, people, given).pk).values().get()
    waiting = services.ask_acceptance(
        risk=raised(alices, "A third"), asked_of=people["bob"], until=dt.date(2027, 6, 30), by=alices.alice, at=NOW
    )
    copy = {**signed, "id": None, "risk_id": other.pk, "state": "asked", "signed_at": None}
    copy = {key: value for key, value in copy.items() if key != "id"}
    for ask in (signed["ask_id"], waiting.ask_id, plan.ask_id):
        with pytest.raises(IntegrityError, match="open question of its own|one_ask"), transaction.atomic():
            Acceptance.objects.create(**copy | {"ask_id": ask})
        with pytest.raises(IntegrityError, match="open question of its own|one_ask"), transaction.atomic():
            TreatmentPlan.objects.filter(pk=elsewhere.pk).update(ask_id=ask, state="asked")


def test_of_two_at_once_the_one_that_waited_comes_after_whatever_its_clock_says(alices):
    risk = raised(alices)
    before = LATER - dt.timedelta(seconds=2)
    for at, likelihood in ((LATER, 4), (before, 2)):
        services.rate_risk(risk=risk, kind="now", rating=rated(likelihood), reason="Seen", by=alices.alice, at=at)
        planned(alices, risk, words=f"Version {likelihood}", at=at)
        estimated(alices, risk, at=at, basis=f"Version {likelihood}")
    services.redate(risks=[risk], target_on=dt.date(2027, 5, 5), by=alices.alice, at=before)
    commit()
    risk.refresh_from_db()
    assert (risk.now_likelihood, risk.plan, risk.target_on) == (2, "Version 2", dt.date(2027, 5, 5))
