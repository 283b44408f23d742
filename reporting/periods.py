"""Calendar months and quarters: the spans of time a report covers.

A period is written ``2026-10`` (a month) or ``2026-Q3`` (a quarter), in links in
lower case. All of it is plain arithmetic on dates; no time zone is applied here,
the days handed in are the client's own.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHLY = "monthly"
QUARTERLY = "quarterly"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS_BEFORE_DUE = 5
_WRITTEN = re.compile(r"(?P<year>20\d\d)-(?:(?P<month>0[1-9]|1[0-2])|[qQ](?P<quarter>[1-4]))", re.ASCII)


class BadPeriod(ValueError):
    """The text names no month or quarter; the sentence says what would."""


@dataclass(frozen=True, order=True)
class Period:
    """One calendar month or quarter. ``index`` is 1–12 for months, 1–4 for quarters."""

    kind: str
    year: int
    index: int

    def __str__(self) -> str:
        return f"{self.year}-{self.index:02d}" if self.kind == MONTHLY else f"{self.year}-Q{self.index}"

    @property
    def slug(self) -> str:
        """The form used in links."""
        return str(self).lower()

    @property
    def months(self) -> int:
        """How many months the period lasts."""
        return 1 if self.kind == MONTHLY else 3

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.index - 1) * self.months + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        month = self.index * self.months
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def title(self) -> str:
        """As people say it: "October 2026", "July to September 2026"."""
        first, last = MONTHS[self.start.month - 1], MONTHS[self.end.month - 1]
        return f"{first} {self.year}" if self.kind == MONTHLY else f"{first} to {last} {self.year}"

    def is_over(self, *, on: date) -> bool:
        """Whether the last day has passed. Only then can a report be published."""
        return on > self.end

    def data_day(self, *, on: date) -> date:
        """The day the figures stand for: the last of the period, or today while it runs."""
        return min(self.end, on)

    def previous(self) -> Period:
        """The period before."""
        return containing(self.kind, self.start - timedelta(days=1))

    def following(self) -> Period:
        """The period after."""
        return containing(self.kind, self.end + timedelta(days=1))

    def due_on(self, *, monthly_day: int, pack_days: int) -> date:
        """When the report is owed: a day of the month after, or days after a quarter's end."""
        if self.kind == MONTHLY:
            return (self.end + timedelta(days=1)).replace(day=monthly_day)
        return self.end + timedelta(days=pack_days)

    def draft_on(self, *, monthly_day: int, pack_days: int) -> date:
        """The later of the day after the end and five days before it is due."""
        due = self.due_on(monthly_day=monthly_day, pack_days=pack_days)
        return max(self.end + timedelta(days=1), due - timedelta(days=DAYS_BEFORE_DUE))


def parse(text: str, *, kind: str | None = None) -> Period:
    """The period a text names. Refuses anything else, saying what is expected."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise BadPeriod(f"“{text[:20]}” names no period. Write a month as 2026-10 or a quarter as 2026-Q3.")
    year = int(found["year"])
    period = (
        Period(MONTHLY, year, int(found["month"])) if found["month"] else Period(QUARTERLY, year, int(found["quarter"]))
    )
    if kind is not None and period.kind != kind:
        wanted = "a month such as 2026-10" if kind == MONTHLY else "a quarter such as 2026-Q3"
        raise BadPeriod(f"A {kind} report covers {wanted}; “{text[:20]}” is not one.")
    return period


def containing(kind: str, day: date) -> Period:
    """The month or quarter a day falls in."""
    return Period(kind, day.year, day.month if kind == MONTHLY else (day.month - 1) // 3 + 1)


def last_over(kind: str, *, on: date) -> Period:
    """The latest period that is over on a day."""
    return containing(kind, on).previous()
