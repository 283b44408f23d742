"""Documents that a worker draws: made by a job, followed while it runs, handed out as they were kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse

from vciso import files
from vciso.files.drawn import Drawn, MissingFile, open_pdf
from vciso.files.responses import download
from vciso.jobs import handlers
from vciso.jobs.models import Job
from vciso.jobs.run import RunningJob
from vciso.pdf import RenderFailed
from vciso.pdf.counting import page_count
from vciso.web.responses import loads_anew, page, wants_fragment


def drawn(job: RunningJob, draw: Callable[[], bytes], *, step: int, of: int, noun: str) -> dict[str, Any]:
    """Draws and stores pages in two steps of a job, outside of any transaction.

    Answers the columns of `Drawn` but the version, to be written behind the job's fence. What cannot be
    drawn costs the job a try, with the sentence for the person who waits.
    """
    job.progress(step=step, of=of, message="Drawing the pages")
    try:
        content = draw()
    except RenderFailed as failure:
        raise handlers.Failed(str(failure)) from failure
    job.progress(step=step + 1, of=of, message=f"Storing the {noun}")
    if job.client_id is None:
        raise handlers.Refused("A document belongs to one client.")
    stored = files.store(job.client_id, content, suffix=".pdf")
    return {
        "file_key": stored.key,
        "file_sha256": stored.sha256,
        "file_size": stored.size,
        "file_pages": page_count(content),
    }


@dataclass(frozen=True)
class Progress:
    """A job as the progress component shows it."""

    state: str
    step: int
    of: int
    message: str


def progress_of(job: Job | None) -> Progress | None:
    return None if job is None else Progress(job.state, job.step, job.steps, job.waits_for)


def followed(request: HttpRequest, job: Job | None, template: str, context: dict[str, Any]) -> HttpResponse:
    """The piece of a page that htmx asks for again while the job lives.

    However it ended, the page is then loaded anew: it alone has what to do next.
    """
    if job is None or not job.is_live:
        return loads_anew()
    return page(request, template, {**context, "job": progress_of(job)})


def awaited(request: HttpRequest, record: Drawn, *, title: str) -> HttpResponse:
    """For who may not read jobs: a page (202) that asks its own address again until the pages are there."""
    if wants_fragment(request) and record.is_drawn:
        return loads_anew()
    waiting = Progress("running", 0, 0, "The pages are being drawn.")
    return page(request, "drawing.html", {"title": title, "job": waiting}, partial="progress", status=202)


def handed_out(
    request: HttpRequest, record: Drawn, *, name: str, told: Callable[[], None], alarm: Callable[..., None]
) -> HttpResponse:
    """The stored bytes and nothing else; their absence is an alarm and an honest page (410).

    `told` notes the download in the trail; `alarm` is called with `why` after the request was undone.
    """
    try:
        content = open_pdf(record)
    except MissingFile as missing:
        response = page(request, "missing.html", {"why": str(missing)}, status=410)
        if record.file_key:
            response.afterwards = (partial(alarm, why=str(missing)),)  # type: ignore[attr-defined]  # after the rollback
        return response
    told()
    return download(content, name=name, inline="download" not in request.GET, key=record.file_key)
