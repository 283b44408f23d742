"""Limits of sign-in: per account and address, across processes, whatever a proxy is said to have said."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory

from tests.accounts.conftest import PASSWORD, code_of, give_app, is_signed_in, sign_in
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many failed login attempts"


def attempt(browser: Browser, email: str, password: str = "wrong wrong wrong") -> str:
    return browser.post("/account/login/", {"login": email, "password": password}).content.decode()


def test_the_sixth_failure_within_five_minutes_is_refused(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B3: per account, from wherever; then not even the right password helps, until time has passed."""
    assert [TOO_MANY in attempt(arrive(), people.alice.email) for _ in range(6)] == [False] * 5 + [True]
    browser = arrive()
    assert TOO_MANY in attempt(browser, people.alice.email, PASSWORD)
    assert not is_signed_in(browser)
    other = arrive()
    sign_in(other, people.amir)
    assert is_signed_in(other)


def test_one_address_may_not_try_many_accounts(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B3: ten failures a minute, whichever account."""
    browser = arrive()
    answers = [TOO_MANY in attempt(browser, f"person{number}@example.test") for number in range(11)]
    assert answers == [False] * 10 + [True]


def test_codes_are_limited_per_person(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B3: five wrong codes, then the right one is refused too, also in another browser."""
    secret = give_app(people.alice)
    for _ in range(5):
        browser = arrive()
        sign_in(browser, people.alice)
        browser.post("/account/second-step/sign-in/", {"code": "000000"})
    browser.post("/account/second-step/sign-in/", {"code": code_of(secret)})
    assert not is_signed_in(browser)


def test_resets_and_confirmations_are_limited(
    people: Cast, arrive: Callable[..., Browser], browse: Callable[[Any], Browser]
) -> None:
    """B3: five resets a minute for an account; five wrong passwords at a confirmation."""
    asked = [arrive().post("/account/password/reset/", {"email": people.bob.email}).status_code for _ in range(6)]
    assert asked == [302] * 5 + [429]
    browser = browse(people.alice)
    said = [browser.post("/account/reauthenticate/", {"confirm-password": "no"}).content.decode() for _ in range(6)]
    assert [TOO_MANY in text for text in said] == [False] * 5 + [True]
    assert browser.post("/account/reauthenticate/", {"confirm-password": PASSWORD}).status_code == 422


ELSEWHERE = """
import sys, django
django.setup()
from django.core.cache import caches
from django.db import connections
caches["default"].key_prefix = sys.argv[1]
connections["default"].settings_dict["NAME"] = sys.argv[4]
from django.test import Client
browser = Client(REMOTE_ADDR="10.255.0.1", SERVER_NAME="localhost")
for _ in range(int(sys.argv[3])):
    answer = browser.post("/account/login/", {"login": sys.argv[2], "password": "wrong wrong wrong"})
    print(answer.status_code, "not correct" in answer.content.decode())
"""


def test_the_count_is_one_for_all_processes(
    people: Cast, arrive: Callable[..., Browser], counts_of_its_own: str
) -> None:
    """B3: three failures in another process, under another name of the portal, and two here."""
    email = f"nobody-{counts_of_its_own[:8]}@example.test"
    said = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, counts_of_its_own, email, "3", str(connection.settings_dict["NAME"])],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "vciso.settings.test"}, check=True, timeout=120,
        capture_output=True, text=True,
    )  # fmt: skip
    assert said.stdout.split("\n")[:3] == ["200 True"] * 3, said.stdout
    assert [TOO_MANY in attempt(arrive(), email) for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP"])
def test_a_forged_header_is_no_new_address(people: Cast, arrive: Callable[..., Browser], header: str) -> None:
    """B4: without a proxy, nothing a client says about its address counts."""
    browser = arrive()
    answers = [
        TOO_MANY in browser.post(
            "/account/login/", {"login": f"person{number}@example.test", "password": "wrong wrong wrong"},
            **{header: f"203.0.113.{number}"},
        ).content.decode()
        for number in range(11)
    ]  # fmt: skip
    assert answers[-1]


@pytest.mark.parametrize(("proxies", "said", "found"), [
    (0, "203.0.113.9", "10.0.0.1"),
    (1, "203.0.113.9", "203.0.113.9"),
    (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
])  # fmt: skip
def test_behind_proxies_the_address_they_saw_counts(settings: Any, proxies: int, said: str, found: str) -> None:
    """B4: as many hops from the end as the settings say; what stands before them is the client's own story."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=said)
    assert get_adapter().get_client_ip(request) == found


def test_without_the_cache_nobody_signs_in_and_sessions_go_on(
    people: Cast, arrive: Callable[..., Browser], browse: Callable[[Any], Browser], settings: Any
) -> None:
    """E5, B3: fail closed. Nothing listens where the cache should be."""
    inside = browse(people.alice)
    assert inside.get("/today/").status_code == 200
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    browser = arrive()
    answer = sign_in(browser, people.alice)
    assert answer.status_code == 503 and answer["Retry-After"]
    assert not is_signed_in(browser)
    assert arrive().post("/account/password/reset/", {"email": people.bob.email}).status_code == 503
    assert arrive().get("/account/login/").status_code == 200
    assert inside.get("/today/").status_code == 200
    assert inside.get(f"/c/{people.acme.key}/").status_code == 200
