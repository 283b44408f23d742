"""The pages of django-allauth that the portal uses. There is no sign-up and no social login."""

import functools
from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path, reverse_lazy
from redis.exceptions import RedisError

from vciso.home.accounts import views
from vciso.web.confirming import confirmed
from vciso.web.errors import unavailable

View = Callable[..., HttpResponse]
INDEX = reverse_lazy("mfa_index")
rename_passkey = passkeys.EditWebAuthnView.as_view(success_url=INDEX)
remove_passkey = passkeys.RemoveWebAuthnView.as_view(success_url=INDEX)


def closed_without_limits(view: View) -> View:
    """Refuses while the cache is away: without it nobody counts wrong passwords and codes."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RedisError:
            return unavailable(request)

    return guarded


def forgets_the_browser(view: View) -> View:
    """After signing out, the browser drops what it kept of the portal's pages and texts."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            # Not "cookies": by one of them the portal knows this device again.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return guarded


def open_to_all(view: View) -> View:
    return closed_without_limits(view)


def own(view: View) -> View:
    """A page about the person's own way in."""
    return login_required(closed_without_limits(view))


def sensitive(view: View) -> View:
    """One that changes it: confirmed on reading, and never written back into a page."""
    return own(confirmed(view, on_get=True, carry=False))


urlpatterns = [
    path("login/", open_to_all(account.login), name="account_login"),
    path("logout/", forgets_the_browser(account.logout), name="account_logout"),
    path("signup/", open_to_all(account.signup), name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", own(views.confirm), name="account_reauthenticate"),
    path("password/change/", sensitive(account.password_change), name="account_change_password"),
    path("password/set/", sensitive(account.password_set), name="account_set_password"),
    path("email/", sensitive(account.email), name="account_email"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", open_to_all(account.confirm_email), name="account_confirm_email"),
    path("password/reset/", open_to_all(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        open_to_all(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-step/", own(mfa.index), name="mfa_index"),
    path("second-step/sign-in/", open_to_all(mfa.authenticate), name="mfa_authenticate"),
    path("second-step/app/", sensitive(totp.activate_totp), name="mfa_activate_totp"),
    path("second-step/app/off/", sensitive(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-step/codes/", sensitive(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", sensitive(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-step/passkey/sign-in/", open_to_all(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("second-step/passkey/", sensitive(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "second-step/passkey/<int:pk>/",
        sensitive(passkeys.EditWebAuthnView.as_view(success_url=INDEX)),
        name="mfa_edit_webauthn",
    ),
    path(
        "second-step/passkey/<int:pk>/remove/",
        sensitive(passkeys.RemoveWebAuthnView.as_view(success_url=INDEX)),
        name="mfa_remove_webauthn",
    ),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("sessions/others/end/", views.end_other_sessions, name="end-other-sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end-session"),
]
