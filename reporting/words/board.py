"""Headings and bodies of the board pack."""

from __future__ import annotations

from collections.abc import Callable

from reporting.documents import BoardPack
from reporting.formats import capital, counted, in_words, plural
from reporting.words import shared


def _answers(pack: BoardPack) -> str:
    """The number the board's limits decide, and what is asked; the status word stands below."""
    above = pack.risks.above
    if not above.known:
        return "Too little is on record to compare with your limits"
    number = shared.number(above)
    asked = shared.number(pack.decisions.total)
    tail = f"{counted(asked, 'decision')} needed from you" if asked else "no decision is needed"
    verb = "is" if number == 1 else "are"
    return f"{capital(counted(number, 'risk'))} {verb} above your limits; {tail}"


def _decisions(pack: BoardPack) -> str:
    asked = shared.number(pack.decisions.total)
    if not asked:
        return "No decision is needed at this meeting"
    minutes = pack.decisions.minutes
    time = f", about {plural(int(minutes.value), 'minute')}" if minutes.value else ""
    return f"We ask you for {counted(asked, 'decision')}{time}"


def _risks(pack: BoardPack) -> str:
    return shared.risks_heading(pack.risks, "the limits you set")


def _policies(pack: BoardPack) -> str:
    block = pack.policies
    total = shared.number(block.total)
    if not total:
        return "Policies and obligations: nothing is known yet"
    head = f"{capital(in_words(shared.number(block.in_force)))} of {counted(total, 'policy', 'policies')} in force"
    overdue, awaiting = shared.number(block.overdue), shared.number(block.awaiting)
    parts = []
    if overdue:
        parts.append(f"{in_words(overdue)} overdue for review")
    if awaiting:
        parts.append(f"{in_words(awaiting)} awaiting approval")
    return "; ".join([head, ", ".join(parts) if parts else "none overdue"])


def _suppliers(pack: BoardPack) -> str:
    block = pack.suppliers
    total = shared.number(block.total)
    if not total:
        return "Suppliers: nothing is known yet"
    overdue, never = shared.number(block.overdue), shared.number(block.never)
    parts = []
    if overdue:
        parts.append(f"{in_words(overdue)} overdue for review")
    if never:
        parts.append(f"{in_words(never)} never reviewed")
    head = f"{capital(counted(total, 'supplier'))} on record"
    return f"{head}; {', '.join(parts) if parts else 'no review is late'}"


def _bad_year(pack: BoardPack) -> str:
    year = pack.bad_year
    if year is None or not year.rows:
        return "The cost of a bad year is not known yet"
    one_in_ten = year.rows[1][1]
    if not one_in_ten.value:
        return "Nine years in ten would pass without a loss"
    return f"One year in ten would cost {one_in_ten.text}"


def _plan(pack: BoardPack) -> str:
    return shared.plan_heading(pack.plan)


HEADINGS: dict[str, Callable[[BoardPack], str]] = {
    "answers": _answers,
    "decisions": _decisions,
    "risks": _risks,
    "bad-year": _bad_year,
    "accepted": lambda pack: shared.accepted_heading(pack.accepted),
    "policies": _policies,
    "suppliers": _suppliers,
    "readiness": lambda pack: "Readiness is not known: no exercise and no restore test is on record",
    "plan": _plan,
    "method": lambda pack: "How the figures were made, and how sure we are",
}


def _bad_year_body(pack: BoardPack) -> str:
    year = pack.bad_year
    if year is not None and year.rows:
        part = f"{capital(in_words(int(year.estimated.value or 0)))} of {year.open.text} open risks are estimated"
        part += "; the others add nothing here" if year.estimated.value != year.open.value else ""
        return (
            f"{part}. They are taken as independent of each other: "
            "losses that come together make a bad year worse than shown."
        )
    if not pack.scenarios:
        return ""
    number = counted(len(pack.scenarios), "risk")
    return f"Until three risks are estimated, these are the stories behind the {number} ranked highest."


def _suppliers_body(pack: BoardPack) -> str:
    return pack.suppliers.concentration


def _plan_body(pack: BoardPack) -> str:
    promised = pack.plan.promised
    if promised is None or not promised.known:
        return ""
    return f"Promised last quarter and delivered: {promised.text}."


BODIES: dict[str, Callable[[BoardPack], str]] = {
    "bad-year": _bad_year_body,
    "suppliers": _suppliers_body,
    "plan": _plan_body,
}
