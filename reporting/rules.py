"""Who may do what with a report, and why not, in sentences the person reads."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from reporting.enums import State
from reporting.models import Report
from vciso.tenancy.permissions import (
    Actor,
    Barred,
    Denied,
    PermissionTable,
    Verdict,
    is_board,
    is_owner,
    is_practice_side,
    predicate,
)


class Refused(ValidationError):
    """A service will not do it; the message says what stands in the way and the next step."""

    def __str__(self) -> str:
        return " ".join(self.messages)


@predicate
def is_open(actor: Actor, report: Any) -> Verdict:
    """Words and figures may still change."""
    if not isinstance(report, Report) or report.is_editable:
        return True
    if report.state == State.APPROVED:
        return Barred("This report is approved. Take the approval back before you change it.")
    return Barred("This report is published and never changes. Make a correction instead.")


@predicate
def is_waiting(actor: Actor, report: Any) -> Verdict:
    """It was handed in and waits for approval."""
    if not isinstance(report, Report) or report.state == State.IN_REVIEW:
        return True
    return Barred("Hand the report in for review first.")


@predicate
def is_issued(actor: Actor, report: Any) -> Verdict:
    """It was published, so that the client's people may know of it."""
    if not isinstance(report, Report) or report.is_issued:
        return True
    return Denied("This report is not published yet.")


permissions = PermissionTable(
    {
        "reports.view": is_practice_side,
        "reports.request": is_practice_side,
        "reports.edit": is_practice_side & is_open,
        "reports.approve": is_practice_side & is_waiting,
        "reports.publish": is_practice_side,
        "reports.correct": is_practice_side & is_issued,
        "reports.read": is_practice_side | is_owner | is_board,
        "reports.read_own": is_owner | is_practice_side,
        "reports.read_pack": is_board,
    }
)
