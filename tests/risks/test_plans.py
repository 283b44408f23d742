"""Plans with their cost, their steps and what they are expected to leave."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Task
from engagements.services import asks, work
from risks import columns, services
from risks.models import PlanStep, Risk, RiskEstimate, TreatmentPlan
from risks.rules import money
from risks.rules.scoring import Years
from risks.rules.treating import Cost
from risks.selectors import register_as_of
from risks.selectors.frame import frame, scales_of
from risks.selectors.history import sources, timeline
from risks.selectors.losses import losses
from risks.selectors.weighing import Outlook, outlook, weigh
from risks.selectors.wording import full_day
from risks.services.treatment import latest_plan
from tests.risks.conftest import NOW, TODAY, limited, raised, rated
from tests.risks.test_estimates import DEAR, SELDOM, estimated, limited_in_money
from tests.risks.test_pages import counted
from vciso.audit.models import Event
from vciso.imports.registry import UndoRefused
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

COST = Cost(once=12_000_00, yearly=3_000_00, hours=20, hour=150_00)
HALF = services.Given(*(value / 2 for value in (DEAR.low, DEAR.likely, DEAR.high)))
LATER = dt.date(2027, 5, 31)
LATER_ON = NOW + dt.timedelta(hours=1)


def planned(cast, risk, **given):
    given = {"treatment": "reduce", "words": "Copy backups off site.", "target_on": LATER, "cost": COST, **given}
    return services.plan_treatment(risk=risk, by=cast.alice, at=given.pop("at", NOW), **given)


def step(cast, risk, **task):
    cost, at = task.pop("cost_minor", None), task.pop("at", NOW)
    return services.add_step(risk=risk, task={"title": "Rent the store", **task}, cost_minor=cost, by=cast.alice, at=at)


def test_a_plan_keeps_its_cost_version_by_version(alices):
    risk = raised(alices)
    first = planned(alices, risk)
    assert (first.cost, first.cost.a_year) == (COST, 10_000_00)
    with pytest.raises(services.Refused, match="the plan the register holds already"):
        planned(alices, risk)
    moved = planned(alices, risk, cost=None, target_on=LATER + dt.timedelta(days=30), at=NOW + dt.timedelta(hours=1))
    assert moved.cost == COST
    dearer = planned(alices, risk, cost=replace(COST, yearly=4_000_00), target_on=moved.target_on,
                     at=NOW + dt.timedelta(hours=2))  # fmt: skip
    services.redate(risks=[risk], target_on=LATER, by=alices.alice, at=NOW + dt.timedelta(hours=3))
    assert latest_plan(risk).cost == dearer.cost
    first.refresh_from_db()
    assert first.cost == COST
    told = Event.objects.filter(verb="risk.treatment_planned").order_by("seq")
    assert [event.after["a_year_minor"] for event in told] == [10_000_00, 10_000_00, 11_000_00]


@pytest.mark.parametrize(
    ("cost", "field", "words"),
    [
        (Cost(once=-1), "once_minor", "nothing or more"),
        (Cost(yearly=10**15), "yearly_minor", "nothing or more"),
        (Cost(once=1, life_years=0), "life_years", "0 years cannot be. Give 1 to 20."),
        (Cost(hours=-1, hour=1), "hours", "-1 hours a year cannot be"),
        (Cost(hours=20), "hour_minor", "Say what one hour costs"),
    ],
)
def test_a_cost_that_no_plan_has_is_refused_at_its_field(alices, cost, field, words):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        planned(alices, raised(alices), cost=cost)
    assert words in caught.value.message_dict[field][0]
    assert not TreatmentPlan.objects.exists()


def test_a_rate_without_hours_is_no_cost(alices):
    assert not planned(alices, raised(alices), cost=Cost(hour=150_00)).cost.is_known


@pytest.mark.parametrize(
    "wrong", [{"once_minor": -1}, {"yearly_minor": -1}, {"life_years": 0}, {"hours": 1}, {"hour_minor": 1}]
)
def test_the_database_refuses_such_a_cost_too(alices, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        TreatmentPlan.objects.create(
            client=alices.acme, risk=raised(alices), treatment="reduce", happened_at=NOW, **wrong
        )


def test_what_the_plan_leaves_differs_by_the_plan_alone(alices):
    limited_in_money(alices, 10_000_00)
    risk = raised(alices)
    with pytest.raises(services.Refused, match="as it is now first"):
        estimated(alices, risk, kind="after")
    now = estimated(alices, risk)
    placed = Risk.objects.get()
    after = estimated(alices, risk, kind="after", losses={"downtime": HALF}, at=NOW + dt.timedelta(hours=1))
    # The same random numbers: half the size of every event is half of every year.
    assert after.seed == now.seed
    assert after.mean_minor == pytest.approx(now.mean_minor / 2, rel=1e-4)
    assert after.one_in_ten_minor == pytest.approx(now.one_in_ten_minor / 2, rel=1e-4)
    held = Risk.objects.get()
    assert (held.one_in_ten_minor, held.loss_over_limit, held.is_above) == (
        placed.one_in_ten_minor, placed.loss_over_limit, True,
    )  # fmt: skip
    assert losses(alices.acme, TODAY).one_in_ten == now.one_in_ten_minor
    assert register_as_of(alices.acme, TODAY).open[0].is_above
    assert outlook(risk).effect(COST).removed == now.mean_minor - after.mean_minor
    again = estimated(alices, risk, frequency=SELDOM, losses={"downtime": HALF}, at=NOW + dt.timedelta(hours=2))
    assert again.one_in_ten_minor == after.one_in_ten_minor
    assert RiskEstimate.objects.count() == 3
    assert Event.objects.filter(verb="risk.effect_estimated").count() == 1


def by_the_first_method(kept, at):
    """The estimate SELDOM and DEAR as a row of the time when the first method was the newest."""
    frequency, size = (money.Range(*(float(one) for one in given.numbers)) for given in (SELDOM, DEAR))
    ranges = money.Estimate(frequency, (money.Loss("downtime", size),))
    found = money.figures(ranges, money.simulate(ranges, kept.seed, method=money.METHOD_1))
    row = {field.attname: getattr(kept, field.attname) for field in RiskEstimate._meta.concrete_fields} | {
        "method": money.METHOD_1, "happened_at": at, "mean_minor": found.mean,
        "one_in_ten_minor": found.one_in_ten, "one_in_fifty_minor": found.one_in_fifty,
    }  # fmt: skip
    del row["id"]
    old = RiskEstimate.objects.create(**row)
    loss = kept.losses.get()
    loss.pk, loss.estimate = None, old
    loss.save(force_insert=True)
    return old


def test_a_plan_that_makes_events_a_little_rarer_is_shown_to_remove_a_little(alices):
    """5 % fewer events: independent numbers of events would show anything from nothing to a tenth."""
    risk = raised(alices)
    now = estimated(alices, risk)
    rarer = services.Given(*(value * Decimal("0.95") for value in (SELDOM.low, SELDOM.likely, SELDOM.high)))
    after = estimated(alices, risk, kind="after", frequency=rarer, at=LATER_ON)
    assert after.method == now.method == money.METHOD
    assert 0.025 <= 1 - after.mean_minor / now.mean_minor <= 0.075


def test_an_estimate_of_an_earlier_method_keeps_its_figures_and_is_compared_with_its_own_kind(alices):
    risk = raised(alices)
    now = by_the_first_method(estimated(alices, risk), LATER_ON)
    found = losses(alices.acme, TODAY)
    assert (found.mean, found.one_in_ten, found.one_in_fifty) == (
        now.mean_minor, now.one_in_ten_minor, now.one_in_fifty_minor,
    )  # fmt: skip
    left = estimated(alices, risk, kind="after", losses={"downtime": HALF}, at=LATER_ON)
    assert (left.method, left.seed) == (money.METHOD_1, now.seed)
    assert left.mean_minor == pytest.approx(now.mean_minor / 2, rel=1e-4)
    # The risk by the newest method: what the plan leaves is simulated anew beside it, and stays half.
    again = estimated(alices, risk, at=LATER_ON + dt.timedelta(hours=1))
    anew = RiskEstimate.objects.filter(kind="after").latest("recorded_at")
    assert (again.method, anew.method) == (money.METHOD, money.METHOD)
    assert again.mean_minor != now.mean_minor
    assert anew.mean_minor == pytest.approx(again.mean_minor / 2, rel=1e-4)
    assert outlook(risk).effect(COST).removed == again.mean_minor - anew.mean_minor
    assert (anew.basis, anew.frequency_low, anew.happened_at) == (left.basis, left.frequency_low, again.happened_at)
    told = Event.objects.filter(verb="risk.estimated").latest("recorded_at")
    assert told.after["after_the_plan"]["mean_minor"] == anew.mean_minor
    # Two of one method: nothing is made anew.
    estimated(alices, risk, at=LATER_ON + dt.timedelta(hours=2))
    assert RiskEstimate.objects.filter(kind="after").count() == 2


def words(found, cost=COST, measure=None, cast=None):
    return weigh(found, cost, measure or frame(cast.acme, TODAY), "USD")


def test_with_estimates_the_sentences_weigh_burden_and_risk_removed(alices):
    limited(alices, operational=2)
    good = words(
        Outlook(now=rated(3), target=rated(1), mean=90_000_00, mean_after=48_000_00, losses_after=Years(1, 2)),
        cast=alices,
    )
    assert good.cost == "$10,000 a year: $12,000 once, over 3 years; $3,000 a year; 20 hours a year at $150."
    assert good.change == (
        "An average year costs about $90,000 now and about $48,000 with the plan done: about $42,000 less."
    )
    assert good.remains == "What remains is inside the limit."
    assert good.ratio == "For each $1 spent, $4.20 less is lost."
    assert good.reasonable == (
        "Reasonable: the burden, $10,000 a year, is no greater than the risk it removes, about $42,000 a year."
    )
    dear = words(Outlook(mean=9_000_00, mean_after=5_000_00), cast=alices)
    assert dear.ratio == "For each $1 spent, $0.40 less is lost."
    assert dear.reasonable.startswith("The burden, $10,000 a year, is greater than the risk it removes, about $4,000")
    worse = words(Outlook(mean=5_000_00, mean_after=9_000_00), cast=alices)
    assert worse.change.endswith("about $4,000 more.")
    assert worse.ratio == "For each $1 spent, $0.40 more is lost."
    assert worse.reasonable.startswith("The plan removes no expected loss.")
    unknown = words(Outlook(mean=9_000_00, mean_after=5_000_00), Cost(), cast=alices)
    assert (unknown.cost, unknown.ratio) == ("Cost not known.", "")
    assert "The burden is not known" in unknown.reasonable
    free = words(Outlook(mean=9_000_00, mean_after=5_000_00), Cost(once=0), cast=alices)
    assert (free.cost, free.ratio) == ("It costs nothing.", "")
    assert free.reasonable == "Reasonable: it costs nothing and removes about $4,000 a year."


def test_without_estimates_the_level_moves_and_no_ratio_is_made(alices):
    limited(alices, operational=2)
    rates = words(Outlook(now=rated(3), target=rated(2)), cast=alices)
    assert (rates.change, rates.remains) == ("Moves from high to medium.", "What remains is at the limit.")
    assert (rates.ratio, rates.reasonable, rates.is_reasonable) == ("", "", None)
    same = words(Outlook(now=rated(3), target=rated(3, operational=4)), cast=alices)
    assert same.change == "Stays high: 15 of 25 now, 12 with the plan done."
    assert same.remains == "What remains is still above the limit."
    met = words(Outlook(now=rated(1), target=rated(3)), cast=alices)
    assert (met.change, met.remains) == (
        "The target is met: 5 of 25 now, 15 was aimed at.",
        "What remains is inside the limit.",
    )
    assert words(Outlook(now=rated(3), mean=5), cast=alices).change == ""


def test_the_owner_reads_cost_change_and_balance_in_the_question(alices, people):
    risk = raised(alices)
    services.rate_risk(risk=risk, kind="target", rating=rated(1), reason="Plan", by=alices.alice, at=NOW)
    planned(alices, risk)
    estimated(alices, risk)
    estimated(alices, risk, kind="after", losses={"downtime": HALF})
    step(alices, risk, title="Buy the spare", assignee=people["carl"], due_on=LATER, cost_minor=4_000_00)
    step(alices, risk, title="Ask the insurer")
    asked = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=alices.alice, at=NOW)
    text = asked.ask.text
    assert f"1. Buy the spare: Carl, by {full_day(LATER, alices.acme)}, $4,000.\n2. Ask the insurer" in text
    assert asked.ask.facts[-1] == {
        "label": "The plan", "value": "2 steps", "note": f"the last by {full_day(LATER, alices.acme)}, $4,000 together",
    }  # fmt: skip
    assert "**What it costs:** $10,000 a year: $12,000 once, over 3 years" in text
    assert "**What it changes:** An average year costs about $" in text
    assert "**Burden and benefit:** Reasonable: the burden, $10,000 a year, is no greater" in text
    assert "less is lost." in text


def test_a_step_is_a_task_of_its_person_and_costs_its_part(alices, people):
    risk = raised(alices)
    made = step(alices, risk, assignee=people["carl"], due_on=LATER, cost_minor=4_000_00)
    task = Task.objects.get()
    assert (made.task, made.risk, made.cost_minor) == (task, risk, 4_000_00)
    assert (task.raised_from, task.who, task.due_on) == (risk.reference, "Carl", LATER)
    services.change_step(step=made, task={"title": "Rent two stores"}, cost_minor=5_000_00, by=alices.alice, at=NOW)
    task.refresh_from_db()
    assert (task.title, task.who, PlanStep.objects.get().cost_minor) == ("Rent two stores", "Carl", 5_000_00)
    verbs = set(Event.objects.filter(verb__startswith="risk.step").values_list("verb", flat=True))
    assert verbs == {"risk.step_added", "risk.step_changed"}
    told = [line for line in timeline(sources(risk), scales_of(alices.acme), alices.acme) if "Step" in line.what]
    assert [(line.what, line.who) for line in told] == [("Step changed", "Alice"), ("Step added", "Alice")]
    assert told[1].why.endswith("; Carl; by May 31, 2027; costs $4,000") and told[1].why.startswith(task.reference)
    assert "Rent two stores (before: " in told[0].why and "costs $5,000 (before: costs $4,000)" in told[0].why
    with pytest.raises(UndoRefused, match="step of a plan since the import"):
        columns.remove(str(risk.pk), client=alices.acme, by=alices.alice, at=NOW)


def test_an_approval_holds_for_the_money_and_the_time_that_were_approved(cast, people, entering, browse):
    with entering(cast.alice, cast.acme):
        risk = raised(cast)
        planned(cast, risk)
        within = step(cast, risk, due_on=LATER, cost_minor=12_000_00)
        asked = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)
    with entering(cast.bob, cast.acme):
        asks.answer(ask=asked.ask, choice="approve", reason="", by=cast.bob, at=NOW)
    with entering(cast.alice, cast.acme):
        services.change_step(step=within, task={"title": "Rent two"}, cost_minor=11_000_00, by=cast.alice, at=LATER_ON)
        step(cast, risk, title="Ask around", cost_minor=1_000_00, at=LATER_ON)
        approved = latest_plan(risk)
        assert approved.pk == asked.pk and approved.state == "approved", "within what was approved"
    page = browse(cast.alice)
    typed = {
        "title": "Build a store", "due_on": "2099-06-30", "cost_minor": "90,000", "side": "client",
        "assignee": str(people["carl"].pk),
    }  # fmt: skip
    told = page.post(address(cast, "step-new"), typed, follow=True).content.decode()
    assert "The plan is more than was approved. Ask for approval again." in told
    for words in ("Changed since it was approved", "Ask for approval", "$102,000 once"):
        assert words in told, words
    with entering(cast.alice, cast.acme):
        now = latest_plan(risk)
        assert (now.state, now.once_minor, now.target_on) == ("drafted", 102_000_00, dt.date(2099, 6, 30))
        assert (now.words, now.yearly_minor) == (approved.words, approved.yearly_minor)
        assert Risk.objects.get().plan_approved_on is None


def test_a_step_that_is_changed_as_a_task_changes_its_plan_alike(cast, people, entering, browse):
    with entering(cast.alice, cast.acme):
        risk = raised(cast)
        planned(cast, risk)
        task = step(cast, risk, due_on=LATER, cost_minor=12_000_00).task
        asked = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)
    with entering(cast.bob, cast.acme):
        asks.answer(ask=asked.ask, choice="approve", reason="", by=cast.bob, at=NOW)
    page, path = browse(cast.alice), f"/c/{cast.acme.key}/tasks/{task.reference}/edit/"
    typed = {"title": task.title, "side": "client", "assignee": str(people["carl"].pk)}
    assert "has passed" in page.post(path, typed | {"due_on": "2020-01-01"}).content.decode()
    assert page.post(path, typed | {"due_on": "2099-06-30"}).status_code == 303
    with entering(cast.alice, cast.acme):
        now = latest_plan(risk)
        assert (now.state, now.target_on) == ("drafted", dt.date(2099, 6, 30))
        (told,) = [
            line for line in timeline(sources(risk), scales_of(cast.acme), cast.acme) if line.what == "Step changed"
        ]
        assert "by June 30, 2099 (before: by May 31, 2027)" in told.why
        services.close_risk(risk=risk, by=cast.alice, at=NOW, reason="Gone")
    assert page.post(path, typed | {"due_on": "2099-07-31"}).status_code == 303


def test_the_words_of_a_plan_end_before_its_costs_begin(alices):
    risk = raised(alices)
    planned(alices, risk, words="Rent a standby generator", cost=Cost(yearly=9_500_00))
    (told,) = [line for line in timeline(sources(risk), scales_of(alices.acme), alices.acme) if "Planned" in line.what]
    assert told.why == "Rent a standby generator. $9,500 a year."


def test_a_question_about_a_plan_is_withdrawn_when_a_step_makes_it_more(alices, people):
    risk = raised(alices)
    planned(alices, risk, cost=Cost())
    first = step(alices, risk, cost_minor=500_00)
    asked = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=alices.alice, at=NOW)
    assert "**What it costs:** $167 a year: $500 once, over 3 years." in asked.ask.text, "its steps cost it"
    services.change_step(step=first, task={"title": "Rent it"}, cost_minor=500_01, by=alices.alice, at=LATER_ON)
    asked.refresh_from_db()
    assert (asked.state, latest_plan(risk).once_minor) == ("withdrawn", 500_01)


def test_steps_that_cannot_be_are_refused(alices, people):
    risk = raised(alices)
    with pytest.raises(services.Refused, match="nothing or more"), transaction.atomic():
        step(alices, risk, cost_minor=-1)
    with pytest.raises(ValidationError, match="Write what is to be done"), transaction.atomic():
        step(alices, risk, title=" ")
    with pytest.raises(services.Refused, match="has passed. Give a day to come."), transaction.atomic():
        step(alices, risk, due_on=TODAY - dt.timedelta(days=1))
    assert not Task.objects.exists()
    made = step(alices, risk)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanStep.objects.update(cost_minor=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanStep.objects.create(client=alices.acme, risk=risk, task=made.task)
    services.close_risk(risk=risk, by=alices.alice, at=NOW, reason="Sold.")
    with pytest.raises(services.Refused, match="closed. Reopen it"):
        step(alices, risk)


def test_a_step_belongs_to_the_client_of_its_risk(cast, people, entering):
    with entering(cast.charlie, cast.globex):
        theirs = work.add_task(client=cast.globex, title="Theirs", by=cast.charlie, at=NOW)
    with entering(cast.alice, cast.acme):
        risk = raised(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanStep.objects.create(client=cast.acme, risk=risk, task=theirs)
        step(cast, risk)
    with entering(cast.charlie, cast.globex):
        assert not PlanStep.objects.exists()


# --- Pages -------------------------------------------------------------------------------------


def address(cast, name, **more):
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, "ref": "R-001", **more})


@pytest.fixture
def page_of(cast, people, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        limited(cast, operational=2)
        risk = raised(cast)
        services.rate_risk(risk=risk, kind="target", rating=rated(1), reason="Plan", by=cast.alice, at=NOW)
    return browse(cast.alice)


TYPED = {
    "treatment": "reduce", "words": "Copy backups off site.", "target_on": "2099-05-31", "once_minor": "12,000",
    "life_years": "3", "yearly_minor": "3,000", "hours": "20", "hour_minor": "150",
}  # fmt: skip


def test_the_plan_the_steps_and_the_money_stand_together_on_the_page(cast, people, page_of):
    assert page_of.post(address(cast, "plan"), TYPED).status_code == 303
    shown = page_of.get(address(cast, "detail")).content.decode()
    assert "$10,000 a year: $12,000 once, over 3 years; $3,000 a year; 20 hours a year at $150." in shown
    assert "Moves from high to low. What remains is inside the limit." in shown
    assert "Worth it" not in shown
    assert page_of.post(address(cast, "plan"), TYPED | {"treatment": "accept", "words": ""}).status_code == 303
    carried = page_of.get(address(cast, "detail")).content.decode()
    assert "Moves from" not in carried and "<dt>Costs</dt>" not in carried
    assert page_of.post(address(cast, "plan"), TYPED).status_code == 303
    body = {"title": "Rent the store", "side": "client", "assignee": str(people["carl"].pk), "due_on": "2099-04-01",
            "cost_minor": "13,000"}  # fmt: skip
    assert page_of.post(address(cast, "step-new"), body).status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        risk = Risk.objects.get()
        estimated(cast, risk)
        estimated(cast, risk, kind="after", losses={"downtime": HALF})
        task = Task.objects.get().reference
    page_of.get(address(cast, "detail"))
    with CaptureQueriesContext(connection) as found:
        shown = page_of.get(address(cast, "detail")).content.decode()
    assert len(counted(found)) <= 12, "\n".join(counted(found))
    assert shown.split("Step added")[0].count("Rent the store") == 1
    assert "The steps cost $13,000 together, which is more: the plan says $12,000 once." in shown
    assert "Reasonable: the burden, $10,333 a year, is no greater" in shown, "what the steps cost, which is more"
    assert shown.count("With the plan: ") == 5
    assert "Estimated as the plan leaves it: about $" in shown
    assert page_of.post(address(cast, "step", task=task), {**body, "cost_minor": "12,000"}).status_code == 303
    assert "The steps cost" not in page_of.get(address(cast, "detail")).content.decode()
    assert page_of.post(address(cast, "plan"), TYPED | {"once_minor": ""}).status_code == 303
    unsaid = page_of.get(address(cast, "detail")).content.decode()
    assert "The steps cost $12,000 together, which counts as what is spent once while the plan" in unsaid
    work_list = page_of.get(reverse("engagements:tasks", kwargs={"client_key": cast.acme.key})).content.decode()
    assert "Rent the store" in work_list


def test_the_forms_refuse_with_422_where_the_mistake_is(cast, page_of):
    passed = page_of.post(address(cast, "plan"), {**TYPED, "target_on": "2020-01-31"})
    assert passed.status_code == 422
    assert "January 31, 2020 has passed. Give a day to come." in passed.content.decode()
    assert (
        "Say what one hour costs" in page_of.post(address(cast, "plan"), {**TYPED, "hour_minor": ""}).content.decode()
    )
    assert page_of.post(address(cast, "step-new"), {"title": "", "side": "client"}).status_code == 422
    for unknown in ("T-999", "x" * 300, "%2e"):
        assert page_of.get(address(cast, "step", task="T-001").replace("T-001", unknown)).status_code == 404


def test_a_date_that_stands_and_has_passed_may_stay(cast, page_of):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        planned(cast, Risk.objects.get(), target_on=dt.date(2020, 1, 31), recorded=True)
    assert (
        page_of.post(address(cast, "plan"), {**TYPED, "words": "Copy them.", "target_on": "2020-01-31"}).status_code
        == 303
    )


def test_the_second_of_two_changes_to_a_plan_is_shown_the_first(cast, page_of):
    seen = page_of.get(address(cast, "plan")).content.decode().split('name="seen_version" value="')[1].split('"')[0]
    assert page_of.post(address(cast, "plan"), {**TYPED, "seen_version": seen}).status_code == 303
    second = page_of.post(address(cast, "plan"), {**TYPED, "yearly_minor": "9,000", "seen_version": seen})
    assert second.status_code == 409
    assert "3,000" in second.content.decode()


def test_what_the_plan_leaves_begins_with_the_numbers_of_today(cast, page_of):
    fresh = page_of.post(address(cast, "estimate") + "?kind=after", {"frequency_low": "1"})
    assert fresh.status_code == 422
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        estimated(cast, Risk.objects.get())
    form = page_of.get(address(cast, "estimate") + "?kind=after").content.decode()
    assert 'value="60,000"' in form
    assert "Two outages since 2019." not in form
    body = {
        "frequency_low": "0.1", "frequency_likely": "0.25", "frequency_high": "1", "downtime_low": "20,000",
        "downtime_likely": "60,000", "downtime_high": "200,000", "basis": "A second line.",
    }  # fmt: skip
    assert page_of.post(address(cast, "estimate") + "?kind=after", body).status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert list(RiskEstimate.objects.order_by("happened_at").values_list("kind", flat=True)) == ["now", "after"]


def test_another_date_for_many_risks_costs_the_queries_of_one(alices):
    def cost(risks):
        with CaptureQueriesContext(connection) as found:
            services.redate(risks=risks, target_on=TODAY + dt.timedelta(days=60), by=alices.alice, at=NOW)
        return len(found)

    planned = {"treatment": "reduce", "plan": "Try the restore.", "target_on": TODAY + dt.timedelta(days=30)}
    one, *many = [raised(alices, f"Risk {number}", **planned) for number in range(12)]
    assert cost([one]) == cost(many)
