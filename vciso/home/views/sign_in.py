"""How the people of a practice sign in: who needs a second step, who has none, and help when one is lost."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vciso.accounts import selectors, services
from vciso.accounts import sessions as ending
from vciso.home.forms import ResetSecondStepForm, SignInRulesForm
from vciso.home.views.practice import own_practice
from vciso.tenancy.models import User
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.confirming import confirmed
from vciso.web.pagination import paginate

ERROR = 40


@requires("home.practice")
@confirmed
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Which roles need a second step, and everybody's ways in."""
    practice = own_practice(request)
    form = SignInRulesForm(responses.posted(request), initial={"factor_roles": practice.factor_roles})
    if form.is_valid():
        services.update_practice(practice=practice, by=request.actor.user, at=timezone.now(), **form.cleaned_data)
        return responses.done(request, "home:practice-sign-in", "The rules hold from everybody’s next click.")
    page = paginate(request, selectors.people_of(practice))
    context = {"page": page, "people": selectors.ways_in(practice, list(page.object_list))}
    return responses.answer_form(request, "home/sign_in/rules.html", context, form=form)


def _member(request: HttpRequest, pk: uuid.UUID) -> User:
    return get_object_or_404(selectors.people_of(own_practice(request)), pk=pk)


def _page(request: HttpRequest, user: User, form: ResetSecondStepForm) -> HttpResponse:
    practice = own_practice(request)
    context: dict[str, Any] = {
        "person": user,
        "way": selectors.ways_in(practice, [user])[0],
        "is_me": user == request.actor.user,
        "is_ours_alone": selectors.manages_sign_in(admin=request.actor.user, user=user),
        "form": form,
    }
    return responses.page(request, "home/sign_in/member.html", context, status=422 if form.is_bound else 200)


@requires("home.practice")
@require_safe
def member(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _member(request, pk), ResetSecondStepForm())


@requires("home.practice")
@confirmed
@require_POST
def end_sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Signs a member out everywhere."""
    user = _member(request, pk)
    try:
        ended = ending.end_of_member(
            user=user, practice=own_practice(request), by=request.actor.user, at=timezone.now()
        )
    except ValidationError as refusal:
        return responses.done(request, "home:practice-member", " ".join(refusal.messages), level=ERROR, pk=pk)
    said = f"{user.name} is signed out everywhere." if ended else f"{user.name} was signed in nowhere."
    return responses.done(request, "home:practice-member", said, pk=pk)


@requires("home.practice")
@confirmed
@require_POST
def reset(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes a lost second step away; the person sets up another with their own password."""
    user = _member(request, pk)
    form = ResetSecondStepForm(request.POST)
    if form.is_valid():
        try:
            ending.reset_second_step(
                user=user,
                practice=own_practice(request),
                by=request.actor.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = f"{user.name} sets up a new second step at the next sign-in, and was told by mail."
            return responses.done(request, "home:practice-member", said, pk=pk)
    return _page(request, user, form)
