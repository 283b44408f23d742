"""The monthly owner report: one page that stands alone, two more when there is something to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reporting import definitions
from reporting.documents.base import About, Edition, Figure, Record, Term, Words
from reporting.documents.blocks import (
    Acceptances,
    Change,
    Checked,
    Coming,
    Dates,
    Hours,
    Limits,
    Plan,
    Risks,
    Status,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """The four numbers of the first page. `waiting_minutes` is printed under `waiting`."""

    above: Figure
    waiting: Figure
    waiting_minutes: Figure
    coming: Figure
    incidents: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something the client's people must do. `times_asked` 2 prints "second month asked".

    `verb` says what to do with something asked; a task's own words say it already.
    """

    record: Record
    what: str
    verb: str = ""
    why: str = ""
    who: str = ""
    by: date | None = None
    minutes: int | None = None
    times_asked: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """At most three asks are shown; `total` counts them all."""

    rows: tuple[Need, ...]
    total: Figure
    minutes: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyReport:
    """Everything the monthly templates print. `words` is filled by `words.apply`."""

    about: About
    edition: Edition
    status: Status
    tiles: Tiles
    needs: Needs
    changes: tuple[Change, ...]
    checked: tuple[Checked, ...]
    coming: tuple[Coming, ...]
    risks: Risks
    plan: Plan
    dates: Dates
    hours: Hours
    accepted: Acceptances
    glossary: tuple[Term, ...] = ()
    limits: Limits | None = None
    definitions: tuple[Term, ...] = definitions.ALL
    words: tuple[Words, ...] = ()
