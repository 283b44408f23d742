"""A named person takes a risk until a day."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from engagements.enums import Confirmation
from risks.enums import AcceptanceState, Band
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    """Days are arguments: an acceptance runs to the end of its last day."""

    def waiting(self) -> Self:
        return self.filter(state=AcceptanceState.ASKED)

    def live(self, *, on: dt.date) -> Self:
        return self.filter(state=AcceptanceState.LIVE, until__gte=on)

    def expired(self, *, on: dt.date) -> Self:
        return self.filter(state=AcceptanceState.LIVE, until__lt=on)

    def with_both_sides(self) -> Self:
        """With everybody who is told what becomes of it, and where they read it, in the same query."""
        return self.select_related(
            "client", "risk", "requested_by", "asked_of__user", "ask__client", "ask__answered_by"
        )


class Acceptance(ClientOwned):
    """A request to accept one risk, and what became of it.

    Signed by whom `SigningAuthority` names for the band, never by who asked; at most 12 months.
    `frozen_text` is what was put to the signer and does not change. `measure` is what the business
    does instead while it carries the risk. The database holds all of it by itself.
    """

    risk = ClientForeignKey("risks.Risk", related_name="acceptances")
    state = models.CharField(max_length=10, choices=AcceptanceState, default=AcceptanceState.ASKED)
    asked_of = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    requested_at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    advice = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    measure = models.TextField(blank=True)
    frozen_text = models.TextField(blank=True)
    band_at_signing = models.PositiveSmallIntegerField(choices=Band, default=Band.NOT_RATED)
    score_at_signing = models.PositiveSmallIntegerField(default=0)
    ask = ClientForeignKey("engagements.Ask", null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    witness = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ended_reason = models.TextField(blank=True)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "risk"],
                condition=Q(state="asked"),
                name="risks_acceptance_one_request",
            ),
            models.UniqueConstraint(fields=["client", "ask"], name="risks_acceptance_one_ask"),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(until__isnull=False, signed_at__isnull=False),
                name="risks_acceptance_live_is_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "state", "until"], name="risks_acceptance_until"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} until {self.until}"

    def is_live(self, *, on: dt.date) -> bool:
        return self.state == AcceptanceState.LIVE and self.until is not None and self.until >= on

    def is_expired(self, *, on: dt.date) -> bool:
        return self.state == AcceptanceState.LIVE and self.until is not None and self.until < on

    @property
    def is_taken_back(self) -> bool:
        """Ended by its signer, who had said so; not by their word that it was never so."""
        if self.ask is None or self.ended_by_id is None or self.ask.confirmation == Confirmation.DISPUTED:
            return False
        return self.ended_by_id in (self.ask.asked_user_id, self.ask.deputy_user_id)

    @property
    def is_recorded(self) -> bool:
        """Given by phone or in a meeting and written down by somebody else."""
        return self.recorded_by_id is not None

    @property
    def is_confirmed(self) -> bool:
        """A recorded answer its signer has confirmed since; a signed one needs no confirming."""
        return not self.is_recorded or self.confirmed_at is not None
