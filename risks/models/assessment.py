"""The register as a whole, assessed on a day and kept as it stood."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import models

from risks.enums import AssessmentKind, AssessmentState
from vciso.files.drawn import Drawn
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

DUE_EVERY = relativedelta(months=12)
# The kind of the job that draws; the migrations queue under it and under `drawing_key` too.
DRAW = "risks.draw_assessment"
MADE = (AssessmentState.ASKED, AssessmentState.APPROVED)


class RiskAssessment(ClientOwned, Drawn):
    """A written risk assessment: the register of a day with scope, method, participants and conclusion.

    `facts` holds the register as `rules.snapshots` writes it. They are taken on each save of a draft
    (`read_at`) and for the last time when approval is asked; from then on the database keeps every
    word, and `sha256` names them. `version` counts what is printed: each change of a draft, and each
    step that the answer moves. A draft that is discarded keeps its reference and can be taken back.
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
    version = models.PositiveIntegerField("counts every change of what is printed", default=1, db_default=1)
    facts = models.JSONField()
    read_at = models.DateTimeField("when the register was read", null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
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
            models.UniqueConstraint(fields=["client", "ask"], name="risks_assessment_one_ask"),
            models.CheckConstraint(
                condition=models.Q(discarded_at=None) | models.Q(state=AssessmentState.DRAFT),
                name="risks_assessment_discarded_is_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_draft(self) -> bool:
        """Whether it may still be written."""
        return self.state == AssessmentState.DRAFT and not self.is_discarded

    @property
    def is_discarded(self) -> bool:
        return self.discarded_at is not None

    @property
    def counts_as_made(self) -> bool:
        """Whether it was put to the business, and neither declined nor taken back."""
        return self.state in MADE

    @property
    def due_on(self) -> dt.date:
        """The day by which the next one is made."""
        return self.as_of + DUE_EVERY

    @property
    def drawing_key(self) -> str:
        """The key of the job that draws this version."""
        return f"{self.pk}:{self.version}"

    @property
    def file_name(self) -> str:
        """The name of a download, without its ending."""
        return f"{self.client.key}-{self.reference}"
