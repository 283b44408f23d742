"""Who does what by when, on either side."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from engagements.enums import TaskSide, TaskStatus
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> TaskQuerySet:
        return self.filter(status=TaskStatus.OPEN)

    def overdue(self, *, on: dt.date) -> TaskQuerySet:
        return self.open().filter(due_on__lt=on)

    def due_within(self, days: int, *, on: dt.date) -> TaskQuerySet:
        return self.open().filter(due_on__lte=on + dt.timedelta(days=days))

    def shown_to_client(self) -> TaskQuerySet:
        """Leaves out what the practice keeps to itself."""
        return self.filter(private=False)

    def open_first(self) -> TaskQuerySet:
        """Adds `status_order`, by which open tasks come before closed ones."""
        closed = models.Case(models.When(status=TaskStatus.OPEN, then=0), default=1)
        return self.annotate(status_order=closed)

    def known_on(self, on: dt.date) -> TaskQuerySet:
        return self.filter(raised_on__lte=on)


class Task(ClientOwned):
    """A piece of work with one person and one date; the practice or the client does it.

    On the client's side `assignee` names the person, on the practice's side `practice_user`.
    The assignee's account is copied, since a contributor may read this row but not the directory.
    """

    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    side = models.CharField(max_length=10, choices=TaskSide.choices, default=TaskSide.CLIENT)
    assignee = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    assignee_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    practice_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    raised_on = models.DateField()
    raised_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    raised_from = models.CharField(max_length=120, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_note = models.TextField(blank=True)
    private = models.BooleanField(default=False)
    private_notes = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="task_reference_once"),
            models.CheckConstraint(
                name="task_closed_has_day",
                condition=Q(status=TaskStatus.OPEN, closed_on__isnull=True)
                | (~Q(status=TaskStatus.OPEN) & Q(closed_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["client", "status", "due_on"], name="task_by_due")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def done_on(self) -> dt.date | None:
        return self.closed_on if self.status == TaskStatus.DONE else None

    @property
    def who(self) -> str:
        """The name of the one who does it; empty when nobody was named."""
        if self.side == TaskSide.PRACTICE:
            return str(self.practice_user) if self.practice_user_id else ""
        return self.assignee.name if self.assignee_id and self.assignee else ""

    def is_late(self, on: dt.date) -> bool:
        return self.status == TaskStatus.OPEN and self.due_on is not None and self.due_on < on


class TaskReply(ClientOwned):
    """What the assignee wrote; `finishes` says the work is done. Only ever inserted."""

    task = ClientForeignKey("engagements.Task", related_name="replies")
    text = models.TextField(blank=True)
    finishes = models.BooleanField(default=False)
    on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "task", "at"], name="taskreply_by_task")]

    def __str__(self) -> str:
        return f"Reply of {self.at:%Y-%m-%d %H:%M}"
