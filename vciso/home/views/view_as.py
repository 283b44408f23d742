"""What the owner or a director would see now, for the consultant: read-only, and in the trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vciso.audit import services as audit
from vciso.home.views.board import board_context
from vciso.home.views.owner import owner_context
from vciso.tenancy.permissions import requires
from vciso.web import responses

VIEWS = {"owner": "home:view-as-owner", "director": "home:view-as-director"}


@requires("home.view_as")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Notes the look in the trail, then shows the page. A GET alone changes nothing."""
    role = request.POST.get("role", "owner")
    role = role if role in VIEWS else "owner"
    audit.record(verb="client.viewed_as", client=request.client, by=request.actor.user, after={"role": role})
    request.session["viewing_as"] = {"client": request.client.key, "role": role}
    return responses.done(request, VIEWS[role], client_key=request.client.key)


@requires("home.view_as")
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    request.session.pop("viewing_as", None)
    return redirect("home:overview", client_key=request.client.key)


def _is_viewing(request: HttpRequest, role: str) -> bool:
    return request.session.get("viewing_as") == {"client": request.client.key, "role": role}


def _banner(request: HttpRequest, who: str) -> dict[str, object]:
    return {
        "view_as": who,
        "view_as_url": reverse("home:overview", kwargs={"client_key": request.client.key}),
        "read_only": True,
    }


@requires("home.view_as")
@require_GET
def as_owner(request: HttpRequest) -> HttpResponse:
    if not _is_viewing(request, "owner"):
        return redirect("home:overview", client_key=request.client.key)
    context = owner_context(request.client, None) | _banner(request, "the owner")
    return responses.page(request, "home/owner.html", context)


@requires("home.view_as")
@require_GET
def as_director(request: HttpRequest) -> HttpResponse:
    if not _is_viewing(request, "director"):
        return redirect("home:overview", client_key=request.client.key)
    context = board_context(request.client, None) | _banner(request, "a director")
    return responses.page(request, "home/board.html", context)
