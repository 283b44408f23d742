"""Jobs and mail as rows: the truth about work in the background; the broker is only a hint."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from vciso.jobs.enums import LIVE, JobState, WaitsFor
from vciso.tenancy.models import Client, Practice, User, UUIDModel


class Scoped(UUIDModel):
    """A row of one client, of one practice or (with neither) of the installation."""

    client = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Job(Scoped):
    """One piece of background work, done once however often the broker says so.

    A worker claims it with a lease and a fencing token; only the holder of the token can finish
    it. A lease that ran out returns it to the queue. `attempt` counts tries that were its own
    fault; a full disk or a lost database counts in `disturbances` and never fails it.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, help_text="Unique among live jobs of the same scope and kind.")
    args = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    disturbances = models.PositiveIntegerField(default=0)
    waiting_for = models.CharField(max_length=8, choices=WaitsFor, default=WaitsFor.WORKER, db_default=WaitsFor.WORKER)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True, help_text="For people: what it does, or why it failed.")
    error = models.TextField(blank=True, help_text="For the log: the last error in its own words.")
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(client=None) | models.Q(practice=None), name="job_one_scope"),
            models.CheckConstraint(
                condition=models.Q(state=JobState.RUNNING, lease_token__isnull=False, lease_until__isnull=False)
                | (~models.Q(state=JobState.RUNNING) & models.Q(lease_token=None)),
                name="job_lease_shape",
            ),
            models.UniqueConstraint(
                fields=["client", "practice", "kind", "key"],
                condition=models.Q(state__in=LIVE),
                nulls_distinct=False,
                name="job_live_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], condition=models.Q(state__in=LIVE), name="job_due"),
            models.Index(fields=["client", "kind", "key"], name="job_client_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def waits_for(self) -> str:
        """One sentence for the progress page: what this job waits for, or is doing."""
        if self.state == JobState.QUEUED and self.attempt:
            tried = f"It is tried again by itself ({self.attempt + 1} of {self.max_attempts})."
            return f"{self.message or 'It did not work.'} {tried}"
        sentences: dict[Any, str] = {
            JobState.QUEUED: WaitsFor(self.waiting_for).label,
            JobState.RUNNING: self.message or "Working.",
            JobState.DONE: "Done.",
            JobState.FAILED: self.message or "It did not work and was given up. The reason is in the log.",
            JobState.CANCELLED: "Cancelled: the client was archived meanwhile.",
        }
        return sentences[self.state]


class OutboxMail(Scoped):
    """One mail to one person, written with the change it tells of and sent afterwards.

    Sent at least once, under a stable Message-ID. Whether the recipient may still read it is
    asked again when it is sent.
    """

    key = models.CharField(max_length=160, unique=True, help_text="Makes a second announcement a no-op.")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    needs_role = models.BooleanField(default=True, help_text="Only while the user has a role at the client.")
    not_before = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    dropped = models.CharField(max_length=120, blank=True, help_text="Why it was not sent after all.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(client=None) | models.Q(practice=None), name="outbox_one_scope"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(sent_at=None, dropped=""), name="outbox_due"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
