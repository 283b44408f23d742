"""Reviews that name nobody, for the status word over the portfolio."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from policies.enums import VersionState
from policies.models import Policy


def ownerless(*, on: dt.date, days: int) -> QuerySet[Any, Any]:
    """One row with the client's id per policy in force whose review is near or late."""
    near = Policy.objects.live().filter(
        owner=None, next_review_on__lte=on + dt.timedelta(days=days), versions__state=VersionState.APPROVED
    )
    return near.order_by().values_list("client_id", flat=True)
