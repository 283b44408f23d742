"""One log line and one set of figures for every request. Goes outermost."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from vciso.operations import logs, metrics

log = logging.getLogger("vciso.requests")
HEADER = "X-Request-ID"
GIVEN = re.compile(r"^[0-9A-Za-z-]{16,64}$")
# Asked for all the time, and worth a line only when something is wrong.
QUIET = ("/static/", "/health/", "/metrics")


class RequestLog:
    """Names each request, and says afterwards who asked for what, the answer and how long it took.

    The proxy's name for it is taken over when a proxy is expected; anybody else's is not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        trace = logs.Trace(self._name(request), request)
        token = logs.current.set(trace)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            self._tell(request, response.status_code, seconds)
        finally:
            logs.current.reset(token)
        response.headers[HEADER] = trace.id
        return response

    @staticmethod
    def _name(request: HttpRequest) -> str:
        given = request.headers.get(HEADER, "")
        if settings.ALLAUTH_TRUSTED_PROXY_COUNT and GIVEN.match(given):
            return given
        return uuid.uuid4().hex

    @staticmethod
    def _tell(request: HttpRequest, status: int, seconds: float) -> None:
        metrics.count_request(request.method or "", status, seconds)
        quiet = request.path.startswith(QUIET) and status < 400
        log.log(
            logging.DEBUG if quiet else logging.INFO,
            "answered",
            extra={
                "method": request.method,
                "path": logs.address(request),
                "status": status,
                "ms": round(seconds * 1000, 1),
            },
        )
