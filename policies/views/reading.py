"""Reading a policy: the version in force or another, and what changed between two."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from policies.models import Policy, PolicyVersion
from policies.selectors import comparison, pages
from policies.services.approving import DAYS_TO_ANSWER
from policies.views.base import Here, policies
from vciso.tenancy.permissions import may, requires
from vciso.web import responses


@requires("policies.view", policies)
def policy_detail(request: HttpRequest, policy: Policy) -> HttpResponse:
    """The changes while a version is open beside the one in force, else the text itself."""
    found = pages.policy_page(policy)
    opened, current = found.open, found.current
    if opened is not None and current is not None:
        return _compared(request, found, current, opened)
    return _read(request, found, current or opened)


@requires("policies.view", policies)
def by_reference(request: HttpRequest, policy: Policy) -> HttpResponse:
    """P-001 leads to the policy's own address."""
    return redirect(Here(request).of(policy))


@requires("policies.view", policies)
def version_detail(request: HttpRequest, policy: Policy, number: str) -> HttpResponse:
    found = pages.policy_page(policy)
    version = found.version(number)
    if version is None:
        raise Http404
    return _read(request, found, version)


@requires("policies.view", policies)
def compare(request: HttpRequest, policy: Policy, old: str, new: str) -> HttpResponse:
    found = pages.policy_page(policy)
    before, after = found.version(old), found.version(new)
    if before is None or after is None:
        raise Http404
    return _compared(request, found, before, after)


@requires("policies.view", policies)
def history(request: HttpRequest, policy: Policy) -> HttpResponse:
    found = pages.policy_page(policy)
    return _answer(request, found, "history")


def _read(request: HttpRequest, found: pages.PolicyPage, version: PolicyVersion | None) -> HttpResponse:
    words = pages.words_of(version) if version else ""
    return _answer(request, found, "read", version=version, words=words)


def _compared(
    request: HttpRequest, found: pages.PolicyPage, before: PolicyVersion, after: PolicyVersion
) -> HttpResponse:
    result = comparison.compare(*pages.words_of_both(before, after))
    return _answer(request, found, "changes", version=after, before=before, result=result)


def _answer(request: HttpRequest, found: pages.PolicyPage, tab: str, **more: Any) -> HttpResponse:
    here = Here(request)
    policy = found.policy
    version = more.get("version")
    reference = version or found.open or found.current
    other = more.get("before") or (pages.version_before(found, reference) if reference else None)
    context = {
        "policy": policy,
        "found": found,
        "tab": tab,
        "status": policy.status(on=here.today),
        "today": here.today,
        "other": other,
        "subject": reference,
        "shown": found.current or found.open,
        "may_edit": bool(may(here.actor, "policies.edit", policy)),
        "days": DAYS_TO_ANSWER,
        **more,
    }
    return responses.page(request, "policies/detail.html", context)
