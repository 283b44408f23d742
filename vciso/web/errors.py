"""Pages that say what went wrong, without a single query and alike for everybody.

A record of another tenant and one that never existed are told apart by nothing here.
"""

import math
import sys
from typing import Any
from urllib.parse import urljoin

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import is_valid_path
from redis.exceptions import RedisError
from rest_framework.exceptions import APIException, Throttled
from rest_framework.views import set_rollback

from vciso.tenancy.permissions import NotAsItStands
from vciso.web import problems
from vciso.web.problems import Problem
from vciso.web.responses import PRIVATE
from vciso.web.typed import typed

# No connection, a lock or a query that took too long, a deadlock, the pool exhausted, no cache.
PASSING = (OperationalError, InterfaceError, RedisError)
NOT_YOURS = "Your role does not include this page. Ask your adviser if you need it."
NOTHING = Problem(404, "not_found", "There is nothing at this address, or it is not yours to see.")
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}
# What the framework below the interface calls its refusals, in the interface's words.
CODES = {
    "parse_error": "malformed",
    "not_authenticated": "token_required",
    "authentication_failed": "token_required",
    "permission_denied": "permission_denied",
    "not_found": "not_found",
    "method_not_allowed": "method_not_allowed",
    "unsupported_media_type": "unsupported_media_type",
    "throttled": "too_many_requests",
    "unavailable": "unavailable",
}


def _answer(template: str, status: int, **context: Any) -> HttpResponse:
    # Without the request there are no context processors, hence no user and no query.
    response = HttpResponse(render_to_string(template, context), status=status)
    response.headers["Cache-Control"] = PRIVATE
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api(request):
        return problems.answer(Problem(400, "malformed", "The request could not be read."))
    return _answer("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says the refusal's own sentence where there is one."""
    if problems.is_api(request):
        return problems.answer(_refusal(exception))
    if isinstance(exception, NotAsItStands):
        return _answer("barred.html", 409, sentence=str(exception), typed=typed(request.POST), back=_above(request))
    return _answer("403.html", 403, sentence=str(exception or "") or NOT_YOURS)


def _above(request: HttpRequest) -> str:
    """The nearest page above this address, as a relative one, so that the answer names no record."""
    ups = (prefix for prefix in ("../", "../../", "../../../") if is_valid_path(urljoin(request.path_info, prefix)))
    return next(ups, "")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api(request):
        return problems.answer(NOTHING)
    return _answer("404.html", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or the database or cache is away, locked or busy, which passes (503)."""
    if isinstance(sys.exc_info()[1], PASSING):
        return unavailable(request)
    if problems.is_api(request):
        return problems.answer(Problem(500, "broken", "Nothing was saved. It has been noted; try again later."))
    return _answer("500.html", 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api(request):
        response = problems.answer(Problem(503, "unavailable", "Nothing was saved. Try again in half a minute."))
    else:
        response = _answer("503.html", 503)
    response.headers["Retry-After"] = "30"
    return response


def form_only(request: HttpRequest) -> str:
    """The page for whoever opens an address that only takes a form, say after signing in again.

    The way back is relative, so that the page is the same whichever record the address names.
    """
    return render_to_string("405.html", {"back": _above(request)})


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says how long to wait; also django-allauth's answer to too many sign-ins."""
    seconds = getattr(exception, "wait", 60)
    response = _answer("429.html", 429, wait=f"{seconds} seconds" if seconds < 120 else f"{seconds // 60 + 1} minutes")
    response.headers["Retry-After"] = str(seconds)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere: nothing was saved."""
    if problems.is_api(request):
        return problems.answer(Problem(403, "csrf_failed", reason or "The CSRF token is missing or wrong."))
    return _answer("403_csrf.html", 403)


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answers the interface's callers in one shape, and rolls the request's transaction back.

    DRF turns an exception into an answer below our middleware, so the rollback is asked for here
    as well. What is no refusal goes on, and ends as a 500.
    """
    problem = _problem(exception)
    if problem is None:
        return None
    set_rollback()
    return problems.answer(problem)


def _problem(exception: Exception) -> Problem | None:
    if isinstance(exception, Problem):
        return exception
    if isinstance(exception, Http404):
        return NOTHING
    if isinstance(exception, PermissionDenied):
        return _refusal(exception)
    if isinstance(exception, APIException):
        return _of_framework(exception)
    return None


def _refusal(exception: Exception | None) -> Problem:
    """A refusal in words, with its own code where it has one (see the accounts' middleware)."""
    status, code = getattr(exception, "status", 403), getattr(exception, "code", "permission_denied")
    headers = CHALLENGE if status == 401 else {}
    return Problem(status, code, str(exception or "") or NOT_YOURS, headers=headers)


def _of_framework(exception: APIException) -> Problem:
    code = CODES.get(exception.default_code, "malformed")
    headers = {}
    if code == "token_required":
        headers = CHALLENGE
    if isinstance(exception, Throttled) and exception.wait is not None:
        headers = {"Retry-After": str(max(1, math.ceil(exception.wait)))}
    return Problem(exception.status_code, code, str(exception.detail), headers=headers)
