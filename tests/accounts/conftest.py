"""Signing in as a person does: pages, passwords, codes; each browser from an address of its own."""

import base64
import hashlib
import hmac
import itertools
import struct
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client as Browser

from tests.factories.cast import Cast
from vciso.jobs.models import OutboxMail
from vciso.tenancy import context
from vciso.tenancy.models import User

PASSWORD = "a long test password"
LOGIN = "/account/login/"
_numbers = itertools.count(int(time.time() * 1000) % 60_000)


def address() -> str:
    """An address that no other test counts failures for."""
    number = next(_numbers)
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


@pytest.fixture(autouse=True)
def counts_of_its_own(settings: Any) -> str:
    """The counts of the limits live in the cache, which outlasts a test; answers their prefix."""
    prefix = uuid.uuid4().hex
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": prefix}}
    return prefix


@pytest.fixture
def people(cast: Cast) -> Cast:
    """The cast with confirmed addresses, as an invitation leaves them."""
    for user in (cast.pam, cast.alice, cast.amir, cast.bob, cast.dora, cast.gina, cast.xenia):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return cast


@pytest.fixture
def arrive() -> Callable[..., Browser]:
    """A browser, from an address and with a name of its own."""

    def made(**extra: Any) -> Browser:
        return Browser(REMOTE_ADDR=address(), HTTP_USER_AGENT="Firefox/140.0 Windows", **extra)

    return made


def sign_in(browser: Browser, user: User, password: str = PASSWORD) -> Any:
    return browser.post(LOGIN, {"login": user.email, "password": password})


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/profile/").status_code == 200


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), `steps` half minutes from now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def give_app(user: User) -> str:
    """An authenticator app; answers its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def give_codes(user: User) -> list[str]:
    return RecoveryCodes.activate(user).generate_codes()


def require(cast: Cast, *roles: str) -> None:
    """The practice asks these roles for a second step."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vciso_migrator")
        cursor.execute(
            "UPDATE tenancy_practice SET factor_roles = %s::varchar[] WHERE id = %s", [list(roles), cast.northwind.pk]
        )
        cursor.execute("SET LOCAL ROLE vciso_app")


def factors(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def mails(user: User, subject: str = "") -> list[OutboxMail]:
    """What the outbox holds for a person, oldest first."""
    with context.as_installation("test"):
        return list(OutboxMail.objects.filter(to=user.email, subject__contains=subject).order_by("created_at"))
