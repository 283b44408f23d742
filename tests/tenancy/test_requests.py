"""One transaction and one context around every request, and one answer to the foreign and the unknown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from engagements.models import Person
from tests.access.addresses import ALL
from tests.factories.cast import Cast
from vciso.tenancy import context
from vciso.tenancy.models import Membership
from vciso.tenancy.permissions import REGISTRY

pytestmark = pytest.mark.django_db


OF_A_CLIENT = [address for address in ALL.values() if address.of_a_client]


def asked(browser: Browser, path: str) -> tuple[int, bytes, int]:
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(path)
    return response.status_code, response.content, len(queries)


def test_a_foreign_client_answers_exactly_as_an_unknown_one(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    """Same status, same bytes, same number of queries, at every address below a client."""
    browser = browse(cast.charlie)
    browser.get("/account/profile/")  # the first request of a session notes where it came from
    told_apart = []
    for address in OF_A_CLIENT:
        foreign = asked(browser, address.without_record(cast.acme.key))
        if foreign[0] != 404 or foreign != asked(browser, address.without_record("nobody-zzzzzz")):
            told_apart.append(address.route)
    assert told_apart == []


def test_every_view_declares_its_permission() -> None:
    """A new address without a permission fails here. What allauth serves has its own rules."""
    undeclared = [
        address.route
        for address in ALL.values()
        if not hasattr(address.view, "permission") and not address.route.startswith("account/")
    ]
    assert undeclared == []


def test_every_declared_permission_exists() -> None:
    declared = {address.view.permission for address in ALL.values() if hasattr(address.view, "permission")}
    assert declared <= set(REGISTRY)


def test_a_stranger_gets_no_page(client: Browser, db: None) -> None:
    """Without a sign-in every address leads to it, or to nothing."""
    public = ("health/", "metrics", "inbox/", "patterns/", "account/", "brand/", "^brand")
    shown = []
    for address in ALL.values():
        route = address.route
        status = client.get(address.without_record("nobody-zzzzzz")).status_code
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
