"""Headers every answer carries, and the reader's language, zone and currency."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from vciso.web.place import reading_as
from vciso.web.responses import private

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


class ReaderPlace:
    """Lets filters and forms format as the client on the page reads. Goes after tenancy's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading_as(getattr(request, "client", None)):
            return self.get_response(request)
