"""The register as a whole, assessed on a day and kept as it stood."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import models

from risks.enums import AssessmentKind, AssessmentState
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

DUE_EVERY = relativedelta(months=12)
MADE = (AssessmentState.ASKED, AssessmentState.APPROVED)


class RiskAssessment(ClientOwned):
    """A written risk assessment: the register of a day with scope, method, participants and conclusion.

    `facts` holds the register as `rules.snapshots` writes it. They are taken on each save of a draft
    and for the last time when approval is asked; from then on the database keeps every word, and
    `sha256` names them.
    """

    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=AssessmentKind)
    as_of = models.DateField()
    scope = models.TextField()
    method = models.TextField()
    participants = models.JSONField(default=list, help_text="Who took part: id, name, role and side, as they were.")
    conclusion = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    ask = ClientForeignKey("engagements.Ask", null=True, blank=True, related_name="+")
    asked_of = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-as_of", "-reference"]
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="risks_assessment_reference"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_draft(self) -> bool:
        return self.state == AssessmentState.DRAFT

    @property
    def counts_as_made(self) -> bool:
        """Whether it was put to the business, and neither declined nor taken back."""
        return self.state in MADE

    @property
    def due_on(self) -> dt.date:
        """The day by which the next one is made."""
        return self.as_of + DUE_EVERY
