"""Keeping what risks say, each time that somebody says it otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from risks.models import Risk, RiskWording
from risks.models.wording import SAID
from vciso.tenancy.models import User

BATCH = 500


def worded(risk: Risk, *, by: User | None, at: dt.datetime, reason: str = "") -> RiskWording:
    """What a risk in memory says from a moment on; saving is the caller's."""
    words = {name: getattr(risk, name) for name in SAID}
    return RiskWording(
        client_id=risk.client_id, risk=risk, owner_id=risk.owner_id, reason=reason, happened_at=at, by=by, **words
    )


def keep_words(risks: Sequence[Risk], *, by: User, at: dt.datetime, reason: str = "") -> None:
    """Add what held risks say from now on to their history, where it differs from the newest there.

    Two queries, and one more for every five hundred that differ. Of two changes at once the one that
    waited for the other comes after it, whatever its clock says.
    """
    known = {
        row.risk_id: row
        for row in RiskWording.objects.filter(risk__in=[risk.pk for risk in risks])
        .order_by("risk_id", "-happened_at", "-recorded_at")
        .distinct("risk_id")
    }
    rows = []
    for risk in risks:
        row, last = worded(risk, by=by, at=at, reason=reason), known.get(risk.pk)
        if last is None or row.said() != last.said():
            row.happened_at = max(at, last.happened_at) if last else at
            rows.append(row)
    RiskWording.objects.bulk_create(rows, batch_size=BATCH)
