"""Looking at a vendor and writing down what was found."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from vciso.audit import services as audit
from vciso.tenancy.models import User
from vendors import rules
from vendors.enums import Result, VendorStatus
from vendors.models import Vendor, VendorReview
from vendors.services import gate


@transaction.atomic
def record_review(
    *,
    vendor: Vendor,
    result: str,
    by: User | None,
    at: dt.datetime,
    on: dt.date | None = None,
    summary: str = "",
    conditions: str = "",
    next_due_on: dt.date | None = None,
    imported: bool = False,
) -> VendorReview:
    """Keeps what a review found and sets the day of the next one.

    Without `next_due_on` the vendor's rhythm gives the day. Refuses a day that is still to come, a
    result with conditions that names none, an ended vendor, and a next review before this one.
    """
    kept = Vendor.objects.select_for_update().select_related("client").get(pk=vendor.pk)
    day = on or kept.client.today(at)
    _refuse_bad(kept, result, day, conditions, next_due_on, at=at, imported=imported)
    review = VendorReview.objects.create(
        client_id=kept.client_id,
        vendor=kept,
        reviewed_on=day,
        reviewed_by=by,
        result=result,
        summary=summary.strip(),
        conditions=conditions.strip(),
        next_due_on=next_due_on or _next_due(kept, day),
        imported=imported,
        happened_at=at,
    )
    if kept.last_review_on is None or day >= kept.last_review_on:
        kept.last_review_on = day
        kept.last_result = result
        kept.review_due_on = review.next_due_on
    gate.settle(kept, new_due=False)
    kept.edition += 1
    kept.save()
    audit.record(
        verb="vendor.reviewed",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        after={
            "reviewed_on": day.isoformat(),
            "result": result,
            "next_due_on": gate.plain(review.next_due_on),
        },
        reason=conditions.strip()[:500],
    )
    return review


@transaction.atomic
def take_back_review(*, vendor: Vendor, by: User | None, at: dt.datetime) -> Vendor:
    """Removes the last review if an import brought it. Only an import's undo calls this."""
    kept = Vendor.objects.select_for_update().select_related("client").get(pk=vendor.pk)
    newest = kept.reviews.order_by("-reviewed_on", "-happened_at")
    last = newest.first()
    if last is None or not last.imported:
        return kept
    last.delete()
    before = newest.first()
    kept.last_review_on = before.reviewed_on if before else None
    kept.last_result = before.result if before else ""
    gate.settle(kept)
    if before is not None:
        kept.review_due_on = before.next_due_on
    kept.edition += 1
    kept.save()
    audit.record(
        verb="vendor.review_taken_back",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before={"reviewed_on": last.reviewed_on.isoformat(), "result": last.result},
    )
    return kept


def _next_due(vendor: Vendor, day: dt.date) -> dt.date | None:
    return rules.next_review(last=day, added=vendor.added_on, tier=vendor.tier, own=vendor.review_months)


def _refuse_bad(
    vendor: Vendor,
    result: str,
    day: dt.date,
    conditions: str,
    next_due_on: dt.date | None,
    *,
    at: dt.datetime,
    imported: bool,
) -> None:
    if imported:
        return
    if vendor.status == VendorStatus.ENDED:
        raise ValidationError(f"{vendor.name} ended on {vendor.ended_on}; nothing is left to review.")
    if result not in Result.values:
        raise ValidationError({"result": f"“{result}” is no result. Choose one of the three."})
    if day > vendor.client.today(at):
        raise ValidationError({"on": f"{day} is still to come. Write the day of the review."})
    if result == Result.CONDITIONAL and not conditions.strip():
        raise ValidationError({"conditions": "Say what the vendor has to do, and by when."})
    if next_due_on is not None and next_due_on <= day:
        raise ValidationError({"next_due_on": f"{next_due_on} is not after the review on {day}."})
