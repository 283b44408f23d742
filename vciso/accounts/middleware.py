"""API tokens, the second step if the practice asks for it, and how long a session lives."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.urls.exceptions import Resolver404

from vciso.accounts.reactions import STARTED
from vciso.accounts.tokens import open_token
from vciso.audit import services as audit

Answer = Callable[[HttpRequest], HttpResponse]

API = "/api/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Refusal(PermissionDenied):
    """A refusal of the interface with a code for programs beside the sentence for people."""

    def __init__(self, code: str, sentence: str, *, status: int = 403) -> None:
        super().__init__(sentence)
        self.code, self.status = code, status


class ApiTokenMiddleware:
    """Makes the person of a bearer token the request's person, before the context is entered.

    Tokens open addresses below /api/ and nothing else. There a token is decisive: with one that
    is unknown, revoked or too old the request is refused, whatever session came with it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        if settings.HTTPS and not request.is_secure():
            raise Refusal("https_required", "Call this address with https, and revoke a token sent without.")
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.get_response(request)
        opened = open_token(secret.strip())
        if opened is None:
            raise Refusal(
                "token_invalid", "This token is unknown, revoked or too old. Make a new one on the portal.", status=401
            )
        user, token = opened
        vars(request).update(user=user, api_token=token, _dont_enforce_csrf_checks=True)
        if not token.may_write and request.method not in SAFE:
            raise Refusal("token_reads_only", f"The token “{token.name}” may only read. Make one that may write.")
        return self.get_response(request)


# Names of pages that enrolment itself needs; everything else waits for it.
ENROLMENT = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "account_logout",
    "web:brand",
    "web:policy-report",
    "home:health",
    "operations:live",
    "operations:ready",
}


class SecondFactorMiddleware:
    """Sends a person without the required second step to where it is set up; programs are refused."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None or not actor.factor_missing or self._is_enrolment(request):
            return self.get_response(request)
        if request.path_info.startswith(API):
            raise Refusal("second_step_required", "Set up the second step at sign-in on the portal’s pages first.")
        return redirect("mfa_index")

    @staticmethod
    def _is_enrolment(request: HttpRequest) -> bool:
        try:
            return resolve(request.path_info).view_name in ENROLMENT
        except Resolver404:
            return False


class SessionLimits:
    """Ends a session eight hours after its sign-in, and the practice's staff's after half an hour
    without use. Notes where it is used, at most once a minute. Goes after tenancy's middleware,
    which knows who is staff; what a page asks by itself in the background is not use.
    """

    NOTED = "used_at"
    EVERY = 60

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or SESSION_KEY not in request.session or hasattr(request, "api_token"):
            return self.get_response(request)
        now = int(time.time())
        why = self._over(request, now)
        if why:
            return self._end(request, why)
        if "X-Background" not in request.headers:
            self._note(request, now)
        return self.get_response(request)

    def _over(self, request: HttpRequest, now: int) -> str:
        if now - request.session.setdefault(STARTED, now) >= settings.SESSION_LONGEST:
            return "after eight hours"
        actor = getattr(request, "actor", None)
        is_staff = actor is not None and actor.is_practice_side
        if is_staff and now - request.session.get(self.NOTED, now) >= settings.SESSION_IDLE:
            return f"after {settings.SESSION_IDLE // 60} minutes without use"
        return ""

    @staticmethod
    def _end(request: HttpRequest, why: str) -> HttpResponse:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        audit.record(verb="account.session_expired", by=request.user)  # type: ignore[arg-type]  # signed in
        request.session.flush()
        request.user = AnonymousUser()
        vars(request).update(actor=None, client=None)
        messages.info(request, f"You were signed out {why}. Sign in to go on.")
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    def _note(self, request: HttpRequest, now: int) -> None:
        if now - request.session.get(self.NOTED, 0) >= self.EVERY:
            request.session[self.NOTED] = now
            UserSession.objects.create_from_request(request)
