"""Asks a signed-in person once more who they are, before what nobody else at their desk may do.

A confirmation holds for five minutes; signing in counts as one. A form posted without it is
answered with the question, and what was typed rides along in hidden fields, so that confirming
and saving are one step at the same address and in the same context.
"""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows import reauthentication
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from vciso.tenancy.models import User
from vciso.web import responses
from vciso.web.forms import Form

View = Callable[..., HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}
PREFIX = "confirm"
PRECONDITION_REQUIRED = 428


class PasswordConfirmation(PasswordForm):  # type: ignore[misc]  # allauth ships no types
    def save(self) -> None:
        from allauth.core import context

        reauthentication.reauthenticate_by_password(context.request)


WAYS: dict[str, Any] = {
    "password": PasswordConfirmation,
    "code": CodeForm,
    "credential": ReauthenticateWebAuthnForm,
}


class ConfirmForm(Form):
    """One of the ways in that the person has: password, code or passkey."""

    password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label="Or a code",
        required=False,
        max_length=40,
        help_text="The six digits of your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self.user = user
        self.way: Any = None
        kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        self.has_passkey = Authenticator.Type.WEBAUTHN in kinds
        self.fields["password"].unmarked = self.fields["code"].unmarked = True  # type: ignore[attr-defined]  # ours
        if not kinds & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}:
            del self.fields["code"]
        if not self.has_passkey:
            del self.fields["credential"]

    def passkey_options(self) -> dict[str, Any]:
        """What the browser's passkey dialog is asked with; none without a passkey."""
        return dict(begin_authentication(self.user)["publicKey"]) if self.has_passkey else {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in ("credential", "code", "password") if cleaned.get(name)]
        if not given:
            self.add_error("password", "Type your password, or choose another way.")
            return cleaned
        way = WAYS[given[0]](user=self.user, data={given[0]: cleaned[given[0]]})
        if way.is_valid():
            self.way = way
        else:
            shown = "password" if given[0] == "credential" else given[0]
            self.add_error(shown, " ".join(" ".join(errors) for errors in way.errors.values()))
        return cleaned

    def record(self) -> None:
        """From now on, and for five minutes, the person has confirmed who they are."""
        self.way.save()


def has_confirmed(request: HttpRequest) -> bool:
    """Whether the person signed in or confirmed within the last five minutes."""
    return bool(reauthentication.did_recently_reauthenticate(request))


def confirmed(view: View | None = None, *, on_get: bool = False, carry: bool = True, back: str = "") -> Any:
    """Declares that a view needs a fresh confirmation; goes below `@requires`.

    `on_get`: reading needs it too. `carry=False`: nothing typed is written back into a page (new
    passwords); the person starts the form again. `back` names the page to return to where the
    view answers with a file.
    """

    def decorate(inner: View) -> View:
        @functools.wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            reads = request.method in SAFE
            if (reads and not on_get) or not request.user.is_authenticated or has_confirmed(request):
                return inner(request, *args, **kwargs)
            if reads or not carry:
                return _to_the_question(request, back)
            return _ask_or_go_on(request, functools.partial(inner, request, *args, **kwargs))

        return guarded

    return decorate(view) if view is not None else decorate


def _to_the_question(request: HttpRequest, back: str) -> HttpResponse:
    target = resolve_url(back) if back else request.get_full_path()
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': target})}")


def _ask_or_go_on(request: HttpRequest, go_on: Callable[[], HttpResponse]) -> HttpResponse:
    answered = any(key.startswith(f"{PREFIX}-") for key in request.POST)
    form = ConfirmForm(request.POST if answered else None, user=request.user)  # type: ignore[arg-type]  # signed in
    if form.is_valid():
        form.record()
        return go_on()
    response = responses.page(
        request,
        "account/confirm_and_go_on.html",
        {
            "form": form,
            "passkey": form.passkey_options(),
            "carried": [
                (name, value)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
                for value in values
            ],
            "action": request.get_full_path(),
            "back": _page_left(request),
        },
        status=PRECONDITION_REQUIRED,
    )
    # A piece of a page was due; the question takes the whole page instead.
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    return response


def _page_left(request: HttpRequest) -> str:
    """Where the person was, as a path of this portal."""
    url = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/")
    here = not url.netloc or url.netloc == request.get_host()
    return f"{url.path}?{url.query}".rstrip("?") if here and url.path.startswith("/") else "/"
