"""The practice's pages: the list of reports, asking for one, and the review desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from engagements import selectors as engagement_selectors
from reporting import documents, render, words
from reporting.enums import State
from reporting.forms import PublishForm, ReasonForm, RequestForm, SeenForm, SubmitForm
from reporting.models import Report
from reporting.rules import Refused
from reporting.selectors import checks, people, reports
from reporting.services import drafting
from reporting.services.composing import compose
from reporting.views.loading import on_report
from vciso.tenancy.permissions import requires
from vciso.web.drawing import followed, progress_of
from vciso.web.responses import answer_form, done, page
from vciso.web.throttling import POSTED, throttled

USUAL = "a few seconds"
RECORDS_SHOWN = 12


@requires("reports.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every report of the client, newest period first, and what is owed next."""
    client = request.client  # type: ignore[attr-defined]  # set by the middleware
    today = client.today(timezone.now())
    rows = [(report, reports.stage(report)) for report in reports.register(client)]
    engagement = engagement_selectors.engagement_on(client, today)
    context = {
        "rows": [pair for pair in rows if pair[0].state != State.SUPERSEDED],
        "superseded": [pair for pair in rows if pair[0].state == State.SUPERSEDED],
        "due": reports.next_due(engagement, on=today),
        "in_work": len([r for r, _ in rows if not r.is_issued]),
    }
    return page(request, "reporting/desk/list.html", context)


@requires("reports.request")
@throttled("report", methods=POSTED)
@require_http_methods(["GET", "POST"])
def request_report(request: HttpRequest) -> HttpResponse:
    """Asks for a draft; the same period asked twice leads to the same report."""
    client, now = request.client, timezone.now()  # type: ignore[attr-defined]  # set by the middleware
    made = {report.span for report in reports.register(client)}
    form = RequestForm(request.POST if request.method == "POST" else None, today=client.today(now), made=made)
    if request.method == "POST" and form.is_valid():
        period = form.chosen()
        try:
            report = drafting.request_draft(client=client, kind=period.kind, period=period, by=request.user, at=now)
        except Refused as refusal:
            form.add_error("period", refusal)
        else:
            return done(request, "reporting:detail", client_key=client.key, period=report.span.slug)
    return answer_form(request, "reporting/desk/request.html", {}, form=form)


@on_report("reports.view")
@require_GET
def detail(request: HttpRequest, report: Report) -> HttpResponse:
    """The review desk: sections, the paper, what to look at before publishing."""
    now = timezone.now()
    # Pages that are drawn have no job worth showing.
    job = None if report.is_drawn else reports.job_of(report)
    stage = reports.stage(report)
    context: dict[str, Any] = {
        "report": report,
        "period": report.span,
        "stage": stage,
        "steps": list(reports.STEPS),
        "job": progress_of(job),
        "job_is_live": job is not None and job.is_live,
        "job_failed": job is not None and job.state == "failed",
        "revisions": reports.revisions(report),
        "usual": USUAL,
        "is_over": report.is_over(at=now),
        "pdf_word": "PDF" if report.is_issued else "Preview PDF",
    }
    if report.facts is not None:
        context |= _desk(request, report, now=now)
    return page(request, "reporting/desk/detail.html", context)


def _desk(request: HttpRequest, report: Report, *, now: Any) -> dict[str, Any]:
    client = report.client
    line = people.approval_line(client)
    document = compose(report, at=now, line=line)
    others = line.others_than(report.writers | {request.user.pk})
    is_writer = request.user.pk in report.writers
    findings = checks.of_report(report, document) if not report.is_issued else None
    return {
        "paper": render.page(document),
        "document": document,
        "sections": [
            {
                "key": key,
                "short": words.SHORT.get(key, key),
                "edited": report.section_words(key),
                "warnings": [] if findings is None else findings.of_section(key),
            }
            for key in words.sections(document)
        ],
        "checks": findings,
        "line": line,
        "can_approve": report.state == State.IN_REVIEW
        and (not line.second_required or (report.reviewer_id == request.user.pk and not is_writer)),
        "readers": people.recipients(client, report.kind),
        "submit_form": SubmitForm(reviewers=others, required=line.second_required),
        "nobody_to_review": line.second_required and not others,
        "seen_form": SeenForm(initial={"seen": report.file_sha256}),
        "publish_form": PublishForm(initial={"seen": report.file_sha256}),
        "reason_form": ReasonForm(),
        "status_override": report.words.get("status"),
        "submit_word": "Hand in for approval" if line.second_required else "Finish the draft",
        "submit_title": f"Hand in the {report.title}?",
        "publish_title": f"Publish the {report.title}?",
        "release_is_asked": bool(report.ask_id and report.ask and report.ask.state == "open"),
    }


@on_report("reports.view")
@require_GET
def progress(request: HttpRequest, report: Report) -> HttpResponse:
    """The job's progress for htmx; ends with 286, and reloads the page once the pages are there."""
    context = {"report": report, "period": report.span, "usual": USUAL}
    return followed(request, reports.job_of(report), "reporting/desk/progress.html", context)


@on_report("reports.view")
@require_GET
def figures(request: HttpRequest, report: Report) -> HttpResponse:
    """Every figure of the report with its formula and the records it was made from."""
    rows = []
    if report.facts is not None:
        document = compose(report, at=timezone.now())
        rows = [
            (path.replace(".", " › "), figure, checks.formula_of(figure), len(figure.records) - RECORDS_SHOWN)
            for path, figure in documents.figures(document)
        ]
    context = {"report": report, "period": report.span, "rows": rows}
    return page(request, "reporting/desk/figures.html", context)
