"""Live and ready: who is asked, what is told, and what never is."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client as Browser

from tests.factories.cast import Cast
from vciso.operations import health

pytestmark = pytest.mark.django_db
PARTS = ["broker", "cache", "database", "storage", "tables"]
NOBODY = "redis://:secret-of-nobody@127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def ask(browser: Browser) -> tuple[int, dict[str, Any]]:
    answer = browser.get("/health/ready")
    return answer.status_code, answer.json()


def test_a_portal_that_works_says_so_part_by_part(client: Browser) -> None:
    assert ask(client) == (200, {"ready": True, "parts": dict.fromkeys(PARTS, "ok")})


def test_live_asks_nothing_and_reads_nothing(client: Browser, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})


def test_both_answer_beside_tls_without_being_sent_elsewhere(client: Browser, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200
    assert client.get("/account/login/").status_code == 301


def broker_away(settings: Any) -> None:
    health.current_app.conf.broker_url = NOBODY


def cache_away(settings: Any) -> None:
    settings.CACHES = {"default": {**django_settings.CACHES["default"], "LOCATION": NOBODY}}


def storage_full(settings: Any) -> None:
    settings.FILES_ROOT = "/proc/nothing/can/be/written/here"


@pytest.mark.parametrize(("part", "spoil"), [("broker", broker_away), ("cache", cache_away), ("storage", storage_full)])
def test_the_part_that_does_not_work_is_named_without_its_address(
    client: Browser, settings: Any, part: str, spoil: Any, request: pytest.FixtureRequest
) -> None:
    conf = health.current_app.conf
    before = conf.broker_url
    request.addfinalizer(lambda: setattr(conf, "broker_url", before))
    spoil(settings)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {**dict.fromkeys(PARTS, "ok"), part: "failed"}
    assert b"secret" not in answer.content and b"127.0.0.1" not in answer.content and b"proc" not in answer.content


def test_a_database_that_serves_the_wrong_role_is_not_ready(client: Browser, as_owner: Any) -> None:
    with as_owner():
        assert health.readiness()["parts"]["database"] == "wrong role"


def test_tables_of_an_older_release_are_not_ready(client: Browser, as_owner: Any) -> None:
    health._settled.clear()
    with as_owner():
        health.connection.cursor().execute("DELETE FROM django_migrations WHERE app = 'operations'")
    assert ask(client)[1]["parts"]["tables"] == "behind"


def test_pages_of_a_session_work_while_the_cache_is_away_and_sign_in_is_refused(
    cast: Cast, browse: Any, settings: Any
) -> None:
    alice = browse(cast.alice)
    cache_away(settings)
    caches.close_all()
    assert alice.get(f"/c/{cast.acme.key}/").status_code == 200
    stranger = Browser(raise_request_exception=False)
    answer = stranger.post("/account/login/", {"login": "alice@example.test", "password": "a long test password"})
    assert answer.status_code >= 400 and settings.SESSION_COOKIE_NAME not in stranger.cookies
