"""What the trail keeps of stored pages: who took them, and that they are gone."""

from __future__ import annotations

from datetime import datetime

from reporting.models import Report
from vciso.audit import services as audit
from vciso.tenancy import context
from vciso.tenancy.models import User


def record_download(*, report: Report, by: User, at: datetime, role: str) -> None:
    """Notes in the trail that somebody took the pages of a report with them: one event each."""
    audit.record(
        verb="report.downloaded",
        client=report.client_id,
        obj=report,
        by=by,
        at=at,
        after={"revision": report.revision, "role": role, "sha256": report.file_sha256},
    )


def record_missing(*, report: Report, by: User | None, at: datetime, why: str) -> None:
    """Raises the alarm in the trail that a stored file is gone or changed."""
    audit.record(
        verb="report.file_missing",
        client=report.client_id,
        obj=report,
        by=by,
        at=at,
        after={"file_key": report.file_key, "sha256": report.file_sha256},
        reason=why,
    )


def raise_alarm(*, report: Report, by: User | None, at: datetime, why: str) -> None:
    """Records a missing file after the reading request was undone, in a context of its own."""
    with context.as_job(report.client_id, "report file"):
        record_missing(report=report, by=by, at=at, why=why)
