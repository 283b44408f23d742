"""Systems and processes the business runs on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from engagements.forms.agreement import EstateForm, ReasonForm
from engagements.forms.base import stored_values
from engagements.forms.filters import ProcessFilter, SystemFilter
from engagements.models import Process, System
from engagements.selectors import people as directory
from engagements.services import business as services
from engagements.views import files
from engagements.views.base import Here, form_page
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.filters import FilterBar
from vciso.web.pagination import paginate, sorting

Estate = System | Process
SORTS = {
    "id": ("reference",),
    "name": ("name", "pk"),
    "need": ("criticality", "name", "pk"),
    "restore": ("restore_order", "name", "pk"),
    "without": ("tolerable_downtime_hours", "name", "pk"),
}
WORDS = {
    System: {"list": "systems", "one": "system", "nouns": "system", "title": "Systems", "icon": "server"},
    Process: {
        "list": "processes",
        "one": "process",
        "nouns": "process,processes",
        "title": "Processes",
        "icon": "workflow",
    },
}


def _systems() -> Any:
    return System.objects.select_related("owner", "client")


def _processes() -> Any:
    return Process.objects.select_related("owner", "client")


def _list(request: HttpRequest, model: type[Estate], filterset: Any) -> HttpResponse:
    here = Here(request)
    words = WORDS[model]
    queryset = model.objects.filter(client=here.client).select_related("owner")
    found = filterset(request.GET, queryset=queryset, request=request)
    order = sorting(request, SORTS, default="name")
    rows = found.qs.order_by(*order.order_by)
    if request.GET.get("format"):
        return files.answer(request, words["list"], rows)
    context = {
        "filterset": found,
        "sorting": order,
        "page": paginate(request, rows),
        "filters": FilterBar(request, found),
        "words": words,
        "new_url": here.url(f"{words['one']}-new"),
        "detail_name": f"engagements:{words['one']}",
    }
    return responses.page(request, "engagements/estate_list.html", context, partial="list")


@requires("engagements.view")
def system_list(request: HttpRequest) -> HttpResponse:
    return _list(request, System, SystemFilter)


@requires("engagements.view")
def process_list(request: HttpRequest) -> HttpResponse:
    return _list(request, Process, ProcessFilter)


def _new(request: HttpRequest, model: type[Estate]) -> HttpResponse:
    here = Here(request)
    words = WORDS[model]
    form = EstateForm(responses.posted(request), people=directory.choices(here.client))
    item = form.attempt(
        lambda values: services.add_estate(model, client=here.client, values=values, by=here.user, at=here.at)
    )
    if item is not None:
        return responses.done(request, here.url(words["one"], ref=item.reference), f"{item.name} was added.")
    listing = here.url(words["list"])
    return form_page(
        request, form, title=f"Add a {words['one']}", verb=f"Add {words['one']}", cancel=listing,
        crumbs=((words["title"], listing),),
    )  # fmt: skip


@requires("engagements.edit")
def system_new(request: HttpRequest) -> HttpResponse:
    return _new(request, System)


@requires("engagements.edit")
def process_new(request: HttpRequest) -> HttpResponse:
    return _new(request, Process)


def _detail(request: HttpRequest, item: Estate) -> HttpResponse:
    words = WORDS[type(item)]
    here = Here(request)
    context = {
        "item": item,
        "words": words,
        "holds": EstateForm(people=directory.choices(here.client)).fields["holds"].choices,  # type: ignore[attr-defined]  # a choice field
        "list_url": here.url(words["list"]),
        "edit_url": here.url(f"{words['one']}-edit", ref=item.reference),
        "retire_url": here.url(f"{words['one']}-retire", ref=item.reference),
        "reason_form": ReasonForm(),
    }
    return responses.page(request, "engagements/estate.html", context)


@requires("engagements.view", _systems)
def system_detail(request: HttpRequest, item: System) -> HttpResponse:
    return _detail(request, item)


@requires("engagements.view", _processes)
def process_detail(request: HttpRequest, item: Process) -> HttpResponse:
    return _detail(request, item)


def _edit(request: HttpRequest, item: Estate) -> HttpResponse:
    here = Here(request)
    words = WORDS[type(item)]
    form = EstateForm(
        responses.posted(request),
        people=directory.choices(here.client),
        stored=stored_values(item, services.ESTATE_FIELDS),
    )
    back = here.url(words["one"], ref=item.reference)
    saved = form.attempt(lambda values: services.edit_estate(item=item, values=values, by=here.user, at=here.at))
    if saved is not None:
        return responses.done(request, back, f"{item.name} was saved.")
    return form_page(
        request, form, title=f"Edit {item.name}", verb=f"Save {words['one']}", cancel=back,
        crumbs=((words["title"], here.url(words["list"])), (item.name, back)),
    )  # fmt: skip


@requires("engagements.edit", _systems)
def system_edit(request: HttpRequest, item: System) -> HttpResponse:
    return _edit(request, item)


@requires("engagements.edit", _processes)
def process_edit(request: HttpRequest, item: Process) -> HttpResponse:
    return _edit(request, item)


def _retire(request: HttpRequest, item: Estate) -> HttpResponse:
    here = Here(request)
    words = WORDS[type(item)]
    back, listing = here.url(words["one"], ref=item.reference), here.url(words["list"])
    form = ReasonForm(responses.posted(request))
    gone = form.attempt(
        lambda values: services.retire_estate(item=item, reason=values["reason"], by=here.user, at=here.at)
    )
    if gone is not None:
        return responses.done(request, listing, f"{item.name} is retired.")
    return form_page(
        request, form, title=f"Retire {item.name}?", verb=f"Retire {words['one']}", cancel=back,
        crumbs=((words["title"], listing), (item.name, back)),
        text="It leaves the lists; what points to it keeps its name.",
    )  # fmt: skip


@requires("engagements.edit", _systems)
def system_retire(request: HttpRequest, item: System) -> HttpResponse:
    return _retire(request, item)


@requires("engagements.edit", _processes)
def process_retire(request: HttpRequest, item: Process) -> HttpResponse:
    return _retire(request, item)
