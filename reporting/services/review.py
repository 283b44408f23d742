"""The second pair of eyes: handing in, approving exactly these bytes, taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reporting.enums import State
from reporting.models import Report
from reporting.rules import Refused
from reporting.selectors.people import approval_line
from reporting.services.drafting import draw, locked
from vciso.audit import services as audit
from vciso.jobs import outbox
from vciso.tenancy.models import User


def submit(*, report: Report, by: User, at: datetime, reviewer: User | None = None) -> Report:
    """Hands a draft in. The pages are drawn again as final ones, naming who is to approve.

    Refuses a running period, figures not collected yet, and a reviewer who wrote in it or may
    not see the client. The reviewer is told by mail.
    """
    with transaction.atomic():
        report = locked(report)
        if report.state != State.DRAFT:
            raise Refused(f"The {report.title} is no draft; it is {report.get_state_display().lower()}.")
        if report.facts is None:
            raise Refused("The figures are still being collected. Hand it in when they are there.")
        if not report.is_over(at=at):
            raise Refused(f"{report.span.title} is not over. Until then this is a preview that nobody publishes.")
        if not report.data_as_of or report.data_as_of < report.span.end:
            raise Refused(
                f"The figures stand for {report.data_as_of}, before the period ended. Collect them again first."
            )
        report.reviewer = _reviewer(report, by=by, wanted=reviewer)
        report.state = State.IN_REVIEW
        report.submitted_by, report.submitted_at = by, at
        report.prepared_by = report.prepared_by if report.prepared_by_id else by
        if report.reviewer_id and report.prepared_by_id == report.reviewer_id:
            report.prepared_by = by
        report.version += 1
        report.save()
        draw(report, by=by, collect=False)
        if report.reviewer:
            _tell_reviewer(report, report.reviewer)
        audit.record(verb="report.submitted", client=report.client, obj=report, by=by, at=at)
    return report


def _reviewer(report: Report, *, by: User, wanted: User | None) -> User | None:
    line = approval_line(report.client)
    if not line.second_required:
        return None
    able = line.others_than(report.writers | {by.pk})
    if not able:
        raise Refused(
            "Nobody else of the practice may see this client. Assign a second consultant, or let "
            "a practice admin who did not write in it read it."
        )
    if wanted is None:
        return able[0]
    if wanted not in able:
        raise Refused(f"{wanted} wrote in this report or may not see this client. Choose another.")
    return wanted


def _tell_reviewer(report: Report, reviewer: User) -> None:
    outbox.send(
        to=reviewer,
        subject=f"A report of {report.client.name} waits for your approval",
        body=(
            f"{report.submitted_by} asks you to read and approve the {report.title}.\nThe link opens it in the portal."
        ),
        link_path=f"/c/{report.client.key}/reports/{report.span.slug}/",
        client=report.client,
        key=f"report-review:{report.pk}:{report.version}",
    )


def hand_back(*, report: Report, by: User, reason: str, at: datetime) -> Report:
    """The reviewer wants changes: the report is a draft again, the reason is in the trail."""
    if not reason.strip():
        raise Refused("Say what should change, so that the writer can act on it.")
    with transaction.atomic():
        report = locked(report)
        if report.state != State.IN_REVIEW:
            raise Refused("Only a report that was handed in can be handed back.")
        report.state = State.DRAFT
        report.version += 1
        report.save(update_fields=["state", "version"])
        draw(report, by=by, collect=False)
        audit.record(verb="report.handed_back", client=report.client, obj=report, by=by, at=at, reason=reason)
    return report


def approve(*, report: Report, by: User, seen_sha256: str, at: datetime) -> Report:
    """Approves exactly the bytes this person saw; these are the bytes that get published.

    Refuses a writer of the report unless the practice works without a second consultant, in
    which case the record and the printed pages say so.
    """
    with transaction.atomic():
        report = locked(report)
        if report.state != State.IN_REVIEW:
            raise Refused("Only a report that was handed in can be approved.")
        line = approval_line(report.client)
        if by not in line.reviewers:
            raise Refused("Only a consultant of this client or a practice admin approves its reports.")
        if line.second_required:
            if by.pk in report.writers:
                raise Refused("You wrote or handed in this report. A second consultant approves it.")
            if report.reviewer_id != by.pk:
                raise Refused(
                    f"The pages name {report.reviewer} for approval. Hand it back and in again to name somebody else."
                )
        _refuse_unseen(report, seen_sha256)
        report.state = State.APPROVED
        report.approved_by, report.approved_at = by, at
        report.approved_sha256 = report.file_sha256
        report.approval_note = line.why_not
        report.save()
        audit.record(
            verb="report.approved",
            client=report.client,
            obj=report,
            by=by,
            at=at,
            after={"sha256": report.approved_sha256},
            reason=line.why_not,
        )
    return report


def _refuse_unseen(report: Report, seen_sha256: str) -> None:
    if not report.is_drawn:
        raise Refused("The pages are being drawn again. Approve them when they are there.")
    if report.file_sha256 != seen_sha256:
        raise Refused("The pages changed after you opened them. Read them again, then approve.")


def take_back_approval(*, report: Report, by: User, reason: str, at: datetime) -> Report:
    """Before publication an approval may be taken back; the report is a draft again."""
    with transaction.atomic():
        report = locked(report)
        if report.state != State.APPROVED:
            raise Refused("There is no approval to take back.")
        report.state = State.DRAFT
        report.approved_by, report.approved_at = None, None
        report.approved_sha256 = report.approval_note = ""
        report.version += 1
        report.save()
        draw(report, by=by, collect=False)
        audit.record(
            verb="report.approval_withdrawn",
            client=report.client,
            obj=report,
            by=by,
            at=at,
            reason=reason,
        )
    return report
