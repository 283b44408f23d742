"""Canaries: secrets that people type, get and write go through a whole scenario, and no log line holds one."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client as Browser

from tests.factories.cast import Cast
from vciso.accounts import services
from vciso.jobs import tasks
from vciso.operations import logs
from vciso.tenancy import context
from vciso.tenancy.enums import Role

pytestmark = pytest.mark.django_db
WRONG, CHOSEN = "wrong canary password", "seven green canaries sing"
WRITTEN = "The canary merger with Globex fails unless the board pays"


class Cage:
    """Everything that was logged, in both forms, and every secret that must not be in it."""

    def __init__(self) -> None:
        self.outs = {form: io.StringIO() for form in (logs.JsonLines, logs.PlainLines)}
        self.secrets: set[str] = set()

    def text(self) -> str:
        return "\n".join(out.getvalue() for out in self.outs.values())

    def found(self) -> list[str]:
        text = self.text()
        return sorted(secret for secret in self.secrets if secret in text)


@pytest.fixture
def cage() -> Iterator[Cage]:
    found = Cage()
    root, before = logging.getLogger(), logging.getLogger().level
    handlers = []
    for form, out in found.outs.items():
        handler = logging.StreamHandler(out)
        handler.setFormatter(form())
        handlers.append(handler)
        root.addHandler(handler)
    # Everything the portal would ever log; the database driver's own level is for developers alone.
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield found
    root.setLevel(before)
    for handler in handlers:
        root.removeHandler(handler)


def remember(cage: Cage, browser: Browser) -> None:
    """Session keys and tokens of forms."""
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        if name in browser.cookies and browser.cookies[name].value:
            cage.secrets.add(browser.cookies[name].value)


def invite(cage: Cage, cast: Cast, at: datetime) -> None:
    """An invitation, its link opened, mistyped and used with a password."""
    with context.as_user(cast.alice, client_key=cast.acme.key):
        path = services.invite(
            client=cast.acme, email="nora@example.test", name="Nora Field", role=Role.OWNER, by=cast.alice, at=at
        )
    token = path.rstrip("/").rsplit("/", 1)[1]
    cage.secrets |= {token, CHOSEN}
    tasks.send_due_mail()
    assert token in str(mail.outbox[-1].body)
    nora = Browser()
    for where in (path, path.rstrip("/"), f"{path}?again={token}", f"{path}x/"):
        nora.get(where)
    assert nora.post(path, {"name": "Nora Field", "password": CHOSEN}).status_code == 302
    remember(cage, nora)


def forget_the_password(cage: Cage, cast: Cast) -> None:
    """A password reset: the link by mail, followed."""
    browser = Browser()
    browser.post("/account/password/reset/", {"email": "bob@example.test"})
    tasks.send_due_mail()
    links = re.findall(r"/account/password/reset/key/[^\s]+", " ".join(str(message.body) for message in mail.outbox))
    for link in links:
        cage.secrets.add(link.rstrip("/").rsplit("-", 1)[1])
        browser.get(link)
    remember(cage, browser)
    assert links


def sign_in(cage: Cage, cast: Cast) -> Browser:
    """A wrong password, the right one, and the code of the second step."""
    secret = generate_totp_secret()
    Authenticator.objects.create(
        user=cast.alice, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    cage.secrets |= {WRONG, "a long test password", secret, f" {code}", f"={code}", f'"{code}'}
    browser = Browser()
    for password in (WRONG, "a long test password"):
        browser.post("/account/login/", {"login": "alice@example.test", "password": password})
        remember(cage, browser)
    browser.post("/account/2fa/authenticate/", {"code": "000000"})
    browser.post("/account/2fa/authenticate/", {"code": code})
    remember(cage, browser)
    return browser


def write(cage: Cage, cast: Cast, browser: Browser) -> None:
    """What a consultant types, in a form that is taken, one that is refused, a search, and a page that breaks."""
    cage.secrets.add(WRITTEN)
    base = f"/c/{cast.acme.key}"
    browser.post(f"{base}/tasks/new/", {"title": WRITTEN, "side": "client"})
    browser.post(f"{base}/risks/new/", {"cause": WRITTEN, "event": WRITTEN, "consequence": WRITTEN})
    browser.get(f"{base}/risks/", {"q": WRITTEN})
    browser.get("/find/", {"q": WRITTEN})
    browser.post("/preview/", {"text": WRITTEN})
    browser.post(f"{base}/nowhere/", {"words": WRITTEN})


def test_no_line_holds_a_secret_of_a_whole_scenario(
    cage: Cage, cast: Cast, at: datetime, client: Browser, settings: Any
) -> None:
    invite(cage, cast, at)
    forget_the_password(cage, cast)
    browser = sign_in(cage, cast)
    write(cage, cast, browser)
    settings.METRICS_TOKEN = "canary-token-of-the-monitoring-system-1"
    cage.secrets |= {settings.METRICS_TOKEN, settings.SECRET_KEY}
    client.get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})
    assert len(cage.secrets) >= 12 and min(map(len, cage.secrets)) >= 7
    assert cage.text().count('"logger": "vciso.requests"') >= 18
    assert cage.found() == []


@pytest.mark.urls("tests.tenancy.urls")
def test_a_page_that_breaks_tells_nothing_of_what_was_sent(cage: Cage, cast: Cast, browse: Callable[..., Any]) -> None:
    cage.secrets.add(WRITTEN)
    alice = browse(cast.alice)
    alice.raise_request_exception = False
    remember(cage, alice)
    for probe in ("raises", "sql", "streams"):
        answer = alice.get(f"/c/{cast.acme.key}/probe/{probe}/", {"words": WRITTEN}, headers={"Referer": WRITTEN})
        assert answer.status_code in {500, 503}
    assert "Traceback" in cage.text() or "File " in cage.text()
    assert cage.found() == []


def test_a_canary_that_is_logged_is_found(cage: Cage) -> None:
    cage.secrets.add(WRITTEN)
    logging.getLogger("vciso.careless").info("the report says %s", WRITTEN)
    assert cage.found() == [WRITTEN]
