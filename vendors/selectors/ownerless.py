"""Reviews and contract dates that name nobody, for the status word over the portfolio."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from vendors.models import Vendor


def ownerless(*, on: dt.date, days: int) -> QuerySet[Any, Any]:
    """One row with the client's id per vendor in use with a date that is near, or a late review."""
    last = on + dt.timedelta(days=days)
    dated = Q(review_due_on__lte=last) | Q(notice_on__range=(on, last)) | Q(contract_ends_on__range=(on, last))
    return Vendor.objects.active().filter(dated, owner=None).order_by().values_list("client_id", flat=True)
