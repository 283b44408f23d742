"""The steps of a plan: tasks that belong to a risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from engagements.models import Task
from engagements.services import work
from risks.enums import EventKind, Status
from risks.models import PlanStep, Risk
from risks.selectors.steps import reach_of, steps_of_task
from risks.selectors.wording import full_day
from risks.services.errors import Refused
from risks.services.outgrowing import plan_anew_if_outgrown
from risks.services.register import check_end, locked, turn
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats


@transaction.atomic
def add_step(
    *, risk: Risk, task: Mapping[str, Any], by: User, at: dt.datetime, cost_minor: int | None = None
) -> PlanStep:
    """A task is given for the plan of a risk; its person is told as for any task.

    `task` holds what `add_task` takes: title, detail, side, person and date. `cost_minor` is spent
    once, in the client's minor units. Refuses a closed risk, a day that has passed, and
    what a task refuses. A plan that it takes beyond what was approved is to be approved anew.
    """
    current = locked(risk)
    before = reach_of(current)
    if current.status == Status.CLOSED:
        raise Refused(f"{current.reference} is closed. Reopen it before planning.")
    _check_cost(cost_minor)
    check_end(task.get("due_on"), risk.client, risk.client.today(at), field="due_on")
    made = work.add_task(client=risk.client, **task, raised_from=current.reference, by=by, at=at)
    step = PlanStep.objects.create(client_id=current.client_id, risk=current, task=made, cost_minor=cost_minor)
    said = [words for words in _said(step, risk.client).values() if words]
    turn(current, EventKind.STEP_ADDED, by=by, at=at, reason=f"{made.reference} {'; '.join(said)}")
    audit.record(
        verb="risk.step_added",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        after={"task": made.reference, "title": made.title, "cost_minor": cost_minor},
    )
    plan_anew_if_outgrown(risk=current, before=before, by=by, at=at)
    return step


@transaction.atomic
def change_step(
    *, step: PlanStep, task: Mapping[str, Any], cost_minor: int | None, by: User, at: dt.datetime
) -> PlanStep:
    """Words, person, date or cost of a step change; a closed task is opened again first.

    A plan that it takes beyond what was approved is to be approved anew.
    """
    _check_cost(cost_minor)
    with _followed(step, due_on=task.get("due_on"), by=by, at=at):
        work.rewrite_task(task=step.task, values=dict(task), by=by, at=at)
        was, step.cost_minor = step.cost_minor, cost_minor
        if cost_minor != was:
            step.save(update_fields=["cost_minor"])
            audit.record(
                verb="risk.step_changed",
                client=step.risk.client,
                obj=step.risk,
                by=by,
                at=at,
                before={"task": step.task.reference, "cost_minor": was},
                after={"task": step.task.reference, "cost_minor": cost_minor},
            )
    return step


@contextmanager
def follow_task(*, task: Task, due_on: dt.date | None, by: User, at: dt.datetime) -> Iterator[None]:
    """Around a change of a task, wherever it is made: where it is a step of an open risk, the plan follows."""
    step = steps_of_task(task).first()
    if step is None or step.risk.status == Status.CLOSED:
        yield
        return
    step.task = task
    with _followed(step, due_on=due_on, by=by, at=at):
        yield


@contextmanager
def _followed(step: PlanStep, *, due_on: dt.date | None, by: User, at: dt.datetime) -> Iterator[None]:
    """Around a change of a step: refuses a day that has passed, then tells the history what changed, and takes
    a plan that goes beyond what was approved for one to approve anew."""
    risk, task, client = step.risk, step.task, step.risk.client
    check_end(due_on, client, client.today(at), stands=task.due_on, field="due_on")
    reach, before, detail = reach_of(risk), _said(step, client), task.detail
    yield
    changed = _changed(before, _said(step, client)) or ("its details" if task.detail != detail else "")
    if changed:
        turn(risk, EventKind.STEP_MOVED, by=by, at=at, reason=f"{task.reference}: {changed}")
    plan_anew_if_outgrown(risk=risk, before=reach, by=by, at=at)


def _said(step: PlanStep, client: Client) -> dict[str, str]:
    """Each part of a step as the history of its risk tells it; what a task of the practice alone says is left out."""
    task = step.task
    return {
        "title": "" if task.private else task.title,
        "who": task.who,
        "due": f"by {full_day(task.due_on, client)}" if task.due_on else "",
        "cost": f"costs {formats.money(step.cost_minor, client.currency)}" if step.cost_minor is not None else "",
    }


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What a step says otherwise now, with what it said before in brackets."""
    parts = [name for name in now if now[name] != before[name]]
    return "; ".join(f"{now[name] or f'no {name}'} (before: {before[name] or f'no {name}'})" for name in parts)


def _check_cost(cost_minor: int | None) -> None:
    if cost_minor is not None and not 0 <= cost_minor <= formats.LARGEST_MINOR:
        raise Refused("A step costs nothing or more. Leave it empty while nobody knows.", field="cost_minor")
