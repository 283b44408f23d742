"""The rows of the vendor inventory.

A vendor's tier and dates are computed by `rules` and stored by the one gate in `services`, so that
lists filter and sort in the database; nothing else writes those fields.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q

from vciso.tenancy.models import ClientForeignKey, ClientOwned, User
from vendors.enums import Criticality, DataLevel, Kind, Result, Tier, VendorStatus

REMIND_DAYS = 60
"""Reviews and notice days count as near this many days ahead."""


class VendorQuerySet(models.QuerySet["Vendor"]):
    """The inventory's own vocabulary; every day is passed in."""

    def active(self) -> VendorQuerySet:
        """Vendors the client still uses."""
        return self.filter(status=VendorStatus.ACTIVE)

    def proposed(self) -> VendorQuerySet:
        """Vendors the client thinks of using."""
        return self.filter(status=VendorStatus.PROPOSED)

    def ended(self) -> VendorQuerySet:
        """Vendors the client left."""
        return self.filter(status=VendorStatus.ENDED)

    def tiered(self, tier: int) -> VendorQuerySet:
        """Vendors of one tier."""
        return self.filter(tier=tier)

    def untiered(self) -> VendorQuerySet:
        """Vendors too little is known about to give them a tier."""
        return self.filter(tier=None)

    def review_overdue(self, *, on: dt.date) -> VendorQuerySet:
        """Active vendors whose review day has passed."""
        return self.active().filter(review_due_on__lt=on)

    def review_due(self, *, on: dt.date, days: int = REMIND_DAYS) -> VendorQuerySet:
        """Active vendors whose review falls from today on within so many days."""
        last = on + dt.timedelta(days=days)
        return self.active().filter(review_due_on__gte=on, review_due_on__lte=last)

    def never_reviewed(self) -> VendorQuerySet:
        """Active vendors without any review on record."""
        return self.active().filter(last_review_on=None)

    def notice_near(self, *, on: dt.date, days: int = REMIND_DAYS) -> VendorQuerySet:
        """Active vendors whose last day for giving notice comes within so many days."""
        last = on + dt.timedelta(days=days)
        return self.active().filter(notice_on__gte=on, notice_on__lte=last)

    def contract_ends_soon(self, *, on: dt.date, days: int = REMIND_DAYS) -> VendorQuerySet:
        """Active vendors whose contract ends or renews within so many days."""
        last = on + dt.timedelta(days=days)
        return self.active().filter(contract_ends_on__gte=on, contract_ends_on__lte=last)

    def search(self, text: str) -> VendorQuerySet:
        """Name, reference, service, data or a former name contains the words."""
        aliases = VendorAlias.objects.filter(
            client_id=OuterRef("client_id"), vendor_id=OuterRef("pk"), name__icontains=text
        )
        return self.filter(
            Q(name__icontains=text)
            | Q(reference__icontains=text)
            | Q(service__icontains=text)
            | Q(data_held__icontains=text)
            | Exists(aliases)
        )


class Vendor(ClientOwned):
    """A firm or person outside the client that it buys something from."""

    reference = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.OTHER)
    service = models.TextField(blank=True)
    website = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=120, blank=True, editable=False)

    criticality = models.PositiveSmallIntegerField(choices=Criticality, null=True, blank=True)
    data_level = models.CharField(max_length=10, choices=DataLevel, blank=True)
    data_held = models.TextField(blank=True, help_text="Words, separated by semicolons.")
    access = models.TextField(blank=True)

    tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True, editable=False)
    computed_tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True, editable=False)
    override_tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True)
    override_reason = models.CharField(max_length=300, blank=True)

    owner = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    contract_starts_on = models.DateField(null=True, blank=True)
    contract_ends_on = models.DateField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_on = models.DateField(null=True, blank=True)
    auto_renews = models.BooleanField(null=True, blank=True)
    contract_note = models.TextField(blank=True)
    yearly_cost_minor = models.BigIntegerField(null=True, blank=True)

    review_months = models.PositiveSmallIntegerField(null=True, blank=True)
    last_review_on = models.DateField(null=True, blank=True, editable=False)
    last_result = models.CharField(max_length=14, choices=Result, blank=True, editable=False)
    review_due_on = models.DateField(null=True, blank=True)

    status = models.CharField(max_length=8, choices=VendorStatus, default=VendorStatus.ACTIVE, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    end_reason = models.CharField(max_length=500, blank=True, editable=False)

    private_notes = models.TextField(blank=True)
    extras = models.JSONField(default=dict, blank=True)
    added_on = models.DateField(editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)

    objects = VendorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="vendor_reference_once"),
            models.UniqueConstraint(fields=["client", "name_key"], name="vendor_name_once"),
            models.CheckConstraint(
                condition=Q(criticality=None) | Q(criticality__range=(1, 4)),
                name="vendor_criticality",
            ),
            models.CheckConstraint(
                condition=Q(yearly_cost_minor=None) | Q(yearly_cost_minor__gte=0),
                name="vendor_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(override_tier=None) | ~Q(override_reason=""),
                name="vendor_override_has_reason",
            ),
            models.CheckConstraint(
                condition=(~Q(status=VendorStatus.ENDED) & Q(ended_on=None))
                | Q(status=VendorStatus.ENDED, ended_on__isnull=False),
                name="vendor_end_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "status", "review_due_on"], name="vendor_review_due"),
            models.Index(fields=["client", "status", "notice_on"], name="vendor_notice"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == VendorStatus.ACTIVE

    def review_is_late(self, *, on: dt.date) -> bool:
        """The day of the next review has passed."""
        return self.is_active and self.review_due_on is not None and self.review_due_on < on

    def review_is_near(self, *, on: dt.date) -> bool:
        """The next review falls within the next sixty days."""
        return (
            self.is_active
            and self.review_due_on is not None
            and on <= self.review_due_on <= on + dt.timedelta(days=REMIND_DAYS)
        )

    def notice_is_near(self, *, on: dt.date) -> bool:
        """The last day for giving notice falls within the next sixty days."""
        return (
            self.is_active
            and self.notice_on is not None
            and on <= self.notice_on <= on + dt.timedelta(days=REMIND_DAYS)
        )


class VendorAlias(ClientOwned):
    """Another name the same vendor goes by, so that a second list finds it again."""

    vendor = ClientForeignKey("vendors.Vendor", related_name="aliases")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "vendor aliases"
        constraints = [
            models.UniqueConstraint(fields=["client", "name_key"], name="vendor_alias_once"),
        ]
        indexes = [models.Index(fields=["client", "vendor"], name="vendor_alias_vendor")]

    def __str__(self) -> str:
        return self.name


class VendorSystem(ClientOwned):
    """A system of the client that stands or falls with the vendor."""

    vendor = ClientForeignKey("vendors.Vendor", related_name="system_links")
    system = ClientForeignKey("engagements.System", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "vendor", "system"], name="vendor_system"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.system_id}"


class VendorProcess(ClientOwned):
    """A process of the client that stops without the vendor."""

    vendor = ClientForeignKey("vendors.Vendor", related_name="process_links")
    process = ClientForeignKey("engagements.Process", related_name="+")

    class Meta:
        verbose_name_plural = "vendor processes"
        constraints = [
            models.UniqueConstraint(fields=["client", "vendor", "process"], name="vendor_process"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.process_id}"


class VendorReview(ClientOwned):
    """What somebody found when they looked at a vendor, on a day."""

    vendor = ClientForeignKey("vendors.Vendor", related_name="reviews")
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=14, choices=Result, blank=True)
    summary = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    imported = models.BooleanField(default=False)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(result=Result.CONDITIONAL) | ~Q(conditions="") | Q(imported=True),
                name="vendor_review_conditions_named",
            ),
            models.CheckConstraint(condition=~Q(result="") | Q(imported=True), name="vendor_review_has_result"),
        ]
        indexes = [
            models.Index(fields=["client", "vendor", "reviewed_on"], name="vendor_review_day"),
        ]

    def __str__(self) -> str:
        return f"review of {self.reviewed_on}"

    @property
    def title(self) -> str:
        """What people call it, beside records of other kinds."""
        return f"Review of {self.vendor.name}, {self.reviewed_on.isoformat()}"


class VendorTier(ClientOwned):
    """The tier a vendor was given from a day on, and why: the history of `Vendor.tier`."""

    vendor = ClientForeignKey("vendors.Vendor", related_name="tiers")
    tier = models.PositiveSmallIntegerField(choices=Tier, null=True)
    reason = models.CharField(max_length=300)
    since = models.DateField()
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client", "vendor", "since"], name="vendor_tier_since")]

    def __str__(self) -> str:
        return f"{self.vendor_id} tier {self.tier}"
