"""The limits of all categories as one statement, which the business approves."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Q

from risks.enums import StatementState
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

REVIEWED_EVERY = relativedelta(months=12)


NUMBERED = ~Q(state=StatementState.WITHDRAWN) | ~Q(signer_name="")
"""What is asked or was answered has its number; a question that was withdrawn leaves its own to the next."""


class AppetiteStatement(ClientOwned):
    """One version of the statement: the limits as they were put, by whom, and what was answered.

    `lines` holds each category with key, name, words, band and money_minor; `terms` the scale by which
    the bands are read, the band up to which the owner signs, and the tolerance for one year. Neither
    changes. A version from before statements held their terms, or one of them, does not have it.
    """

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.ASKED)
    lines = models.JSONField()
    terms = models.JSONField(default=dict, blank=True)
    ask = ClientForeignKey("engagements.Ask", related_name="+")
    asked_of = ClientForeignKey("engagements.Person", related_name="+")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    answered_on = models.DateField(null=True, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-number", "-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], condition=NUMBERED, name="risks_statement_number"),
            models.UniqueConstraint(fields=["client", "ask"], name="risks_statement_one_ask"),
            models.UniqueConstraint(fields=["client"], condition=Q(state="asked"), name="risks_statement_one_request"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}" if self.is_version else "Withdrawn question"

    @property
    def is_version(self) -> bool:
        """Whether it has its number for good, or waits; not a question taken back before it was answered."""
        return self.state != StatementState.WITHDRAWN or bool(self.signer_name)

    @property
    def review_on(self) -> dt.date | None:
        """The day the statement is looked at again: a year after it was approved."""
        if self.state != StatementState.APPROVED or self.answered_on is None:
            return None
        return self.answered_on + REVIEWED_EVERY
