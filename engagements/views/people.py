"""The directory: list, person, invitation, access, deputy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from engagements.forms.base import stored_values
from engagements.forms.filters import PersonFilter
from engagements.forms.people import DeputyForm, InviteForm, PersonForm
from engagements.models import Ask, Person, Task
from engagements.models.people import PersonQuerySet
from engagements.selectors import people as directory
from engagements.services import people as services
from engagements.views import files
from engagements.views.base import Here, form_page, refused
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.confirming import confirmed
from vciso.web.filters import FilterBar
from vciso.web.forms import Form
from vciso.web.pagination import paginate, sorting
from vciso.web.throttling import throttled

SORTS = {
    "name": ("name", "pk"),
    "side": ("side", "name", "pk"),
    "organisation": ("organisation", "name", "pk"),
    "job": ("job_title", "name", "pk"),
}


def _people() -> PersonQuerySet:
    return directory.with_roles(Person.objects.select_related("user", "deputy", "client"))


@requires("engagements.view")
def person_list(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = PersonFilter(request.GET, queryset=_people().filter(client=here.client), request=request)
    order = sorting(request, SORTS, default="name")
    rows = found.qs.order_by(*order.order_by)
    if request.GET.get("format"):
        return files.answer(request, "people", rows)
    listed = paginate(request, rows)
    for person in listed:
        person.access = str(directory.access_of(person) or "")
    context = {"filterset": found, "sorting": order, "page": listed, "filters": FilterBar(request, found)}
    return responses.page(request, "engagements/people.html", context, partial="list")


@requires("engagements.manage_people")
def person_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = PersonForm(responses.posted(request))
    person = form.attempt(lambda values: services.add_person(client=here.client, by=here.user, at=here.at, **values))
    if person is not None:
        twin = _twin(person)
        level = messages.WARNING if twin else messages.SUCCESS
        return responses.done(request, here.url("person", pk=person.pk), f"{person.name} was added.{twin}", level=level)
    listing = here.url("people")
    return form_page(
        request, form, title="Add a person", verb="Add person", cancel=listing, crumbs=(("People", listing),)
    )


def _twin(person: Person) -> str:
    """A word about somebody else of the same name, as after adding a person twice; else nothing."""
    others = Person.objects.filter(client=person.client, name__iexact=person.name).exclude(pk=person.pk)
    other = others.order_by("created_at").first()
    if other is None:
        return ""
    said = other.job_title or other.email or other.get_side_display().lower()
    return f" There is another {other.name} ({said}): if they are one person, set one of them no longer active."


def _tasks(person: Person) -> QuerySet[Task]:
    return Task.objects.open().filter(assignee=person).order_by("due_on", "reference")[:10]


def _page(request: HttpRequest, person: Person, here: Here, **forms: Any) -> HttpResponse:
    others = directory.stand_ins(person)
    bound = [form for form in forms.values() if form.is_bound]
    context = {
        "person": person,
        "access": directory.access_of(person),
        "asks": Ask.objects.open().filter(asked_of=person).nearest_first()[:10],
        "tasks": _tasks(person),
        "invite_form": InviteForm(prefix="invite"),
        "deputy_form": DeputyForm(people=others, prefix="deputy", initial={"first": here.today}),
        "signs_as": [Role(role).label.lower() for role in directory.signing(person.roles)],
        "today": here.today,
        **forms,
    }
    return responses.page(request, "engagements/person.html", context, status=422 if bound else 200)


@requires("engagements.view", _people)
def person_detail(request: HttpRequest, person: Person) -> HttpResponse:
    return _page(request, person, Here(request))


@requires("engagements.manage_people", _people)
def person_edit(request: HttpRequest, person: Person) -> HttpResponse:
    here = Here(request)
    form = PersonForm(responses.posted(request), stored=stored_values(person, services.FIELDS))
    back = here.url("person", pk=person.pk)
    saved = form.attempt(lambda values: services.edit_person(person=person, values=values, by=here.user, at=here.at))
    if saved is not None:
        return responses.done(request, back, f"{person.name} was saved.")
    return form_page(
        request, form, title=f"Edit {person.name}", verb="Save person", cancel=back,
        crumbs=(("People", here.url("people")), (person.name, back)),
    )  # fmt: skip


@require_POST
@requires("engagements.manage_people", _people)
@confirmed
@throttled("invitation")
def person_invite(request: HttpRequest, person: Person) -> HttpResponse:
    here = Here(request)
    form = InviteForm(request.POST, prefix="invite")
    sent = form.attempt(
        lambda values: services.invite_person(person=person, role=values["role"], by=here.user, at=here.at)
    )
    if sent is None:
        return _page(request, person, here, invite_form=form)
    return responses.done(request, here.url("person", pk=person.pk), f"An invitation was sent to {person.email}.")


@require_POST
@requires("engagements.manage_people", _people)
def person_deputy(request: HttpRequest, person: Person) -> HttpResponse:
    here = Here(request)
    others = directory.stand_ins(person)
    form = DeputyForm(request.POST, people=others, prefix="deputy")
    saved = form.attempt(lambda values: services.set_deputy(person=person, by=here.user, at=here.at, **values))
    if saved is None:
        return _page(request, person, here, deputy_form=form)
    return responses.done(
        request, here.url("person", pk=person.pk), f"{saved.deputy.name} stands in for {person.name}."
    )


def _do(request: HttpRequest, person: Person, verb: Any, message: str) -> HttpResponse:
    here = Here(request)
    back = here.url("person", pk=person.pk)
    try:
        verb(person=person, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=person.name, back=back)
    return responses.done(request, back, message)


@require_POST
@requires("engagements.manage_people", _people)
def person_deputy_end(request: HttpRequest, person: Person) -> HttpResponse:
    return _do(request, person, services.end_deputy, f"{person.name} answers for themselves again.")


@require_http_methods(["GET", "POST"])
@requires("engagements.manage_people", _people)
def person_deactivate(request: HttpRequest, person: Person) -> HttpResponse:
    """Asks first, and says what still names them; what they own stays theirs until somebody hands it over."""
    if request.method == "POST":
        return _do(request, person, services.deactivate_person, f"{person.name} is no longer offered in choices.")
    here = Here(request)
    back = here.url("person", pk=person.pk)
    return form_page(
        request, Form(), title=f"Is {person.name} no longer active?", verb="No longer active", cancel=back,
        text="They are no longer offered in choices. What names them goes on naming them.",
        crumbs=(("People", here.url("people")), (person.name, back)), template="engagements/person_leaves.html",
        person=person, tasks=_tasks(person), today=here.today,
    )  # fmt: skip


@require_POST
@requires("engagements.manage_people", _people)
def person_reactivate(request: HttpRequest, person: Person) -> HttpResponse:
    return _do(request, person, services.reactivate_person, f"{person.name} is back in the choices.")


@require_POST
@requires("engagements.manage_people", _people)
def person_remove_access(request: HttpRequest, person: Person) -> HttpResponse:
    return _do(request, person, services.remove_access, f"{person.name} can no longer sign in here.")
