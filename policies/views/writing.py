"""Starting a policy, changing its details, and writing its next version."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.forms.base import stored_values
from policies import services
from policies.forms import DetailsForm, DraftForm, ExistingForm, NewForm
from policies.models import Policy, PolicyVersion
from policies.selectors import library
from policies.services.keeping import DETAILS
from policies.views.base import Here, form_page, policies, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses


@requires("policies.add")
def policy_new(request: HttpRequest) -> HttpResponse:
    """The library to start from, then the form with an outline in it (or an empty one)."""
    here = Here(request)
    asked = request.GET.get("from", "")
    if request.method == "GET" and not asked:
        context = {"starters": library.starters(), "taken": _titles(here)}
        return responses.page(request, "policies/start.html", context)
    form = NewForm(responses.posted(request), client=here.client, initial=_outline(asked))
    policy = form.attempt(lambda values: services.create_policy(client=here.client, by=here.user, at=here.at, **values))
    if policy is not None:
        return responses.done(request, here.of(policy), f"{policy.title} was started as a draft.")
    return form_page(request, form, here, title="New policy", verb="Save draft")


def _titles(here: Here) -> set[str]:
    return set(Policy.objects.live().filter(client=here.client).values_list("title", flat=True))


def _outline(key: str) -> dict[str, Any]:
    starter = library.starter(key)
    if starter is None:
        return {}
    return {
        "title": starter.title,
        "kind": starter.kind,
        "purpose": starter.purpose,
        "review_months": starter.months,
        "body": starter.body,
    }


@requires("policies.add")
def policy_existing(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = ExistingForm(responses.posted(request), client=here.client)
    policy = form.attempt(
        lambda values: services.record_existing(client=here.client, by=here.user, at=here.at, **values)
    )
    if policy is not None:
        return responses.done(request, here.of(policy), f"{policy.title} is in force, approval not recorded.")
    text = "For a policy in force before you used this portal. Its approval is shown as not recorded."
    return form_page(request, form, here, title="Bring in a policy", verb="Bring it in", text=text)


@requires("policies.edit", policies)
def policy_details(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    form = DetailsForm(responses.posted(request), client=here.client, stored=stored_values(policy, DETAILS))
    saved = form.attempt(lambda values: services.change_details(policy=policy, by=here.user, at=here.at, **values))
    if saved is not None:
        return responses.done(request, here.of(saved), "Saved.")
    return form_page(request, form, here, policy=policy, title="Details", verb="Save details")


@requires("policies.edit", policies)
def policy_edit(request: HttpRequest, policy: Policy) -> HttpResponse:
    """The open draft, or the words in force as the beginning of the next version."""
    here = Here(request)
    opened = policy.versions.open().first()
    if opened is not None and opened.is_waiting:
        sentence = f"Version {opened.number} waits for approval. Withdraw it before you change it."
        return refused(request, ValidationError(sentence), title=policy.title, back=here.of(policy))
    beginning = opened or policy.versions.newest_first().first()
    stored = {
        "body": beginning.body if beginning else "",
        "change_summary": opened.change_summary if opened else "",
    }
    form = DraftForm(responses.posted(request), stored=stored)
    major = request.POST.get("number") == "major"
    saved = form.attempt(lambda values: _save(policy, here, major, values))
    if saved is not None and request.POST.get("then") == "send":
        return responses.done(request, here.of(policy, "send"), f"Draft {saved.number} saved.")
    if saved is not None:
        return responses.done(request, here.of(policy), f"Draft {saved.number} saved.")
    context = {"version": opened, "last": beginning, "title": _title(opened, beginning), "verb": "Save draft"}
    return form_page(request, form, here, policy=policy, template="policies/edit.html", **context)


def _title(opened: PolicyVersion | None, last: PolicyVersion | None) -> str:
    if opened is not None:
        return f"Edit {opened.number}"
    return f"Edit {last.major}.{last.minor + 1}" if last else "Edit 1.0"


def _save(policy: Policy, here: Here, major: bool, values: dict[str, Any]) -> PolicyVersion:
    draft = services.start_draft(policy=policy, by=here.user, at=here.at, major=major)
    return services.save_draft(version=draft, by=here.user, at=here.at, **values)


@requires("policies.edit", policies)
@require_POST
def draft_discard(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    draft = policy.versions.filter(state="draft").first()
    try:
        if draft is None:
            raise ValidationError("There is no draft to throw away.")
        services.discard_draft(version=draft, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=policy.title, back=here.of(policy))
    return responses.done(request, here.of(policy), f"Draft {draft.number} was thrown away.")
