"""What needs somebody, what is found, what is counted: over every client of the context."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from engagements.enums import AskState, Confirmation, DecisionState, TaskSide, TimeKind
from engagements.models import Ask, Decision, Engagement, Person, Process, Profile, System, Task, TimeEntry
from engagements.selectors import kinds
from vciso.tenancy.models import Client
from vciso.tenancy.statements import Statement
from vciso.web import formats
from vciso.web.attention import Item
from vciso.web.finding import Found

AHEAD_DAYS = 30
ASK_REFERENCE = re.compile(r"A-\d", re.IGNORECASE)


def attention(*, on: dt.date) -> list[Item]:
    """Tasks that are late or due within 30 days, and everything still to be answered.

    Two queries, whatever the number of clients. An answer recorded from a call counts until the
    signer confirms it.
    """
    tasks = (
        Task.objects.open()
        .filter(Q(due_on__lte=on + dt.timedelta(days=AHEAD_DAYS)) | Q(due_on__isnull=True))
        .select_related("client", "assignee", "practice_user")
    )
    asks = Ask.objects.filter(
        Q(state=AskState.OPEN) | Q(confirmation__in=(Confirmation.AWAITED, Confirmation.DISPUTED))
    ).select_related("client")
    items = [_task_item(task) for task in tasks] + [_ask_item(asked, on) for asked in asks]
    return sorted(items, key=lambda item: item.order)


def _task_item(task: Task) -> Item:
    of_practice = task.side == TaskSide.PRACTICE
    who = task.who
    if of_practice:
        why = f"{task.reference} for {who}" if who else f"{task.reference}, nobody is named yet"
    else:
        why = f"{task.reference} waits for {who}" if who else f"{task.reference}, nobody is named yet"
    if task.raised_from:
        why = f"{why}. From {task.raised_from}"
    return Item(
        client_id=task.client_id,
        kind="task",
        icon="square-check-big",
        title=task.title,
        why=why,
        due_on=task.due_on,
        verb="Open" if of_practice else "Remind" if task.assignee_user_id else "Assign",
        url=reverse("engagements:task", kwargs={"client_key": task.client.key, "ref": task.reference}),
        waiting_on="practice" if of_practice or not who else "client",
    )


def _ask_item(asked: Ask, on: dt.date) -> Item:
    kind = kinds.of(asked.kind)
    since = formats.count_of((on - asked.asked_on).days, "day")
    waiting_on, verb, due_on = "client", "Remind", asked.due_on
    why = f"{kind.noun}: {asked.asked_of_name} was asked {since} ago"
    if asked.confirmation == Confirmation.AWAITED:
        verb, due_on = "Open", None
        why = f"{kind.noun}: {asked.asked_of_name} has not confirmed the recorded answer"
    elif asked.confirmation == Confirmation.DISPUTED:
        waiting_on, verb, due_on = "practice", "Put right", asked.answered_on
        why = f"{kind.noun}: {asked.asked_of_name} says the recorded answer is not right"
    elif asked.asked_user_id is None:
        waiting_on, verb = "practice", "Record answer"
        why = f"{kind.noun}: {asked.asked_of_name} has no account. Ask in person and record it"
    return Item(
        client_id=asked.client_id,
        kind="ask",
        icon=kind.icon,
        title=asked.title,
        why=why,
        due_on=due_on,
        verb=verb,
        url=reverse("engagements:ask", kwargs={"client_key": asked.client.key, "ref": asked.reference}),
        waiting_on="practice" if waiting_on == "practice" else "client",
    )


@dataclass(frozen=True)
class Counts:
    """Figures for one client's line in the client table."""

    open_tasks: int = 0
    late_tasks: int = 0
    waiting_on_client: int = 0
    oldest_waiting_on: dt.date | None = None
    month_minutes: int = 0
    included_minutes: int | None = None
    sector: str = ""
    staff_count: int | None = None

    def waiting_days(self, on: dt.date) -> int | None:
        """How long the client's oldest open ask has waited."""
        return None if self.oldest_waiting_on is None else (on - self.oldest_waiting_on).days


def _per_client(rows: QuerySet[Any], expression: Any, output: Any = None) -> Subquery:
    grouped = rows.filter(client_id=OuterRef("pk")).order_by().values("client_id").annotate(_n=expression)
    return Subquery(grouped.values("_n"), output_field=output or IntegerField())


def _counting(on: dt.date, month: dt.date) -> QuerySet[Any, Any]:
    open_tasks, open_asks = Task.objects.open(), Ask.objects.open()
    minutes = TimeEntry.objects.between(month, on).filter(kind=TimeKind.PRACTICE, in_retainer=True)
    in_force = Engagement.objects.in_force(on=on).filter(client_id=OuterRef("pk")).order_by("-starts_on")
    profiles = Profile.objects.filter(client_id=OuterRef("pk"))
    return Client.objects.values_list(
        "pk",
        Coalesce(_per_client(open_tasks, Count("pk")), 0),
        Coalesce(_per_client(open_tasks.overdue(on=on), Count("pk")), 0),
        Coalesce(_per_client(open_asks, Count("pk")), 0),
        _per_client(open_asks, Min("asked_on"), DateField()),
        Coalesce(_per_client(minutes, Sum("minutes")), 0),
        Subquery(in_force.values("included_hours")[:1]),
        Subquery(profiles.values("sector")[:1]),
        Subquery(profiles.values("staff_count")[:1]),
    )


COUNTING = Statement(_counting, on=dt.date(9999, 12, 31), month=dt.date(9999, 12, 1))


def counts(*, on: dt.date) -> dict[uuid.UUID, Counts]:
    """The figures of every client in the context, in one query; `on` sets month and lateness."""
    return {
        client_id: Counts(
            open_tasks=n_open,
            late_tasks=n_late,
            waiting_on_client=n_waiting,
            oldest_waiting_on=oldest,
            month_minutes=spent,
            included_minutes=None if included is None else int(included * 60),
            sector=sector or "",
            staff_count=staff,
        )
        for client_id, n_open, n_late, n_waiting, oldest, spent, included, sector, staff in COUNTING.rows(
            on=on, month=on.replace(day=1)
        )
    }


def find(*, text: str, limit: int = 8) -> list[Found]:
    """People, decisions, tasks, systems and processes by name or reference; five queries.

    What looks like the reference of a question finds that too, open or not, with one query more.
    """
    wanted = text.strip()[:100]
    if not wanted:
        return []
    titled = Q(title__icontains=wanted) | Q(reference__istartswith=wanted)
    named = Q(name__icontains=wanted)
    people = Person.objects.filter(named | Q(email__istartswith=wanted)).select_related("client")
    decisions = Decision.objects.filter(titled).select_related("client")
    tasks = Task.objects.filter(titled).select_related("client")
    systems = System.objects.filter(named | Q(reference__istartswith=wanted))
    processes = Process.objects.filter(named | Q(reference__istartswith=wanted))
    return [
        *(_found_decision(row) for row in decisions.order_by("-raised_on")[:limit]),
        *(_found_task(row) for row in tasks.order_by("status", "due_on")[:limit]),
        *(_found_person(row) for row in people.order_by("name")[:limit]),
        *(
            _found(row, "system", "server", row.name, row.reference, "engagements:system")
            for row in systems.select_related("client").order_by("name")[:limit]
        ),
        *(
            _found(row, "process", "workflow", row.name, row.reference, "engagements:process")
            for row in processes.select_related("client").order_by("name")[:limit]
        ),
        *(_found_ask(row) for row in _asks_called(wanted, limit)),
    ]


def _asks_called(wanted: str, limit: int) -> Iterable[Ask]:
    """Questions by the beginning of their reference, newest first: none for any other text."""
    if not ASK_REFERENCE.match(wanted):
        return ()
    rows = Ask.objects.filter(reference__istartswith=wanted).select_related("client").defer("text", "facts", "options")
    return rows.order_by("-asked_at", "-reference")[:limit]


def _found(row: Any, kind: str, icon: str, title: str, sub: str, url_name: str) -> Found:
    return Found(
        client_id=row.client_id,
        client_name=row.client.name,
        kind=kind,
        icon=icon,
        title=title,
        sub=sub,
        url=reverse(url_name, kwargs={"client_key": row.client.key, "ref": row.reference}),
    )


def _found_decision(row: Decision) -> Found:
    sub = f"{row.reference} · {DecisionState(row.state).label}"
    return _found(row, "decision", "gavel", row.title, sub, "engagements:decision")


def _found_task(row: Task) -> Found:
    sub = f"{row.reference} · {row.get_status_display()}"
    return _found(row, "task", "square-check-big", row.title, sub, "engagements:task")


def _found_ask(row: Ask) -> Found:
    kind = kinds.of(row.kind)
    sub = f"{row.reference} · {kind.noun}, {row.get_state_display().lower()}"
    return _found(row, "question", kind.icon, row.title, sub, "engagements:ask")


def _found_person(row: Person) -> Found:
    return Found(
        client_id=row.client_id,
        client_name=row.client.name,
        kind="person",
        icon="user",
        title=row.name,
        sub=row.job_title or row.organisation or row.get_side_display(),
        url=reverse("engagements:person", kwargs={"client_key": row.client.key, "pk": row.pk}),
    )
