"""The risk library at a client: what is proposed and why, adding it, and deciding on its changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.selectors import people
from policies.selectors.comparison import compare
from risks import services
from risks.forms.library import AdoptForm, TakeOverForm
from risks.forms.risk import ReasonForm, wording_of
from risks.models import LibraryChange
from risks.rules.proposing import Scenario
from risks.selectors import library
from risks.selectors.frame import frame
from risks.views.base import Here, added, form_page, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses

VIEWS = (("", "Proposed"), ("taken", "In the register"), ("other", "Others"))
LABELS = {"title": "Title", "cause": "Cause", "event": "Event", "consequence": "Consequence"}


@require_GET
@requires("risks.view")
def proposals(request: HttpRequest) -> HttpResponse:
    """Scenarios for this client, each with its reasons."""
    here = Here(request)
    found = library.proposals(here.client)
    parts = {
        "": [one for one in found if not one.risks and one.concerns],
        "taken": [one for one in found if one.risks],
        "other": [one for one in found if not one.risks and not one.concerns],
    }
    show = request.GET.get("show", "")
    show = show if show in parts else ""
    names = frame(here.client, here.today).names
    context = {
        "show": show,
        "proposals": [(one, [names.get(key, key) for key in one.scenario.categories]) for one in parts[show]],
        "views": [
            (label, f"?show={key}" if key else here.url("library"), show == key, len(parts[key]))
            for key, label in VIEWS
        ],
        "waiting": LibraryChange.objects.filter(client=here.client).waiting().count(),
        "may_raise": here.may("risks.raise"),
    }
    return responses.page(request, "risks/library.html", context)


@require_http_methods(["GET", "POST"])
@requires("risks.raise")
def adopt(request: HttpRequest, key: str) -> HttpResponse:
    """A scenario is confirmed for this client, with an impact for each category it touches."""
    here = Here(request)
    scenario = library.library(here.client.practice_id).get(key)
    if scenario is None:
        raise Http404
    form = AdoptForm(
        responses.posted(request),
        scenario=scenario,
        people=people.choices(here.client),
        measure=frame(here.client, here.today),
    )
    risk = form.attempt(
        lambda data: services.adopt_scenario(
            client=here.client,
            scenario=scenario,
            by=here.user,
            at=here.at,
            wording=wording_of(data),
            owner=data["owner"],
            ratings=data["ratings"],
        )
    )
    if risk:
        return added(request, here, risk, whence=" from the library")
    return form_page(
        request,
        form,
        title="Add from the library",
        text="Make the words fit this client, and confirm how bad it would be here.",
        verb="Confirm and add",
        cancel=here.url("library"),
        parent=("Library", here.url("library")),
        template="risks/adopt.html",
    )


@require_GET
@requires("risks.view")
def changes(request: HttpRequest) -> HttpResponse:
    """What the practice's library offers this client, each part as it stands and as it would be."""
    here = Here(request)
    offered = library.offered(here.client)
    entries: dict[str, Scenario] = {}
    names: Mapping[str, str] = {}
    if any(one.change.risk is None for one in offered):
        entries, names = library.library(here.client.practice_id), frame(here.client, here.today).names
    shown = [
        (
            one.change,
            [(LABELS[part.name], part, compare(part.stands, part.offered).html) for part in one.parts],
            None if one.change.risk else _usual(entries.get(one.change.scenario), names),
        )
        for one in offered
    ]
    return responses.page(
        request, "risks/library_changes.html", {"changes": shown, "may_edit": here.may("risks.raise")}
    )


def _usual(scenario: Scenario | None, names: Mapping[str, str]) -> tuple[str, list[tuple[str, str]]] | None:
    """What the library begins with: how likely, and each category it touches with what to ask about it."""
    if scenario is None:
        return None
    touched = [(names.get(key, key.capitalize()), scenario.hints.get(key, "")) for key in scenario.categories]
    return scenario.likelihood, touched


def _changes() -> Any:
    return LibraryChange.objects.select_related("client", "risk")


@require_POST
@requires("risks.raise", _changes)
def accept(request: HttpRequest, change: LibraryChange) -> HttpResponse:
    """The register takes over the parts that were ticked."""
    here = Here(request)
    back = here.url("library-changes")
    form = TakeOverForm(request.POST)
    risk = form.attempt(
        lambda data: services.accept_change(
            change=change, parts=data["part"], seen=data["seen"] or 0, by=here.user, at=here.at
        )
    )
    if risk is None:
        sentences = [sentence for errors in form.errors.values() for sentence in errors]
        return refused(request, ValidationError(sentences), title="Not taken over", back=back)
    return responses.done(request, back, f"{risk.reference} took it over.")


@require_http_methods(["GET", "POST"])
@requires("risks.raise", _changes)
def decline(request: HttpRequest, change: LibraryChange) -> HttpResponse:
    """The register keeps its own words, with a reason."""
    here = Here(request)
    form = ReasonForm(responses.posted(request))
    back = here.url("library-changes")
    declined = form.attempt(
        lambda data: services.decline_change(change=change, reason=data["reason"], by=here.user, at=here.at)
    )
    if declined:
        return responses.done(request, back, "Declined. The register stays as it is.")
    return form_page(
        request,
        form,
        title="Decline this change?",
        text=change.title,
        verb="Decline change",
        cancel=back,
        parent=("Changes of the library", back),
    )
