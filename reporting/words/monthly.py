"""Headings and bodies of the monthly report."""

from __future__ import annotations

from collections.abc import Callable

from reporting.documents import MonthlyReport
from reporting.formats import capital, counted, in_words, plural
from reporting.words import shared


def _status(report: MonthlyReport) -> str:
    """The first reason; the word itself is printed above it and cannot be edited."""
    reasons = report.status.reasons
    return reasons[0].text if reasons else "Why is not recorded."


def _needs(report: MonthlyReport) -> str:
    total = shared.number(report.needs.total)
    if not total:
        return "Nothing is waiting for you"
    minutes = report.needs.minutes
    time = f", about {plural(int(minutes.value), 'minute')}" if minutes.value else ""
    return f"What we need from you: {counted(total, 'item')}{time}"


def _changes(report: MonthlyReport) -> str:
    if not report.changes:
        return "Nothing changed this month" if report.checked else "Changes: none known"
    worse = sum(change.risks for change in report.changes if change.kind == "worse")
    better = sum(change.risks for change in report.changes if change.kind == "better")
    parts = []
    if better:
        parts.append(f"{in_words(better)} better")
    if worse:
        parts.append(f"{in_words(worse)} worse")
    since = shared.since(report.about)
    head = f"What changed {since}".strip()
    return f"{head}: {', '.join(parts)}" if parts else head


def _coming(report: MonthlyReport) -> str:
    if not report.coming:
        return "Next month: nothing is known yet"
    return f"Next month: {counted(len(report.coming), 'date')} to keep"


def _risks(report: MonthlyReport) -> str:
    return shared.risks_heading(report.risks, "your limits")


def _dates(report: MonthlyReport) -> str:
    dates = report.dates
    if not dates.rows:
        return f"The next {dates.days} days: no date is known"
    overdue = shared.number(dates.overdue)
    tail = f"{in_words(overdue)} of them overdue" if overdue else "none overdue"
    return f"{capital(counted(shared.number(dates.total), 'date'))} within {dates.days} days, {tail}"


def _incidents(report: MonthlyReport) -> str:
    figure = report.tiles.incidents
    if not figure.known:
        return "Incidents: not known"
    return f"{capital(counted(shared.number(figure), 'incident'))} this month"


HEADINGS: dict[str, Callable[[MonthlyReport], str]] = {
    "status": _status,
    "needs": _needs,
    "changes": _changes,
    "coming": _coming,
    "risks": _risks,
    "plan": lambda report: shared.plan_heading(report.plan),
    "dates": _dates,
    "hours": lambda report: shared.hours_sentence(report.hours),
    "incidents": _incidents,
    "accepted": lambda report: shared.accepted_heading(report.accepted),
    "words": lambda report: "What the words mean and how the figures were made",
}


def _status_body(report: MonthlyReport) -> str:
    """The reasons after the first, and the reason for an override."""
    rest = [reason.text for reason in report.status.reasons[1:]]
    if report.status.override_reason:
        rest.append(
            f"The records say {report.status.computed}; "
            f"your adviser set {report.status.word}: {report.status.override_reason}"
        )
    return " ".join(rest)


def _needs_body(report: MonthlyReport) -> str:
    spent = report.hours.client_time
    if not spent.value:
        return ""
    return f"You have given {spent.text} to the programme this month."


BODIES: dict[str, Callable[[MonthlyReport], str]] = {
    "status": _status_body,
    "needs": _needs_body,
}
