"""Reading a report: the owner's and the board's pages, and the PDF for everyone who may."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reporting import render
from reporting.models import Report
from reporting.selectors import reports
from reporting.services import reading
from reporting.services.composing import compose
from reporting.views.loading import on_issued, on_report
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import requires
from vciso.web.drawing import handed_out
from vciso.web.responses import page


def _pdf(request: HttpRequest, report: Report, role: str) -> HttpResponse:
    """The stored bytes and nothing else; their absence is an alarm and an honest page."""
    about: dict[str, Any] = {"report": report, "by": request.user, "at": timezone.now()}
    return handed_out(
        request,
        report,
        name=report.file_name,
        told=partial(reading.record_download, role=role, **about),
        alarm=partial(reading.raise_alarm, **about),
    )


def _read(request: HttpRequest, report: Report, template: str) -> HttpResponse:
    document = compose(report, at=timezone.now())
    context = {
        "report": report,
        "period": report.span,
        "paper": render.page(document),
        "is_current": report.state == "published",
    }
    return page(request, template, context)


@on_report("reports.view")
@require_GET
def desk_pdf(request: HttpRequest, report: Report) -> HttpResponse:
    """Any revision for the practice, drafts too."""
    return _pdf(request, report, Role.CONSULTANT)


@requires("reports.read_own")
@require_GET
def owner_list(request: HttpRequest) -> HttpResponse:
    """Everything published, monthly reports and packs, newest first."""
    client = request.client  # type: ignore[attr-defined]  # set by the middleware
    found = reports.issued(client)
    context = {"found": found, "latest": found[:1], "earlier": found[1:]}
    return page(request, "reporting/owner_list.html", context)


@on_issued("reports.read_own")
@require_GET
def owner_read(request: HttpRequest, report: Report) -> HttpResponse:
    """A published report in the browser."""
    return _read(request, report, "reporting/owner_read.html")


@on_issued("reports.read_own")
@require_GET
def owner_pdf(request: HttpRequest, report: Report) -> HttpResponse:
    """The published bytes."""
    return _pdf(request, report, Role.OWNER)


@on_issued("reports.read_pack", board=True)
@require_GET
def board_read(request: HttpRequest, report: Report) -> HttpResponse:
    """A released pack in the browser."""
    return _read(request, report, "reporting/board_read.html")


@on_issued("reports.read_pack", board=True)
@require_GET
def board_pdf(request: HttpRequest, report: Report) -> HttpResponse:
    """The released bytes."""
    return _pdf(request, report, Role.BOARD)
