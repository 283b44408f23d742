"""The register as an address narrows and sorts it; the list and its files share this."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models.functions import Lower
from django.http import HttpRequest

from risks.forms.filters import RiskFilter
from risks.models import Risk, RiskQuerySet
from risks.models.risk import RANK_ORDER, next_on
from risks.selectors import listing
from risks.views.base import Here
from vciso.web.pagination import Column, Sorting, sorting


def orders(on: dt.date) -> dict[str, tuple[Column, ...]]:
    """Each order of the list by what its columns show on a day; what has no date comes last either way."""
    return {
        "rank": RANK_ORDER,
        "score": ("now_score", "-number"),
        "ref": ("number",),
        "title": (Lower("title").asc(), "number"),
        "treatment": ("treatment", "number"),
        "due": (next_on(on).asc(nulls_last=True), "number"),
    }


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The risks an address asks for, in its order, and how it was read."""

    rows: RiskQuerySet
    filterset: RiskFilter
    order: Sorting
    any_risk: bool


def narrowed(request: HttpRequest, here: Here) -> Narrowed:
    """Open risks by rank, unless the address says otherwise; one query, for what the filters offer."""
    chosen = listing.choices(here.client)
    filterset = RiskFilter(
        request.GET,
        queryset=Risk.objects.filter(client=here.client),
        request=request,
        today=here.today,
        owners=chosen.owners,
        categories=chosen.categories,
    )
    order = sorting(request, orders(here.today), default="rank")
    return Narrowed(filterset.qs.order_by(*order.order_by), filterset, order, chosen.any)
