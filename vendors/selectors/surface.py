"""What the rest of the product asks of this app: what needs somebody, findings, and counts."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse

from vciso.web import formats
from vciso.web.attention import Item
from vciso.web.finding import Found
from vendors.enums import VendorStatus
from vendors.models import REMIND_DAYS, Vendor

ICON = "handshake"


@dataclass(frozen=True, slots=True)
class Counts:
    """A client's inventory in numbers; only vendors in use."""

    total: int
    tier_1: int
    tier_2: int
    tier_3: int
    untiered: int
    due: int
    overdue: int
    never: int
    notices: int


NO_VENDORS = Counts(0, 0, 0, 0, 0, 0, 0, 0, 0)


def attention(*, on: dt.date) -> list[Item]:
    """Reviews late or due, and notice days, within sixty days. One query.

    Reads plain columns: a portfolio has hundreds of vendors, and Today has sixty milliseconds.
    """
    last = on + dt.timedelta(days=REMIND_DAYS)
    near = Vendor.objects.active().filter(Q(review_due_on__lte=last) | Q(notice_on__range=(on, last)))
    items = []
    for row in near.values_list(*Near._fields):
        vendor = Near(*row)
        if vendor.review_due_on is not None and vendor.review_due_on <= last:
            items.append(_review(vendor))
        if vendor.notice_on is not None and on <= vendor.notice_on <= last:
            items.append(_notice(vendor))
    return items


class Near(NamedTuple):
    """The columns of a vendor that the queue needs."""

    client_id: uuid.UUID
    client__key: str
    reference: str
    name: str
    tier: int | None
    last_review_on: dt.date | None
    review_due_on: dt.date | None
    notice_on: dt.date | None
    contract_ends_on: dt.date | None
    auto_renews: bool | None


@lru_cache(maxsize=20_000)
def _address(key: str, reference: str, name: str = "vendors:detail") -> str:
    return reverse(name, kwargs={"client_key": key, "ref": reference})


def _review(vendor: Near) -> Item:
    tier = f"tier {vendor.tier}" if vendor.tier else "no tier yet"
    first = vendor.last_review_on is None
    return Item(
        client_id=vendor.client_id,
        kind="vendor",
        icon=ICON,
        title=vendor.name,
        why=f"Never reviewed, {tier}" if first else f"Vendor review, {tier}",
        due_on=vendor.review_due_on,
        verb="Review",
        url=_address(vendor.client__key, vendor.reference, "vendors:review"),
    )


def _notice(vendor: Near) -> Item:
    what = "renews" if vendor.auto_renews else "ends"
    ends = f"; contract {what} {formats.day(vendor.contract_ends_on)}" if vendor.contract_ends_on else ""
    return Item(
        client_id=vendor.client_id,
        kind="vendor",
        icon="calendar-clock",
        title=vendor.name,
        why=f"Last day to give notice{ends}",
        due_on=vendor.notice_on,
        verb="Decide",
        url=_address(vendor.client__key, vendor.reference),
    )


def find(*, text: str, limit: int = 8) -> list[Found]:
    """Vendors whose name, alias, reference, service or data contains the words. One query."""
    rows = Vendor.objects.search(text).select_related("client").defer("private_notes", "extras")
    return [
        Found(
            client_id=vendor.client_id,
            client_name=vendor.client.name,
            kind="vendor",
            icon=ICON,
            title=vendor.name,
            sub=", ".join(part for part in (vendor.reference, vendor.service[:60], _stands(vendor)) if part),
            url=_address(vendor.client.key, vendor.reference),
        )
        for vendor in rows.order_by("status", "name")[:limit]
    ]


def _stands(vendor: Vendor) -> str:
    if vendor.status != VendorStatus.ACTIVE:
        return vendor.get_status_display().lower()
    return f"tier {vendor.tier}" if vendor.tier else ""


def counts(*, on: dt.date) -> dict[uuid.UUID, Counts]:
    """Numbers per client of the context; a client without vendors in use is not in it. One query."""
    last = on + dt.timedelta(days=REMIND_DAYS)
    rows = (
        Vendor.objects.active()
        .order_by()
        .values("client_id")
        .annotate(
            total=Count("pk"),
            tier_1=Count("pk", filter=Q(tier=1)),
            tier_2=Count("pk", filter=Q(tier=2)),
            tier_3=Count("pk", filter=Q(tier=3)),
            untiered=Count("pk", filter=Q(tier=None)),
            due=Count("pk", filter=Q(review_due_on__range=(on, last))),
            overdue=Count("pk", filter=Q(review_due_on__lt=on)),
            never=Count("pk", filter=Q(last_review_on=None)),
            notices=Count("pk", filter=Q(notice_on__range=(on, last))),
        )
    )
    names = Counts.__dataclass_fields__
    return {row["client_id"]: Counts(**{name: row[name] for name in names}) for row in rows}
