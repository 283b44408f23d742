"""The list of vendors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.filters import FilterBar
from vciso.web.formats import count_of
from vciso.web.pagination import paginate, sorting
from vendors.forms import VendorFilter
from vendors.selectors import pages
from vendors.selectors.surface import Counts
from vendors.views.base import Here

SORTS = {
    "name": ("name", "pk"),
    "tier": ("tier", "name", "pk"),
    "data": ("data_level", "name", "pk"),
    "result": ("last_result", "name", "pk"),
    "reviewed": ("last_review_on", "name", "pk"),
    "next": ("review_due_on", "name", "pk"),
    "contract": ("contract_ends_on", "name", "pk"),
}


@requires("vendors.view")
def vendor_list(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = VendorFilter(request.GET, queryset=pages.listed(here.client), request=request)
    order = sorting(request, SORTS, default="next")
    listed = paginate(request, found.qs.order_by(*order.order_by))
    for vendor in listed:
        vendor.late = vendor.review_is_late(on=here.today)
        vendor.near = vendor.notice_is_near(on=here.today)
    numbers = pages.numbers(here.client, on=here.today)
    context = {
        "filterset": found,
        "sorting": order,
        "page": listed,
        "filters": FilterBar(request, found),
        "numbers": numbers,
        "sentence": _sentence(numbers),
        "notice": pages.nearest_notice(here.client, on=here.today) if numbers.notices else None,
        "today": here.today,
        "import_url": _elsewhere("imports:upload", here),
        "export_url": _elsewhere("imports:export", here),
    }
    return responses.page(request, "vendors/list.html", context, partial="list")


def _elsewhere(name: str, here: Here) -> str:
    try:
        return reverse(name, kwargs={"client_key": here.client.key, "kind": "vendors"})
    except NoReverseMatch:
        return ""


def _sentence(numbers: Counts) -> str:
    """The list in one line: how many, how many in tier 1, and what needs somebody."""
    if not numbers.total:
        return "Nobody is on the list yet."
    parts = [f"{count_of(numbers.total, 'vendor')}, {numbers.tier_1} in tier 1."]
    if numbers.overdue and numbers.due:
        parts.append(f"{count_of(numbers.overdue, 'review')} late, {numbers.due} due.")
    elif numbers.overdue:
        parts.append(f"{count_of(numbers.overdue, 'review')} late.")
    elif numbers.due:
        parts.append(f"{count_of(numbers.due, 'review')} due within 60 days.")
    if numbers.untiered:
        parts.append(f"{numbers.untiered} without a tier yet.")
    return " ".join(parts)
