"""Asking the portal as somebody, through every middleware, and undoing what the request did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.access import markers, reading
from tests.access.world import Someone

_INTERFACE = "/api/"
_SIGN_IN = "/account/login/"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    path: str
    response: Any
    queries: int = 0

    @cached_property
    def text(self) -> str:
        """Every word of it, without the address that was asked for."""
        return reading.text_of(self.response).replace(self.path, "") if self.response is not None else ""

    @property
    def broke(self) -> str:
        """What the view raised, if it broke."""
        raised = getattr(self.response, "exc_info", None)
        return repr(raised[1]) if raised else ""

    @property
    def to_sign_in(self) -> bool:
        return self.status == 302 and self.response["Location"].startswith(_SIGN_IN)

    @property
    def refuses(self) -> bool:
        return self.status in {401, 403, 404} or self.to_sign_in

    @property
    def not_allowed(self) -> bool:
        """The address knows no such method; some views say so before they look at who asks."""
        return self.status == 405

    def foreign(self, hears: frozenset[str]) -> list[str]:
        """Markers of others in it, as “B engagements.Person.name”."""
        return sorted({f"{letter} {label}" for letter, label in markers.found_in(self.text) if letter not in hears})


class Asker:
    """One person's browser. What a request writes is undone when it is answered."""

    def __init__(self, someone: Someone) -> None:
        self.someone = someone
        self.browser = Browser(raise_request_exception=False)
        self.cookies = ""
        if someone.user is not None:
            self.browser.force_login(someone.user, backend="allauth.account.auth_backends.AuthenticationBackend")
            self.browser.get("/account/profile/")  # the first request of a session notes where it came from
        self.cookies = self.browser.cookies.output(header="", sep=";")

    def ask(self, path: str, method: str = "GET", data: Mapping[str, Any] | None = None, **extra: Any) -> Answer:
        self.browser.cookies = SimpleCookie(self.cookies)
        send = getattr(self.browser, method.lower())
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            if path.startswith(_INTERFACE) and method != "GET":
                extra = {"content_type": "application/json", **extra}
                response = send(path, json.dumps(data or {}), **extra)
            else:
                response = send(path, data, **extra) if method in {"GET", "POST"} else send(path, **extra)
            answer = Answer(response.status_code, path, response, len(captured))
            answer.text  # noqa: B018  read now: a page's parts are rows of this transaction
            transaction.set_rollback(True)
        return answer
