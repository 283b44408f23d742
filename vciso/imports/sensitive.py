"""Warnings for what should not travel in a list: passwords, bank data, personal identifiers.

Only the sort of the find and its cell are told. The find itself is never repeated in a remark, a
log line or the audit trail; it stands in the file and in the row as read, as every cell does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_SECRET = re.compile(
    r"\b(?:pass(?:word|wort|code|phrase)?|pwd|passwd|mot de passe|contraseña|kennwort|wachtwoord|senha|api[ _-]?key|"
    r"secret|token|pin(?: code)?|login)\b\s*(?:is|ist|=|:|->|→)\s*(?!(?:yes|no|none|n/?a|required|not|the|a|to|in|"
    r"unknown|changed|expired|weak|shared)\b)[^\s,;]{4,}",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|"
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}|"
    r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.|\bsk_(?:live|test)_[A-Za-z0-9]{16,}"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_CARD = re.compile(r"(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])")
_SOCIAL = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_BORN = re.compile(
    r"\b(?:date of birth|d\.?o\.?b\.?|born(?: on)?|geburtsdatum|geboren|né(?:e)? le|fecha de nacimiento|nato il|"
    r"geboortedatum)\b\s*:?\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}",
    re.IGNORECASE,
)


def finds_in(text: str) -> list[str]:
    """The sorts of sensitive things a text seems to hold, in words; empty for most texts."""
    if len(text) < 8:
        return []
    return [said for said, found in _CHECKS if found(text)]


def _is_iban(text: str) -> bool:
    return any(_mod_97(match) for match in _IBAN.findall(text))


def _mod_97(text: str) -> bool:
    bare = text.replace(" ", "")
    if not 15 <= len(bare) <= 34:
        return False
    turned = bare[4:] + bare[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _is_card(text: str) -> bool:
    return any(_luhn(match) for match in _CARD.findall(text))


def _luhn(text: str) -> bool:
    digits = [int(letter) for letter in text if letter.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) < 3:
        return False
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


_CHECKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("a password or a key", lambda text: _SECRET.search(text) or _KEY.search(text)),
    ("a bank account number", _is_iban),
    ("a payment card number", _is_card),
    ("a personal identity number", lambda text: _SOCIAL.search(text) or _INSURANCE.search(text)),
    ("a date of birth", _BORN.search),
)


def sentence(sorts: Iterable[str]) -> str:
    """What the person is told about a cell; it names the sort, never the find."""
    return f"The cell seems to hold {' and '.join(sorts)}. Take it out of the file if it need not be here."
