"""Drafts that make themselves: what is due where the client is, missed periods included."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import connection

from reporting import periods
from reporting.enums import State
from reporting.models import Report
from reporting.services.drafting import refresh_facts, request_draft
from vciso.jobs.enums import LIVE
from vciso.jobs.models import Job
from vciso.tenancy import context
from vciso.tenancy.models import Client

log = logging.getLogger(__name__)


def due(*, at: datetime) -> list[tuple[UUID, str, str]]:
    """Client, kind and period of every report that is due and not there; ids without content."""
    with context.as_installation("reports due"), connection.cursor() as cursor:
        cursor.execute("SELECT client_id, kind, period FROM sec.due_reports(%s)", [at])
        return cursor.fetchall()


def draft_due(*, at: datetime) -> int:
    """Asks for each due draft in its client's own context; answers how many it asked for.

    A period whose draft exists is not due, so a second beat, or one that slept for a day, makes
    neither a second draft nor a gap. One client's failure does not hold up the others.
    """
    asked = 0
    for client_id, kind, period in due(at=at):
        try:
            with context.as_job(client_id, "reports due"):
                _draft(client_id, kind, periods.parse(period, kind=kind), at=at)
        except Exception:
            log.exception("the %s report %s of client %s could not be begun", kind, period, client_id)
        else:
            asked += 1
    return asked


def _draft(client_id: UUID, kind: str, period: periods.Period, *, at: datetime) -> None:
    client = Client.objects.select_related("practice").get(pk=client_id)
    report = request_draft(client=client, kind=kind, period=period, by=None, at=at)
    was_preview = report.data_as_of is not None and report.data_as_of < period.end
    is_asked = Job.objects.filter(pk=report.job_id, state__in=LIVE).exists()
    if report.state == State.DRAFT and was_preview and not is_asked:
        refresh_facts(report=Report.objects.get(pk=report.pk), by=None, at=at)
