"""Who calls, and how often: token or session, and the limits of each."""

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.utils.mediatypes import media_type_matches

from vciso.web.api.bodies import JsonParser

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MINUTE = 60


class Caller(SessionAuthentication):
    """The person of the request. The middleware has opened a token; without one a session
    counts, and then unsafe requests need the CSRF token as the pages' own do."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        asked = request._request
        if getattr(asked, "actor", None) is None:
            return None
        token = getattr(asked, "api_token", None)
        if token is None:
            self.enforce_csrf(request)
        return asked.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class JsonAlways(BaseContentNegotiation):
    """JSON in and out, whatever is asked for; files come as what they are."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((one for one in parsers if media_type_matches(one.media_type, request.content_type or "")), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class Unavailable(APIException):
    """What counts requests does not answer: refuse rather than let everything through."""

    status_code = 503
    default_code = "unavailable"
    default_detail = "Requests cannot be counted just now. Try again in a moment."


class Throttle(BaseThrottle):
    """So many reads and so many writes a minute for each token, or for a person without one.

    Counted in the shared cache, so the limit holds across web processes.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        safe = request.method in SAFE
        token = request.auth
        who = f"token:{token.id}" if token else f"user:{request.user.pk}"
        key = f"api:{who}:{'reads' if safe else 'writes'}:{int(time.time()) // MINUTE}"
        try:
            cache.add(key, 0, timeout=2 * MINUTE)
            count = cache.incr(key)
        except Exception as away:
            raise Unavailable from away
        return count <= (settings.API_READS if safe else settings.API_WRITES)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE


class Endpoint:
    """What every address of the interface has in common; stands before a view of the framework."""

    authentication_classes = (Caller,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (Throttle,)
    parser_classes = (JsonParser,)
    content_negotiation_class = JsonAlways
    http_method_names: Sequence[str] = ("get", "head", "post", "patch", "delete")
