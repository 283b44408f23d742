"""Programs that call the interface: a token of a person, and JSON in and out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from tests.factories.cast import Cast
from vciso.accounts import tokens
from vciso.tenancy import context
from vciso.tenancy.models import Client, User

NULL = object()
"""A body of `null`; None is no body."""


@dataclass
class Program:
    """A caller with a token, or none."""

    secret: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response; `response.told` is its JSON, if it is JSON."""
        sent = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = "" if body is None else "null" if body is NULL else json.dumps(body)
        browser = Browser(raise_request_exception=False)
        kind = {"content_type": "application/json"} if method != "GET" else {}
        response = browser.generic(method, f"/api/v1/{path}", data, headers=sent, **kind)
        is_json = "json" in response.headers.get("Content-Type", "")
        response.told = json.loads(response.content) if is_json else None
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)


def make_token(user: User, *clients: Client, may_write: bool = True, days: int = 30) -> str:
    """A token of a person, through the service and in the person's own context."""
    with context.as_user(user):
        return tokens.make_token(
            user=user, name="register sync", clients=list(clients), may_write=may_write, days=days, at=timezone.now()
        )[1]


@pytest.fixture(autouse=True)
def nobody_called_yet() -> None:
    cache.clear()


@pytest.fixture
def token() -> Callable[..., str]:
    return make_token


@pytest.fixture
def alice(cast: Cast) -> Program:
    """Alice's program at Acme; it may write."""
    return Program(make_token(cast.alice, cast.acme))


@pytest.fixture
def acme(cast: Cast) -> str:
    return f"c/{cast.acme.key}/"
