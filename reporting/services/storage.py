"""Looking after stored pages: what no row names is removed, what a row misses is an alarm."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from reporting.models import Report
from reporting.services import reading
from vciso.files import sweeping
from vciso.files.drawn import MissingFile, open_pdf
from vciso.tenancy import context


def sweep(*, at: datetime, older_than: float = sweeping.OLD_ENOUGH) -> dict[str, int]:
    """Compares every client's reports with the storage, each in its own context; counts what was found."""
    with context.as_installation("report files"), connection.cursor() as cursor:
        cursor.execute("SELECT client_id FROM sec.reported_clients()")
        clients: list[UUID] = [row[0] for row in cursor.fetchall()]
    missing = 0
    for client_id in clients:
        with context.as_job(client_id, "report files"):
            missing += _alarm_missing(client_id, at=at)
    return {"missing": missing, **sweeping.sweep(older_than=older_than)}


def _alarm_missing(client_id: UUID, *, at: datetime) -> int:
    missing = 0
    for report in Report.objects.filter(client_id=client_id).exclude(file_key="").light():
        try:
            open_pdf(report)
        except MissingFile as why:
            reading.record_missing(report=report, by=None, at=at, why=str(why))
            missing += 1
    return missing
