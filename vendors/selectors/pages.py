"""What this app's own pages show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from vciso.tenancy.models import Client
from vendors import rules
from vendors.models import Vendor, VendorAlias, VendorProcess, VendorReview, VendorSystem, VendorTier
from vendors.selectors import surface

EXTRA_LABELS = {
    "type": "Type, as imported",
    "contact": "Contact",
    "location": "Where data is held",
    "certificates": "Certificates",
    "dpa": "Data agreement",
    "subprocessors": "Sub-processors",
    "contract_reference": "Contract reference",
    "notice_period": "Notice period, as imported",
}
"""What a vendor may carry besides its own columns, in the order the page shows it."""


def listed(client: Client) -> QuerySet[Vendor]:
    """The client's vendors with their owners, without long private text; in no order yet."""
    return Vendor.objects.filter(client=client).select_related("owner").defer("private_notes", "extras")


def numbers(client: Client, *, on: dt.date) -> surface.Counts:
    """The inventory of one client in numbers; zeros where nothing is kept yet."""
    return surface.counts(on=on).get(client.pk) or surface.NO_VENDORS


def nearest_notice(client: Client, *, on: dt.date) -> Vendor | None:
    """The vendor whose last day for giving notice comes first within sixty days."""
    return Vendor.objects.filter(client=client).notice_near(on=on).order_by("notice_on", "name").first()


def next_due(client: Client, *, on: dt.date) -> Vendor | None:
    """The vendor in use whose review is due next, late ones aside."""
    rows = Vendor.objects.filter(client=client).active().filter(review_due_on__gte=on)
    return rows.order_by("review_due_on", "name").first()


@dataclass(frozen=True, slots=True)
class VendorPage:
    """A vendor with its reviews, links, other names and history of tiers; five queries."""

    vendor: Vendor
    reviews: list[VendorReview]
    tiers: list[VendorTier]
    aliases: list[VendorAlias]
    systems: list[VendorSystem]
    processes: list[VendorProcess]

    @property
    def tier_reason(self) -> str:
        """Why it has its tier, or what is missing for one."""
        vendor = self.vendor
        if vendor.override_tier:
            return vendor.override_reason
        return rules.tier_of(vendor.criticality, vendor.data_level).reason

    @property
    def rule_says(self) -> rules.Tiering:
        return rules.tier_of(self.vendor.criticality, self.vendor.data_level)

    @property
    def months(self) -> int | None:
        return rules.review_months(self.vendor.tier, self.vendor.review_months)

    @property
    def last(self) -> VendorReview | None:
        return self.reviews[0] if self.reviews else None

    @property
    def extras(self) -> list[tuple[str, str]]:
        """Label and words of what else is on record."""
        found = []
        for key, label in EXTRA_LABELS.items():
            value = self.vendor.extras.get(key)
            if value:
                found.append((label, ", ".join(value) if isinstance(value, list) else str(value)))
        return found


def vendor_page(vendor: Vendor) -> VendorPage:
    """Everything the page of a vendor shows; newest reviews and tiers first."""
    return VendorPage(
        vendor=vendor,
        reviews=list(vendor.reviews.select_related("reviewed_by").order_by("-reviewed_on", "-happened_at")),
        tiers=list(vendor.tiers.select_related("by").order_by("-since", "-happened_at")),
        aliases=list(vendor.aliases.order_by("name")),
        systems=list(vendor.system_links.select_related("system").order_by("system__name")),
        processes=list(vendor.process_links.select_related("process").order_by("process__name")),
    )
