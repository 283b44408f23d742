"""What risks said before a moment, as columns of a query."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Expression, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from risks.models import RiskWording
from risks.models.wording import SAID


def said_before(moment: dt.datetime, *, risk: str) -> Coalesce:
    """The words and the owner of a risk before a moment, as a mapping; `risk` is the column with its id.

    A risk that says otherwise since a day after it was raised said before what it said first: an import
    may know that it was raised earlier than anybody wrote it down.
    """
    return _before(moment, risk, JSONObject(**{name: name for name in SAID}, owner_id="owner_id", owner="owner__name"))


def title_before(moment: dt.datetime, *, risk: str = "risk_id") -> Coalesce:
    """The title of a risk before a moment, or the first it had."""
    return _before(moment, risk, F("title"))


def _before(moment: dt.datetime, risk: str, value: Expression | F) -> Coalesce:
    rows: Any = RiskWording.objects.filter(client=OuterRef("client"), risk=OuterRef(risk))
    newest = rows.filter(happened_at__lt=moment).order_by("-happened_at", "-recorded_at")
    first = rows.order_by("happened_at", "recorded_at")
    return Coalesce(Subquery(newest.values(said=value)[:1]), Subquery(first.values(said=value)[:1]))
