"""The rows of the written programme.

A policy is a title with an owner and a rhythm of review; its words live in versions. A version's
words freeze when they are sent for approval, so what was read is what came into force. Who was
asked and what they answered is an ask of `engagements`; an `Approval` ties that ask to the version.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from policies.enums import Kind, Status, VersionState
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

REMIND_DAYS = 60
"""A review counts as due this many days ahead, so that it fits into the owner's month."""


class PolicyQuerySet(models.QuerySet["Policy"]):
    """The written programme's own vocabulary; every day is passed in."""

    def live(self) -> PolicyQuerySet:
        """Policies that have not been retired."""
        return self.filter(retired_on=None)

    def retired(self) -> PolicyQuerySet:
        """Policies that were taken out of use."""
        return self.exclude(retired_on=None)

    def in_force(self) -> PolicyQuerySet:
        """Live policies with an approved version; needs `with_standing`."""
        return self.live().exclude(Q(current_major=None))

    def overdue(self, *, on: dt.date) -> PolicyQuerySet:
        """In force, but the review day has passed."""
        return self.in_force().filter(next_review_on__lt=on)

    def due(self, *, on: dt.date) -> PolicyQuerySet:
        """In force, and the review falls within the next sixty days."""
        return self.in_force().filter(next_review_on__gte=on, next_review_on__lte=on + dt.timedelta(days=REMIND_DAYS))

    def awaiting(self) -> PolicyQuerySet:
        """Some version waits for its owner's approval; needs `with_standing`."""
        return self.live().exclude(Q(waiting_major=None))

    def drafts(self) -> PolicyQuerySet:
        """Nothing is in force and nothing has been sent; needs `with_standing`."""
        return self.live().filter(Q(current_major=None, waiting_major=None))

    def with_standing(self) -> PolicyQuerySet:
        """Adds the numbers of the version in force, the one waiting and the open draft."""

        def newest(state: str, field: str) -> Subquery:
            rows = PolicyVersion.objects.filter(
                client_id=OuterRef("client_id"), policy_id=OuterRef("pk"), state=state
            ).order_by("-major", "-minor")
            return Subquery(rows.values(field)[:1])

        return self.annotate(
            current_major=newest(VersionState.APPROVED, "major"),
            current_minor=newest(VersionState.APPROVED, "minor"),
            current_effective_on=newest(VersionState.APPROVED, "effective_on"),
            current_recorded=newest(VersionState.APPROVED, "approval_recorded"),
            waiting_major=newest(VersionState.IN_REVIEW, "major"),
            waiting_minor=newest(VersionState.IN_REVIEW, "minor"),
            draft_major=newest(VersionState.DRAFT, "major"),
            draft_minor=newest(VersionState.DRAFT, "minor"),
        )

    def readable_by_client(self) -> PolicyQuerySet:
        """Live policies of which a version is, or was sent to be, in force."""
        shown = PolicyVersion.objects.filter(
            client_id=OuterRef("client_id"),
            policy_id=OuterRef("pk"),
            state__in=(VersionState.APPROVED, VersionState.IN_REVIEW),
        )
        return self.live().filter(Exists(shown))

    def search(self, text: str) -> PolicyQuerySet:
        """Title, reference or purpose contains the words."""
        return self.filter(Q(title__icontains=text) | Q(reference__icontains=text) | Q(purpose__icontains=text))


class Policy(ClientOwned):
    """One document of a client's written programme, whatever its version."""

    reference = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.POLICY)
    purpose = models.CharField(max_length=300, blank=True)
    owner = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    review_months = models.PositiveSmallIntegerField(default=12)
    next_review_on = models.DateField(null=True, blank=True)
    created_on = models.DateField()
    created_at = models.DateTimeField()
    retired_on = models.DateField(null=True, blank=True)
    retired_reason = models.CharField(max_length=500, blank=True)
    private_notes = models.TextField(blank=True, help_text="Only the practice sees these.")
    extras = models.JSONField(default=dict, blank=True, help_text="What a list said and no field holds, by column.")
    edition = models.PositiveIntegerField(default=1)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="policy_reference_once"),
            models.UniqueConstraint(fields=["client", "slug"], name="policy_slug_once"),
            models.CheckConstraint(
                condition=Q(review_months__gte=1, review_months__lte=60),
                name="policy_review_months_sensible",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "next_review_on"], name="policy_client_review"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def current_number(self) -> str:
        """Number of the version in force, or nothing; needs `with_standing`."""
        return _number(self, "current")

    @property
    def waiting_number(self) -> str:
        """Number of the version waiting for approval, or nothing; needs `with_standing`."""
        return _number(self, "waiting")

    @property
    def draft_number(self) -> str:
        """Number of the open draft, or nothing; needs `with_standing`."""
        return _number(self, "draft")

    def status(self, *, on: dt.date) -> Status:
        """How the policy stands on a day; needs `with_standing`."""
        if self.retired_on is not None:
            return Status.RETIRED
        if not self.current_number:
            return Status.AWAITING if self.waiting_number else Status.DRAFT
        if self.next_review_on is None or self.next_review_on > on + dt.timedelta(REMIND_DAYS):
            return Status.IN_FORCE
        return Status.OVERDUE if self.next_review_on < on else Status.DUE


def _number(policy: Policy, prefix: str) -> str:
    major: int | None = getattr(policy, f"{prefix}_major")
    return "" if major is None else f"{major}.{getattr(policy, f'{prefix}_minor')}"


class VersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Versions of policies, newest first where an order is named."""

    def newest_first(self) -> VersionQuerySet:
        """Highest number first."""
        return self.order_by("-major", "-minor")

    def open(self) -> VersionQuerySet:
        """Not yet in force: a draft, or waiting for approval."""
        return self.filter(state__in=(VersionState.DRAFT, VersionState.IN_REVIEW))

    def issued(self) -> VersionQuerySet:
        """In force now or earlier."""
        return self.filter(state__in=(VersionState.APPROVED, VersionState.SUPERSEDED))

    def shown_to_client(self) -> VersionQuerySet:
        """Everything the client's owner may read: no drafts."""
        return self.exclude(state=VersionState.DRAFT)

    def in_force_on(self, day: dt.date) -> VersionQuerySet:
        """Versions that stood on a day: effective, and not yet replaced."""
        return self.issued().filter(Q(superseded_on=None) | Q(superseded_on__gt=day), effective_on__lte=day)

    def without_words(self) -> VersionQuerySet:
        """For lists: leaves the long text in the database."""
        return self.defer("body")


class PolicyVersion(ClientOwned):
    """The words of a policy at one point of its life.

    The database refuses to change the words of a version that was sent for approval, and keeps
    the SHA-256 of exactly those words.
    """

    policy = ClientForeignKey("policies.Policy", related_name="versions")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    change_summary = models.TextField(blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    effective_on = models.DateField(null=True, blank=True)
    superseded_on = models.DateField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    approval_recorded = models.BooleanField(default=True)
    edition = models.PositiveIntegerField(default=1)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "policy", "major", "minor"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["client", "policy"],
                condition=Q(state=VersionState.APPROVED),
                name="policy_one_version_in_force",
            ),
            models.UniqueConstraint(
                fields=["client", "policy"],
                condition=Q(state__in=(VersionState.DRAFT, VersionState.IN_REVIEW)),
                name="policy_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(VersionState.DRAFT, VersionState.IN_REVIEW)) | Q(effective_on__isnull=False),
                name="policy_issued_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it: 2.3."""
        return f"{self.major}.{self.minor}"

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_waiting(self) -> bool:
        return self.state == VersionState.IN_REVIEW

    @property
    def is_in_force(self) -> bool:
        return self.state == VersionState.APPROVED


class Approval(ClientOwned):
    """One time a version was sent to its owner: the ask, and through it the answer."""

    version = ClientForeignKey("policies.PolicyVersion", related_name="approvals")
    ask = ClientForeignKey("engagements.Ask", related_name="+")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "ask"], name="policy_approval_one_ask"),
        ]
        indexes = [models.Index(fields=["client", "version"], name="policy_approval_version")]

    def __str__(self) -> str:
        return f"approval {self.pk}"


class PolicyReview(ClientOwned):
    """A dated record that somebody read the version in force and found it still right."""

    policy = ClientForeignKey("policies.Policy", related_name="reviews")
    version = ClientForeignKey("policies.PolicyVersion", related_name="+")
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    next_review_on = models.DateField()
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["client", "policy", "reviewed_on"], name="policy_review_day"),
        ]

    def __str__(self) -> str:
        return f"review of {self.reviewed_on}"
