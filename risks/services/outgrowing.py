"""An approval holds for what was approved: a plan whose steps go further is one to approve anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from risks.enums import PlanState
from risks.models import Risk, TreatmentPlan
from risks.selectors.steps import Reach, reach_of
from risks.services.treatment import latest_plan, plan_treatment
from vciso.tenancy.models import User


def outgrown(plan: TreatmentPlan | None, *, before: Reach, now: Reach, on: dt.date) -> dict[str, Any]:
    """What a plan would have to say of its cost and its end, now that its steps cost more or end later.

    Of a plan that is approved, or waits for approval, alone; `before` is how far its steps went when the business
    read them. Empty where they stay within that.
    """
    if plan is None or plan.target_on is None or not (plan.state == PlanState.ASKED or plan.is_live(on=on)):
        return {}
    said: dict[str, Any] = {}
    if (now.cost or 0) > max(plan.once_minor or 0, before.cost or 0):
        said["cost"] = replace(plan.cost, once=now.cost)
    if now.end is not None and now.end > max(filter(None, (plan.target_on, before.end))):
        said["target_on"] = now.end
    return said


def plan_anew_if_outgrown(*, risk: Risk, before: Reach, by: User, at: dt.datetime) -> TreatmentPlan | None:
    """A new version of the plan that says the larger sum and the later day; None where it need not."""
    plan = latest_plan(risk)
    said = outgrown(plan, before=before, now=reach_of(risk), on=risk.client.today(at))
    if plan is None or not said:
        return None
    stands = {"treatment": plan.treatment, "words": plan.words, "target_on": plan.target_on}
    return plan_treatment(risk=risk, **(stands | said), by=by, at=at)
