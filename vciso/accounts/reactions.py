"""What a sign-in, a failure or a change of one's way in sets off: sessions end, keys turn, mails go."""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from vciso.accounts import devices, notices, sessions
from vciso.tenancy.middleware import after_the_answer
from vciso.tenancy.models import User

SIGN_IN = "sign_in"
STARTED = "signed_in_at"
FAILURES, WITHIN = 5, 15 * 60
JUST_MADE = timedelta(minutes=10)


def signed_in(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    """Starts the session's clock, counts as a confirmation, and tells of a device not seen before."""
    request.session[STARTED] = int(time.time())
    record_authentication(request, user, method=SIGN_IN, reauthenticated=True)
    is_known = devices.is_known(request, user)
    devices.remember(request, user)
    now = timezone.now()
    if not is_known and now - user.created_at > JUST_MADE:
        notices.new_device(user=user, agent=request.headers.get("User-Agent", ""), ip=_address(request), at=now)


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"


def confirmed(sender: Any, request: HttpRequest, method: str, **extra: Any) -> None:
    """A confirmation gives the session a new key; a sign-in has just got one."""
    if extra.get("reauthenticated") and method != SIGN_IN and request.user.is_authenticated:
        # Not within the request’s transaction: a refused form would undo it.
        after_the_answer(request, lambda: sessions.rotate(request))


def changed(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    """Password, address or second step changed: everywhere else the person is signed out."""
    is_here = request.user.is_authenticated and request.user.pk == user.pk
    sessions.end_all(user=user, keep=request.session.session_key if is_here else None)


def failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **extra: Any) -> None:
    """A wrong password, for an address that somebody has or nobody."""
    address = str(credentials.get("email", "")).strip().lower()
    if address:
        _count_failure(request, address, lambda: User.objects.filter(email=address, is_active=True).first())


def step_failed(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    """A wrong code or passkey, after the right password."""
    _count_failure(request, f"second step of {user.pk}", lambda: user)


def _count_failure(request: HttpRequest | None, of: str, whose: Callable[[], User | None]) -> None:
    key = f"failures:{hashlib.sha256(of.encode()).hexdigest()}"
    cache.add(key, 0, WITHIN)
    try:
        times = cache.incr(key)
    except ValueError:  # the count ran out in this very moment
        return
    if times == FAILURES:
        after_the_answer(request, lambda: notices.repeated_failures(user=whose(), times=FAILURES, at=timezone.now()))


def connect() -> None:
    auth.user_logged_in.connect(signed_in, dispatch_uid="reactions")
    auth.user_login_failed.connect(failed, dispatch_uid="reactions")
    mfa.authentication_failed.connect(step_failed, dispatch_uid="reactions")
    account.authentication_step_completed.connect(confirmed, dispatch_uid="reactions")
    for signal in (
        account.password_changed, account.password_set, account.password_reset, account.email_changed,
        mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset,
    ):  # fmt: skip
        signal.connect(changed, dispatch_uid="reactions")
