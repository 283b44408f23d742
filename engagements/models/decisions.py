"""Questions put to a named person or the board, with what each choice costs and brings."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from engagements.enums import DecisionState
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> DecisionQuerySet:
        return self.filter(state=DecisionState.OPEN)

    def overdue(self, *, on: dt.date) -> DecisionQuerySet:
        return self.open().filter(decide_by__lt=on)

    def shown_to_client(self) -> DecisionQuerySet:
        """What was never asked stays with the practice."""
        return self.filter(asked_on__isnull=False)

    def open_first(self) -> DecisionQuerySet:
        """Adds `state_order`: what waits, then drafts, then what is settled."""
        place = {DecisionState.OPEN: 0, DecisionState.DRAFT: 1, DecisionState.DECIDED: 2}
        cases = [models.When(state=state, then=order) for state, order in place.items()]
        return self.annotate(state_order=models.Case(*cases, default=3))

    def known_on(self, on: dt.date) -> DecisionQuerySet:
        return self.filter(asked_on__lte=on)


class Decision(ClientOwned):
    """A question with options; once asked its words are frozen in the ask.

    `asked_on`, `withdrawn_on` and `decided_on` say how it stood on any day.
    """

    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    question = models.TextField()
    background = models.TextField(blank=True)
    recommendation = models.TextField(blank=True)
    cost_of_delay = models.TextField(blank=True)
    asked_of = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    board = models.BooleanField(default=False)
    decide_by = models.DateField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=10, choices=DecisionState.choices, default=DecisionState.DRAFT)
    ask = ClientForeignKey("engagements.Ask", null=True, blank=True, related_name="+")
    raised_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    asked_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    chosen = ClientForeignKey("engagements.DecisionOption", null=True, blank=True, related_name="+")
    outcome_reason = models.TextField(blank=True)
    private_notes = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="decision_reference_once"),
            models.CheckConstraint(
                name="decision_decided_has_outcome",
                condition=~Q(state=DecisionState.DECIDED) | Q(decided_on__isnull=False, chosen__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["client", "state", "decide_by"], name="decision_by_due")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def is_late(self, on: dt.date) -> bool:
        return self.state == DecisionState.OPEN and self.decide_by is not None and self.decide_by < on


class DecisionOption(ClientOwned):
    """One choice, with money once and each year, and what it brings."""

    decision = ClientForeignKey("engagements.Decision", related_name="options")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    result = models.TextField(blank=True)
    cost_minor = models.BigIntegerField(null=True, blank=True)
    yearly_cost_minor = models.BigIntegerField(null=True, blank=True)
    is_recommended = models.BooleanField(default=False)
    is_do_nothing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "decision", "position"], name="decisionoption_order_once"),
        ]

    def __str__(self) -> str:
        return self.label
