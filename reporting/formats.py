"""Days, money, hours and counts as the reports print them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import floor, log10

from vciso.web.formats import full_stop

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$"}
_WITHOUT_MINOR = frozenset({"JPY", "KRW", "CLP", "ISK", "VND"})
NOT_SET = "no date set"


def day(value: date | None, language: str = "en-GB") -> str:
    """12 Nov 2026, or Nov 12, 2026 where the client writes it so."""
    if value is None:
        return NOT_SET
    month = _MONTHS[value.month - 1]
    if language == "en-US":
        return f"{month} {value.day}, {value.year}"
    return f"{value.day} {month} {value.year}"


def money(minor: int | None, currency: str = "USD", *, about: bool = False) -> str:
    """Minor units as whole units; `about` rounds to two significant digits."""
    if minor is None:
        return "not known"
    units = minor if currency in _WITHOUT_MINOR else round(minor / 100)
    if about and units:
        units = round(units, 1 - floor(log10(abs(units))))
    sign = "−" if units < 0 else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'about ' if about and units else ''}{sign}{symbol}{abs(units):,}"


def hours(minutes: int | float | None) -> str:
    """31.5 hours, 1 hour, 20 minutes."""
    if minutes is None:
        return "not known"
    if 0 < abs(minutes) < 60:
        return plural(int(minutes), "minute")
    amount = f"{minutes / 60:.1f}".removesuffix(".0")
    return f"{amount} {'hour' if amount == '1' else 'hours'}"


def plural(number: int, noun: str, many: str = "") -> str:
    """1 risk, 12 risks, 1,200 risks."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def in_words(number: int) -> str:
    """Numbers up to ten as words, as sentences want them."""
    return _NUMBERS[number] if 0 <= number <= 10 else f"{number:,}"


def counted(number: int, noun: str, many: str = "") -> str:
    """one risk, four risks, no risks, 41 risks."""
    return f"{in_words(number)} {noun if number == 1 else many or noun + 's'}"


def listing(items: Iterable[str]) -> str:
    """a, b and c."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """First letter large, one full stop at the end."""
    return capital(full_stop(text))


def capital(text: str) -> str:
    """The first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]
