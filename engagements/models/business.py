"""What the client is and what its business runs on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from engagements.enums import Criticality, RunBy
from vciso.tenancy.models import ClientForeignKey, ClientOwned


class Profile(ClientOwned):
    """What the client is, one row per client; duties and wording follow from it."""

    sector = models.CharField(max_length=120, blank=True)
    staff_count = models.PositiveIntegerField(null=True, blank=True)
    places = models.CharField(max_length=500, blank=True)
    data_kinds = models.JSONField(default=list, blank=True)
    annual_revenue_minor = models.BigIntegerField(null=True, blank=True)
    summary = models.TextField(blank=True)
    private_notes = models.TextField(blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], name="profile_one_per_client"),
        ]

    def __str__(self) -> str:
        return self.sector or "Profile"


class EstateQuerySet(models.QuerySet):
    def active(self) -> EstateQuerySet:
        return self.filter(active=True)

    def in_restore_order(self) -> EstateQuerySet:
        """First what is restored first; what has no place in the order comes last."""
        return self.order_by(models.F("restore_order").asc(nulls_last=True), "-criticality", "name")


class EstateItem(ClientOwned):
    """Shared shape of a system and a process the business runs on."""

    reference = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    holds = models.JSONField(default=list, blank=True)
    criticality = models.PositiveSmallIntegerField(choices=Criticality.choices, null=True, blank=True)
    run_by = models.CharField(max_length=20, choices=RunBy.choices, default=RunBy.UNKNOWN)
    run_by_name = models.CharField(max_length=200, blank=True)
    tolerable_downtime_hours = models.PositiveIntegerField(null=True, blank=True)
    restore_order = models.PositiveSmallIntegerField(null=True, blank=True)
    owner = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    private_notes = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = EstateQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="%(class)s_reference_once"),
            models.CheckConstraint(
                name="%(class)s_criticality_in_scale",
                condition=Q(criticality__isnull=True) | Q(criticality__range=(1, 4)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"


class System(EstateItem):
    """Something technical the business runs on: a server, a service, an application."""


class Process(EstateItem):
    """A piece of the business that has to run: reception, payroll, dispatch."""
