"""Whether somebody has an account is told by no answer: not its status, its words, its steps or its time."""

import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.accounts.conftest import address, mails
from tests.factories.cast import Cast
from vciso.accounts import services
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
TRIES, SLACK = 50, 0.20
KNOWN, UNKNOWN = "alice@example.test", "nobody@example.test"
Ask = Callable[[str], Any]


def signing_in(email: str) -> Any:
    typed = {"login": email, "password": "wrong wrong wrong"}
    return Browser(REMOTE_ADDR=address()).post("/account/login/", typed)


def resetting(email: str) -> Any:
    return Browser(REMOTE_ADDR=address()).post("/account/password/reset/", {"email": email})


def signing_up(email: str) -> Any:
    typed = {"email": email, "password1": "seven green umbrellas", "password2": "seven green umbrellas"}
    return Browser(REMOTE_ADDR=address()).post("/account/signup/", typed)


class Cheaper(Argon2PasswordHasher):
    """The hasher in use at a tenth of its cost, so that a hundred answers take seconds."""

    time_cost, memory_cost, parallelism = 1, 8192, 1


DOORS: list[Ask] = [signing_in, resetting, signing_up]


@pytest.fixture(autouse=True)
def as_in_use(settings: Any) -> None:
    """Passwords cost what hashing costs; limits wide enough to ask a hundred times."""
    settings.PASSWORD_HASHERS = ["tests.accounts.test_enumeration.Cheaper"]
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000/m/key", "reset_password": "1000/m/key"}


@pytest.fixture
def known(people: Cast) -> Cast:
    people.alice.set_password("a long test password")
    people.alice.save()
    return people


def bare(response: Any, email: str) -> tuple[int, str, bytes]:
    """An answer without what differs by itself: the address typed, and the token of the form."""
    body = response.content.replace(email.encode(), b"EMAIL")
    token = response.context and response.context.get("csrf_token")
    body = body.replace(str(token).encode(), b"TOKEN") if token else body
    return response.status_code, response.get("Location", ""), body


@pytest.mark.parametrize("ask", DOORS)
def test_answers_are_the_same(known: Cast, ask: Ask) -> None:
    """B5: status, target and every byte."""
    assert bare(ask(KNOWN), KNOWN) == bare(ask(UNKNOWN), UNKNOWN)


@pytest.mark.parametrize("ask", DOORS)
def test_steps_are_the_same(known: Cast, ask: Ask) -> None:
    """B5: as many statements at the database; also at the failure that sends a mail."""
    ask(KNOWN), ask(UNKNOWN)
    for _ in range(5):
        counts = []
        for email in (KNOWN, UNKNOWN):
            with CaptureQueriesContext(connection) as queries:
                ask(email)
            counts.append([one["sql"].split()[0] for one in queries])
        assert counts[0] == counts[1]


def medians(ask: Ask) -> tuple[float, float]:
    taken: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for number in range(TRIES):
        for email in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            began = time.perf_counter()
            ask(email)
            taken[email].append(time.perf_counter() - began)
    return statistics.median(taken[KNOWN]), statistics.median(taken[UNKNOWN])


@pytest.mark.parametrize("ask", DOORS[:2])
def test_times_are_the_same(known: Cast, ask: Ask) -> None:
    """B5: interleaved medians of fifty, within 20 %, measured again where a busy moment fell on one of them."""
    for _ in range(3):
        with_account, without = medians(ask)
        if abs(with_account / without - 1) <= SLACK:
            return
    raise AssertionError(f"{with_account * 1000:.1f} ms with an account, {without * 1000:.1f} ms without")


def test_inviting_says_nothing_about_accounts_elsewhere(known: Cast, browse: Callable[[Any], Browser]) -> None:
    """B5: an address with an account in another practice is invited like a new one."""
    browser = browse(known.pam)
    browser.get("/practice/people/")
    answers = []
    for email in (known.xenia.email, "nobody-yet@example.test"):
        typed = {"name": "Some Body", "email": email, "role": "consultant"}
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post("/practice/people/", typed)
        answers.append((answer.status_code, answer["Location"], len(queries)))
    assert answers[0] == answers[1]


def test_the_page_of_an_invitation_says_nothing_either(known: Cast, client: Browser, at: datetime) -> None:
    """B5: whoever holds the link sees the same page, account or not."""
    pages = []
    for email in (known.xenia.email, "nobody-yet@example.test"):
        with context.as_user(known.alice, client_key=known.acme.key):
            path = services.invite(client=known.acme, email=email, name="X", role="owner", by=known.alice, at=at)
        answer = Browser().get(path)
        token = path.rsplit("/", 2)[1]
        pages.append(bare(answer, email)[2].replace(token.encode(), b"LINK"))
    assert pages[0] == pages[1]


def test_five_failures_write_to_whoever_has_the_account(known: Cast) -> None:
    """B13: once a day; for an address that nobody has, nothing leaves."""
    for _ in range(12):
        signing_in(KNOWN), signing_in(UNKNOWN)
    assert len(mails(known.alice, "Repeated failures")) == 1
    with context.as_installation("test"):
        from vciso.jobs.models import OutboxMail

        rows = OutboxMail.objects.filter(subject__startswith="Repeated failures", to="")
        assert {row.dropped for row in rows} == {"Nobody has this address."}
