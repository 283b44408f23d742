"""What was agreed with the client, the time it takes, and what the programme serves."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from engagements.enums import Activity, Cadence, FeePer, TimeKind
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def in_force(self, *, on: dt.date) -> EngagementQuerySet:
        return self.filter(Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Engagement(ClientOwned):
    """One agreement with its term; an engagement without an end runs until it is ended."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    fee_minor = models.BigIntegerField(null=True, blank=True)
    fee_per = models.CharField(max_length=10, choices=FeePer.choices, default=FeePer.MONTH)
    included_hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    counterpart = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    call_cadence = models.CharField(max_length=20, choices=Cadence.choices, default=Cadence.FORTNIGHTLY)
    monthly_report_day = models.PositiveSmallIntegerField(default=5)
    pack_day_offset = models.PositiveSmallIntegerField(default=15)
    scope = models.TextField(blank=True)
    responsibilities = models.TextField(blank=True)
    private_notes = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="engagement_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="engagement_report_day",
                condition=Q(monthly_report_day__range=(1, 28)),
            ),
        ]
        indexes = [models.Index(fields=["client", "-starts_on"], name="engagement_latest")]

    @property
    def hour_minor(self) -> int | None:
        """The fee for one of the included hours, in minor units; None where either is not agreed."""
        if self.fee_minor is None or not self.included_hours:
            return None
        months = 12 if self.fee_per == FeePer.YEAR else 1
        return round(self.fee_minor / months / float(self.included_hours))

    def __str__(self) -> str:
        return f"Engagement from {self.starts_on.isoformat()}"


class TimeEntryQuerySet(models.QuerySet["TimeEntry"]):
    def between(self, first: dt.date, last: dt.date) -> TimeEntryQuerySet:
        return self.filter(on__range=(first, last))

    def of_practice(self) -> TimeEntryQuerySet:
        return self.filter(kind=TimeKind.PRACTICE)


class TimeEntry(ClientOwned):
    """Minutes somebody spent on this client's programme on one day."""

    on = models.DateField()
    minutes = models.PositiveIntegerField()
    activity = models.CharField(max_length=20, choices=Activity.choices, default=Activity.OTHER)
    kind = models.CharField(max_length=10, choices=TimeKind.choices, default=TimeKind.PRACTICE)
    in_retainer = models.BooleanField(default=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    person = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    private = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="timeentry_within_a_day", condition=Q(minutes__range=(1, 1440))),
        ]
        indexes = [models.Index(fields=["client", "-on"], name="timeentry_by_day")]

    def __str__(self) -> str:
        return f"{self.minutes} min on {self.on.isoformat()}"


class ObjectiveQuerySet(models.QuerySet["Objective"]):
    def current(self, *, on: dt.date) -> ObjectiveQuerySet:
        return self.filter(Q(set_on__lte=on), Q(dropped_on__isnull=True) | Q(dropped_on__gt=on)).order_by(
            "position", "created_at"
        )


class Objective(ClientOwned):
    """Something the business wants, which the programme is there to make possible."""

    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    horizon = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    set_on = models.DateField()
    dropped_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "position"], name="objective_order")]

    def __str__(self) -> str:
        return self.title
