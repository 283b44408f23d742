"""Columns of this app's lists in CSV and XLSX files; private notes are never among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engagements.enums import DataKind
from vciso.web import formats

Column = tuple[str, Callable[[Any], Any]]


def _name(record: Any) -> str:
    return record.name if record is not None else ""


def _data(kinds: Iterable[str]) -> str:
    return ", ".join(str(DataKind(kind).label) for kind in kinds if kind in DataKind.values)


PEOPLE: tuple[Column, ...] = (
    ("Name", lambda row: row.name),
    ("E-mail", lambda row: row.email),
    ("Job title", lambda row: row.job_title),
    ("Organisation", lambda row: row.organisation),
    ("Works for", lambda row: row.get_side_display()),
    ("Phone", lambda row: row.phone),
    ("Active", lambda row: "Yes" if row.active else "No"),
)
TASKS: tuple[Column, ...] = (
    ("ID", lambda row: row.reference),
    ("Task", lambda row: row.title),
    ("Detail", lambda row: row.detail),
    ("Side", lambda row: row.get_side_display()),
    ("Who", lambda row: row.who),
    ("Due", lambda row: row.due_on),
    ("Status", lambda row: row.get_status_display()),
    ("Raised on", lambda row: row.raised_on),
    ("Closed on", lambda row: row.closed_on),
    ("From", lambda row: row.raised_from),
)
DECISIONS: tuple[Column, ...] = (
    ("ID", lambda row: row.reference),
    ("Question", lambda row: row.title),
    ("Details", lambda row: row.question),
    ("Asked of", lambda row: _name(row.asked_of)),
    ("Board", lambda row: "Yes" if row.board else "No"),
    ("Asked on", lambda row: row.asked_on),
    ("Answer by", lambda row: row.decide_by),
    ("State", lambda row: row.get_state_display()),
    ("Decided on", lambda row: row.decided_on),
    ("Outcome", lambda row: row.chosen.label if row.chosen else ""),
    ("Reason", lambda row: row.outcome_reason),
)
HOURS: tuple[Column, ...] = (
    ("Day", lambda row: row.on),
    ("Minutes", lambda row: row.minutes),
    ("Hours", lambda row: formats.hours(row.minutes)),
    ("Who", lambda row: _name(row.by) or _name(row.person)),
    ("Whose time", lambda row: row.get_kind_display()),
    ("In the agreement", lambda row: "Yes" if row.in_retainer else "No"),
    ("Activity", lambda row: row.get_activity_display()),
    ("Note", lambda row: row.note),
)
ESTATE: tuple[Column, ...] = (
    ("ID", lambda row: row.reference),
    ("Name", lambda row: row.name),
    ("What it is for", lambda row: row.detail),
    ("Need", lambda row: row.get_criticality_display() or "Not rated"),
    ("Data held", lambda row: _data(row.holds)),
    ("Run by", lambda row: row.run_by_name or row.get_run_by_display()),
    ("Hours without", lambda row: row.tolerable_downtime_hours),
    ("Restore order", lambda row: row.restore_order),
    ("Owner", lambda row: _name(row.owner)),
    ("In use", lambda row: "Yes" if row.active else "No"),
)
KINDS: dict[str, tuple[Column, ...]] = {
    "people": PEOPLE,
    "tasks": TASKS,
    "decisions": DECISIONS,
    "hours": HOURS,
    "systems": ESTATE,
    "processes": ESTATE,
}


def table(kind: str, rows: Iterable[Any]) -> list[list[Any]]:
    """Header row and one row per record, as plain values."""
    columns = KINDS[kind]
    return [[title for title, _ in columns], *([read(row) for _, read in columns] for row in rows)]
