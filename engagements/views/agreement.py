"""Profile, settings, the agreement, objectives and hours."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.enums import DataKind
from engagements.forms.agreement import (
    EngagementForm,
    ObjectiveForm,
    ProfileForm,
    ReasonForm,
    SettingsForm,
    TimeForm,
)
from engagements.forms.base import stored_values
from engagements.forms.filters import TimeFilter
from engagements.models import Engagement, Objective, Profile, TimeEntry
from engagements.selectors import agreement as reads
from engagements.selectors import people as directory
from engagements.services import agreement as services
from engagements.services import business
from engagements.views import files
from engagements.views.base import Here, form_page
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.filters import FilterBar
from vciso.web.pagination import paginate, sorting

HOUR_SORTS = {
    "on": ("on", "created_at"),
    "minutes": ("minutes", "on", "pk"),
    "activity": ("activity", "on", "pk"),
}
OBJECTIVE_FIELDS = ("title", "horizon", "detail")


@requires("engagements.view")
def profile(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = directory.profile_of(here.client)
    labels = dict(DataKind.choices)
    context = {
        "profile": found,
        "kinds": [labels[kind] for kind in (found.data_kinds if found else []) if kind in labels],
        "objectives": Objective.objects.filter(client=here.client).current(on=here.today),
    }
    return responses.page(request, "engagements/profile.html", context)


@requires("engagements.edit")
def profile_edit(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    found = directory.profile_of(here.client) or Profile(client=here.client)
    form = ProfileForm(
        responses.posted(request),
        currency=here.client.currency,
        stored=stored_values(found, business.PROFILE_FIELDS),
    )
    back = here.url("profile")
    saved = form.attempt(
        lambda values: business.set_profile(client=here.client, values=values, by=here.user, at=here.at)
    )
    if saved is not None:
        return responses.done(request, back, "The profile was saved.")
    return form_page(
        request, form, title="Edit the profile", verb="Save profile", cancel=back,
        crumbs=(("Profile and settings", back),),
    )  # fmt: skip


@requires("engagements.edit")
def settings(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = SettingsForm(
        responses.posted(request),
        client=here.client,
        stored=stored_values(here.client, business.CLIENT_FIELDS),
    )
    back = here.url("profile")
    saved = form.attempt(
        lambda values: business.edit_client(client=here.client, values=values, by=here.user, at=here.at)
    )
    if saved is not None:
        return responses.done(request, back, "The settings were saved.")
    return form_page(
        request, form, title="Client settings", verb="Save settings", cancel=back,
        crumbs=(("Profile and settings", back),),
        text="The address of the client’s pages stays as it is, whatever the name.",
        template="engagements/settings.html",
    )  # fmt: skip


@requires("engagements.edit")
def objective_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = ObjectiveForm(responses.posted(request))
    back = here.url("profile")
    made = form.attempt(lambda values: services.set_objective(client=here.client, by=here.user, at=here.at, **values))
    if made is not None:
        return responses.done(request, back, "The objective was added.")
    return form_page(
        request, form, title="Add an objective", verb="Add objective", cancel=back,
        crumbs=(("Profile and settings", back),),
    )  # fmt: skip


def _objectives() -> Any:
    return Objective.objects.select_related("client")


@requires("engagements.edit", _objectives)
def objective_edit(request: HttpRequest, objective: Objective) -> HttpResponse:
    here = Here(request)
    form = ObjectiveForm(responses.posted(request), stored=stored_values(objective, OBJECTIVE_FIELDS))
    back = here.url("profile")
    saved = form.attempt(
        lambda values: services.edit_objective(objective=objective, values=values, by=here.user, at=here.at)
    )
    if saved is not None:
        return responses.done(request, back, "The objective was saved.")
    return form_page(
        request, form, title="Edit the objective", verb="Save objective", cancel=back,
        crumbs=(("Profile and settings", back),),
    )  # fmt: skip


@requires("engagements.edit", _objectives)
def objective_drop(request: HttpRequest, objective: Objective) -> HttpResponse:
    here = Here(request)
    form = ReasonForm(responses.posted(request))
    back = here.url("profile")
    gone = form.attempt(
        lambda values: services.drop_objective(objective=objective, reason=values["reason"], by=here.user, at=here.at)
    )
    if gone is not None:
        return responses.done(request, back, "The objective was dropped.")
    return form_page(
        request, form, title=f"Drop “{objective.title}”?", verb="Drop objective", cancel=back,
        crumbs=(("Profile and settings", back),), text="Earlier reports still know it.",
    )  # fmt: skip


@requires("engagements.view")
def engagement(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    terms = Engagement.objects.filter(client=here.client).order_by("-starts_on")
    current = reads.engagement_on(here.client, here.today)
    context = {
        "engagement": current,
        "others": [one for one in terms if current is None or one.pk != current.pk],
        "hours": reads.hours_used(here.client, here.today),
        "today": here.today,
    }
    return responses.page(request, "engagements/engagement.html", context)


def _engagement_form(request: HttpRequest, here: Here, **options: Any) -> EngagementForm:
    return EngagementForm(
        responses.posted(request),
        currency=here.client.currency,
        team=directory.team(here.client),
        people=directory.choices(here.client),
        **options,
    )


@requires("engagements.edit")
def engagement_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = _engagement_form(request, here, initial={"starts_on": here.today, "lead": here.user})
    back = here.url("engagement")
    made = form.attempt(
        lambda values: services.start_engagement(client=here.client, values=values, by=here.user, at=here.at)
    )
    if made is not None:
        return responses.done(request, back, "The engagement was written down.")
    return form_page(
        request, form, title="Write down an engagement", verb="Save engagement", cancel=back,
        crumbs=(("Engagement", back),),
    )  # fmt: skip


def _engagements() -> Any:
    return Engagement.objects.select_related("client")


@requires("engagements.edit", _engagements)
def engagement_edit(request: HttpRequest, found: Engagement) -> HttpResponse:
    here = Here(request)
    form = _engagement_form(request, here, stored=stored_values(found, services.FIELDS))
    back = here.url("engagement")
    saved = form.attempt(
        lambda values: services.edit_engagement(engagement=found, values=values, by=here.user, at=here.at)
    )
    if saved is not None:
        return responses.done(request, back, "The engagement was saved.")
    return form_page(
        request, form, title="Edit the engagement", verb="Save engagement", cancel=back,
        crumbs=(("Engagement", back),),
    )  # fmt: skip


def _hours_page(request: HttpRequest, here: Here, form: TimeForm) -> HttpResponse:
    entries = TimeEntry.objects.filter(client=here.client).select_related("by", "person")
    found = TimeFilter(request.GET, queryset=entries, request=request)
    order = sorting(request, HOUR_SORTS, default="-on")
    rows = found.qs.order_by(*order.order_by)
    if request.GET.get("format"):
        return files.answer(request, "hours", rows.filter(private=False))
    context = {
        "filterset": found,
        "sorting": order,
        "page": paginate(request, rows),
        "filters": FilterBar(request, found),
        "hours": reads.hours_used(here.client, here.today),
        "form": form,
        "today": here.today,
    }
    return responses.page(
        request, "engagements/hours.html", context,
        partial="list", status=422 if form.is_bound else 200,
    )  # fmt: skip


@requires("engagements.view_time")
def hours(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    return _hours_page(request, here, TimeForm(initial={"on": here.today}))


@requires("engagements.log_time")
def time_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = TimeForm(responses.posted(request), initial={"on": here.today})
    entry = form.attempt(
        lambda values: services.log_time(client=here.client, by=here.user, at=here.at, **TimeForm.facts(values))
    )
    if entry is not None:
        undo = here.url("time-remove", pk=entry.pk)
        return responses.done(request, here.url("hours"), "The time was logged.", undo=undo)
    return _hours_page(request, here, form)


def _entries() -> Any:
    return TimeEntry.objects.select_related("client")


@requires("engagements.log_time", _entries)
def time_edit(request: HttpRequest, entry: TimeEntry) -> HttpResponse:
    here = Here(request)
    form = TimeForm(responses.posted(request), stored=TimeForm.stored(entry))
    back = here.url("hours")
    saved = form.attempt(
        lambda values: services.edit_time(entry=entry, values=TimeForm.facts(values), by=here.user, at=here.at)
    )
    if saved is not None:
        return responses.done(request, back, "The entry was saved.")
    return form_page(
        request, form, title="Correct the entry", verb="Save entry", cancel=back,
        crumbs=(("Hours", back),),
    )  # fmt: skip


@require_POST
@requires("engagements.log_time", _entries)
def time_remove(request: HttpRequest, entry: TimeEntry) -> HttpResponse:
    here = Here(request)
    services.remove_time(entry=entry, by=here.user, at=here.at)
    return responses.done(request, here.url("hours"), "The entry was removed.")
