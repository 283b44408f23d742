"""Browsers a person has signed in with before, known again by a signed cookie; nothing is stored here."""

from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from vciso.tenancy.models import User

SALT = "device"
LASTS = 180 * 24 * 3600
MOST = 5
"""People of one browser that it is remembered for."""


def _mark(user: User) -> str:
    return salted_hmac(SALT, str(user.pk), algorithm="sha256").hexdigest()[:24]


def _marks(request: HttpRequest) -> list[str]:
    try:
        found = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []


def is_known(request: HttpRequest, user: User) -> bool:
    return _mark(user) in _marks(request)


def remember(request: HttpRequest, user: User) -> None:
    """The answer to this request will carry the cookie."""
    mark = _mark(user)
    vars(request)["device_marks"] = [*(one for one in _marks(request) if one != mark), mark][-MOST:]


class DeviceMiddleware:
    """Writes the cookie after a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        marks = getattr(request, "device_marks", None)
        if marks:
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                signing.dumps(marks, salt=SALT),
                max_age=LASTS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
