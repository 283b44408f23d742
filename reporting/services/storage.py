"""Looking after stored pages: what no row names is removed, what a row misses is an alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection

from reporting.models import Report
from reporting.services import reading
from risks.models import RiskAssessment
from risks.services import drawing
from vciso.files import sweeping
from vciso.files.drawn import Drawn, MissingFile, open_pdf
from vciso.tenancy import context


def sweep(*, at: datetime, older_than: float = sweeping.OLD_ENOUGH) -> dict[str, int]:
    """Compares each client’s reports and assessments with the storage, in its own context; counts what it found."""
    with context.as_installation("report files"), connection.cursor() as cursor:
        cursor.execute("SELECT client_id FROM sec.reported_clients()")
        clients: list[UUID] = [row[0] for row in cursor.fetchall()]
    missing = 0
    for client_id in clients:
        with context.as_job(client_id, "report files"):
            missing += _alarm_missing(client_id, at=at)
    return {"missing": missing, **sweeping.sweep(older_than=older_than)}


def _alarm_missing(client_id: UUID, *, at: datetime) -> int:
    """The alarm for each record of a client whose pages are gone, of reports and of assessments."""
    missing = 0
    for report in Report.objects.filter(client_id=client_id).exclude(file_key="").light():
        missing += _missing(report, partial(reading.record_missing, report=report, by=None, at=at))
    for row in RiskAssessment.objects.filter(client_id=client_id).exclude(file_key="").defer("facts"):
        missing += _missing(row, partial(drawing.record_missing, row=row, by=None, at=at))
    return missing


def _missing(record: Drawn, alarm: Callable[..., None]) -> bool:
    try:
        open_pdf(record)
    except MissingFile as why:
        alarm(why=str(why))
        return True
    return False
