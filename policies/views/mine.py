"""What the client's owner reads: the written programme without drafts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from policies.models import Policy
from policies.selectors import pages
from policies.views.base import Here, policies
from vciso.tenancy.permissions import requires
from vciso.web import responses


@requires("policies.read")
def my_policies(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = list(pages.for_client_side(here.client).live().order_by("title", "pk")[:200])
    for policy in found:
        policy.stands = policy.status(on=here.today)
    context = {"policies": found, "numbers": pages.numbers(here.client, on=here.today), "today": here.today}
    return responses.page(request, "policies/my_list.html", context)


@requires("policies.read", policies)
def my_policy(request: HttpRequest, policy: Policy) -> HttpResponse:
    """The version in force, or the one waiting when nothing is in force yet."""
    here = Here(request)
    found = pages.policy_page(policy, client_side=True)
    number = request.GET.get("v", "")
    version = found.version(number) if number else found.current or found.waiting
    if version is None or policy.retired_on is not None:
        raise Http404
    context = {
        "policy": policy,
        "found": found,
        "version": version,
        "words": pages.words_of(version),
        "status": policy.status(on=here.today),
        "today": here.today,
    }
    return responses.page(request, "policies/my_read.html", context)
