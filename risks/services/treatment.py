"""Planning what is done about a risk, and putting the plan to the owner or the board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from engagements.enums import TaskStatus
from engagements.models import Person
from engagements.services import asks
from risks.enums import PLAN_APPROVE, PLAN_KIND, PlanState, Status, Treatment
from risks.models import PlanStep, Risk, TreatmentPlan
from risks.rules.treating import Cost
from risks.selectors import steps, weighing
from risks.selectors.frame import Frame, frame
from risks.selectors.wording import about, facts_of, full_day
from risks.services import costs, standing
from risks.services.errors import Refused, Unchanged
from risks.services.register import check_end, locked
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats

DECLINE = "decline"


def latest_plan(risk: Risk) -> TreatmentPlan | None:
    """The version of the plan that counts."""
    return risk.plans.order_by("-happened_at", "-recorded_at").first()


def latest_plans(risks: Sequence[Risk]) -> dict[UUID, TreatmentPlan]:
    """The version of the plan that counts, by the id of its risk, in one query; risks without one are left out."""
    rows = TreatmentPlan.objects.filter(risk__in=[risk.pk for risk in risks])
    newest = rows.order_by("risk_id", "-happened_at", "-recorded_at").distinct("risk_id")
    return {row.risk_id: row for row in newest}


@transaction.atomic
def plan_treatment(
    *,
    risk: Risk,
    treatment: str,
    by: User,
    at: dt.datetime,
    words: str = "",
    target_on: dt.date | None = None,
    cost: Cost | None = None,
    version: int | None = None,
    recorded: bool = False,
    came_with: Risk | None = None,
) -> TreatmentPlan:
    """A new version of the plan counts from now on; an approval of the old one does not carry over.

    Without `cost` the plan costs what it cost before. A request to approve the old version is
    withdrawn; of two versions at once the one that waited comes after the other. Refuses a closed risk,
    a treatment nobody knows, a cost below nothing, hours without a rate, an end that has passed unless
    it stood so or is `recorded` from elsewhere, and a plan that says what the register says already.
    `came_with` is the duplicate that brings it.
    """
    current = locked(risk, version)
    if current.status == Status.CLOSED:
        raise Refused(f"{current.reference} is closed. Reopen it before planning.")
    if treatment not in Treatment.values:
        raise Refused("Choose reduce, accept, transfer or avoid.", field="treatment")
    words = words.replace("\x00", "").strip()
    if len(words) > 20_000:
        raise Refused("The plan is longer than 20,000 characters. Shorten it.", field="words")
    if not recorded:
        check_end(target_on, risk.client, risk.client.today(at), stands=current.target_on)
    said = (treatment, words, target_on)
    last = latest_plan(current)
    known = last.cost if last else Cost()
    cost = known if cost is None else costs.checked(cost)
    if (*said, cost) == (current.treatment, current.plan, current.target_on, known):
        raise Unchanged("This is the plan the register holds already.")
    before = {"treatment": current.treatment, "target_on": str(current.target_on or ""), "a_year_minor": known.a_year}
    if last is not None and last.state == PlanState.ASKED:
        withdraw_plan_request(plan=last, reason="The plan has changed.", by=by, at=at)
    plan = TreatmentPlan.objects.create(
        client_id=current.client_id,
        risk=current,
        treatment=treatment,
        words=words,
        target_on=target_on,
        **costs.columns(cost),
        is_recorded=recorded,
        came_with=came_with,
        happened_at=standing.after(at, last),
        by=by,
    )
    current.treatment, current.plan, current.target_on = said
    current.plan_approved_on = None
    current.version += 1
    current.save(update_fields=["treatment", "plan", "target_on", "plan_approved_on", "version"])
    audit.record(
        verb="risk.treatment_planned",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        before=before,
        after={
            "treatment": treatment, "plan": words, "target_on": str(target_on or ""), "a_year_minor": cost.a_year,
        },
    )  # fmt: skip
    return plan


@transaction.atomic
def ask_plan_approval(
    *,
    risk: Risk,
    asked_of: Person,
    by: User,
    at: dt.datetime,
    advice: str = "",
    due_on: dt.date | None = None,
) -> TreatmentPlan:
    """The plan is put to the owner or a director in frozen words.

    Refuses a plan without words or end date, one in the past, and one already asked or approved.
    """
    current = locked(risk)
    today = risk.client.today(at)
    plan = latest_plan(current)
    if plan is None or not plan.words or plan.target_on is None:
        raise Refused(f"{current.reference} has no plan with a target date yet. Write what will be done and by when.")
    if plan.target_on < today:
        raise Refused(f"The plan ended on {full_day(plan.target_on, risk.client)}. Set a new date first.")
    if plan.state == PlanState.ASKED:
        raise Refused("The plan waits for an answer already.")
    if plan.state == PlanState.APPROVED:
        raise Refused("The plan is approved already.")
    measure = frame(risk.client, today)
    work = _work(current)
    plan.ask = asks.ask(
        client=risk.client,
        kind=PLAN_KIND,
        title=f"Approve the plan for: {current.title}"[:300],
        text=_plan_text(current, plan, work, measure, advice),
        facts=[*facts_of(current, measure), *_step_facts(work, risk.client)],
        options=_plan_options(full_day(plan.target_on, risk.client)),
        asked_of=asked_of,
        by=by,
        due_on=due_on,
        minutes=3,
        at=at,
        subject=current.reference,
    )
    plan.asked_of = asked_of
    plan.state = PlanState.ASKED
    plan.save(update_fields=["ask", "asked_of", "state"])
    audit.record(
        verb="risk.plan_asked",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        after={"asked_of": asked_of.name, "ask": plan.ask.reference},
    )
    return plan


def _plan_options(day: str) -> list[dict[str, Any]]:
    return [
        asks.option(
            key=PLAN_APPROVE,
            label="Approve the plan",
            result=f"The work goes ahead, to be done by {day}.",
            sign="Sign and approve the plan",
        ),
        asks.option(
            key=DECLINE,
            label="Do not approve it",
            result="The risk stays as it is, and we come back with another plan.",
            refuses=True,
            needs_reason=True,
            sign="Sign: do not approve",
        ),
    ]


def _plan_text(risk: Risk, plan: TreatmentPlan, work: list[PlanStep], measure: Frame, advice: str) -> str:
    parts = [
        about(risk),
        f"**What we would do:** {plan.words}",
        f"**Done by:** {full_day(plan.target_on, risk.client)}",
    ]
    if work:
        parts.append("**Step by step:**")
        parts.append("\n".join(f"{number}. {_step(step, risk.client)}" for number, step in enumerate(work, start=1)))
    parts += weighing.for_the_owner(risk, plan, measure, steps=_together(work))
    if advice.strip():
        parts.append(f"**Our advice:** {advice.strip()}")
    return "\n\n".join(parts)


def _work(risk: Risk) -> list[PlanStep]:
    """The steps that are put to the business, as they are due: without cancelled ones and what is private."""
    shown = steps.steps_of_many([risk]).get(risk.pk, [])
    put = [step for step in shown if step.task.status != TaskStatus.CANCELLED]
    return sorted(put, key=lambda step: step.task.due_on or dt.date.max)


def _together(work: list[PlanStep]) -> int | None:
    """What the steps cost together, in minor units; None where no cost is said."""
    said = [step.cost_minor for step in work if step.cost_minor is not None]
    return sum(said) if said else None


def _step(step: PlanStep, client: Client) -> str:
    """“Renew the firewall: Amir Haddad, by 3 March 2027, $2,000.”, with what is said of it."""
    task = step.task
    when = f"by {full_day(task.due_on, client)}" if task.due_on else ""
    if task.closed_on:
        when = f"done on {full_day(task.closed_on, client)}"
    cost = formats.money(step.cost_minor, client.currency) if step.cost_minor is not None else ""
    said = ", ".join(part for part in (str(task.assignee or task.practice_user or ""), when, cost) if part)
    return f"{task.title}: {said}." if said else f"{task.title}."


def _step_facts(work: list[PlanStep], client: Client) -> list[dict[str, str]]:
    """How many steps a plan has, when the last is due and what they cost together; nothing for a plan without."""
    if not work:
        return []
    last = max((step.task.due_on for step in work if step.task.due_on), default=None)
    together = _together(work)
    said = [
        f"the last by {full_day(last, client)}" if last else "",
        f"{formats.money(together, client.currency)} together" if together is not None else "",
    ]
    value = formats.count_of(len(work), "step")
    return [{"label": "The plan", "value": value, "note": ", ".join(part for part in said if part)}]


@transaction.atomic
def withdraw_plan_request(*, plan: TreatmentPlan, reason: str, by: User, at: dt.datetime) -> None:
    """The question about a plan is taken back before it is answered."""
    if plan.ask is None or plan.state != PlanState.ASKED:
        raise Refused("Nobody was asked to approve this plan.")
    asks.withdraw(ask=plan.ask, reason=reason, by=by, at=at)
    plan.refresh_from_db()
