"""Headers every answer carries, and the reader's language, zone and currency."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from vciso.web import errors
from vciso.web.place import reading_as
from vciso.web.responses import private
from vciso.web.throttling import TooMany

Answer = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), "
        "geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), "
        "payment=(), serial=(), usb=(), xr-spatial-tracking=()"
    ),
}


class SecurityHeaders:
    """Adds what django-csp and Django's own middleware leave out; goes outermost.

    Pages and fragments are private and never stored unless the view said otherwise.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers and not request.path.startswith("/static/"):
            private(response)
        return response


PAGES = frozenset({"GET", "HEAD", "POST"})
PROGRAMS = PAGES | {"OPTIONS", "PUT", "PATCH", "DELETE"}
API = "/api/"


class Refusals:
    """What no view needs to look at: methods nobody uses, NUL bytes, programs on plain http.

    Stands before the redirect to https: a program that sent its token in clear is told so, not
    helped along. Also answers where a view counted too many requests.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_program = request.path_info.startswith(API)
        allowed = PROGRAMS if is_program else PAGES
        if request.method not in allowed:
            return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(allowed))})
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request)
        if is_program and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            detail = "Use https. The token in this request was sent in clear: revoke it and make a new one."
            return JsonResponse({"code": "https_required", "detail": detail}, status=403)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.too_many(request, exception) if isinstance(exception, TooMany) else None


class FormAddresses:
    """Whoever opens an address that only takes a form gets a page with a way back, not an empty one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not request.path_info.startswith(API):
            response.content = errors.form_only(request).encode()
        return response


class ReaderPlace:
    """Lets filters and forms format as the client on the page reads. Goes after tenancy's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading_as(getattr(request, "client", None)):
            return self.get_response(request)
