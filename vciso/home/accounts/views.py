"""A person's own pages, and the page an invitation opens."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vciso.accounts import services
from vciso.home.accounts.forms import NewAccountForm, ProfileForm, ThemeForm
from vciso.tenancy.permissions import PUBLIC, SIGNED_IN, requires
from vciso.web import responses


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
            # Choosing the password confirms who it is: the second step may be set up at once.
            record_authentication(request, user, method="password", reauthenticated=True)
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
