"""The pages of an assessment, which a worker draws and keeps: five hundred risks take many seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from risks.enums import AssessmentState
from risks.models import RiskAssessment
from risks.models.assessment import DRAW
from risks.rules import snapshots
from risks.selectors.wording import levels_of
from vciso.audit import services as audit
from vciso.jobs import services as jobs
from vciso.jobs.run import RunningJob
from vciso.pdf import render_limited
from vciso.pdf.renderer import Paper
from vciso.tenancy import context
from vciso.tenancy.models import User
from vciso.web.drawing import drawn
from vciso.web.place import reading_as

STEPS = 3
# Five hundred risks take a thirtieth of it on a quiet machine; the worker itself gives up after 270.
TIMEOUT_SECONDS = 240


def ask_for(row: RiskAssessment, *, by: User | None) -> None:
    """Hands the drawing of this version to a worker; each version is drawn once."""
    args = {"assessment": str(row.pk), "version": row.version}
    jobs.enqueue(DRAW, client_id=row.client_id, key=row.drawing_key, args=args, by=by)


def draw(job: RunningJob) -> Callable[[], None]:
    """Draws one version of an assessment; what is drawn or changed since is left alone."""
    version = int(job.args["version"])
    job.progress(step=1, of=STEPS, message="Reading the assessment")
    with job.tenant():
        rows = RiskAssessment.objects.select_related("client__practice", "asked_of")
        row = rows.filter(pk=UUID(job.args["assessment"]), version=version).first()
    if row is None or row.is_drawn:
        return lambda: None
    pages = drawn(job, lambda: pdf(row), step=2, of=STEPS, noun="document")

    def finish() -> None:
        RiskAssessment.objects.filter(pk=row.pk, version=version).update(file_version=version, **pages)

    return finish


def pdf(row: RiskAssessment) -> bytes:
    """The document. The same record gives the same bytes."""
    client = row.client
    practice = client.practice
    found = snapshots.read(row.facts)
    with reading_as(client):
        html = render_to_string(
            "risks/assessment_pdf.html",
            {
                "assessment": row,
                "found": found,
                "levels": levels_of(found.scale, client.currency) if found.scale else [],
                "client": client,
                "practice": practice,
                "is_approved": row.state == AssessmentState.APPROVED,
            },
        )
    return render_limited(
        html,
        paper=cast(Paper, client.paper),
        accent=practice.accent,
        timeout=TIMEOUT_SECONDS,
        memory_mb=settings.RENDER_MEMORY_MB,
    )


def record_missing(*, row: RiskAssessment, by: User | None, at: dt.datetime, why: str) -> None:
    """Raises the alarm in the trail that the stored pages are gone or changed."""
    audit.record(
        verb="risk.assessment_file_missing",
        client=row.client_id,
        obj=row,
        by=by,
        at=at,
        after={"file_key": row.file_key, "sha256": row.file_sha256},
        reason=why,
    )


def raise_alarm(*, row: RiskAssessment, by: User | None, at: dt.datetime, why: str) -> None:
    """Records missing pages after the reading request was undone, in a context of its own."""
    with context.as_job(row.client_id, "assessment file"):
        record_missing(row=row, by=by, at=at, why=why)
