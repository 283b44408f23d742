"""How decisions, tasks and asks stood at the end of a day, as plain values for the reports."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Prefetch

from engagements.enums import AskState, DecisionState, TaskSide, TaskStatus
from engagements.models import Ask, Decision, DecisionOption, Task
from engagements.selectors import kinds
from vciso.tenancy.models import Client


@dataclass(frozen=True)
class OptionRow:
    label: str
    result: str
    cost_minor: int | None
    yearly_cost_minor: int | None
    is_recommended: bool
    is_do_nothing: bool


@dataclass(frozen=True)
class DecisionRow:
    """A decision as it stood: open, decided or withdrawn."""

    id: uuid.UUID
    reference: str
    title: str
    question: str
    recommendation: str
    cost_of_delay: str
    asked_of: str
    board: bool
    asked_on: dt.date
    decide_by: dt.date | None
    minutes: int
    state: str
    decided_on: dt.date | None
    outcome: str
    outcome_reason: str
    options: tuple[OptionRow, ...]

    @property
    def is_open(self) -> bool:
        return self.state == DecisionState.OPEN


@dataclass(frozen=True)
class TaskRow:
    """A task as it stood; `who` is empty when nobody was named."""

    id: uuid.UUID
    reference: str
    title: str
    side: str
    who: str
    assignee_id: uuid.UUID | None
    raised_on: dt.date
    due_on: dt.date | None
    status: str
    closed_on: dt.date | None

    def is_late(self, on: dt.date) -> bool:
        return self.status == TaskStatus.OPEN and self.due_on is not None and self.due_on < on


@dataclass(frozen=True)
class AskRow:
    """Anything asked of the client's people, whatever it is about, as it stood."""

    id: uuid.UUID
    reference: str
    kind: str
    noun: str
    subject: str
    title: str
    asked_of: str
    role: str
    asked_on: dt.date
    due_on: dt.date | None
    minutes: int
    state: str
    answered_on: dt.date | None
    outcome: str

    @property
    def is_open(self) -> bool:
        return self.state == AskState.OPEN


def decisions_as_of(client: Client, as_of: dt.date) -> list[DecisionRow]:
    """Every decision asked by that day, oldest first; drafts never leave the practice."""
    found = (
        Decision.objects.filter(client=client)
        .known_on(as_of)
        .select_related("asked_of", "chosen")
        .prefetch_related(Prefetch("options", queryset=DecisionOption.objects.order_by("position")))
        .order_by("asked_on", "reference")
    )
    return [_decision_row(decision, as_of) for decision in found]


def _decision_row(decision: Decision, as_of: dt.date) -> DecisionRow:
    decided = decision.decided_on is not None and decision.decided_on <= as_of
    withdrawn = decision.withdrawn_on is not None and decision.withdrawn_on <= as_of
    state = DecisionState.OPEN
    if decided:
        state = DecisionState.DECIDED
    elif withdrawn:
        state = DecisionState.WITHDRAWN
    return DecisionRow(
        id=decision.pk,
        reference=decision.reference,
        title=decision.title,
        question=decision.question,
        recommendation=decision.recommendation,
        cost_of_delay=decision.cost_of_delay,
        asked_of=decision.asked_of.name if decision.asked_of else "",
        board=decision.board,
        asked_on=decision.asked_on,  # type: ignore[arg-type]  # known_on leaves out the unasked
        decide_by=decision.decide_by,
        minutes=decision.minutes,
        state=str(state),
        decided_on=decision.decided_on if decided else None,
        outcome=decision.chosen.label if decided and decision.chosen else "",
        outcome_reason=decision.outcome_reason if decided else "",
        options=tuple(
            OptionRow(
                option.label,
                option.result,
                option.cost_minor,
                option.yearly_cost_minor,
                option.is_recommended,
                option.is_do_nothing,
            )
            for option in decision.options.all()
        ),
    )


def tasks_as_of(client: Client, as_of: dt.date) -> list[TaskRow]:
    """Every shared task raised by that day, by date and reference; the practice's own stay out."""
    found = (
        Task.objects.filter(client=client)
        .known_on(as_of)
        .shown_to_client()
        .select_related("assignee", "practice_user")
        .order_by("due_on", "reference")
    )
    return [_task_row(task, as_of) for task in found]


def _task_row(task: Task, as_of: dt.date) -> TaskRow:
    closed = task.closed_on is not None and task.closed_on <= as_of
    return TaskRow(
        id=task.pk,
        reference=task.reference,
        title=task.title,
        side=task.side,
        who=_who(task),
        assignee_id=task.assignee_id,
        raised_on=task.raised_on,
        due_on=task.due_on,
        status=task.status if closed else str(TaskStatus.OPEN),
        closed_on=task.closed_on if closed else None,
    )


def _who(task: Task) -> str:
    if task.side == TaskSide.PRACTICE:
        return task.practice_user.name if task.practice_user else ""
    return task.assignee.name if task.assignee else ""


def asks_as_of(client: Client, as_of: dt.date) -> list[AskRow]:
    """Everything asked of the client's people by that day, nearest date first."""
    found = Ask.objects.filter(client=client).known_on(as_of).nearest_first()
    return [_ask_row(asked, as_of) for asked in found]


def _ask_row(asked: Ask, as_of: dt.date) -> AskRow:
    answered = asked.answered_on is not None and asked.answered_on <= as_of
    withdrawn = asked.withdrawn_on is not None and asked.withdrawn_on <= as_of
    state = AskState.ANSWERED if answered else AskState.WITHDRAWN if withdrawn else AskState.OPEN
    chosen = asked.chosen if answered else None
    return AskRow(
        id=asked.pk,
        reference=asked.reference,
        kind=asked.kind,
        noun=kinds.of(asked.kind).noun,
        subject=asked.subject,
        title=asked.title,
        asked_of=asked.asked_of_name,
        role=asked.role,
        asked_on=asked.asked_on,
        due_on=asked.due_on,
        minutes=asked.minutes,
        state=str(state),
        answered_on=asked.answered_on if answered else None,
        outcome=chosen["label"] if chosen else "",
    )
