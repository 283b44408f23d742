"""What a duplicate brings to the risk that stays, and takes back when it is open again.

A link is copied: the duplicate keeps its own. An open step goes over, since a task belongs to one plan. The words
of a plan go over where the risk that stays has none; where it has, they stay on the duplicate's page. An approved
plan that the steps take beyond what was approved is to be approved anew.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from risks.enums import PlanState, Treatment
from risks.models import PlanStep, Risk, RiskLink
from risks.rules.treating import Cost
from risks.selectors.kin import Carried, carried, family
from risks.selectors.links import behind
from risks.selectors.steps import reach_of
from risks.services.outgrowing import plan_anew_if_outgrown
from risks.services.treatment import latest_plan, plan_treatment
from vciso.tenancy.models import User


def carry(risk: Risk, into: Risk, *, by: User, at: dt.datetime) -> dict[str, Any]:
    """Links, open steps and the plan of a duplicate go to the risk that stays; answers what the trail keeps."""
    brought, before = carried(risk, into), reach_of(into)
    _copy(brought.links, risk, into)
    for step in brought.steps:
        step.risk, step.came_with = into, step.came_with or risk
        step.save(update_fields=["risk", "came_with"])
    if brought.plan is not None:
        plan_treatment(
            risk=into,
            treatment=brought.plan.treatment,
            words=brought.plan.words,
            target_on=brought.plan.target_on,
            cost=brought.plan.cost,
            recorded=True,
            came_with=risk,
            by=by,
            at=at,
        )
    elif brought.steps:
        plan_anew_if_outgrown(risk=into, before=before, by=by, at=at)
    return _told(brought)


def _copy(links: list[RiskLink], risk: Risk, into: Risk) -> None:
    """Who made a link and when stays with the copy."""
    for link in links:
        RiskLink.objects.create(
            client_id=into.client_id, risk=into, came_with_id=link.came_with_id or risk.pk, by=link.by,
            happened_at=link.happened_at, **{link.field: link.record},
        )  # fmt: skip


def _told(brought: Carried) -> dict[str, Any]:
    said = {
        "links": [behind(link).words for link in brought.links],
        "steps": [step.task.reference for step in brought.steps],
        "plan": brought.plan.words if brought.plan else "",
    }
    return {name: value for name, value in said.items() if value}


def give_back(risk: Risk, survivor: Risk, *, by: User, at: dt.datetime) -> dict[str, Any]:
    """A duplicate that is open again has its steps back, and what came with it leaves the risk that stayed.

    What became of a step meanwhile stays with it. A plan that came stays once somebody was asked about
    it or it was changed. Answers what the trail keeps.
    """
    ours = family(risk)
    steps = list(PlanStep.objects.filter(came_with__in=ours).exclude(risk__in=ours).select_related("task"))
    for step in steps:
        step.risk = risk
        step.came_with_id = None if step.came_with_id == risk.pk else step.came_with_id
        step.save(update_fields=["risk", "came_with"])
    copies = RiskLink.objects.filter(came_with__in=ours).exclude(risk__in=ours)
    gone = {row.names for row in copies.filter(risk=survivor)}
    copies.delete()
    for other in survivor.duplicates.exclude(pk=risk.pk) if gone else ():
        # What two duplicates had in common was copied once.
        _copy([row for row in carried(other, survivor).links if row.names in gone], other, survivor)
    _unplan(risk, survivor, by=by, at=at)
    return {"steps": [step.task.reference for step in steps]} if steps else {}


def _unplan(risk: Risk, survivor: Risk, *, by: User, at: dt.datetime) -> None:
    """The plan that came is one no more, while it is as it came; what stood before counts again."""
    last = latest_plan(survivor)
    if survivor.is_closed or last is None or last.came_with_id != risk.pk or last.state != PlanState.DRAFTED:
        return
    before = survivor.plans.exclude(pk=last.pk).order_by("-happened_at", "-recorded_at").first()
    plan_treatment(
        risk=survivor,
        treatment=before.treatment if before else Treatment.UNDECIDED,
        words=before.words if before else "",
        target_on=before.target_on if before else None,
        cost=before.cost if before else Cost(),
        recorded=True,
        by=by,
        at=at,
    )
