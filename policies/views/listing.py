"""The list of policies, and the list as a file."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from policies.forms import PolicyFilter
from policies.models import Policy
from policies.selectors import pages
from policies.views.base import Here
from vciso.audit import services as audit
from vciso.imports import export
from vciso.imports.registry import Field
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
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = tuple(
    Field(key=key, label=label)
    for key, label in (
        ("reference", "Reference"),
        ("title", "Policy"),
        ("kind", "Kind"),
        ("version", "Version"),
        ("status", "Status"),
        ("owner", "Owner"),
        ("since", "In force since"),
        ("months", "Months between reviews"),
        ("review", "Next review"),
    )
)


@requires("policies.view")
def policy_list(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = PolicyFilter(request.GET, queryset=pages.listed(here.client), request=request)
    order = sorting(request, SORTS, default="title")
    rows = found.qs.order_by(*order.order_by)
    if request.GET.get("format"):
        return _file(request, rows, here)
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


def _file(request: HttpRequest, rows: Any, here: Here) -> HttpResponse:
    """The rows as filtered and sorted, as a download; each one is in the trail."""
    fmt = request.GET.get("format", "")
    if fmt not in TYPES:
        raise Http404
    body = [_cells(policy, here) for policy in rows]
    out = io.BytesIO()
    export.write_rows(COLUMNS, body, fmt, out, name="Policies")
    response = HttpResponse(out.getvalue(), content_type=TYPES[fmt])
    name = f"{here.client.key}-policies-{here.today.isoformat()}.{fmt}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    audit.record(
        verb="policies.exported", client=here.client, by=here.user, at=here.at,
        after={"rows": len(body), "format": fmt},
    )  # fmt: skip
    return response


def _cells(policy: Policy, here: Here) -> list[Any]:
    return [
        policy.reference,
        policy.title,
        policy.get_kind_display(),
        policy.current_number or policy.waiting_number or policy.draft_number,
        policy.status(on=here.today).label,
        policy.owner.name if policy.owner else "",
        policy.current_effective_on,
        policy.review_months,
        policy.next_review_on,
    ]
