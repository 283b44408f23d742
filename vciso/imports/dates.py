"""Dates as people write them; what is no certain day becomes a note."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vciso.imports.reading.book import Cell
from vciso.imports.reading.worksheet import serial_date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari jän ene",
            "feb february februar février fevrier febrero febbraio februari fév",
            "mar march märz maerz mars marzo maart mär",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio mei",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio juil",
            "aug august août aout agosto augustus ago",
            "sep sept september septembre septiembre settembre set",
            "oct october oktober octobre octubre ottobre okt",
            "nov november novembre noviembre",
            "dec december dezember décembre decembre diciembre dicembre dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_PACKED = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_SHORT = re.compile(r"^(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:[T ,]+\d{1,2}:.*)?$")
_DAY_FIRST = re.compile(
    r"^(?:\w+,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s\-/]*(?:of\s+)?([^\W\d]{3,})\.?,?[\s\-/']*(\d{4}|\d{2})(?:\s+\d{1,2}:.*)?$"
)
_MONTH_FIRST = re.compile(
    r"^(?:[^\W\d]+,\s+)?([^\W\d]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|\d{2})(?:\s+\d{1,2}:.*)?$"
)
_VAGUE = re.compile(
    r"^(q[1-4]|[1-4]q|h[12]|asap|tb[acd]|n/?a|ongoing|on-?going|continuous|immediate|open|none|-+|–|—|\?+|"
    r"various|end of|eo[ymq]|mid|early|late|spring|summer|autumn|fall|winter|week|month|quarter|year|fy|"
    r"next|this|daily|weekly|monthly|quarterly|annual|yearly|when|after|as |every|within|\d+ (day|week|month|year)|"
    r"in progress|done|completed?|overdue|unknown|tbc|to be|not |pending|never|until|by |20\d\d|"
    r"t[1-4]\b|[1-4]\.? ?quartal|quartal|kw ?\d|sofort|laufend|dauerhaft|schnellstm|offen|so bald|ende |anfang |mitte |"
    r"d[eè]s que|au plus|en cours|permanent|trimestre|semestre|imm[eé]diat|fin |d[eé]but |mi-|"
    r"lo antes|cuanto antes|en curso|continuo|inmediat|finales|principios|"
    r"zo snel|zsm|doorlopend|lopend|kwartaal|eind |begin |medio |"
    r"appena|quanto prima|in corso|subito|o mais|em curso|imediat|cont[ií]nuo)",
    re.I,
)
EARLIEST, LATEST = 1950, 2100
EMPTY_DATES = frozenset({"1900-01-00", "0", "00/01/1900", "1/0/1900", "0/1/1900"})
"""How spreadsheets show a day nobody entered."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a cell says: a day, or why there is none."""

    day: date | None = None
    ambiguous: bool = False
    vague: bool = False
    invalid: bool = False
    other: date | None = None
    """The day it would be with day and month the other way round."""


def read_day(cell: Cell, order: str) -> Day:
    """The day in a cell; ``order`` is ``"dmy"`` or ``"mdy"`` for dates like 03/04/2026."""
    value = cell.value
    if isinstance(value, date):
        return _plausible(value)
    if isinstance(value, bool) or cell.error:
        return Day(invalid=True)
    if isinstance(value, (int, float)):
        if 20_000 <= value < 80_000:
            return _plausible(serial_date(float(int(value)), from_1904=False))
        return read_text(cell.text, order)
    return read_text(cell.text, order)


def _plausible(day: date | None) -> Day:
    if day is None or not EARLIEST <= day.year <= LATEST:
        return Day(invalid=True)
    return Day(day)


def _make(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    try:
        return date(number, month, day)
    except ValueError:
        return None


def read_text(text: str, order: str) -> Day:
    text = " ".join(text.split())
    if match := _ISO.match(text):
        return _plausible(_make(match[1], int(match[2]), int(match[3])))
    if match := _PACKED.match(text):
        return _plausible(_make(match[1], int(match[2]), int(match[3])))
    if match := _SHORT.match(text):
        return _short(match, order)
    if match := _DAY_FIRST.match(text):
        month = MONTHS.get(match[2].casefold())
        if month:
            return _plausible(_make(match[3], month, int(match[1])))
    if match := _MONTH_FIRST.match(text):
        month = MONTHS.get(match[1].casefold())
        if month:
            return _plausible(_make(match[3], month, int(match[2])))
    if re.fullmatch(r"\d{5}", text) and 20_000 <= int(text) < 80_000:
        return _plausible(serial_date(float(text), from_1904=False))
    return Day(vague=bool(_VAGUE.match(text)) or _month_only(text), invalid=not _VAGUE.match(text))


def _month_only(text: str) -> bool:
    words = re.findall(r"[^\W\d]+", text.casefold())
    return bool(words) and words[0] in MONTHS


def _short(match: re.Match[str], order: str) -> Day:
    first, second, year = int(match[1]), int(match[3]), match[4]
    dmy = _make(year, second, first)
    mdy = _make(year, first, second)
    if match[2] == ".":
        return _plausible(dmy or mdy)
    if dmy and mdy and dmy != mdy:
        chosen, other = (mdy, dmy) if order == "mdy" else (dmy, mdy)
        held = _plausible(chosen)
        return Day(held.day, ambiguous=True, invalid=held.invalid, other=other)
    return _plausible(dmy or mdy)


@dataclass(frozen=True, slots=True)
class Order:
    """Which way round the file writes day and month."""

    order: str
    sure: bool = True
    settled: bool = False
    """Whether the dates or their heading say so; else it is the usual order."""
    examples: tuple[str, ...] = ()


def order_of(cells: Iterable[Cell], headers: Iterable[str], default: str) -> Order:
    """Decided by any date that can be read one way only, then by the header; else it is a question."""
    dmy = mdy = 0
    open_ones: list[str] = []
    for cell in cells:
        match = _SHORT.match(" ".join(cell.text.split())) if isinstance(cell.value, str) else None
        if match is None or match[2] == ".":
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            dmy += 1
        elif second > 12 >= first:
            mdy += 1
        elif first != second and cell.text not in open_ones:
            open_ones.append(cell.text)
    if dmy or mdy:
        sure = not (dmy and mdy)
        return Order("dmy" if dmy >= mdy else "mdy", sure=sure, settled=sure, examples=tuple(open_ones[:3]))
    for header in headers:
        flat = re.sub(r"[^a-z]", "", header.casefold())
        if "ddmm" in flat or "ddmon" in flat or "dmy" in flat:
            return Order("dmy", settled=True)
        if "mmdd" in flat or "mdy" in flat:
            return Order("mdy", settled=True)
    return Order(default, sure=not open_ones, examples=tuple(open_ones[:3]))
