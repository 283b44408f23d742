"""The one gate through which a vendor's computed fields are written.

Tier, notice day, last review and next review follow from other facts; nothing outside this module
sets them. A change of tier leaves a row of history.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from vciso.tenancy.models import User
from vendors import rules
from vendors.models import Vendor, VendorTier

WORDS = 4_000
"""Longest free text of a vendor, in characters."""


def settle(vendor: Vendor, *, new_due: bool = True) -> None:
    """Brings every computed field in line with the facts on the record; does not save.

    `new_due=False` keeps a review day that somebody set by hand.
    """
    vendor.name_key = rules.name_key(vendor.name)
    vendor.domain = rules.domain_of(vendor.website)
    vendor.computed_tier = rules.tier_of(vendor.criticality, vendor.data_level).tier
    vendor.tier = vendor.override_tier or vendor.computed_tier
    try:
        vendor.notice_on = rules.notice_day(
            ends_on=vendor.contract_ends_on, days=vendor.notice_days, given=vendor.notice_on
        )
    except ValueError as error:
        raise ValidationError({"contract_ends_on": str(error)}) from None
    if new_due:
        vendor.review_due_on = rules.next_review(
            last=vendor.last_review_on,
            added=vendor.added_on,
            tier=vendor.tier,
            own=vendor.review_months,
        )


def tier_reason(vendor: Vendor) -> str:
    """Why the vendor has its tier: the person's reason when they set it, else the rule's."""
    if vendor.override_tier:
        return vendor.override_reason
    return rules.tier_of(vendor.criticality, vendor.data_level).reason


def keep_tier(vendor: Vendor, *, by: User | None, at: dt.datetime, since: dt.date) -> None:
    """Writes the vendor's tier down as it stands from a day on."""
    VendorTier.objects.create(
        client_id=vendor.client_id,
        vendor=vendor,
        tier=vendor.tier,
        reason=tier_reason(vendor)[:300],
        since=since,
        happened_at=at,
        by=by,
    )


def plain(value: Any) -> Any:
    """A field's value as the audit trail keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, bool, dict, list)):
        return value
    return str(value)
