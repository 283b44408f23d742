"""Passwords: long ones as they are typed, guessable ones refused, and no account that nobody made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client as Browser

from tests.accounts.conftest import is_signed_in, sign_in
from tests.accounts.test_invitations import invited
from tests.factories.cast import Cast
from vciso import settings as in_use
from vciso.accounts.models import LIFETIME, new_token
from vciso.tenancy.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    [
        "twelve signs",
        "  Umbrella, Harbour & Söhne  ",
        "ALL CAPITALS ONLY",
        "q" * 64 + "w" * 64,
        "密码是四个不相关的词语组成",
    ],
)
def test_a_password_works_exactly_as_typed(
    people: Cast, arrive: Callable[..., Browser], at: datetime, password: str
) -> None:
    """B1: 12 to 128 characters, no rule of composition, nothing trimmed or folded."""
    browser = arrive()
    browser.post(invited(people, at), {"name": "Nora Field", "password": password})
    nora = User.objects.get(email="nora@example.test")
    for wrong in (password.lower(), password.strip(), password[:-1], password + " "):
        if wrong != password:
            other = arrive()
            sign_in(other, nora, wrong)
            assert not is_signed_in(other), wrong
    again = arrive()
    sign_in(again, nora, password)
    assert is_signed_in(again)


def test_the_field_takes_a_pasted_password(client: Browser, cast: Cast, at: datetime) -> None:
    """B1: nothing stops a password manager."""
    page = client.get(invited(cast, at)).content.decode()
    assert 'autocomplete="new-password"' in page and "onpaste" not in page


def test_hashes_are_argon2_and_never_expire() -> None:
    """B1."""
    assert in_use.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert not [name for name in dir(in_use) if "PASSWORD_AGE" in name or "PASSWORD_EXPIR" in name]


@pytest.mark.parametrize(
    "password", ["elevensigns", "password1234", "vciso-portal-1", "1234567890123", "Alice Example!"]
)
def test_what_others_would_guess_is_refused(cast: Cast, password: str) -> None:
    """B2: too short, common, and little more than a name of the product, the person or their organisation."""
    with pytest.raises(ValidationError):
        validate_password(password, cast.alice)


def test_invitations_cannot_be_guessed_and_do_not_last() -> None:
    """B22: 256 random bits, three days."""
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and all(len(token) * 6 >= 256 for token in tokens)
    assert timedelta(hours=72) == LIFETIME


def test_a_fresh_installation_has_no_account(db: None) -> None:
    """B22: migrations make nobody; the first account comes from an invitation."""
    assert not User.objects.exists()


def test_an_invitation_is_bound_to_address_and_client(
    people: Cast, at: datetime, browse: Callable[[Any], Browser]
) -> None:
    """B22: whoever holds the link gets an account of the invited address at that client, and no other."""
    path = invited(people, at)
    browser = Browser()
    browser.post(path, {"name": "N", "password": "seven green umbrellas", "email": "evil@example.test",
                        "client": str(people.globex.pk), "role": "practice_admin"})  # fmt: skip
    assert not User.objects.filter(email="evil@example.test").exists()
    assert browser.get(f"/my/{people.acme.key}/").status_code == 200
    assert browser.get(f"/my/{people.globex.key}/").status_code == 404
    assert browser.get("/today/").status_code == 403
    assert browse(people.gina).post(path).status_code == 404
