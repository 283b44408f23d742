"""What is asked of a client's person, in frozen words, and what they answered.

The person asked may only insert: an answer, a comment, a confirmation, a withdrawal. A trigger in the database
moves the ask, and whatever hangs on it, so that nobody who signs can change what was signed.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from engagements.enums import AskRole, AskState, Confirmation
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


def signed_as(name: str, *, deputy: str) -> str:
    """Who signed: a deputy, if one did, before the person they stand in for."""
    return f"{deputy} for {name}" if deputy else name


class AskQuerySet(models.QuerySet["Ask"]):
    def open(self) -> AskQuerySet:
        return self.filter(state=AskState.OPEN)

    def overdue(self, *, on: dt.date) -> AskQuerySet:
        return self.open().filter(due_on__lt=on)

    def of_user(self, user: User, *, on: dt.date) -> AskQuerySet:
        """Asked of this account, or of somebody it stands in for on this day."""
        return self.filter(Q(asked_user=user) | Q(deputy_user=user, deputy_from__lte=on, deputy_until__gte=on))

    def known_on(self, on: dt.date) -> AskQuerySet:
        return self.filter(asked_on__lte=on)

    def needing(self, user: User | None = None) -> AskQuerySet:
        """Open, or written down from a call and not confirmed by its signer; of a `user`, by themselves."""
        signer = {"asked_user": user} if user is not None else {"asked_user__isnull": False}
        return self.filter(Q(state=AskState.OPEN) | Q(confirmation=Confirmation.AWAITED, **signer))

    def unconfirmed(self) -> AskQuerySet:
        return self.filter(confirmation=Confirmation.AWAITED)

    def nearest_first(self) -> AskQuerySet:
        return self.order_by(models.F("due_on").asc(nulls_last=True), "reference")


class Ask(ClientOwned):
    """A question of one kind put to one person; title, text, facts and options never change.

    `options` is a list of objects with key, label, result, cost_minor, yearly_cost_minor, cost,
    advised, refuses, needs_reason, understand and sign; `facts` is a list of label, value, note.

    Name and account of the person asked, and of a deputy, are copied here: a director who may
    read nothing but this row must still be able to answer it.

    `holds_until` is the last day of what the answer put in force, kept by the database with the
    record it is about; None where nothing is (any longer). Until then its signer may withdraw it.
    `ended_on` and `ended_reason` say when and why it ended before that day. `withdrawn_by` took the
    question back before it was answered.
    """

    reference = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=list, blank=True)
    options = models.JSONField(default=list)
    asked_of = ClientForeignKey("engagements.Person", related_name="+")
    asked_of_name = models.CharField(max_length=200)
    asked_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deputy_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deputy_from = models.DateField(null=True, blank=True)
    deputy_until = models.DateField(null=True, blank=True)
    role = models.CharField(max_length=10, choices=AskRole.choices, default=AskRole.OWNER)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=10, choices=AskState.choices, default=AskState.OPEN)
    choice = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmation = models.CharField(max_length=12, choices=Confirmation.choices, default=Confirmation.NOT_NEEDED)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField(blank=True)
    holds_until = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="ask_reference_once"),
            models.CheckConstraint(
                name="ask_holds_by_answer",
                condition=Q(holds_until__isnull=True) | Q(state=AskState.ANSWERED),
            ),
        ]
        indexes = [models.Index(fields=["client", "state", "due_on"], name="ask_by_due")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def option(self, key: str) -> dict | None:
        """The option with this key, or None when the ask never offered it."""
        return next((option for option in self.options if option["key"] == key), None)

    @property
    def chosen(self) -> dict | None:
        return self.option(self.choice) if self.choice else None

    @property
    def capacity(self) -> str:
        """As what the person asked answers: “owner”, “a director”."""
        return "a director" if self.role == AskRole.BOARD else "owner"

    @property
    def signer_name(self) -> str:
        """Who answered: a deputy is named before the person they stand in for."""
        by_deputy = self.answered_by_id is not None and self.answered_by_id != self.asked_user_id
        return signed_as(self.asked_of_name, deputy=str(self.answered_by) if by_deputy else "")

    def is_asked_of(self, user: User, *, on: dt.date) -> bool:
        """Whether this account may answer: the person asked, or a deputy within the dates."""
        if self.asked_user_id == user.pk:
            return True
        return self.deputy_user_id == user.pk and self.deputy_is_live(on)

    def deputy_is_live(self, on: dt.date) -> bool:
        if self.deputy_from is None or self.deputy_until is None:
            return False
        return self.deputy_from <= on <= self.deputy_until

    def is_in_force(self, on: dt.date) -> bool:
        """Whether what was answered still holds on this day, so that its signer may withdraw it.

        What was written down for them they confirm first, or say that it is not right.
        """
        awaited = self.confirmation == Confirmation.AWAITED
        return self.holds_until is not None and self.holds_until >= on and not awaited

    def is_late(self, on: dt.date) -> bool:
        return self.state == AskState.OPEN and self.due_on is not None and self.due_on < on


class Answer(ClientOwned):
    """What was answered, by whom, in which words. Only ever inserted, one per ask.

    `recorded_by` is set when somebody of the practice wrote down what was said on a call; then
    `witness` or a file says who can vouch for it, and `by` is the person whose answer it is.
    """

    ask = ClientForeignKey("engagements.Ask", related_name="answers")
    choice = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    person = ClientForeignKey("engagements.Person", related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    as_deputy = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    witness = models.CharField(max_length=200, blank=True)
    file_key = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "ask"], name="answer_once"),
            models.CheckConstraint(
                name="answer_by_or_recorded",
                condition=Q(by__isnull=False) | Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice} on {self.on.isoformat()}"


class AnswerConfirmation(ClientOwned):
    """The signer's own word on an answer somebody else recorded. Only ever inserted."""

    ask = ClientForeignKey("engagements.Ask", related_name="confirmations")
    agrees = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "ask"], name="confirmation_once"),
        ]

    def __str__(self) -> str:
        return "Confirmed" if self.agrees else "Disputed"


class AnswerWithdrawal(ClientOwned):
    """The signer takes back an answer that still holds, which ends what it put in force. Only ever inserted."""

    ask = ClientForeignKey("engagements.Ask", related_name="withdrawals")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "ask"], name="answer_withdrawal_once"),
            models.CheckConstraint(name="answer_withdrawal_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Withdrawn {self.at:%Y-%m-%d %H:%M}"


class AskComment(ClientOwned):
    """A question or remark on an ask before it is answered. Only ever inserted."""

    ask = ClientForeignKey("engagements.Ask", related_name="comments")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "ask", "at"], name="askcomment_by_ask")]

    def __str__(self) -> str:
        return f"Comment of {self.at:%Y-%m-%d %H:%M}"
