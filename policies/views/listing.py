"""The list of policies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from policies.forms import PolicyFilter
from policies.selectors import pages
from policies.views.base import Here
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.filters import FilterBar
from vciso.web.formats import count_of
from vciso.web.pagination import paginate, sorting

SORTS = {
    "title": ("title", "pk"),
    "owner": ("owner__name", "title", "pk"),
    "since": ("current_effective_on", "title", "pk"),
    "review": ("next_review_on", "title", "pk"),
}


@requires("policies.view")
def policy_list(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = PolicyFilter(request.GET, queryset=pages.listed(here.client), request=request)
    order = sorting(request, SORTS, default="title")
    rows = found.qs.order_by(*order.order_by)
    listed = paginate(request, rows)
    for policy in listed:
        policy.stands = policy.status(on=here.today)
    numbers = pages.numbers(here.client, on=here.today)
    context = {
        "filterset": found,
        "sorting": order,
        "page": listed,
        "filters": FilterBar(request, found),
        "numbers": numbers,
        "sentence": _sentence(numbers),
        "today": here.today,
        "import_url": _elsewhere("imports:upload", here),
        "export_url": _elsewhere("imports:export", here),
    }
    return responses.page(request, "policies/list.html", context, partial="list")


def _sentence(numbers: Any) -> str:
    """The list in one line: what is in force, and what needs somebody."""
    if not numbers.total:
        return "Nothing is written down yet."
    parts = [f"{numbers.in_force} of {count_of(numbers.total, 'policy', 'policies')} in force."]
    if numbers.overdue:
        parts.append(f"{count_of(numbers.overdue, 'review')} late.")
    if numbers.awaiting:
        parts.append(f"{numbers.awaiting} waiting for approval.")
    if not numbers.overdue and not numbers.due:
        parts.append("No review is due within 60 days.")
    return " ".join(parts)


def _elsewhere(name: str, here: Here) -> str:
    try:
        return reverse(name, kwargs={"client_key": here.client.key, "kind": "policies"})
    except NoReverseMatch:
        return ""
