"""A new SECRET_KEY: nobody loses a second factor, and the old key can be thrown away afterwards."""

from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from tests.factories.cast import Cast
from vciso.accounts import keys

pytestmark = pytest.mark.django_db
OLD, NEW = "the-old-key-0123456789-abcdefghijklmnopq", "the-new-key-0123456789-abcdefghijklmnopq"
TOTP, CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


@pytest.fixture
def factors(cast: Cast, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    encrypt = get_adapter().encrypt
    Authenticator.objects.create(user=cast.alice, type=TOTP, data={"secret": encrypt("ALICES SEED")})
    Authenticator.objects.create(user=cast.alice, type=CODES, data={"seed": encrypt("RECOVERY"), "used_mask": 5})
    codes = {"migrated_codes": [encrypt("one"), encrypt("two")], "used_mask": 0}
    Authenticator.objects.create(user=cast.bob, type=CODES, data=codes)


def read(user: Any, kind: str, name: str) -> Any:
    value = Authenticator.objects.get(user=user, type=kind).data[name]
    decrypt = get_adapter().decrypt
    return [decrypt(each) for each in value] if isinstance(value, list) else decrypt(value)


def test_second_factors_outlive_the_old_key(cast: Cast, factors: None, settings: Any, capsys: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert read(cast.alice, TOTP, "secret") == "ALICES SEED"
    call_command("rotate_keys")
    assert "3 second factors were encrypted anew, 0 were already." in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert read(cast.alice, TOTP, "secret") == "ALICES SEED"
    assert read(cast.alice, CODES, "seed") == "RECOVERY"
    assert Authenticator.objects.get(user=cast.alice, type=CODES).data["used_mask"] == 5
    assert read(cast.bob, CODES, "migrated_codes") == ["one", "two"]
    assert keys.rotate_second_factors() == keys.Rotation(renewed=0, current=3, unreadable=0)


def test_a_lost_key_is_told_and_nothing_is_spoilt(cast: Cast, factors: None, settings: Any, capsys: Any) -> None:
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = NEW
    with pytest.raises(SystemExit):
        call_command("rotate_keys")
    assert (
        "3 can be read by no key: put the key they were made under into SECRET_KEY_FALLBACKS" in capsys.readouterr().out
    )
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


def test_sessions_and_signatures_of_the_old_key_hold_while_it_is_a_fallback(
    cast: Cast, settings: Any, browse: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    alice = browse(cast.alice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert alice.get("/today/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "a-third-key-0123456789-abcdefghijklmnopq"
    assert alice.get("/today/").status_code == 302
