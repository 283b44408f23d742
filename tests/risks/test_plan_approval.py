"""Approval of a plan: asked, answered, withdrawn, and ended by a newer plan."""

import datetime as dt

import pytest

from engagements.models import Ask
from engagements.services import asks
from risks import services
from risks.models import Risk
from risks.selectors import history
from risks.selectors.frame import scales_of
from risks.services.treatment import latest_plan
from tests.risks.conftest import NOW, TODAY
from tests.risks.test_acceptance import KEY, fresh, risk

__all__ = ["risk"]
pytestmark = pytest.mark.django_db
LATER_ON = NOW + dt.timedelta(hours=1)


def planned(cast, risk):
    return services.plan_treatment(
        risk=risk, treatment="reduce", words="Test a restore each month",
        target_on=dt.date(2027, 1, 31), by=cast.alice, at=NOW,
    )  # fmt: skip


def test_a_plan_is_approved_by_the_owners_answer_and_ends_with_its_date(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        planned(cast, risk)
        plan = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)
    with entering(cast.bob, cast.acme):
        asks.answer(ask=plan.ask, choice="approve", reason="", by=cast.bob, at=NOW)
    fresh(entering, cast, risk)
    assert risk.plan_approved_on == TODAY
    with entering(cast.alice, cast.acme):
        assert not Risk.objects.calling_for_action(on=TODAY).exists()
        assert Risk.objects.calling_for_action(on=dt.date(2027, 2, 1)).exists()


def test_every_question_about_a_plan_stays_in_the_history_with_its_record(cast, people, risk, entering, browse):
    later, last = NOW + dt.timedelta(hours=1), NOW + dt.timedelta(hours=2)

    def put(at):
        return services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=at).ask

    with entering(cast.alice, cast.acme):
        plan = planned(cast, risk)
        first = put(NOW)
        plan.refresh_from_db()
        services.withdraw_plan_request(plan=plan, reason="Wrong date", by=cast.alice, at=later)
        assert (plan.state, plan.answer_reason) == ("withdrawn", "Wrong date")
        second = put(later)
    with entering(cast.bob, cast.acme):
        asks.answer(ask=second, choice="decline", reason="Too dear", by=cast.bob, at=last)
    with entering(cast.alice, cast.acme):
        lines = history.timeline(history.sources(risk), scales_of(cast.acme), cast.acme)
        told = [(line.what, line.who, line.why, line.ask, line.signed) for line in lines if line.ask]
    assert told[0] == ("Plan declined", "Bob", "Too dear", second.reference, True)
    assert sorted(told[1:3]) == [
        ("Asked Bob to approve the plan", "Alice", "", second.reference, False),
        ("Request to approve the plan withdrawn", "Alice", "Wrong date", first.reference, False),
    ]
    assert told[3:] == [("Asked Bob to approve the plan", "Alice", "", first.reference, False)]
    page = browse(cast.alice).get(f"/c/{KEY}/risks/{risk.reference}/").content.decode()
    assert ": Too dear. <a" in page
    for ask_, records in ((first, 0), (second, 1)):
        path = f'href="/c/{KEY}/asks/{ask_.reference}/'
        assert (page.count(f'{path}"'), page.count(f"{path}signed.pdf")) == (2, records)


def test_a_changed_plan_is_approved_no_longer_and_the_question_is_withdrawn(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        planned(cast, risk)
        first = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)
        services.plan_treatment(
            risk=risk, treatment="avoid", words="Stop doing it", target_on=None, by=cast.alice, at=NOW
        )
        first.refresh_from_db()
        assert first.state == "withdrawn"
        with pytest.raises(services.Refused, match="no plan with a target date"):
            services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)


def test_plan_treatment_refuses_what_the_register_says_already(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        planned(cast, risk)
        with pytest.raises(services.Refused, match="holds already"):
            planned(cast, risk)
        assert latest_plan(risk).words == "Test a restore each month"


def test_a_recorded_approval_that_its_signer_disputes_is_none(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        planned(cast, risk)
        asked = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)
        asks.record_answer(
            ask=asked.ask, choice="approve", reason="Said so", witness="Amir", recorded_by=cast.alice, at=NOW
        )
        assert Risk.objects.get().plan_approved_on is not None
    with entering(cast.bob, cast.acme):
        asks.confirm_answer(ask=Ask.objects.get(), agrees=False, note="I did not", by=cast.bob, at=LATER_ON)
    with entering(cast.alice, cast.acme):
        disputed = latest_plan(risk)
        assert (disputed.state, Risk.objects.get().plan_approved_on) == ("withdrawn", None)
        assert disputed.answer_reason == "The signer says that what was recorded is not right."
        told = {
            line.what: line.who for line in history.timeline(history.sources(risk), scales_of(cast.acme), cast.acme)
        }
        assert told["The record of the approval is not right, so the plan is not approved"] == "Bob"
        again = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=LATER_ON)
        assert again.pk == disputed.pk and again.state == "asked"
