"""The register as an address narrows and sorts it; the list and its files share this."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from risks.forms.filters import RiskFilter
from risks.models import Risk, RiskQuerySet
from risks.models.risk import RANK_ORDER
from risks.selectors import listing
from risks.views.base import Here
from vciso.web.pagination import Sorting, sorting

ORDERS = {
    "rank": RANK_ORDER,
    "score": ("now_score", "-number"),
    "ref": ("number",),
    "title": ("title", "number"),
    "treatment": ("treatment", "number"),
    "due": ("target_on", "number"),
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
    order = sorting(request, ORDERS, default="rank")
    return Narrowed(filterset.qs.order_by(*order.order_by), filterset, order, chosen.any)
