"""How a person likes to look at the register."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from vciso.tenancy.models import Client, User, UUIDModel


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def at(self, client: Client) -> SavedViewQuerySet:
        """Those of one client and those for every client, by name. A person meets their own alone."""
        return self.filter(models.Q(client=client) | models.Q(client=None)).order_by("name", "pk")


class SavedView(UUIDModel):
    """Filters and order of the register under a name, for one client or, without one, for every client.

    It belongs to the person who saved it, and a policy shows it to nobody else. `query` is the query of
    the list's address.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: Any = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "client", "name"], name="risks_savedview_name", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_text(self) -> str:
        """The id as addresses and forms carry it."""
        return str(self.pk)
