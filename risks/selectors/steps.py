"""The steps of a plan, and the other work about a risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum

from engagements.enums import TaskStatus
from engagements.models import Task
from risks.models import PlanStep, Risk

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Work:
    """Tasks about a risk: steps of its plan, each with `step_cost` in minor units, and what else came from it."""

    steps: tuple[Any, ...]
    others: tuple[Task, ...]

    @property
    def steps_end(self) -> dt.date | None:
        """When the last open step is due; None where no open one has a date."""
        return max((step.due_on for step in self.steps if step.status == TaskStatus.OPEN and step.due_on), default=None)

    @property
    def steps_cost(self) -> int | None:
        """What the steps cost together, cancelled ones left out; None where no cost is said."""
        return _total(step.step_cost for step in self.steps if step.status != TaskStatus.CANCELLED)


def work_of(risk: Risk) -> Work:
    """The steps and the tasks raised from a risk or its duplicates, open ones first by date, in one query."""
    step = PlanStep.objects.filter(client_id=risk.client_id, risk=risk, task=OuterRef("pk"))
    duplicates = Risk.objects.filter(client_id=risk.client_id, merged_into=risk).values("reference")
    found = (
        Task.objects.filter(client_id=risk.client_id)
        .annotate(is_step=Exists(step), step_cost=Subquery(step.values("cost_minor")[:1]))
        .filter(Q(is_step=True) | Q(raised_from=risk.reference) | Q(raised_from__in=duplicates))
        .select_related("assignee", "practice_user")
        .order_by(F("closed_on").asc(nulls_first=True), "due_on", "created_at")[:MOST_SHOWN]
    )
    tasks = list(found)
    return Work(
        steps=tuple(task for task in tasks if task.is_step), others=tuple(task for task in tasks if not task.is_step)
    )


def steps_of(risk: Risk) -> QuerySet[PlanStep]:
    """The steps of a risk's plan with their tasks."""
    found = PlanStep.objects.filter(client_id=risk.client_id, risk=risk)
    return found.select_related("task__assignee", "task__practice_user", "task__client", "risk__client")


def steps_of_task(task: Task) -> QuerySet[PlanStep]:
    """The step that a task is; empty where it belongs to no plan."""
    return PlanStep.objects.filter(client_id=task.client_id, task=task).select_related("risk__client")


def steps_of_many(risks: Iterable[Risk]) -> dict[UUID, list[PlanStep]]:
    """The steps of each risk as they were given, in one query; what the practice keeps to itself is left out."""
    rows = PlanStep.objects.filter(risk__in=[risk.pk for risk in risks], task__private=False)
    found: dict[UUID, list[PlanStep]] = {}
    for step in rows.select_related("task__assignee", "task__practice_user").order_by("task__created_at", "pk"):
        found.setdefault(step.risk_id, []).append(step)
    return found


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the steps of a plan go: what they `cost` together, in minor units, and when the last is due."""

    cost: int | None = None
    end: dt.date | None = None

    def with_steps(self, steps: Iterable[PlanStep]) -> Reach:
        """The reach once these join; None of them is cancelled."""
        more = list(steps)
        ends = [one for one in (self.end, *(step.task.due_on for step in more)) if one]
        return Reach(_total([self.cost, *(step.cost_minor for step in more)]), max(ends, default=None))


def reach_of(risk: Risk) -> Reach:
    """The reach of the steps of a risk's plan, in one query; cancelled ones left out, and ends of done ones."""
    counted = PlanStep.objects.filter(client_id=risk.client_id, risk=risk).exclude(task__status=TaskStatus.CANCELLED)
    is_open = Q(task__status=TaskStatus.OPEN)
    return Reach(**counted.aggregate(cost=Sum("cost_minor"), end=Max("task__due_on", filter=is_open)))


def cost_on(on: dt.date, until: dt.datetime) -> Subquery:
    """What the steps of a risk cost together on a day that ends at `until`, beside each risk of a query.

    Steps given by then and not cancelled by then; each at the cost that is said of it now.
    """
    cancelled = Q(task__status=TaskStatus.CANCELLED, task__closed_on__lte=on)
    given = PlanStep.objects.filter(client=OuterRef("client"), risk=OuterRef("pk"), task__created_at__lt=until)
    summed = given.exclude(cancelled).order_by().values("risk").annotate(total=Sum("cost_minor"))
    return Subquery(summed.values("total"))


def cost_of(risk: Risk) -> int | None:
    """What the steps of a risk's plan cost together, in one query; cancelled ones left out."""
    return reach_of(risk).cost


def _total(sums: Iterable[int | None]) -> int | None:
    said = [one for one in sums if one is not None]
    return sum(said) if said else None
