"""One transaction and one context around the view and everything that renders after it.

Why not ATOMIC_REQUESTS: it wraps the view alone, and a TemplateResponse is rendered after the
view, so its lazy querysets would run without a context. Every answer of 400 and above rolls
back: an exception has become an answer by the time it reaches us.
"""

import logging
import uuid
from collections.abc import Callable

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, get_resolver, resolve

from vciso.tenancy import context
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import Actor

log = logging.getLogger(__name__)


class StreamingWithoutContext(RuntimeError):
    """A view streams, and does not say that it reads no client's rows while doing so."""


def _client_key(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).kwargs.get("client_key")
    except Resolver404:
        return None


class TenancyMiddleware:
    """Enters the person's context, narrowed to the client that the URL names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Our own attributes of a request, which its type does not know.
        vars(request).update(client=None, actor=None)
        if not request.user.is_authenticated:
            return self.get_response(request)
        vars(request)["afterwards"] = []
        key = _client_key(request)
        refused = False
        token = getattr(request, "api_token", None)
        with context.as_user(request.user, client_key=key, token=token) as granted:
            if key is not None and not granted:
                response: HttpResponseBase = not_found(request)
                refused = True
            else:
                client = self._client(granted.client_id)
                actor = Actor(
                    user=request.user,
                    roles=granted.roles,
                    client=client,
                    practice=client.practice if client else None,
                    factor_missing=granted.factor_missing,
                )
                vars(request).update(client=client, actor=actor)
                response = self.get_response(request)
            self._settle(response)
        if refused or response.status_code == 403:
            denied_access(request, response.status_code)
        # What a refusing view must write all the same (an alarm), after its own rollback.
        for write in (*getattr(response, "afterwards", ()), *vars(request)["afterwards"]):
            write()
        return response

    @staticmethod
    def _client(client_id: uuid.UUID | None) -> Client | None:
        if client_id is None:
            return None
        return Client.objects.select_related("practice").get(pk=client_id)

    @staticmethod
    def _settle(response: HttpResponseBase) -> None:
        if response.streaming and not getattr(response, "tenant_safe", False):
            transaction.set_rollback(True)
            raise StreamingWithoutContext(
                "A streaming answer runs after the context ended. Build it whole, or mark it "
                "tenant_safe if it reads no client's rows."
            )
        if response.status_code >= 400:
            transaction.set_rollback(True)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        # allauth raises these before it writes, and asks the database for its own answer to them.
        if isinstance(exception, (ImmediateHttpResponse, ReauthenticationRequired)):
            return
        if connection.in_atomic_block:
            transaction.set_rollback(True)


def after_the_answer(request: HttpRequest | None, write: Callable[[], None]) -> None:
    """Writes what must stay even if this request is rolled back; at once where nothing can be."""
    if request is not None and connection.in_atomic_block and hasattr(request, "afterwards"):
        request.afterwards.append(write)
    else:
        write()


def not_found(request: HttpRequest) -> HttpResponse:
    """The one answer to an unknown id and to a foreign one."""
    answer: HttpResponse = get_resolver().resolve_error_handler(404)(request, Http404())  # type: ignore[call-arg]  # the stubs forget the exception
    return answer


# Set by the audit room, which stands above this one: called after the rollback of a refused
# request, in a transaction of its own.
DeniedHook = Callable[[HttpRequest, int], None]
_denied_hooks: list[DeniedHook] = []


def on_denied(hook: DeniedHook) -> None:
    _denied_hooks.append(hook)


def denied_access(request: HttpRequest, status: int) -> None:
    for hook in _denied_hooks:
        hook(request, status)
