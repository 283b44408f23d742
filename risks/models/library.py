"""The practice's own part of the risk library, and what it offered to clients of it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from risks.enums import ChangeState
from vciso.tenancy.models import ClientForeignKey, ClientOwned, PracticeOwned, User


class OwnScenario(PracticeOwned):
    """A scenario that the practice wrote, or its own words for one that comes with the portal.

    The key of such a one is that of the portal's, which it takes the place of. `edition` counts the
    changes, from 1, and `was` keeps the words before the last. A retired one is proposed no more; for
    the portal's its words count again.
    """

    key = models.CharField(max_length=60)
    edition = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    cause = models.TextField(blank=True)
    event = models.TextField(blank=True)
    consequence = models.TextField(blank=True)
    likelihood = models.CharField(max_length=6, default="medium")
    categories = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    data = models.JSONField(default=list)
    hints = models.JSONField(default=dict)
    was = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="risks_ownscenario_key"),
            models.CheckConstraint(
                condition=Q(likelihood__in=["low", "medium", "high"]), name="risks_ownscenario_likelihood"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LibraryChangeQuerySet(models.QuerySet["LibraryChange"]):
    def waiting(self) -> Self:
        return self.filter(state=ChangeState.WAITING)


class LibraryChange(ClientOwned):
    """What the library says since a change, offered to one client and decided there.

    With a `risk` its words are to follow; without one the scenario is new to the client's register.
    `was` is what the library said before, part by part: what differs in a register and not there was
    made to fit the client. Nothing changes before somebody of the practice, at the client, takes it over.
    """

    scenario = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    risk = ClientForeignKey("risks.Risk", null=True, blank=True, related_name="library_changes")
    title = models.CharField(max_length=200)
    cause = models.TextField(blank=True)
    event = models.TextField(blank=True)
    consequence = models.TextField(blank=True)
    was = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.WAITING)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    objects = LibraryChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scenario", "risk"],
                condition=Q(state="waiting"),
                nulls_distinct=False,
                name="risks_librarychange_one_waiting",
            ),
        ]
        indexes = [models.Index(fields=["client", "state"], name="risks_librarychange_state")]

    def __str__(self) -> str:
        return f"{self.scenario}, edition {self.edition}"
