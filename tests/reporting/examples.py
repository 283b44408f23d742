"""Example documents of an invented client: rich, empty, with one item, with 41 risks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from reporting import formats
from reporting.documents import (
    BoardPack,
    Checked,
    Coming,
    Dates,
    Figure,
    MonthlyReport,
    Need,
    Needs,
    Tiles,
)
from tests.reporting import example_pack
from tests.reporting.example_parts import (
    AS_OF,
    CHANGES,
    GLOSSARY,
    about,
    acceptances,
    edition,
    hours,
    limits,
    no_hours,
    no_limits,
    no_plan,
    plan,
    record,
    risks,
    some,
    status,
)


def _needs(rows: int) -> Needs:
    told = (
        (
            "Decide",
            "Name an owner for three practices",
            "The assessment slips past the contract",
            "Maria Stroud",
            date(2026, 10, 9),
            15,
            2,
        ),
        (
            "Approve",
            "Leaver procedure, version 2",
            "Access review fails again in November",
            "Priya Nair",
            date(2026, 10, 14),
            10,
            1,
        ),
        (
            "Sign",
            "Order system outage until 30 June 2027",
            "The risk is carried by nobody",
            "Maria Stroud",
            date(2026, 10, 23),
            5,
            1,
        ),
    )
    kept = tuple(
        Need(
            record=record("ask", f"Q-{at + 1:03d}"),
            verb=verb,
            what=what,
            why=why,
            who=who,
            by=by,
            minutes=minutes,
            times_asked=times,
        )
        for at, (verb, what, why, who, by, minutes, times) in enumerate(told[:rows])
    )
    minutes = sum(need.minutes or 0 for need in kept)
    return Needs(
        rows=kept,
        total=some("needs.waiting.1", len(kept), "ask", "Q"),
        minutes=Figure(value=minutes, text=formats.hours(minutes), formula="needs.minutes.1"),
    )


def _coming(count: int) -> tuple[Coming, ...]:
    told = (
        "Owners named for three practices",
        "Payment fraud drill with finance",
        "Leaver report reviewed with HR",
        "Board pack issued",
        "Monthly call",
    )
    return tuple(
        Coming(on=AS_OF + timedelta(days=9 + at * 6), what=what, who="Nadia Ferris")
        for at, what in enumerate(told[:count])
    )


def _dates(count: int) -> Dates:
    told = (
        (date(2026, 9, 11), "Acceptance A-007 ran out", "acceptance", "Maria Stroud", "overdue", 19),
        (date(2026, 10, 20), "Supplier review: Northgate Controls", "supplier", "Jen Halloran", "due", 0),
        (date(2026, 11, 20), "Policy review: Controlled drawings", "policy", "Tom Okafor", "due", 0),
        (date(2026, 11, 30), "Contract notice: Corvane order system", "contract", "Dev Anand", "due", 0),
    )
    rows = tuple(
        Coming(
            on=on,
            what=what,
            kind=kind,
            who=who,
            state=state,
            days_late=late,  # type: ignore[arg-type]  # literals above
            record=record(kind, f"X-{at}"),
        )
        for at, (on, what, kind, who, state, late) in enumerate(told[:count])
    )
    return Dates(
        rows=rows,
        total=some("dates.coming.1", len(rows), "date", "X"),
        overdue=some("dates.overdue.1", sum(row.state == "overdue" for row in rows)),
    )


def monthly(count: int = 14) -> MonthlyReport:
    """A month with something in every block."""
    block = risks(count, 5)
    return MonthlyReport(
        about=about(),
        edition=edition(),
        status=status(),
        tiles=Tiles(
            above=block.above,
            waiting=replace(some("needs.waiting.1", 3, "ask", "Q"), was="2", movement="worse"),
            waiting_minutes=Figure(value=30, text="30 minutes", formula="needs.minutes.1"),
            coming=replace(some("dates.coming.1", 4, "date", "X"), was="4", movement="same"),
            incidents=Figure.unknown("incidents.month.1"),
        ),
        needs=_needs(3),
        changes=CHANGES,
        checked=(),
        coming=_coming(5),
        risks=block,
        plan=plan(),
        dates=_dates(4),
        hours=hours(),
        accepted=acceptances(),
        limits=limits(),
        glossary=GLOSSARY,
    )


def empty_monthly() -> MonthlyReport:
    """A client about whom almost nothing is recorded."""
    return MonthlyReport(
        about=about(first=True),
        edition=replace(edition(), approver=""),
        status=status(known=False),
        tiles=Tiles(
            above=Figure.unknown("risks.above.1"),
            waiting=some("needs.waiting.1", 0),
            waiting_minutes=Figure(value=0, text="0 minutes", formula="needs.minutes.1"),
            coming=some("dates.coming.1", 0),
            incidents=Figure.unknown("incidents.month.1"),
        ),
        needs=_needs(0),
        changes=(),
        checked=(),
        coming=(),
        risks=risks(0, 5),
        plan=no_plan(),
        dates=_dates(0),
        hours=no_hours(),
        accepted=acceptances(0),
        limits=no_limits(),
    )


def one_item_monthly() -> MonthlyReport:
    """One of everything, in a quiet month."""
    return replace(
        monthly(1),
        needs=_needs(1),
        changes=(),
        checked=(
            Checked("Backups of the order system", date(2026, 9, 8)),
            Checked("Leavers of August", date(2026, 9, 14)),
        ),
        coming=_coming(1),
        dates=_dates(1),
        plan=replace(plan(), rows=plan().rows[:1], open=some("plan.open.1", 1)),
        accepted=acceptances(1),
    )


def board(count: int = 14) -> BoardPack:
    """A quarter with something in every section."""
    return example_pack.rich(count)


def empty_board() -> BoardPack:
    """A first pack for a client about whom almost nothing is recorded."""
    return example_pack.empty()
