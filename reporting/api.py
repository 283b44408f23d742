"""Reports for programs: asking for a draft, how it stands, and the published pages."""

from __future__ import annotations

from functools import partial
from typing import Any

import django_filters as filters
from django.http import Http404, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from reporting import periods, services
from reporting.enums import Kind, State
from reporting.forms import RequestForm
from reporting.models import Report
from reporting.services import drafting, reading
from vciso.files.responses import download
from vciso.tenancy.enums import Role
from vciso.web.api import Named, Record, Resource, creates, reading_route, routes
from vciso.web.problems import Problem

PEOPLE = ("prepared_by", "approved_by", "client__practice")
PDF = {"200": {"description": "The published bytes", "content": {"application/pdf": {"schema": {"type": "string"}}}}}


class ReportFilter(filters.FilterSet):
    """Reports of one kind, or in one state."""

    kind = filters.ChoiceFilter(choices=Kind.choices, label="Kind")
    state = filters.ChoiceFilter(choices=State.choices, label="State")

    class Meta:
        model = Report
        fields: list[str] = []


class ReportRecord(Record):
    title = serializers.CharField()
    prepared_by = Named(allow_null=True)
    approved_by = Named(allow_null=True)
    is_drawn = serializers.BooleanField(help_text="Whether the pages of exactly this version are stored.")

    class Meta:
        model = Report
        fields = (
            "kind", "period", "revision", "title", "state", "restated", "requested_at", "data_as_of", "frozen_at",
            "facts_sha256", "prepared_by", "approved_by", "approved_at", "published_at", "released_at",
            "file_sha256", "file_size", "file_pages", "is_drawn",
        )  # fmt: skip
        internal = ("requested_at", "is_drawn")


class Reports(Resource):
    """Reports, newest first: all of them for the practice, published ones for owners, released
    packs for directors."""

    queryset = Report.objects.all()
    serializer_class = ReportRecord
    filterset_class = ReportFilter
    reads = "reports.read"
    ordering = ("-requested_at", "-revision", "pk")
    session_verbs = dict.fromkeys(("submit", "hand-back", "take-back"), "reports.view") | {
        "approve": "reports.approve", "publish": "reports.publish", "correct": "reports.correct",
        "release": "reports.publish",
    }  # fmt: skip

    def rows(self) -> Any:
        rows = Report.objects.filter(client=self.client).light().select_related(*PEOPLE)
        if self.actor.is_practice_side:
            return rows
        return rows.issued() if self.actor.is_owner else rows.issued().released()

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> Report:
        """The newest revision of the period."""
        return _first(self.rows().of_period(_period(kwargs)).order_by("-revision"))

    def again(self, record: Report) -> Report:
        return self.find({"period": record.span.slug})

    def address(self, record: Report) -> str:
        return f"{self.request.path}{record.span.slug}/"

    @creates("reports.request", RequestForm, status=202)
    def create(self, bind: Any) -> Report:
        """A draft is asked for. Asking twice leads to the same report; its pages follow shortly."""
        bound = bind(today=self.today)

        def ask(data: dict[str, Any]) -> Report:
            period = bound.form.chosen()
            return drafting.request_draft(client=self.client, kind=period.kind, period=period, by=self.user, at=self.at)

        return bound.attempt(ask)

    def pdf(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The published pages of a period, byte for byte. Drafts are for the portal's pages."""
        self.allow(self.reads)
        report = _first(self.rows().of_period(_period(kwargs)).published())
        try:
            content = services.open_pdf(report)
        except services.MissingFile as missing:
            return self._missing(report, str(missing))
        role = Role.CONSULTANT if self.actor.is_practice_side else Role.OWNER if self.actor.is_owner else Role.BOARD
        reading.record_download(report=report, by=self.user, at=self.at, role=role)
        return download(content, name=report.file_name)

    pdf.answers, pdf.refusals = PDF, (410,)  # type: ignore[attr-defined]  # read by the schema

    def _missing(self, report: Report, why: str) -> HttpResponse:
        """Nobody gets other pages; the alarm is raised once this request is undone."""
        response = self.handle_exception(Problem(410, "gone", why))
        alarm = partial(reading.raise_alarm, report=report, by=self.user, at=self.at, why=why)
        response.afterwards = (alarm,)  # run by the tenancy middleware
        return response


def _period(kwargs: dict[str, Any]) -> periods.Period:
    try:
        return periods.parse(kwargs["period"])
    except periods.BadPeriod:
        raise Http404 from None


def _first(rows: Any) -> Report:
    found: Report | None = rows.first()
    if found is None:
        raise Http404
    return found


app_name = "reporting-api"
urlpatterns = [
    *routes("reports/", Reports, one="<str:period>/"),
    reading_route("reports/<str:period>/pdf/", Reports, "pdf", name="report-pdf"),
]
