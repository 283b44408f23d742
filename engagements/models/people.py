"""The client's directory: whoever a record may name as owner, with or without an account."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from engagements.enums import Side
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> PersonQuerySet:
        return self.filter(active=True)

    def of_side(self, side: str) -> PersonQuerySet:
        return self.filter(side=side)

    def with_account(self) -> PersonQuerySet:
        return self.filter(user__isnull=False)


class Person(ClientOwned):
    """Somebody the client's records name; `user` is set once they can sign in.

    A deputy stands in for this person from `deputy_from` to `deputy_until`, both days included.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=20, choices=Side.choices, default=Side.CLIENT)
    phone = models.CharField(max_length=60, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    deputy = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    deputy_from = models.DateField(null=True, blank=True)
    deputy_until = models.DateField(null=True, blank=True)
    private_notes = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("client", Lower("email"), name="person_email_once", condition=~Q(email="")),
            models.UniqueConstraint(
                fields=["client", "user"],
                name="person_user_once",
                condition=Q(user__isnull=False),
            ),
            models.CheckConstraint(
                name="person_deputy_has_dates",
                condition=Q(deputy__isnull=True)
                | Q(
                    deputy_from__isnull=False,
                    deputy_until__gte=models.F("deputy_from"),
                ),
            ),
        ]
        indexes = [models.Index(fields=["client", "name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.name or "?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    def deputy_is_live(self, on: dt.date) -> bool:
        """Whether the deputy stands in on this day."""
        if self.deputy_id is None or self.deputy_from is None or self.deputy_until is None:
            return False
        return self.deputy_from <= on <= self.deputy_until
