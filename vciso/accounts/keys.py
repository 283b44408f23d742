"""Changing SECRET_KEY: second factors are encrypted anew, so that the old key can be thrown away."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from vciso.accounts.adapters import cipher, derived

# Where allauth keeps what the adapter encrypted.
ENCRYPTED = {
    Authenticator.Type.TOTP: ("secret",),
    Authenticator.Type.RECOVERY_CODES: ("seed", "migrated_codes"),
}


@dataclass
class Rotation:
    """How many second factors are under the new key now, were already, and can be read by no key."""

    renewed: int = 0
    current: int = 0
    unreadable: int = 0


def rotate_second_factors() -> Rotation:
    """Encrypt every seed under SECRET_KEY; one that only SECRET_KEY_FALLBACKS opens is renewed."""
    found = Rotation()
    for pk in Authenticator.objects.filter(type__in=ENCRYPTED).values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().get(pk=pk)
            outcome = _renew(factor)
            setattr(found, outcome, getattr(found, outcome) + 1)
    return found


def _renew(factor: Authenticator) -> str:
    names = [name for name in ENCRYPTED[Authenticator.Type(factor.type)] if factor.data.get(name)]
    if all(_is_current(value) for name in names for value in _values(factor.data[name])):
        return "current"
    try:
        for name in names:
            value = factor.data[name]
            fresh = [cipher().rotate(token.encode()).decode() for token in _values(value)]
            factor.data[name] = fresh if isinstance(value, list) else fresh[0]
    except InvalidToken:
        return "unreadable"
    factor.save(update_fields=["data"])
    return "renewed"


def _values(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _is_current(token: str) -> bool:
    try:
        derived(settings.SECRET_KEY).decrypt(token.encode())
    except InvalidToken:
        return False
    return True
