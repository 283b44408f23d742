"""Drafts: asking for one, writing in it, collecting its figures again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from engagements import selectors as engagement_selectors
from reporting import periods
from reporting.enums import SEVERITY, State, Word
from reporting.models import Report
from reporting.rules import Refused
from vciso.audit import services as audit
from vciso.jobs import services as jobs
from vciso.tenancy.models import Client, User

BUILD = "reporting.build"
LONGEST_BODY = 6000
LONGEST_HEADING = 200


def _lead(client: Client, *, at: datetime) -> User | None:
    engagement = engagement_selectors.engagement_on(client, client.today(at))
    return engagement.lead if engagement else None


def locked(report: Report) -> Report:
    """The row as it stands now, held until the transaction ends."""
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("client__practice", "prepared_by", "reviewer")
        .get(pk=report.pk)
    )


def _refuse_unless_editable(report: Report) -> None:
    if report.state == State.APPROVED:
        raise Refused(f"The {report.title} is approved. Take the approval back before you change it.")
    if not report.is_editable:
        raise Refused(f"The {report.title} is published and never changes. Make a correction instead.")


def draw(report: Report, *, by: User | None, collect: bool) -> None:
    """Hands the drawing of this very version to a worker; each version is drawn once."""
    job = jobs.enqueue(
        BUILD,
        client_id=report.client_id,
        key=f"{report.pk}:{report.version}",
        args={"report": str(report.pk), "version": report.version, "collect": collect},
        by=by,
    )
    report.job_id = job.pk
    report.save(update_fields=["job_id"])


def request_draft(*, client: Client, kind: str, period: periods.Period, by: User | None, at: datetime) -> Report:
    """Asks for the report of a period; whoever asks twice gets the same one.

    A running period gives a preview. A period that has not begun is refused. Enqueues the job
    that collects and draws; `by` is None when the calendar asked.
    """
    if period.start > client.today(at):
        raise Refused(f"{period.title} has not begun yet. Ask for the report once it has.")
    by_lead = _lead(client, at=at)
    wanted = Report(
        client=client,
        kind=kind,
        period=str(period),
        requested_by=by,
        requested_at=at,
        prepared_by=by_lead or by,
    )
    with transaction.atomic():
        Report.objects.bulk_create([wanted], ignore_conflicts=True)
        report = (
            Report.objects.of_period(period)
            .filter(client=client)
            .select_related("client__practice")
            .order_by("-revision")
            .select_for_update(of=("self",))[0]
        )
        if report.pk != wanted.pk:
            return report
        draw(report, by=by, collect=True)
        audit.record(verb="report.requested", client=client, obj=report, by=by, at=at)
    return report


def refresh_facts(*, report: Report, by: User | None, at: datetime) -> Report:
    """Collects every figure again and keeps the words. What was handed in is a draft again."""
    with transaction.atomic():
        report = locked(report)
        _refuse_unless_editable(report)
        report.state = State.DRAFT
        report.version += 1
        report.save(update_fields=["state", "version"])
        draw(report, by=by, collect=True)
        audit.record(verb="report.refreshed", client=report.client, obj=report, by=by, at=at)
    return report


def _changed(report: Report, *, by: User, at: datetime, verb: str, **detail: Any) -> None:
    report.state = State.DRAFT
    report.version += 1
    report.save(update_fields=["state", "version", "words"])
    draw(report, by=by, collect=False)
    audit.record(verb=verb, client=report.client, obj=report, by=by, at=at, **detail)


def _refuse_stale(report: Report, seen_version: int) -> None:
    if seen_version != report.version:
        raise Stale(report)


class Stale(Refused):
    """Somebody else changed the report since this person opened it; nothing was saved."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(
            "Somebody changed this report after you opened it. Your text is still in the form: "
            "compare it with theirs and save again."
        )


def edit_section(*, report: Report, key: str, heading: str, body: str, by: User, at: datetime, version: int) -> Report:
    """Puts a consultant's words in place of the computed ones and has the pages drawn again.

    A report handed in goes back to draft. Refuses a published or approved one, words beyond the
    printable length, and a form opened before somebody else's change.
    """
    heading, body = heading.strip(), body.strip()
    if len(heading) > LONGEST_HEADING or len(body) > LONGEST_BODY:
        raise Refused(f"Keep the heading under {LONGEST_HEADING} and the text under {LONGEST_BODY:,} characters.")
    with transaction.atomic():
        report = locked(report)
        _refuse_unless_editable(report)
        _refuse_stale(report, version)
        before = report.section_words(key)
        after = {
            "heading": heading,
            "body": body,
            "by": str(by.pk),
            "by_name": str(by),
            "at": at.isoformat(),
        }
        report.words.setdefault("sections", {})[key] = after
        shown = ("heading", "body")
        _changed(
            report,
            by=by,
            at=at,
            verb="report.edited",
            before={"section": key, **{name: before.get(name, "") for name in shown}},
            after={"section": key, **{name: after[name] for name in shown}},
        )
    return report


def restore_section(*, report: Report, key: str, by: User, at: datetime) -> Report:
    """Takes the edited words away, so that the computed ones are printed again."""
    with transaction.atomic():
        report = locked(report)
        _refuse_unless_editable(report)
        if key in (report.words.get("sections") or {}):
            del report.words["sections"][key]
            _changed(report, by=by, at=at, verb="report.restored", after={"section": key})
    return report


def choose_status_word(*, report: Report, word: str, reason: str, by: User, at: datetime) -> Report:
    """Prints a worse status word than the records give, with its reason; never a better one."""
    with transaction.atomic():
        report = locked(report)
        _refuse_unless_editable(report)
        if report.facts is None:
            raise Refused("The figures are still being collected. Try again in a moment.")
        computed = report.facts["status"]["computed"]
        by_label = {str(item.label): item for item in Word}
        chosen = Word(word)
        if SEVERITY[chosen] <= SEVERITY[by_label[computed]]:
            raise Refused(
                f"The records say “{computed}”. A worse word may be printed, never a better one; "
                f"“{chosen.label}” is not worse."
            )
        if not reason.strip():
            raise Refused("Say why the word is worse than the records show. The reason is printed.")
        report.words["status"] = {
            "word": chosen.value,
            "reason": reason.strip()[:400],
            "by": str(by.pk),
            "by_name": str(by),
            "at": at.isoformat(),
        }
        _changed(
            report,
            by=by,
            at=at,
            verb="report.status_set",
            before={"word": computed},
            after={"word": str(chosen.label)},
            reason=reason.strip(),
        )
    return report


def clear_status_word(*, report: Report, by: User, at: datetime) -> Report:
    """Goes back to the word that the records give."""
    with transaction.atomic():
        report = locked(report)
        _refuse_unless_editable(report)
        if report.words.pop("status", None):
            _changed(report, by=by, at=at, verb="report.status_cleared")
    return report
