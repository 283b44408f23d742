"""Tasks: who does what by when, for either side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from engagements.enums import TaskSide, TaskStatus
from engagements.models import Person, Task, TaskReply
from engagements.selectors.people import team
from engagements.services import asks
from engagements.services.changes import assign, require_text
from vciso.audit import services as audit
from vciso.jobs import outbox
from vciso.tenancy.models import Client, Share, User
from vciso.tenancy.references import next_reference
from vciso.web import formats
from vciso.web.place import Place

SHARE_KIND = "task"
LONGEST_TEXT = 10_000
FIELDS = (
    "title", "detail", "side", "assignee", "practice_user", "due_on", "raised_from", "private",
    "private_notes",
)  # fmt: skip


@transaction.atomic
def add_task(
    *,
    client: Client,
    title: str,
    detail: str = "",
    side: str = TaskSide.CLIENT,
    assignee: Person | None = None,
    practice_user: User | None = None,
    due_on: dt.date | None = None,
    raised_from: str = "",
    raised_on: dt.date | None = None,
    private: bool = False,
    private_notes: str = "",
    notify: bool = True,
    by: User,
    at: dt.datetime,
) -> Task:
    """Adds a task; an assignee with an account is mailed the link and may see this task."""
    task = Task(
        client=client,
        reference=next_reference(client.pk, "T"),
        title=require_text("title", title, "Write what is to be done."),
        detail=detail.strip(),
        side=side,
        due_on=due_on,
        raised_on=raised_on or client.today(at),
        raised_by=by,
        raised_from=raised_from.strip()[:120],
        private_notes=private_notes.strip(),
        created_at=at,
    )
    _assign_to(task, assignee=assignee, practice_user=practice_user, private=private)
    task.save()
    _share(task)
    if notify:
        _notify(task, by)
    audit.record(
        verb="task.added", client=client, obj=task, by=by, at=at,
        after={"title": task.title, "who": task.who, "due": str(due_on or "")},
    )  # fmt: skip
    return task


def _assign_to(task: Task, *, assignee: Person | None, practice_user: User | None, private: bool) -> None:
    """One side, one person: a client's task names a person, the practice's one of its users."""
    if task.side == TaskSide.PRACTICE:
        if practice_user is not None and not team(task.client).filter(pk=practice_user.pk).exists():
            raise ValidationError({"practice_user": "This person does not work for this client. Choose one who does."})
        task.assignee, task.assignee_user_id = None, None
        task.practice_user, task.private = practice_user, private
        return
    if assignee is not None and not assignee.active:
        raise ValidationError({"assignee": f"{assignee.name} is no longer active. Choose somebody else."})
    task.practice_user, task.private = None, False
    task.assignee = assignee
    task.assignee_user_id = assignee.user_id if assignee else None


def _share(task: Task) -> None:
    """The assignee sees this one task, and whoever had it before no longer does."""
    shares = Share.objects.filter(client_id=task.client_id, kind=SHARE_KIND, object_id=task.pk)
    if task.assignee_user_id is None:
        shares.delete()
        return
    shares.exclude(user_id=task.assignee_user_id).delete()
    Share.objects.get_or_create(
        client_id=task.client_id,
        user_id=task.assignee_user_id,
        kind=SHARE_KIND,
        object_id=task.pk,
    )


def _notify(task: Task, by: User) -> None:
    user = task.assignee_user
    if user is None or user.pk == by.pk:
        return
    due = f" by {formats.long_day(task.due_on, place=Place.of(task.client))}" if task.due_on else ""
    outbox.send(
        to=user,
        subject="A task is waiting for you",
        body=f"{by} gave you a task for {task.client.name}. Please do it{due}.\n",
        link_path=f"/my/{task.client.key}/tasks/{task.reference}/",
        client=task.client,
        needs_role=True,
        key=f"task:{task.pk}:{task.assignee_user_id}",
    )


def _hold(task: Task) -> None:
    """Has the task as it stands now, until the transaction ends: its person may have reported meanwhile."""
    Task.objects.select_for_update(of=("self",)).filter(pk=task.pk).first()
    task.refresh_from_db()


Watch = Callable[..., AbstractContextManager[None]]

_watches: list[Watch] = []


def watch(watching: Watch) -> Watch:
    """Has what a task belongs to look on while it changes: `watching(task=…, due_on=…, by=…, at=…)` goes around
    the change, may refuse it before, and writes down after it what follows from it. Also a decorator."""
    if watching not in _watches:
        _watches.append(watching)
    return watching


@contextmanager
def _watched(task: Task, *, due_on: dt.date | None, by: User, at: dt.datetime) -> Iterator[None]:
    with ExitStack() as around:
        for watching in _watches:
            around.enter_context(watching(task=task, due_on=due_on, by=by, at=at))
        yield


@transaction.atomic
def edit_task(*, task: Task, values: dict[str, Any], by: User, at: dt.datetime) -> Task:
    """Changes words, date or person; a new assignee is mailed, the old one no longer sees it.

    What the task belongs to, as a plan to its step, is told, and may refuse a date.
    """
    with _watched(task, due_on=values.get("due_on", task.due_on), by=by, at=at):
        return rewrite_task(task=task, values=values, by=by, at=at)


@transaction.atomic
def rewrite_task(*, task: Task, values: dict[str, Any], by: User, at: dt.datetime) -> Task:
    """The change alone, for whoever looks after what the task belongs to themselves."""
    _hold(task)
    if task.status != TaskStatus.OPEN:
        raise ValidationError(f"{task.reference} is closed. Open it again before changing it.")
    had = task.assignee_user_id
    known = {name: values[name] for name in FIELDS if name in values}
    before, after = assign(task, known)
    _assign_to(task, assignee=task.assignee, practice_user=task.practice_user, private=task.private)
    if not after:
        return task
    task.save()
    _share(task)
    if task.assignee_user_id != had:
        _notify(task, by)
    audit.record(verb="task.edited", client=task.client, obj=task, by=by, at=at, before=before, after=after)
    return task


def _close(task: Task, status: str, note: str, on: dt.date, at: dt.datetime) -> None:
    _hold(task)
    if task.status != TaskStatus.OPEN:
        raise ValidationError(f"{task.reference} is closed already. Load the page again to see by whom.")
    if not task.raised_on <= on <= task.client.today(at):
        day, raised = (formats.client_day(one, task.client) for one in (on, task.raised_on))
        raise ValidationError({"on": f"{day} is not between {raised} and today."})
    task.status, task.closed_on, task.closed_note = status, on, note[:LONGEST_TEXT]
    task.save(update_fields=["status", "closed_on", "closed_note"])


@transaction.atomic
def finish_task(*, task: Task, note: str = "", on: dt.date | None = None, by: User, at: dt.datetime) -> Task:
    """The work is done, on `on` or today."""
    _close(task, TaskStatus.DONE, note.strip(), on or task.client.today(at), at)
    audit.record(
        verb="task.done", client=task.client, obj=task, by=by, at=at,
        after={"on": str(task.closed_on)}, reason=task.closed_note,
    )  # fmt: skip
    return task


@transaction.atomic
def cancel_task(*, task: Task, reason: str, by: User, at: dt.datetime) -> Task:
    """Nobody will do it, and why."""
    cleaned = require_text("reason", reason, "Write why it will not be done.")
    _close(task, TaskStatus.CANCELLED, cleaned, task.client.today(at), at)
    audit.record(verb="task.cancelled", client=task.client, obj=task, by=by, at=at, reason=cleaned)
    return task


@transaction.atomic
def reopen_task(*, task: Task, by: User, at: dt.datetime) -> Task:
    """It was not done after all; what the task belongs to is told, as of an edit."""
    if task.status == TaskStatus.OPEN:
        return task
    before = {"status": task.status, "closed_on": str(task.closed_on)}
    with _watched(task, due_on=task.due_on, by=by, at=at):
        task.status, task.closed_on, task.closed_note = TaskStatus.OPEN, None, ""
        task.save(update_fields=["status", "closed_on", "closed_note"])
    audit.record(verb="task.reopened", client=task.client, obj=task, by=by, at=at, before=before)
    return task


@transaction.atomic
def reply_to_task(*, task: Task, text: str, finishes: bool, by: User, at: dt.datetime) -> TaskReply:
    """The assignee reports on their task, or says it is done; the database closes it then.

    Refuses (PermissionDenied) anybody but the assignee.
    """
    if task.assignee_user_id != by.pk:
        raise PermissionDenied("This task is somebody else’s. Only they and the practice can answer it.")
    if task.status != TaskStatus.OPEN:
        raise ValidationError(f"{task.reference} is closed. Your adviser can open it again.")
    cleaned = text.strip()[:LONGEST_TEXT]
    if not cleaned and not finishes:
        raise ValidationError({"text": "Write how it stands, or say that it is done."})
    reply = TaskReply(
        client_id=task.client_id,
        task=task,
        text=cleaned,
        finishes=finishes,
        on=task.client.today(at),
        by=by,
        at=at,
    )
    asks.insert_said(reply)
    audit.record(
        verb="task.done" if finishes else "task.replied", client=task.client, obj=task, by=by,
        at=at, reason=cleaned,
    )  # fmt: skip
    task.refresh_from_db(fields=["status", "closed_on", "closed_note"])
    return reply
