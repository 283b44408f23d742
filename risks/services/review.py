"""Saying that somebody looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from risks.enums import Band, ReviewOutcome
from risks.models import Risk, RiskReview
from risks.rules import reviewing
from risks.services.errors import Refused, refuse_closed
from vciso.audit import services as audit
from vciso.tenancy.models import User


def next_review(risk: Risk, last: dt.date | None = None) -> dt.date:
    """The day the next review of a risk is due, counted from a look on that day, or from its last one."""
    last = last or risk.last_reviewed_on or risk.raised_on
    return reviewing.next_review(last, band=Band(risk.now_band), own=risk.review_months)


def follow_band(risk: Risk, was: int) -> None:
    """Moves the next review of a risk in memory whose band was another; a day chosen by hand stays."""
    last = risk.last_reviewed_on or risk.raised_on
    if risk.next_review_on == reviewing.next_review(last, band=Band(was), own=risk.review_months):
        risk.next_review_on = next_review(risk)


@transaction.atomic
def review_unchanged(*, risks: Sequence[Risk], by: User, at: dt.datetime, note: str = "") -> list[Risk]:
    """One or many risks were looked at and are as they were; each gets a dated record.

    Refuses closed risks and an empty choice.
    """
    if not risks:
        raise Refused("Choose at least one risk.")
    client = risks[0].client
    today = client.today(at)
    ids = [risk.pk for risk in risks]
    current = list(Risk.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("number"))
    refuse_closed(current)
    RiskReview.objects.bulk_create(
        RiskReview(
            client_id=risk.client_id,
            risk=risk,
            on=today,
            outcome=ReviewOutcome.UNCHANGED,
            note=note.replace("\x00", "").strip(),
            happened_at=at,
            by=by,
        )
        for risk in current
    )
    for risk in current:
        risk.last_reviewed_on = today
        risk.next_review_on = next_review(risk, today)
    Risk.objects.bulk_update(current, ["last_reviewed_on", "next_review_on"], batch_size=250)
    audit.record(
        verb="risk.reviewed",
        client=client,
        obj=current[0] if len(current) == 1 else None,
        by=by,
        at=at,
        after={
            "references": [risk.reference for risk in current],
            "outcome": ReviewOutcome.UNCHANGED,
        },
        reason=note,
    )
    return current
