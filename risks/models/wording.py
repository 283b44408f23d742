"""What a risk said, and whose it was, from a moment on."""

from __future__ import annotations

from typing import Any

from django.db import models

from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

SAID = ("title", "cause", "event", "consequence", "description", "category", "affects", "controls", "review_months")
"""The columns of a risk that its wordings repeat by the same name; its owner is the other."""


class RiskWording(ClientOwned):
    """The words of a risk, its owner and how often it is looked at, as they stood from a moment on.

    The latest by `happened_at` says what the risk says: at the end of each transaction the database
    compares the two, so that no change of words is without its wording. Rows are added, never changed,
    and go with their risk alone, where an import that made it is taken back. The practice's own notes
    are no part of it.
    """

    risk = ClientForeignKey("risks.Risk", on_delete=models.DO_NOTHING, related_name="wordings")
    title = models.CharField(max_length=200)
    cause = models.TextField(blank=True)
    event = models.TextField(blank=True)
    consequence = models.TextField(blank=True)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=120, blank=True)
    affects = models.TextField(blank=True)
    controls = models.TextField(blank=True)
    review_months = models.PositiveSmallIntegerField(default=0)
    owner = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "risk", "-happened_at", "-recorded_at"], name="risks_wording_latest"),
        ]

    def __str__(self) -> str:
        return self.title

    def said(self) -> tuple[Any, ...]:
        """What is compared with another wording: the words and the owner."""
        return (*(getattr(self, name) for name in SAID), self.owner_id)
