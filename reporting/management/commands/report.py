"""`report --client KEY --kind monthly|quarterly --period 2026-10|2026-Q3 --out FILE.pdf`.

A published report gives its exact bytes. Otherwise the draft is built through the job, by a
worker if one is at hand and inline if none is. A running period gives a preview. Nothing is
ever published by this command.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from reporting import periods, rules, services
from reporting.enums import Kind
from reporting.models import Report
from vciso.jobs import run
from vciso.jobs.models import Job
from vciso.tenancy.commands import ClientCommand, Refused

WORKER_TAKES_IT = 3.0
PATIENCE = 120.0
LOOK_EVERY = 0.2


class Command(ClientCommand):
    help = "Writes a client's report of a period as a PDF file."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument("--period", required=True, help="2026-10, or 2026-Q3 for a quarter.")
        parser.add_argument("--out", required=True, metavar="FILE.pdf")

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            period = periods.parse(options["period"], kind=options["kind"])
        except periods.BadPeriod as bad:
            raise CommandError(str(bad), returncode=2) from None
        out = Path(options["out"])
        if not out.resolve().parent.is_dir():
            raise CommandError(f"There is no folder {out.resolve().parent} to write into.", returncode=2)
        try:
            report, content = self._published(period) or self._built(period)
        except (rules.Refused, services.MissingFile) as refusal:
            raise Refused(str(refusal)) from None
        self._write(out, content)
        return {
            "sentence": f"{report.title}, {report.get_state_display().lower()}, is in {out}.",
            "file": str(out),
            "client": options["client"],
            "kind": report.kind,
            "period": report.period,
            "revision": report.revision,
            "state": report.state,
            "preview": report.facts["edition"]["state"] == "preview",
            "pages": report.file_pages,
            "size": len(content),
            "sha256": report.file_sha256,
            "facts_sha256": report.facts_sha256,
            "data_as_of": report.data_as_of,
        }

    def _published(self, period: periods.Period) -> tuple[Report, bytes] | None:
        with self.client_context():
            report = self._reports(period).published().first()
            return (report, services.open_pdf(report)) if report else None

    def _reports(self, period: periods.Period) -> Any:
        rows = Report.objects.of_period(period).filter(client_id=self.client_id)
        return rows.select_related("client__practice").order_by("-revision")

    def _built(self, period: periods.Period) -> tuple[Report, bytes]:
        """The newest draft, drawn; asked for if there is none or its pages are out of date."""
        with self.client_context():
            report = services.request_draft(
                client=self.load_client(), kind=period.kind, period=period, by=None, at=timezone.now()
            )
            if self._is_out_of_date(report) and not self._job(report):
                report = services.refresh_facts(report=report, by=None, at=timezone.now())
        if not report.is_drawn:
            self._wait_or_work(report)
        with self.client_context():
            report = self._reports(period).get(pk=report.pk)
            if not report.is_drawn:
                job = self._job(report) or Job.objects.filter(pk=report.job_id).first()
                raise Refused(f"The report could not be drawn: {job.waits_for if job else 'its job is gone'}")
            return report, services.open_pdf(report)

    @staticmethod
    def _is_out_of_date(report: Report) -> bool:
        """Not drawn, or a preview of an earlier day than today."""
        if not report.is_editable:
            return False
        day = report.span.data_day(on=report.client.today(timezone.now()))
        return not report.is_drawn or (report.data_as_of is not None and report.data_as_of < day)

    def _job(self, report: Report) -> Job | None:
        job = Job.objects.filter(pk=report.job_id).first()
        return job if job is not None and job.is_live else None

    def _wait_or_work(self, report: Report) -> None:
        """Lets a worker do it; does it here, by the same code, where none takes it."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            with self.client_context():
                job = Job.objects.get(pk=report.job_id)
            if not job.is_live:
                return
            if job.state == "queued" and time.monotonic() - begun > WORKER_TAKES_IT:
                run.run(job.pk, client_id=self.client_id)
                continue
            time.sleep(LOOK_EVERY)

    @staticmethod
    def _write(out: Path, content: bytes) -> None:
        part = out.with_name(f".{out.name}.part")
        part.write_bytes(content)
        os.replace(part, out)
