"""Risks whose review is due, in the order a review walks through them, and what reviews found."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from risks.models import Risk, RiskQuerySet, RiskReview
from vciso.tenancy.models import Client


def due(client: Client, on: dt.date) -> RiskQuerySet:
    """The longest overdue first."""
    rows = Risk.objects.filter(client=client).due_for_review(on=on)
    return rows.order_by("next_review_on", "number")


def next_due(client: Client, on: dt.date, *, after: str = "") -> tuple[Risk | None, int]:
    """The risk a walk shows next, and how many are left with it; `after` was left for later.

    A reference that is unknown begins the walk anew.
    """
    rows = due(client, on)
    left = Risk.objects.filter(client=client, reference=after).first() if after else None
    if left is not None and left.next_review_on is not None:
        behind = Q(next_review_on__gt=left.next_review_on)
        rows = rows.filter(behind | Q(next_review_on=left.next_review_on, number__gt=left.number))
    found = rows.select_related("owner", "client").defer("private_notes", "extras").first()
    return found, rows.count() if found else 0


def log(client: Client) -> QuerySet[RiskReview]:
    """Every look at a risk, the latest first."""
    rows = RiskReview.objects.filter(client=client).select_related("risk", "by")
    return rows.order_by("-happened_at", "risk__number")
