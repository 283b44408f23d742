"""Reports as pages list them: for the practice with their stage, for readers as issued ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from reporting import formats, periods
from reporting.enums import Kind, State
from reporting.models import Report
from vciso.jobs.models import Job
from vciso.tenancy.models import Client

STEPS = ("Collect", "Draft", "Review", "Publish")
SPOKEN = {
    Kind.MONTHLY: ("status", "changes", "needs"),
    Kind.QUARTERLY: ("answers", "accepted", "plan"),
}


@dataclass(frozen=True)
class Issued:
    """A published report as an owner or a director meets it."""

    report: Report
    title: str
    period_title: str
    published_on: date | None
    sentences: tuple[str, ...]

    @property
    def pdf_label(self) -> str:
        return self.report.pdf_label

    @property
    def pages(self) -> int | None:
        return self.report.file_pages

    @property
    def size(self) -> int | None:
        return self.report.file_size

    @property
    def is_corrected(self) -> bool:
        return self.report.revision > 1

    @property
    def owner_url(self) -> str:
        return _url(self.report, "reporting:owner-read")

    @property
    def owner_pdf_url(self) -> str:
        return _url(self.report, "reporting:owner-pdf")

    @property
    def board_url(self) -> str:
        return _url(self.report, "reporting:board-read")

    @property
    def board_pdf_url(self) -> str:
        return _url(self.report, "reporting:board-pdf")


def _url(report: Report, name: str) -> str:
    kwargs = {"client_key": report.client.key, "period": report.span.slug}
    return reverse(name, kwargs=kwargs)


def issued(client: Client, *, kind: str | None = None, limit: int | None = None) -> list[Issued]:
    """What stands published and the current reader may see, newest period first; may be empty.

    Who may see what is the database's decision: directors get released packs alone.
    """
    rows = Report.objects.published().filter(client=client).select_related("client").light()
    if kind is not None:
        rows = rows.of_kind(kind)
    rows = rows.with_printed_words().order_by("-published_at", "-period")
    return [as_issued(report) for report in (rows[:limit] if limit else rows)]


def as_issued(report: Report) -> Issued:
    """One published report with the sentences that stand on a reader's first page."""
    return Issued(
        report=report,
        title=report.title,
        period_title=report.span.title,
        published_on=report.issued_on(),
        sentences=tuple(sentences(report)),
    )


def sentences(report: Report) -> list[str]:
    """Up to three sentences of a report: the headings of its main sections, as published."""
    words = getattr(report, "printed_words", None) or []
    headings = {part["key"]: part.get("heading", "") for part in words}
    found = [formats.sentence(headings[key]) for key in SPOKEN[report.kind] if headings.get(key)]
    return list(dict.fromkeys(found))


def latest_report(client: Client) -> Issued | None:
    """The latest published monthly report, or None."""
    return next(iter(issued(client, kind=Kind.MONTHLY, limit=1)), None)


def latest_pack(client: Client) -> Issued | None:
    """The latest pack that this reader may see, or None."""
    return next(iter(issued(client, kind=Kind.QUARTERLY, limit=1)), None)


@dataclass(frozen=True)
class Stage:
    """Where a report stands in Collect, Draft, Review, Publish; `step` counts from 0."""

    step: int
    label: str
    tone: str
    icon: str = ""


def stage(report: Report) -> Stage:
    """The stage of one report in words, as lists and the stepper show it."""
    if report.state == State.PUBLISHED:
        return Stage(4, "Published", "ok", "circle-check")
    if report.state == State.SUPERSEDED:
        return Stage(4, "Corrected since", "", "history")
    if report.state == State.APPROVED:
        return Stage(3, "Approved", "info", "stamp")
    if report.state == State.IN_REVIEW:
        return Stage(2, "In review", "info", "eye")
    if not report.frozen_at:
        return Stage(0, "Being made", "", "hourglass")
    return Stage(1, "Draft", "warn", "pencil")


def register(client: Client) -> list[Report]:
    """Every revision of every report of a client, newest period first, facts left out."""
    rows = Report.objects.filter(client=client).select_related("client").light()
    found = list(rows)
    found.sort(key=lambda report: (report.span.end, report.kind, report.revision), reverse=True)
    return found


def revisions(report: Report) -> list[Report]:
    """Every revision of the same period, newest first."""
    rows = Report.objects.of_period(report.span).filter(client_id=report.client_id)
    return list(rows.light().select_related("published_by").order_by("-revision"))


def job_of(report: Report) -> Job | None:
    """The job that draws or drew this report, or None."""
    return Job.objects.filter(pk=report.job_id).first() if report.job_id else None


@dataclass(frozen=True)
class Due:
    """The next report that is owed, by kind, and when its draft makes itself."""

    period: periods.Period
    due_on: date
    draft_on: date

    @property
    def title(self) -> str:
        """What is owed: a month's report, or a quarter's pack."""
        return f"{self.period.title} {'report' if self.period.kind == periods.MONTHLY else 'pack'}"


def next_due(engagement: Any, *, on: date) -> list[Due]:
    """The month and the quarter whose reports are owed next, soonest first.

    Empty without an engagement, since nobody agreed a day.
    """
    if engagement is None:
        return []
    days = {
        "monthly_day": engagement.monthly_report_day,
        "pack_days": engagement.pack_day_offset,
    }
    found = []
    for kind in (periods.MONTHLY, periods.QUARTERLY):
        period = periods.last_over(kind, on=on)
        if period.due_on(**days) < on:
            period = period.following()
        found.append(Due(period, period.due_on(**days), period.draft_on(**days)))
    return sorted(found, key=lambda due: due.due_on)


def latest_by_client(rows: Iterable[Report]) -> dict[UUID, Report]:
    """The newest revision of the newest period per client."""
    newest: dict[UUID, Report] = {}
    for report in rows:
        kept = newest.get(report.client_id)
        if kept is None or (report.period, report.revision) > (kept.period, kept.revision):
            newest[report.client_id] = report
    return newest
