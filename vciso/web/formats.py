"""Days, times, money and durations as people write them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from vciso.web.place import Place, current

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SYMBOLS = {
    "USD": "$", "GBP": "£", "EUR": "€", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "JPY": "¥",
}  # fmt: skip
SHARED_SIGNS = {
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"}),
    "¥": frozenset({"JPY", "CNY"}),
}
"""The currencies that people at home write with a sign that others write too."""
NO_MINOR = frozenset({"JPY", "KRW", "ISK", "CLP", "VND", "XAF", "XOF"})
THREE_MINOR = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def as_day(value: date | datetime) -> date:
    """The day a moment falls on for the reader; a plain day stays what it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def today() -> date:
    return timezone.localdate()


def day(value: date | datetime | None, *, place: Place | None = None, on: date | None = None) -> str:
    """“Tue 24 Nov”, with the year only where it is another one than today's."""
    if not value:
        return ""
    at, on = as_day(value), on or today()
    american = (place or current()).american
    name, month = DAYS[at.weekday()], MONTHS[at.month - 1]
    text = f"{name}, {month} {at.day}" if american else f"{name} {at.day} {month}"
    if at.year == on.year:
        return text
    return f"{text}, {at.year}" if american else f"{text} {at.year}"


def printed_day(value: date | datetime | None, *, place: Place | None = None) -> str:
    """“24 Nov 2026”, where every line is narrow and the page may be read in another year."""
    if not value:
        return ""
    at = as_day(value)
    month = MONTHS[at.month - 1]
    american = (place or current()).american
    return f"{month} {at.day}, {at.year}" if american else f"{at.day} {month} {at.year}"


def long_day(value: date | datetime | None, *, place: Place | None = None, on: date | None = None) -> str:
    """“Tuesday 24 November”, for owners and directors."""
    if not value:
        return ""
    at, on = as_day(value), on or today()
    american = (place or current()).american
    name, month = LONG_DAYS[at.weekday()], LONG_MONTHS[at.month - 1]
    text = f"{name}, {month} {at.day}" if american else f"{name} {at.day} {month}"
    if at.year == on.year:
        return text
    return f"{text}, {at.year}" if american else f"{text} {at.year}"


def clock(value: datetime, *, seconds: bool = False) -> str:
    """“4:40 pm” or “16:40”, as the place writes it; a record of the moment gives the seconds too."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    rest = f"{local.minute:02d}:{local.second:02d}" if seconds else f"{local.minute:02d}"
    if current().american:
        return f"{local.hour % 12 or 12}:{rest} {'am' if local.hour < 12 else 'pm'}"
    return f"{local.hour:02d}:{rest}"


def full_day(value: date | datetime | None, *, place: Place | None = None) -> str:
    """“30 March 2027”, “March 30, 2027”: a day of record, always with its year."""
    if not value:
        return ""
    at = as_day(value)
    month = LONG_MONTHS[at.month - 1]
    if (place or current()).american:
        return f"{month} {at.day}, {at.year}"
    return f"{at.day} {month} {at.year}"


def client_day(value: date | datetime | None, client: Any) -> str:
    """A day of record as a client writes days."""
    return full_day(value, place=Place.of(client))


def moment(value: datetime | None, *, on: date | None = None) -> str:
    """“Today 09:41”, “Yesterday 16:40”, “Wed 18 Nov 09:12”, “Wed 18 Nov 2025”."""
    if not value:
        return ""
    at, on = as_day(value), on or today()
    if at == on:
        return f"Today {clock(value)}"
    if at == on - timedelta(days=1):
        return f"Yesterday {clock(value)}"
    return day(at, on=on) if at.year != on.year else f"{day(at, on=on)} {clock(value)}"


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser(agent: str) -> str:
    """What a browser calls itself, in two words: “Firefox on Windows”."""
    name = next((word for mark, word in BROWSERS if mark in agent), "A browser")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    return f"{name} on {system}" if system else name


def full_stop(text: str) -> str:
    """Words that end as a sentence does, so that another may follow; nothing stays nothing."""
    text = text.strip()
    said = text.rstrip("”’\"')")
    return text if not said or said[-1] in ".!?…" else f"{text}."


def count_of(number: int, noun: str, plural: str = "") -> str:
    """“1 day”, “8 days”, “1,204 risks”."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def due(value: date | None, *, on: date | None = None) -> str:
    """“8 days late”, “Today”, “Tomorrow”, then the day itself."""
    if not value:
        return ""
    at, on = as_day(value), on or today()
    apart = (at - on).days
    if apart < 0:
        return f"{count_of(-apart, 'day')} late"
    return {0: "Today", 1: "Tomorrow"}.get(apart) or day(at, on=on)


def due_tone(value: date | None, *, on: date | None = None, soon: int = 7) -> str:
    """The class that goes with `due`: late, soon or none."""
    if not value:
        return ""
    apart = (as_day(value) - (on or today())).days
    return "late" if apart < 0 else "soon" if apart <= soon else ""


LARGEST_MINOR = 10**14
"""The largest sum that anything takes, in minor units, itself included."""


def marks_of(currency: str) -> frozenset[str]:
    """What may stand beside a sum of that currency: its three letters, and the signs it is written with."""
    shared = {sign for sign, currencies in SHARED_SIGNS.items() if currency in currencies}
    return frozenset({currency, SYMBOLS.get(currency, currency), *shared})


def minor_units(currency: str) -> int:
    return 0 if currency in NO_MINOR else 3 if currency in THREE_MINOR else 2


def money(minor: int | None, currency: str = "", *, exact: bool = False) -> str:
    """A sum in minor units as “$38,400”; cents only when asked for with `exact`."""
    if not isinstance(minor, int):
        return ""
    currency = currency or current().currency
    places = minor_units(currency)
    value = abs(minor) / 10**places
    text = f"{value:,.{places}f}" if exact else f"{round(value):,}"
    sign = "−" if minor < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{text}"


def about(minor: int, currency: str = "") -> str:
    """A sum that was estimated, to two significant digits: “about $240,000”; a few coins are “less than $1”."""
    unit = 10 ** minor_units(currency or current().currency)
    whole = round(minor / unit)
    if minor > 0 and not whole:
        return f"less than {money(unit, currency)}"
    digits = 2 - len(str(abs(whole)))
    return f"about {money(round(whole, min(0, digits)) * unit, currency)}"


def for_each(ratio: float, currency: str = "") -> str:
    """What one unit of money brings or takes, to two significant digits: “$4.20”, “$13”, “less than $0.01”."""
    currency = currency or current().currency
    symbol = SYMBOLS.get(currency, currency + " ")
    value = float(f"{abs(ratio):.2g}")
    if 0 < value < 0.01:
        return f"less than {symbol}0.01"
    return f"{symbol}{value:,.0f}" if value >= 10 else f"{symbol}{value:,.2f}"


def years_above(chance: float) -> str:
    """The chance of a year as frequency and per cent: “1 in 20 years (5.0%)”; a rare one is only called rare."""
    if chance >= 0.5:
        return f"{chance:.0%} of years"
    return f"1 in {round(1 / chance):,} years ({chance:.1%})" if chance >= 0.002 else "less than 1 in 500 years"


def hours(minutes: int | None) -> str:
    """Minutes as “9 h”, “1.5 h” or “0.25 h”."""
    if not isinstance(minutes, int):
        return ""
    text = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return f"{text} h"
