"""The owner's monthly report from the records."""

from __future__ import annotations

from reporting import documents
from reporting.documents import Figure
from reporting.facts import limits, programme, register, work
from reporting.facts.basis import Basis

RISKS_SHOWN = 5


def gather(basis: Basis, edition: documents.Edition) -> documents.MonthlyReport:
    """Everything the monthly pages print, except the words."""
    others = programme.dates(basis)
    dates = work.dates(basis, others)
    due_without_owner = work.without_owner(basis, work.dated(basis, others))
    risks = register.risks(basis, shown=RISKS_SHOWN)
    needs = work.needs(basis)
    return documents.MonthlyReport(
        about=basis.about(),
        edition=edition,
        status=register.status_block(basis, due_without_owner=due_without_owner),
        tiles=documents.Tiles(
            above=risks.above,
            waiting=needs.total,
            waiting_minutes=needs.minutes,
            coming=dates.total,
            incidents=Figure.unknown("incidents.month.1"),
        ),
        needs=needs,
        changes=register.changes(basis),
        checked=register.checked(basis),
        coming=work.next_up(dates),
        risks=risks,
        plan=work.plan(basis),
        dates=dates,
        hours=work.hours(basis),
        accepted=register.acceptances(basis),
        limits=limits.gather(basis),
    )
