"""How the inventory stood at the end of a day, and which dates lie ahead."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Literal

from django.db.models import Prefetch, Q

from vciso.tenancy.models import Client
from vendors.enums import VendorStatus
from vendors.models import REMIND_DAYS, Vendor, VendorProcess, VendorReview, VendorSystem, VendorTier

ReviewState = Literal["current", "due", "overdue", "never reviewed"]


@dataclass(frozen=True, slots=True)
class VendorRow:
    """A vendor as it stood: tier, last review, next review, contract.

    `tier` is None while too little is known to give one. `state` is about the review; a vendor
    nobody ever reviewed is "never reviewed", also when its review is late.
    """

    id: uuid.UUID
    reference: str
    name: str
    kind: str
    service: str
    tier: int | None
    tier_reason: str
    criticality: int | None
    data_level: str
    holds: str
    access: str
    owner: str
    last_review_on: dt.date | None
    result: str
    result_words: str
    conditions: str
    review_due_on: dt.date | None
    contract_ends_on: dt.date | None
    notice_on: dt.date | None
    auto_renews: bool | None
    yearly_cost_minor: int | None
    systems: tuple[str, ...]
    processes: tuple[str, ...]
    state: ReviewState
    days_late: int

    @property
    def never_reviewed(self) -> bool:
        return self.last_review_on is None


@dataclass(frozen=True, slots=True)
class ComingDate:
    """A day on which somebody has to do something; `days_late` is 0 while it lies ahead."""

    on: dt.date
    kind: str
    what: str
    who: str
    id: uuid.UUID
    reference: str
    days_late: int = 0


def vendors_as_of(client: Client, as_of: dt.date) -> list[VendorRow]:
    """Every vendor in use at the end of that day: tier 1 first, then by name; without a tier last.

    Six queries whatever the number of vendors. Reviews and tiers are read by the day they
    happened; contract, data and criticality as they are on the record.
    """
    vendors = (
        Vendor.objects.filter(client=client, added_on__lte=as_of)
        .exclude(status=VendorStatus.PROPOSED)
        .filter(Q(ended_on=None) | Q(ended_on__gt=as_of))
        .select_related("owner")
        .defer("private_notes", "extras")
        .prefetch_related(
            Prefetch(
                "reviews",
                VendorReview.objects.filter(reviewed_on__lte=as_of).order_by("reviewed_on", "happened_at"),
                to_attr="past_reviews",
            ),
            Prefetch("tiers", VendorTier.objects.order_by("since", "happened_at"), to_attr="all_tiers"),
            Prefetch("system_links", VendorSystem.objects.select_related("system"), to_attr="systems"),
            Prefetch("process_links", VendorProcess.objects.select_related("process"), to_attr="processes"),
        )
    )
    rows = [_row(vendor, as_of) for vendor in vendors]
    return sorted(rows, key=lambda row: (row.tier or 9, row.name.casefold(), row.reference))


def coming_dates(client: Client, on: dt.date, days: int = REMIND_DAYS) -> list[ComingDate]:
    """Vendor reviews, notice days and contract ends up to so many days ahead, soonest first.

    Late reviews are included; a notice day or contract end that passed is not: nothing is left to
    do about it on that day.
    """
    last = on + dt.timedelta(days=days)
    found = []
    for row in vendors_as_of(client, on):
        dates = (
            ("vendor review", f"Review of {row.name}", row.review_due_on, True),
            ("contract notice", f"Last day to give {row.name} notice", row.notice_on, False),
            ("contract end", _end_words(row), row.contract_ends_on, False),
        )
        for kind, what, day, late_counts in dates:
            if day is None or day > last or (day < on and not late_counts):
                continue
            late = max((on - day).days, 0)
            found.append(ComingDate(day, kind, what, row.owner, row.id, row.reference, late))
    return sorted(found, key=lambda one: (one.on, one.reference, one.kind))


def _end_words(row: VendorRow) -> str:
    return f"Contract with {row.name} {'renews by itself' if row.auto_renews else 'ends'}"


def _row(vendor: Vendor, on: dt.date) -> VendorRow:
    review = vendor.past_reviews[-1] if vendor.past_reviews else None
    tiers = [one for one in vendor.all_tiers if one.since <= on] or vendor.all_tiers[:1]
    given = tiers[-1] if tiers else None
    later = vendor.last_review_on is not None and vendor.last_review_on > on
    due = (review.next_due_on if review else vendor.added_on) if later else vendor.review_due_on
    return VendorRow(
        id=vendor.pk,
        reference=vendor.reference,
        name=vendor.name,
        kind=vendor.get_kind_display(),
        service=vendor.service,
        tier=given.tier if given else vendor.tier,
        tier_reason=given.reason if given else "",
        criticality=vendor.criticality,
        data_level=vendor.data_level,
        holds=vendor.data_held,
        access=vendor.access,
        owner=vendor.owner.name if vendor.owner else "",
        last_review_on=review.reviewed_on if review else None,
        result=review.result if review else "",
        result_words=review.get_result_display() if review else "",
        conditions=review.conditions if review else "",
        review_due_on=due,
        contract_ends_on=vendor.contract_ends_on,
        notice_on=vendor.notice_on,
        auto_renews=vendor.auto_renews,
        yearly_cost_minor=vendor.yearly_cost_minor,
        systems=tuple(link.system.name for link in vendor.systems),
        processes=tuple(link.process.name for link in vendor.processes),
        state=_state(review, due, on),
        days_late=max((on - due).days, 0) if due else 0,
    )


def _state(review: VendorReview | None, due: dt.date | None, on: dt.date) -> ReviewState:
    if review is None:
        return "never reviewed"
    if due is None or due > on + dt.timedelta(days=REMIND_DAYS):
        return "current"
    return "overdue" if due < on else "due"
