"""What other pages show of reports, over every client of the context at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from engagements.selectors import ownerless as task_dates
from policies.selectors import ownerless as policy_dates
from reporting import status
from reporting.enums import Kind, State
from reporting.models import Report
from reporting.selectors.reports import Stage, latest_by_client, stage
from risks import selectors as risk_selectors
from vciso.web.attention import Item
from vciso.web.finding import Found
from vendors.selectors import ownerless as vendor_dates

ICON = "clipboard-list"


@dataclass(frozen=True)
class Counts:
    """A client's reports in numbers: in work, and waiting for somebody's approval."""

    in_work: int = 0
    in_review: int = 0


def status_words(*, on: date, registers: dict[UUID, risk_selectors.Counts] | None = None) -> dict[UUID, status.Status]:
    """The status word of every client of the context, by the same rule as in reports. Two queries,
    one where the caller has the registers' counts already.

    A client about whom nothing is dated or rated has no entry: ask `status_of` for the word that
    says so.
    """
    registers = risk_selectors.counts(on=on) if registers is None else registers
    ownerless = _ownerless(on)
    return {
        client_id: status.compute(_inputs(registers.get(client_id, NO_REGISTER), ownerless[client_id]))
        for client_id in {*registers, *ownerless}
    }


NO_REGISTER = risk_selectors.Counts()


def _inputs(register: risk_selectors.Counts, ownerless: int) -> status.Inputs:
    rated = register.open - register.not_rated
    return status.Inputs(
        rated=rated,
        with_limit=rated - register.no_limit,
        above_unplanned=register.calling_for_action,
        above_planned=register.above - register.calling_for_action - register.above_accepted,
        above_accepted=register.above_accepted,
        due_without_owner=ownerless,
    )


def _ownerless(on: date) -> Counter[UUID]:
    """How many dated things of the next 30 days, or late ones, name nobody. One query."""
    tasks, policies, vendors = (
        source.ownerless(on=on, days=status.WITHOUT_OWNER_DAYS) for source in (task_dates, policy_dates, vendor_dates)
    )
    return Counter(tasks.union(policies, vendors, all=True))


NOTHING_KNOWN = status.compute(status.Inputs(0, 0, 0, 0, 0, 0))


def status_of(words: dict[UUID, status.Status], client_id: UUID) -> status.Status:
    """A client's word from `status_words`, or the word for not knowing."""
    return words.get(client_id, NOTHING_KNOWN)


def stages(*, on: date) -> dict[UUID, tuple[Report, Stage]]:
    """The latest monthly report of every client and its stage, for the client table. One query."""
    rows = Report.objects.of_kind(Kind.MONTHLY).light().select_related("client")
    newest = rows.order_by("client_id", "-period", "-revision").distinct("client_id")
    return {client_id: (report, stage(report)) for client_id, report in latest_by_client(newest).items()}


def counts(*, on: date) -> dict[UUID, Counts]:
    """Reports in work by client, over the context; a client without any is left out."""
    found: dict[UUID, list[int]] = {}
    rows = Report.objects.unpublished().values_list("client_id", "state")
    for client_id, state in rows:
        kept = found.setdefault(client_id, [0, 0])
        kept[0] += 1
        kept[1] += state == State.IN_REVIEW
    return {client_id: Counts(*kept) for client_id, kept in found.items()}


# Why it stands there, the verb that deals with it, and whose move it is.
_ASKS = {
    State.DRAFT: ("Draft is ready to check", "Check", "prepared_by_id"),
    State.IN_REVIEW: ("Waits for approval", "Review", "reviewer_id"),
    State.APPROVED: ("Approved, not published yet", "Publish", "prepared_by_id"),
}


def attention(*, on: date) -> list[Item]:
    """Drafts to check, reports to approve or publish, over the context, oldest period first. One query."""
    rows = Report.objects.unpublished().filter(Q(frozen_at__isnull=False)).light().select_related("client", "reviewer")
    items = []
    for report in sorted(rows, key=lambda report: report.span.end):
        why, verb, whose = _ASKS[State(report.state)]
        if report.span.end >= on and report.state == State.DRAFT:
            continue
        if report.state == State.IN_REVIEW and report.reviewer:
            why = f"Waits for {report.reviewer} to approve it"
        items.append(
            Item(
                client_id=report.client_id,
                kind="report",
                icon=ICON,
                title=report.title,
                why=why,
                due_on=None,
                verb=verb,
                url=reverse(
                    "reporting:detail",
                    kwargs={"client_key": report.client.key, "period": report.span.slug},
                ),
                waiting_on="practice",
                person_id=getattr(report, whose),
                call=f"{verb} {report.short_title(on=on)}",
            )
        )
    return items


def find(*, text: str, limit: int = 8) -> list[Found]:
    """Reports whose period, month or kind matches, newest first; may be empty."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    rows = Report.objects.light().select_related("client").newest_first()[:200]
    found = []
    for report in rows:
        if wanted in report.title.lower() or wanted in report.period.lower():
            found.append(
                Found(
                    client_id=report.client_id,
                    client_name=report.client.name,
                    kind="Report",
                    icon=ICON,
                    title=report.title,
                    sub=f"Revision {report.revision}, {stage(report).label.lower()}",
                    url=reverse(
                        "reporting:detail",
                        kwargs={"client_key": report.client.key, "period": report.span.slug},
                    ),
                )
            )
    return found[:limit]
