"""Risks whose review is due, in the order a review walks through them, and what reviews found."""

from __future__ import annotations

import datetime as dt
import re

from django.db.models import Q, QuerySet

from risks.models import Risk, RiskQuerySet, RiskReview
from vciso.tenancy.models import Client


def due(client: Client, on: dt.date) -> RiskQuerySet:
    """The longest overdue first."""
    rows = Risk.objects.filter(client=client).due_for_review(on=on)
    return rows.order_by("next_review_on", "number")


PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,6})", re.ASCII)


def place_of(risk: Risk) -> str:
    """Where a due risk stands in the walk: “2026-11-20.14”. It holds when the risk is reviewed meanwhile."""
    return f"{risk.next_review_on}.{risk.number}"


def next_due(client: Client, on: dt.date, *, after: str = "") -> tuple[Risk | None, int]:
    """The risk a walk shows next, and how many are left with it; `after` is the place of one left for later.

    What is no place begins the walk anew.
    """
    rows = due(client, on)
    if place := _place(after):
        day, number = place
        rows = rows.filter(Q(next_review_on__gt=day) | Q(next_review_on=day, number__gt=number))
    found = rows.select_related("owner", "client").defer("private_notes", "extras").first()
    return found, rows.count() if found else 0


def _place(text: str) -> tuple[dt.date, int] | None:
    match = PLACE.fullmatch(text)
    try:
        return (dt.date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def log(client: Client) -> QuerySet[RiskReview]:
    """Every look at a risk, the latest first."""
    rows = RiskReview.objects.filter(client=client).select_related("risk", "by")
    return rows.order_by("-happened_at", "risk__number")
