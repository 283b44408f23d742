"""What this app's own pages show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

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


def _gathered(rows: Any, field: str) -> ArraySubquery:
    """One column of a vendor's own rows as a list, in order."""
    mine = rows.objects.filter(client_id=OuterRef("client_id"), vendor_id=OuterRef("pk"))
    return ArraySubquery(mine.order_by(field).values(field))


@dataclass(frozen=True, slots=True)
class Attached:
    """Other names of a vendor, and ids of what it is linked with, as a form shows them."""

    aliases: list[str]
    systems: list[Any]
    processes: list[Any]


def attached(vendor: Vendor) -> Attached:
    """Aliases by name, links in the order of their ids. One query."""
    found = Vendor.objects.filter(pk=vendor.pk).values_list(
        _gathered(VendorAlias, "name"),
        _gathered(VendorSystem, "system_id"),
        _gathered(VendorProcess, "process_id"),
    )
    return Attached(*found.get())


def _names(vendor: Vendor) -> tuple[list[str], list[str], list[str]]:
    """Its other names, and the names of its systems and processes. One query."""
    found = Vendor.objects.filter(pk=vendor.pk).values_list(
        _gathered(VendorAlias, "name"),
        _gathered(VendorSystem, "system__name"),
        _gathered(VendorProcess, "process__name"),
    )
    return found.get()


@dataclass(frozen=True, slots=True)
class VendorPage:
    """A vendor with its reviews, links, other names and history of tiers; three queries."""

    vendor: Vendor
    reviews: list[VendorReview]
    tiers: list[VendorTier]
    aliases: list[str]
    systems: list[str]
    processes: list[str]

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
    aliases, systems, processes = _names(vendor)
    return VendorPage(
        vendor=vendor,
        reviews=list(vendor.reviews.select_related("reviewed_by").order_by("-reviewed_on", "-happened_at")),
        tiers=list(vendor.tiers.order_by("-since", "-happened_at")),
        aliases=aliases,
        systems=systems,
        processes=processes,
    )
