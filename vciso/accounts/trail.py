"""Sign-ins, failures and changes of factors, in the installation's chain of the trail."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.http import HttpRequest

from vciso.audit import services as audit
from vciso.tenancy.middleware import after_the_answer
from vciso.tenancy.models import User


def _about(request: HttpRequest | None) -> dict[str, str]:
    return {} if request is None else {"agent": request.headers.get("User-Agent", "")[:200]}


def signed_in(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    audit.record(verb="account.signed_in", by=user, after=_about(request))


def signed_out(sender: Any, request: HttpRequest, user: User | None, **extra: Any) -> None:
    if user is not None:
        audit.record(verb="account.signed_out", by=user)


def failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **extra: Any) -> None:
    """Says that it happened; the address that was tried is not kept."""
    after_the_answer(request, lambda: audit.record(verb="account.sign_in_failed", after=_about(request)))


def step_failed(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    after_the_answer(request, lambda: audit.record(verb="account.second_step_failed", by=user, after=_about(request)))


def email_changed(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    audit.record(verb="account.email_changed", by=user)


def password_changed(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    audit.record(verb="account.password_changed", by=user)


def factor_added(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    audit.record(verb="account.factor_added", by=user)


def factor_removed(sender: Any, request: HttpRequest, user: User, **extra: Any) -> None:
    audit.record(verb="account.factor_removed", by=user)


def connect() -> None:
    auth.user_logged_in.connect(signed_in, dispatch_uid="trail")
    auth.user_logged_out.connect(signed_out, dispatch_uid="trail")
    auth.user_login_failed.connect(failed, dispatch_uid="trail")
    account.password_changed.connect(password_changed, dispatch_uid="trail")
    account.password_reset.connect(password_changed, dispatch_uid="trail-reset")
    account.password_set.connect(password_changed, dispatch_uid="trail-set")
    account.email_changed.connect(email_changed, dispatch_uid="trail")
    mfa.authentication_failed.connect(step_failed, dispatch_uid="trail")
    mfa.authenticator_reset.connect(factor_added, dispatch_uid="trail-reset")
    mfa.authenticator_added.connect(factor_added, dispatch_uid="trail")
    mfa.authenticator_removed.connect(factor_removed, dispatch_uid="trail")
