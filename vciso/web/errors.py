"""Pages that say what went wrong, without a single query and alike for everybody.

A record of another tenant and one that never existed are told apart by nothing here.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from vciso.web.responses import PRIVATE

NOT_YOURS = "Your role does not include this page. Ask your adviser if you need it."


def _answer(template: str, status: int, **context: Any) -> HttpResponse:
    # Without the request there are no context processors, hence no user and no query.
    response = HttpResponse(render_to_string(template, context), status=status)
    response.headers["Cache-Control"] = PRIVATE
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says the refusal's own sentence where there is one."""
    return _answer("403.html", 403, sentence=str(exception or "") or NOT_YOURS)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer("404.html", 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _answer("500.html", 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _answer("503.html", 503)
    response.headers["Retry-After"] = "30"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere: nothing was saved."""
    return _answer("403_csrf.html", 403)


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answers the interface's callers in one shape, and rolls the request's transaction back.

    DRF turns an exception into an answer below our middleware, so the rollback is asked for here
    as well. `code` is for programs, `detail` for people.
    """
    response = exception_handler(exception, context)
    if response is None:
        return None
    set_rollback()
    code = exception.default_code if isinstance(exception, APIException) else "not_found"
    if isinstance(exception, PermissionDenied):
        code = "permission_denied"
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    response.data = (
        {"code": code, "detail": str(detail)}
        if detail is not None
        else {"code": "invalid", "detail": "Some fields need another value.", "fields": response.data}
    )
    return response
