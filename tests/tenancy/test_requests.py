"""One transaction and one context around every request, and one answer to the foreign and the unknown."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from engagements.models import Person
from tests.factories.cast import Cast
from vciso.tenancy import context
from vciso.tenancy.models import Membership
from vciso.tenancy.permissions import REGISTRY

pytestmark = pytest.mark.django_db


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


ROUTES = list(patterns(get_resolver("vciso.urls")))
SAMPLES = {
    "ref": "X-999", "pk": "00000000-0000-4000-8000-000000000000", "slug": "no-such-thing", "period": "2019-01",
    "kind": "risks", "number": "1.0", "key": "summary", "token": "x",
}  # fmt: skip
OF_A_CLIENT = sorted({route for route, _ in ROUTES if "client_key" in route})


def address(route: str, key: str) -> str:
    """A route with the client's key and stand-ins for everything else."""
    parts = []
    for part in route.split("/"):
        if part.startswith("<") or "<" in part:
            name = part[part.index("<") + 1 : part.index(">")].split(":")[-1]
            kind = part[part.index("<") + 1 : part.index(">")].split(":")[0]
            value = key if name == "client_key" else SAMPLES["pk"] if kind == "uuid" else SAMPLES.get(name, "1")
            part = part[: part.index("<")] + value + part[part.index(">") + 1 :]
        parts.append(part)
    return "/" + "/".join(parts)


def asked(browser: Browser, path: str) -> tuple[int, bytes, int]:
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(path)
    return response.status_code, response.content, len(queries)


def test_a_foreign_client_answers_exactly_as_an_unknown_one(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    """Same status, same bytes, same number of queries, at every address below a client."""
    browser = browse(cast.charlie)
    browser.get("/account/profile/")  # the first request of a session notes where it came from
    told_apart = []
    for route in OF_A_CLIENT:
        foreign = asked(browser, address(route, cast.acme.key))
        if foreign[0] != 404 or foreign != asked(browser, address(route, "nobody-zzzzzz")):
            told_apart.append(route)
    assert told_apart == []


def test_every_view_declares_its_permission() -> None:
    """A new address without a permission fails here. What allauth serves has its own rules."""
    undeclared = [
        route
        for route, pattern in ROUTES
        if not hasattr(pattern.callback, "permission") and not route.startswith("account/")
    ]
    assert undeclared == []


def test_every_declared_permission_exists() -> None:
    declared = {pattern.callback.permission for _, pattern in ROUTES if hasattr(pattern.callback, "permission")}
    assert declared <= set(REGISTRY)


def test_a_stranger_gets_no_page(client: Browser, db: None) -> None:
    """Without a sign-in every address leads to it, or to nothing."""
    public = ("health/", "metrics", "inbox/", "patterns/", "account/", "brand/", "^brand")
    shown = []
    for route in sorted({route for route, _ in ROUTES}):
        status = client.get(address(route, "nobody-zzzzzz")).status_code
        closed = {401, 404, 405} if route.startswith("api/") else {302, 404, 405}
        if not route.startswith(public) and status not in closed:
            shown.append((route, status))
    assert shown == []


@pytest.fixture
def misbehaving(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.tenancy.urls"


@pytest.mark.parametrize(
    ("name", "status"), [("raises", 500), ("invalid", 422), ("streams", 500), ("sql", 500), ("interface", 400)]
)
def test_what_fails_leaves_no_row_and_no_context(
    cast: Cast, browse: Callable[[Any], Browser], misbehaving: None, name: str, status: int
) -> None:
    browser = browse(cast.alice)
    browser.raise_request_exception = False
    response = browser.get(f"/c/{cast.acme.key}/probe/{name}/")
    assert response.status_code == status
    assert context.current() is None
    with context.as_job(cast.acme.pk, "look"):
        assert not Person.objects.filter(name="Half written").exists()


def test_removal_takes_effect_on_the_next_request(
    cast: Cast, browse: Callable[[Any], Browser], as_owner: Callable[[], Any]
) -> None:
    browser = browse(cast.bob)
    before = browser.get(f"/my/{cast.acme.key}/").status_code
    with as_owner():
        Membership.objects.filter(user=cast.bob).delete()
    assert (before, browser.get(f"/my/{cast.acme.key}/").status_code) == (200, 404)
