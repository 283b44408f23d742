"""Refusals for programs: problem details after RFC 9457, one shape for every error below /api/.

`code` and `type` are for programs, `detail` is the sentence people read on the pages. A record of
another tenant and one that never existed get the very same bytes, so no address is repeated here.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from vciso.web.responses import PRIVATE

API = "/api/"
CONTENT_TYPE = "application/problem+json"
LONGEST_VALUE = 200

TITLES = {
    "malformed": "The request cannot be read",
    "token_required": "A token or a sign-in is needed",
    "token_invalid": "The token does not work",
    "token_reads_only": "The token may only read",
    "permission_denied": "Your role does not include this",
    "session_required": "A person has to do this on the portal’s pages",
    "second_step_required": "The second step at sign-in is missing",
    "https_required": "The connection is not encrypted",
    "csrf_failed": "The request did not come from the portal’s pages",
    "not_found": "There is nothing here",
    "method_not_allowed": "This address does not do that",
    "conflict": "The record has changed meanwhile",
    "not_as_it_stands": "The record does not allow this as it stands",
    "gone": "The stored file is missing",
    "version_outdated": "The record has changed since you read it",
    "unsupported_media_type": "Send JSON",
    "unknown_filter": "The list cannot be narrowed like this",
    "invalid": "Some values cannot be taken",
    "key_reused": "The idempotency key was used for another request",
    "version_required": "Say which version you change",
    "too_many_requests": "Too many requests",
    "broken": "Something broke on our side",
    "unavailable": "The portal cannot answer just now",
}
"""Every code with its title; the reference page lists them."""


@dataclass(frozen=True)
class FieldError:
    """One value that cannot be taken: where it stood (a JSON pointer, or a query parameter's
    name), what it was, the sentence that names the remedy, and for a parameter what it takes."""

    pointer: str
    detail: str
    value: Any = None
    parameter: str = ""
    allowed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in (None, "", ()) or key == "pointer"}


class Problem(Exception):
    """Raised anywhere below an API view; becomes the answer, and the transaction is undone."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.members = tuple(errors), headers or {}, members


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def answer(problem: Problem) -> HttpResponse:
    """The problem as a response; `errors` only where single values are at fault."""
    body: dict[str, Any] = {
        "type": f"/help/api/#{problem.code}",
        "title": TITLES[problem.code],
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.members,
    }
    if problem.errors:
        body["errors"] = [error.as_json() for error in problem.errors]
    response = HttpResponse(
        json.dumps(body, cls=DjangoJSONEncoder),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers=problem.headers,
    )
    response.headers["Cache-Control"] = PRIVATE
    return response


def invalid(errors: Iterable[FieldError]) -> Problem:
    return Problem(422, "invalid", "Nothing was saved. See each error for the value and the remedy.", errors=errors)


def of_form(form: Any, body: dict[str, Any], pointer: Any, worded: Any) -> Problem:
    """A form's errors with the pointers of the JSON it was filled from, and in the words that `worded` has for it."""
    found = []
    for name, errors in form.errors.get_json_data().items():
        where = "" if name == NON_FIELD_ERRORS else pointer(name)
        value = None if name == NON_FIELD_ERRORS else _at(body, where)
        for error in errors:
            detail, allowed = worded(form.fields[name], error["code"], value) if name in form.fields else ("", ())
            found.append(FieldError(where, detail or error["message"], shown(value), allowed=allowed))
    return invalid(found)


def _at(body: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        if isinstance(body, list):
            body = body[int(part)] if part.isdigit() and int(part) < len(body) else None
        else:
            body = body.get(part) if isinstance(body, dict) else None
    return body


def shown(value: Any) -> Any:
    """A value as an error repeats it: short, and never a whole document."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()[:LONGEST_VALUE]
    return value if isinstance(value, bool | int | float | None) else None
