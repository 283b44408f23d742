"""Finding the report a link names, and refusing in words what may not be done with it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from reporting import periods
from reporting.enums import Kind
from reporting.models import Report, ReportQuerySet
from vciso.tenancy.permissions import may, refuse, requires

View = Callable[..., HttpResponse]


class PeriodConverter:
    """A period in an address, in lower case: 2026-10 or 2026-q3."""

    regex = r"20\d\d-(?:0[1-9]|1[0-2]|[qQ][1-4])"

    def to_python(self, value: str) -> periods.Period:
        return periods.parse(value)

    def to_url(self, value: periods.Period | str) -> str:
        return value.slug if isinstance(value, periods.Period) else str(value).lower()


def _rows(request: HttpRequest) -> ReportQuerySet:
    people = ("prepared_by", "reviewer", "submitted_by", "approved_by", "published_by", "ask")
    return Report.objects.filter(client=request.client).select_related(*people)  # type: ignore[attr-defined]  # set by the middleware


def _found(rows: Any, request: HttpRequest) -> Report:
    report = rows.order_by("-revision").first()
    if report is None:
        raise Http404
    report.client = request.client  # type: ignore[attr-defined]  # the same row, already read
    return report


def on_report(permission: str) -> Callable[[View], View]:
    """A view of the practice about one revision: the newest of the period, or the one named."""

    def decorate(view: View) -> View:
        @requires(permission)
        @functools.wraps(view)
        def loaded(
            request: HttpRequest, period: periods.Period, revision: int | None = None, **rest: Any
        ) -> HttpResponse:
            rows = _rows(request).of_period(period)
            if revision is not None:
                rows = rows.filter(revision=revision)
            report = _found(rows, request)
            verdict = may(request.actor, permission, report)  # type: ignore[attr-defined]  # set by the middleware
            if not verdict:
                refuse(verdict)
            return view(request, report, **rest)

        return loaded

    return decorate


def on_issued(permission: str, *, board: bool = False) -> Callable[[View], View]:
    """A view of an owner or a director: only what was published, drafts answer as unknown ones.

    The database already hides drafts from both; the filter keeps a consultant who looks at an
    owner's page from seeing more than the owner does.
    """

    def decorate(view: View) -> View:
        @requires(permission)
        @functools.wraps(view)
        def loaded(
            request: HttpRequest, period: periods.Period, revision: int | None = None, **rest: Any
        ) -> HttpResponse:
            rows = _rows(request).of_period(period).issued()
            if board:
                rows = rows.released().of_kind(Kind.QUARTERLY)
            rows = rows.published() if revision is None else rows.filter(revision=revision)
            return view(request, _found(rows, request), **rest)

        return loaded

    return decorate
