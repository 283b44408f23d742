"""The practice's own pages: how it looks, who works in it, who is invited."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from engagements.forms.base import stored_values
from vciso.accounts import services
from vciso.accounts.models import Invitation
from vciso.files import quotas, storage
from vciso.files.images import clean_logo
from vciso.files.responses import download
from vciso.files.scanning import MalwareFound
from vciso.files.uploads import UploadRefused, taken
from vciso.home.forms import AssignForm, InviteColleagueForm, LogoForm, PracticeForm
from vciso.tenancy.enums import PRACTICE_ROLES, Role
from vciso.tenancy.models import Membership, Practice, User
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.confirming import confirmed
from vciso.web.throttling import POSTED, throttled

FIELDS = ("name", "accent", "second_approval")


def own_practice(request: HttpRequest) -> Practice:
    """The practice whose admin this person is; the first, should they be admin of several."""
    mine = Membership.objects.filter(user=request.actor.user, role=Role.PRACTICE_ADMIN)
    return mine.select_related("practice").order_by("created_at", "id").first().practice


@requires("home.practice")
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    practice = own_practice(request)
    form = PracticeForm(responses.posted(request), stored=stored_values(practice, FIELDS))
    if form.is_valid():
        services.update_practice(practice=practice, by=request.actor.user, at=timezone.now(), **form.cleaned_data)
        return responses.done(request, "home:practice-settings", "The practice’s settings are saved.")
    context = {"practice": practice, "logo_form": LogoForm(), "kept": quotas.of_practice(practice.pk)}
    return responses.answer_form(request, "home/practice/settings.html", context, form=form)


@requires("home.practice")
@require_http_methods(["GET", "POST"])
def logo(request: HttpRequest) -> HttpResponse:
    """GET shows the logo, POST replaces it; the picture is drawn anew, so nothing else rides along."""
    practice = own_practice(request)
    if request.method == "GET":
        return _show_logo(practice)
    form = LogoForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            content, suffix = clean_logo(taken(form.cleaned_data["logo"], kind="logo"))
            quotas.admit_for_practice(practice=practice, size=len(content))
            kept = storage.store_for_practice(practice.pk, content, suffix=suffix)
        except (UploadRefused, MalwareFound) as refusal:
            form.add_error("logo", str(refusal))
            status = getattr(refusal, "status", status)
        else:
            services.update_practice(practice=practice, by=request.actor.user, at=timezone.now(), logo_key=kept.key)
            return responses.done(request, "home:practice-settings", "The new logo stands on every report from now on.")
    settings_form = PracticeForm(stored=stored_values(practice, FIELDS))
    context = {
        "practice": practice, "form": settings_form, "logo_form": form, "kept": quotas.of_practice(practice.pk),
    }  # fmt: skip
    return responses.page(request, "home/practice/settings.html", context, status=status)


def _show_logo(practice: Practice) -> HttpResponse:
    if not practice.logo_key:
        raise Http404
    try:
        content = storage.read(practice.logo_key)
    except FileNotFoundError:
        raise Http404 from None
    name = f"logo.{practice.logo_key.rsplit('.', 1)[-1]}"
    return download(content, name=name, inline=True, key=practice.logo_key)


def _people(practice: Practice) -> list[dict[str, Any]]:
    """Everybody of the practice with their roles and clients, by name."""
    rows = Membership.objects.filter(practice=practice, role__in=PRACTICE_ROLES).select_related("user", "client")
    found: dict[User, dict[str, Any]] = defaultdict(lambda: {"roles": set(), "clients": []})
    for row in rows:
        found[row.user]["roles"].add(Role(row.role).label)
        if row.client is not None:
            found[row.user]["clients"].append(row.client)
    return [
        {"user": user, "roles": sorted(facts["roles"]), "clients": sorted(facts["clients"], key=lambda c: c.name)}
        for user, facts in sorted(found.items(), key=lambda pair: pair[0].name.lower())
    ]


@requires("home.practice")
@confirmed
@require_http_methods(["GET", "POST"])
@throttled("invitation", methods=POSTED)
def people(request: HttpRequest) -> HttpResponse:
    practice = own_practice(request)
    form = InviteColleagueForm(responses.posted(request), initial={"role": Role.CONSULTANT})
    if form.is_valid():
        try:
            services.invite(practice=practice, by=request.actor.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return responses.done(
                request, "home:practice-people", f"{form.cleaned_data['name']} gets an invitation by mail."
            )
    context = {
        "people": _people(practice),
        "invitations": Invitation.objects.filter(practice=practice, client=None).pending(timezone.now()),
        "me": request.actor.user,
    }
    return responses.answer_form(request, "home/practice/people.html", context, form=form)


@requires("home.practice")
@confirmed
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, pk: Any) -> HttpResponse:
    """Chooses the clients a consultant works for."""
    practice = own_practice(request)
    held = Membership.objects.filter(user_id=pk, practice=practice, role=Role.CONSULTANT)
    user = get_object_or_404(User, pk__in=held.values("user_id"))
    current = held.exclude(client=None).order_by("client_id").values_list("client_id", flat=True)
    form = AssignForm(responses.posted(request), stored={"clients": list(current)})
    if form.is_valid():
        services.assign_clients(
            user=user,
            practice=practice,
            clients=list(form.cleaned_data["clients"]),
            by=request.actor.user,
            at=timezone.now(),
        )
        return responses.done(request, "home:practice-people", f"{user.name}’s clients are saved.")
    return responses.answer_form(request, "home/practice/assign.html", {"person": user}, form=form)


@requires("home.practice")
@confirmed
@require_POST
def end_access(request: HttpRequest, pk: Any) -> HttpResponse:
    practice = own_practice(request)
    if not Membership.objects.filter(user_id=pk, practice=practice, role__in=PRACTICE_ROLES).exists():
        raise Http404
    try:
        services.leave_practice(user_id=pk, practice=practice, by=request.actor.user, at=timezone.now())
    except ValidationError as error:
        return responses.done(request, "home:practice-people", " ".join(error.messages), level=40)
    return responses.done(request, "home:practice-people", "Access ended. Their next click is refused.")


@requires("home.practice", Invitation)
@require_POST
def withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    services.withdraw_invitation(invitation=invitation, by=request.actor.user, at=timezone.now())
    return responses.done(request, "home:practice-people", "The invitation is withdrawn; its link is dead.")
