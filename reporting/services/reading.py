"""Opening a stored PDF: only ever the very bytes of the row, checked each time."""

from __future__ import annotations

import hashlib
from datetime import datetime

from reporting.models import Report
from vciso import files
from vciso.audit import services as audit
from vciso.tenancy import context
from vciso.tenancy.models import User


class MissingFile(Exception):
    """The stored pages are gone or are not the ones of the record. Nobody gets other pages."""


def open_pdf(report: Report) -> bytes:
    """The stored pages of a report, after comparing them with the fingerprint of its row."""
    if not report.file_key:
        raise MissingFile("No pages of this report are stored yet.")
    try:
        content = files.read(report.file_key)
    except FileNotFoundError as gone:
        raise MissingFile("The stored pages of this report are missing.") from gone
    if hashlib.sha256(content).hexdigest() != report.file_sha256:
        raise MissingFile("The stored pages are not the ones that were recorded.")
    return content


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
