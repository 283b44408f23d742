"""Dated work that names nobody, for the status word over the portfolio."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from engagements.enums import TaskSide
from engagements.models import Task


def ownerless(*, on: dt.date, days: int) -> QuerySet[Any, Any]:
    """One row with the client's id per open shared task due within so many days, or late."""
    nobody = Q(side=TaskSide.CLIENT, assignee=None) | Q(side=TaskSide.PRACTICE, practice_user=None)
    due = Task.objects.open().shown_to_client().filter(nobody, due_on__lte=on + dt.timedelta(days=days))
    return due.order_by().values_list("client_id", flat=True)
