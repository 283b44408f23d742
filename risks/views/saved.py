"""Views of the list that people save, rename and remove for themselves."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.forms.base import stored_values
from risks import services
from risks.forms.filters import RiskFilter
from risks.forms.saved_views import RenameViewForm, SaveViewForm
from risks.models import SavedView
from risks.views.base import Here, form_page, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses

KNOWN = (*RiskFilter.base_filters, "sort")
"""What of the list's address a view keeps."""


def links(here: Here) -> list[tuple[str, str]]:
    """The person's views at this client, each with the address it opens, in one query."""
    return [(view.name, _address(here, view)) for view in SavedView.objects.at(here.client)]


def _address(here: Here, view: SavedView) -> str:
    return here.url("list") + (f"?{view.query}" if view.query else "")


def _named(here: Here, asked: str) -> SavedView | None:
    """The view of that id, if it is the person's own and of use at this client."""
    try:
        pk = uuid.UUID(asked)
    except ValueError:
        return None
    return SavedView.objects.at(here.client).filter(pk=pk).first()


@require_GET
@requires("risks.view")
def views(request: HttpRequest) -> HttpResponse:
    """Every view the person saved, with what it opens."""
    return _listed(request, Here(request))


def _listed(request: HttpRequest, here: Here) -> HttpResponse:
    context = {"rows": [(view, _address(here, view)) for view in SavedView.objects.at(here.client)]}
    return responses.page(request, "risks/saved_views.html", context)


@require_http_methods(["GET", "POST"])
@requires("risks.view")
def save(request: HttpRequest) -> HttpResponse:
    """The filters and the order in the address are kept under a name."""
    here = Here(request)
    form = SaveViewForm(responses.posted(request), initial={"query": request.GET.urlencode()[:2000]})
    view = form.attempt(
        lambda data: services.save_view(client=here.client, known=KNOWN, by=here.user, at=here.at, **data)
    )
    if view:
        return responses.done(request, _address(here, view), f"View “{view.name}” saved.")
    asked = request.GET.urlencode()
    return form_page(
        request,
        form,
        title="Save this view",
        text="The filters and the order of the list, for yourself. Nobody else sees it.",
        verb="Save view",
        cancel=here.url("list") + (f"?{asked}" if asked else ""),
    )


@require_http_methods(["GET", "POST"])
@requires("risks.view")
def rename(request: HttpRequest) -> HttpResponse:
    """`?view=` gets another name; without one the views are listed."""
    here = Here(request)
    view = _named(here, request.GET.get("view", ""))
    if view is None and request.method == "GET":
        return _listed(request, here)
    if view is None:
        return _gone(request, here)
    form = RenameViewForm(responses.posted(request), stored=stored_values(view, ["name"]))
    renamed = form.attempt(
        lambda data: services.rename_view(view=view, client=here.client, by=here.user, at=here.at, **data)
    )
    if renamed:
        return responses.done(request, here.url("views"), f"The view is called “{renamed.name}” now.")
    return form_page(
        request,
        form,
        title="Rename view",
        text=view.name,
        verb="Rename",
        cancel=here.url("views"),
        parent=("Saved views", here.url("views")),
    )


@require_POST
@requires("risks.view")
def remove(request: HttpRequest) -> HttpResponse:
    """One view goes; risks stay as they are."""
    here = Here(request)
    view = _named(here, request.POST.get("view", ""))
    if view is None:
        return _gone(request, here)
    services.remove_view(view=view, client=here.client, by=here.user, at=here.at)
    return responses.done(request, here.url("views"), f"View “{view.name}” removed.")


def _gone(request: HttpRequest, here: Here) -> HttpResponse:
    sentence = ValidationError("This view is gone. Choose one of the list.")
    return refused(request, sentence, title="No such view", back=here.url("views"))
