"""The job that makes a report: collect, freeze, draw, store. The row decides what counts.

Collecting reads everything in one transaction that sees one moment. Drawing happens outside of
any. The facts, the words and the file reach the row together, behind the job's fence, and only
if nobody changed the report meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from reporting import documents, facts, render
from reporting.enums import UNPUBLISHED, State
from reporting.models import Report
from reporting.services.composing import compose, edition
from vciso import files
from vciso.jobs import handlers
from vciso.jobs.run import RunningJob
from vciso.tenancy import context
from vciso.tenancy.models import Practice
from vciso.web.drawing import drawn

STEPS = 4
LOGO_GONE = "The stored logo of the practice is gone. Upload it again in the practice’s settings, then try again."


@dataclass(frozen=True)
class Drawing:
    """What one run works on: which version of which report, and the whole document."""

    report_id: UUID
    version: int
    collected: bool
    document: documents.Document
    assets: dict[str, bytes]


@contextmanager
def one_moment(job: RunningJob) -> Iterator[None]:
    """A transaction in the client's context in which every read sees the same moment."""
    with context.one_moment(), job.tenant():
        yield


def build(job: RunningJob) -> Callable[[], None]:
    """Makes the pages of one version of a report; a version that is history is left alone."""
    collect = bool(job.args.get("collect"))
    job.progress(step=1, of=STEPS, message="Collecting the records")
    if job.client_id is None:
        raise handlers.Refused("A report belongs to one client.")
    with one_moment(job):
        drawing = _prepare(UUID(job.args["report"]), int(job.args["version"]), collect=collect)
    if drawing is None:
        return lambda: None
    job.progress(step=2, of=STEPS, message="Freezing the figures")
    plain = documents.to_plain(drawing.document)
    fingerprint = documents.facts_sha256(drawing.document)
    pages = drawn(job, lambda: render.pdf(drawing.document, assets=drawing.assets), step=3, of=STEPS, noun="report")

    def finish() -> None:
        changes = {"facts": plain, "facts_sha256": fingerprint, "file_version": drawing.version, **pages}
        if drawing.collected:
            changes |= {
                "data_as_of": drawing.document.about.data_as_of,
                "facts_version": drawing.version,
                "frozen_at": timezone.now(),
            }
        Report.objects.filter(pk=drawing.report_id, version=drawing.version, state__in=UNPUBLISHED).update(**changes)

    return finish


def _prepare(report_id: UUID, version: int, *, collect: bool) -> Drawing | None:
    report = Report.objects.select_related("client__practice", "prepared_by", "reviewer").filter(pk=report_id).first()
    if report is None or report.version != version or report.state == State.APPROVED:
        return None
    if report.is_issued:
        return None
    now = timezone.now()
    collecting = collect or report.facts is None
    gathered = facts.gather(report, at=now, edition=edition(report, at=now)) if collecting else None
    document = compose(report, at=now, facts=gathered)
    return Drawing(report.pk, version, collecting, document, _assets(report.client.practice))


def _assets(practice: Practice) -> dict[str, bytes]:
    if not practice.logo_key:
        return {}
    try:
        return {"logo": files.read(practice.logo_key)}
    except FileNotFoundError as gone:
        raise handlers.Failed(LOGO_GONE) from gone
