"""Sent twice, done once: a double click or a retry leads to where the first sending led.

Every page draws a form token of its own (the masked CSRF token), so the token, the address and
the answers together name one sending. A row keeps it, written in the transaction of what the
form does: a second sending waits for the first, and one that was refused leaves no row.
"""

import hashlib
from collections.abc import Callable, Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse

from vciso.web.models import Submission
from vciso.web.problems import is_api
from vciso.web.responses import done

FIELD = "csrfmiddlewaretoken"
CLAIM = """WITH old AS (
    DELETE FROM web_submission WHERE user_id = %(user)s AND created_at < now() - interval '1 day')
  INSERT INTO web_submission (key, user_id, location) VALUES (%(key)s, %(user)s, '')
  ON CONFLICT (key) DO NOTHING"""


class OncePerForm:
    """Lets each form of a page through once. Stands inside the request's transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method != "POST"
            or is_api(request)
            or not request.user.is_authenticated
            or FIELD not in request.POST
        ):
            return self.get_response(request)
        key = _key(request)
        if not _claim(key, request):
            return done(request, Submission.objects.get(pk=key).location)
        response = self.get_response(request)
        _remember(key, response)
        return response


def _key(request: HttpRequest) -> str:
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(f"{len(part)}:".encode() + part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """Who sends what from where; each part is told from the next by its length."""
    yield str(request.user.pk).encode()
    yield request.get_full_path().encode()
    for name, values in request.POST.lists():
        for text in (name, *values):
            yield str(text).encode()
    for name, upload in request.FILES.items():
        content = hashlib.sha256()
        for chunk in upload.chunks():
            content.update(chunk)
        upload.seek(0)
        yield name.encode()
        yield content.digest()


def _claim(key: str, request: HttpRequest) -> bool:
    """Whether this sending is the first. Waits for one that is under way."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"key": key, "user": request.user.pk})
        return bool(cursor.rowcount)


def _remember(key: str, response: HttpResponse) -> None:
    """Keeps where a form led that did something; whatever else may be sent again.

    What a refused form wrote is rolled back with its row, so nothing needs to be forgotten then.
    """
    if response.status_code >= 400:
        return
    target = response.headers.get("HX-Redirect") or (response.headers.get("Location") if _is_done(response) else None)
    mine = Submission.objects.filter(pk=key)
    if target:
        mine.update(location=target)
    else:
        mine.delete()


def _is_done(response: HttpResponse) -> bool:
    """The answer of a form of ours; sign-in's detours (302) may be taken again."""
    return response.status_code == 303
