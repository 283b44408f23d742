"""A person's own pages, and the page an invitation opens."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vciso.accounts import services
from vciso.accounts import sessions as ending
from vciso.home.accounts.forms import NewAccountForm, ProfileForm, ThemeForm
from vciso.tenancy.permissions import PUBLIC, SIGNED_IN, requires
from vciso.web import responses
from vciso.web.confirming import ConfirmForm


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = request.actor.user
    form = ProfileForm(responses.posted(request), initial={"name": user.name, "shortcuts": user.shortcuts})
    if not request.actor.is_practice_side:
        # The pages of owners and directors answer to no single letters.
        del form.fields["shortcuts"]
    if form.is_valid():
        services.update_profile(user=user, **{"shortcuts": user.shortcuts, **form.cleaned_data})
        return responses.done(request, "accounts:profile", "Your details are saved.")
    return responses.answer_form(request, "home/accounts/profile.html", {}, form=form)


@requires(SIGNED_IN)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Switches light and dark, and stays on the page one was on."""
    form = ThemeForm(request.POST)
    if form.is_valid():
        services.set_theme(user=request.actor.user, theme=form.cleaned_data["theme"])
    back = request.POST.get("next", "/")
    return redirect(back if back.startswith("/") and not back.startswith("//") else "/")


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Asks once more who somebody is, then leads on to where they were going."""
    form = ConfirmForm(responses.posted(request), user=request.actor.user)
    target = request.POST.get("next") or request.GET.get("next") or "/"
    if not get_adapter().is_safe_url(target):
        target = "/"
    if form.is_valid():
        form.record()
        return responses.done(request, target)
    context = {"next": target, "passkey": form.passkey_options()}
    return responses.answer_form(request, "account/reauthenticate.html", context, form=form)


@requires(SIGNED_IN)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in: browser, address, last use; each can be ended."""
    mine = UserSession.objects.purge_and_list(request.actor.user)
    mine.sort(key=lambda one: (not one.is_current(), -one.last_seen_at.timestamp()))
    return responses.page(request, "usersessions/usersession_list.html", {"sessions": mine})


@requires(SIGNED_IN)
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    if not ending.end_one(user=request.actor.user, pk=pk, at=timezone.now()):
        raise Http404
    return responses.done(request, "usersessions_list", "That session is over.")


@requires(SIGNED_IN)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = ending.end_others(user=request.actor.user, keep=str(request.session.session_key), at=timezone.now())
    said = "You are signed out everywhere else." if ended else "You were signed in nowhere else."
    return responses.done(request, "usersessions_list", said)


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Sets up an account for an invited person, or adds the role to the one they are signed in with."""
    pending = services.open_invitation(token)
    if pending is None:
        return responses.page(request, "home/accounts/invitation_closed.html", {}, status=404)
    if request.user.is_authenticated:
        return _accept_signed_in(request, token, pending)
    form = NewAccountForm(responses.posted(request), email=pending.email, initial={"name": pending.name})
    if form.is_valid():
        try:
            user = services.accept_as_new(token=token, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return perform_login(request, Login(user=user, redirect_url="/"))
    return responses.answer_form(request, "home/accounts/invitation.html", {"pending": pending}, form=form)


def _accept_signed_in(request: HttpRequest, token: str, pending: services.Pending) -> HttpResponse:
    user = request.user
    if getattr(user, "email", "") != pending.email:
        return responses.page(request, "home/accounts/invitation_other.html", {"pending": pending}, status=403)
    if request.method == "POST":
        services.accept_as_existing(token=token, user=user, at=timezone.now())  # type: ignore[arg-type]  # signed in
        return responses.done(request, "/", f"You are now {pending.role_name.lower()} there.")
    return responses.page(request, "home/accounts/invitation_accept.html", {"pending": pending})
