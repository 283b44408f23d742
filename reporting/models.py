"""A report: one revision of what was computed, said, approved and issued for a period.

The row holds the frozen facts, the words that consultants changed, who answered for them,
and the stored PDF. The work of making it (lease, attempts, progress) is a job, not this row.
What is published can no longer change; a trigger in the migrations refuses it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform

from reporting import periods
from reporting.enums import EDITABLE, ISSUED, UNPUBLISHED, Kind, State
from vciso.files.drawn import Drawn
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

RECENT_DAYS = 300
"""So long a month needs no year beside it."""


class ReportQuerySet(models.QuerySet["Report"]):
    def of_kind(self, kind: str) -> ReportQuerySet:
        """Monthly reports, or board packs."""
        return self.filter(kind=kind)

    def of_period(self, period: periods.Period) -> ReportQuerySet:
        """Every revision of one period."""
        return self.filter(kind=period.kind, period=str(period))

    def published(self) -> ReportQuerySet:
        """What stands now: at most one revision of each period."""
        return self.filter(state=State.PUBLISHED)

    def issued(self) -> ReportQuerySet:
        """Everything ever published, earlier revisions too."""
        return self.filter(state__in=ISSUED)

    def unpublished(self) -> ReportQuerySet:
        """What the practice still works on."""
        return self.filter(state__in=UNPUBLISHED)

    def released(self) -> ReportQuerySet:
        """Packs that the board may read."""
        return self.filter(kind=Kind.QUARTERLY, released_at__isnull=False)

    def newest_first(self) -> ReportQuerySet:
        """By period, then revision. Both kinds of period sort as text within their kind."""
        return self.order_by("-period", "-revision", "kind")

    def light(self) -> ReportQuerySet:
        """Without the frozen facts, which a list never needs."""
        return self.defer("facts", "words")

    def with_printed_words(self) -> ReportQuerySet:
        """With the headings and texts as printed, without the figures."""
        return self.annotate(printed_words=KeyTransform("words", "facts"))


class Report(ClientOwned, Drawn):
    """One revision of the report of one client for one period."""

    kind = models.CharField(max_length=9, choices=Kind)
    period = models.CharField(max_length=7)
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)

    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    restated = models.CharField("why it was corrected", max_length=400, blank=True)

    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_sha256 = models.CharField(max_length=64, blank=True)
    approval_note = models.CharField(max_length=300, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    facts = models.JSONField(null=True)
    facts_sha256 = models.CharField(max_length=64, blank=True)
    facts_version = models.PositiveIntegerField("collected for this version", default=0)
    data_as_of = models.DateField(null=True)
    frozen_at = models.DateTimeField(null=True)
    words = models.JSONField(default=dict)
    version = models.PositiveIntegerField("counts every change of facts, words or names", default=1)

    job_id = models.UUIDField(null=True)

    ask = ClientForeignKey("engagements.Ask", null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "period", "revision"], name="report_once"),
            models.UniqueConstraint(
                fields=["client", "kind", "period"],
                condition=Q(state=State.PUBLISHED),
                name="report_one_published",
            ),
            models.UniqueConstraint(
                fields=["client", "kind", "period"],
                condition=Q(state__in=UNPUBLISHED),
                name="report_one_in_work",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ISSUED)
                | Q(
                    published_at__isnull=False,
                    facts_sha256__gt="",
                    file_sha256__gt="",
                    file_sha256=F("approved_sha256"),
                ),
                name="report_issued_as_approved",
            ),
            models.CheckConstraint(condition=Q(revision=1) | Q(restated__gt=""), name="report_restated_says_why"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(kind=Kind.QUARTERLY, state__in=ISSUED),
                name="report_released_is_issued_pack",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "kind", "-period", "-revision"], name="report_latest"),
            models.Index(fields=["client", "state"], name="report_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def span(self) -> periods.Period:
        """The period as a value that knows its days."""
        return periods.parse(self.period, kind=self.kind)

    @property
    def title(self) -> str:
        """What people call it: "October 2026 report", "Board pack, July to September 2026"."""
        if self.kind == Kind.MONTHLY:
            return f"{self.span.title} report"
        return f"Board pack, {self.span.title}"

    def short_title(self, *, on: date) -> str:
        """The title where there is little room; without the year while the period is not long ago."""
        recent = (on - self.span.end).days < RECENT_DAYS
        name = self.span.title.removesuffix(f" {self.span.end.year}") if recent else self.span.title
        return f"{name} report" if self.kind == Kind.MONTHLY else f"{name} board pack"

    @property
    def reference(self) -> str:
        """The period with its revision, as printed and as files are called."""
        return f"{self.period} revision {self.revision}"

    @property
    def revision_label(self) -> str:
        """The revision in words."""
        return f"Revision {self.revision}"

    @property
    def pdf_label(self) -> str:
        """What a link to the pages is called where it stands alone."""
        return f"PDF of {self.title}, revision {self.revision}"

    @property
    def short_sha(self) -> str:
        """The beginning of the figures' fingerprint, as printed."""
        return self.facts_sha256[:16]

    @property
    def is_editable(self) -> bool:
        """Whether words and figures may still change."""
        return self.state in EDITABLE

    @property
    def is_issued(self) -> bool:
        """Whether it was ever published."""
        return self.state in ISSUED

    @property
    def file_name(self) -> str:
        """The name of a download. Holds the client's name, nothing else of theirs."""
        kind = "report" if self.kind == Kind.MONTHLY else "board-pack"
        tail = f"-r{self.revision}" if self.revision > 1 else ""
        return f"{self.client.name} {kind} {self.period}{tail}.pdf"

    def section_words(self, key: str) -> dict[str, Any]:
        """What was written by hand for one section, or nothing."""
        return dict((self.words.get("sections") or {}).get(key) or {})

    @property
    def writers(self) -> set[UUID]:
        """Everyone who wrote words of this revision or handed it in; none of them approves it."""
        found = {UUID(part["by"]) for part in (self.words.get("sections") or {}).values()}
        status = self.words.get("status")
        if status:
            found.add(UUID(status["by"]))
        if self.submitted_by_id:
            found.add(self.submitted_by_id)
        return found

    def is_over(self, *, at: datetime) -> bool:
        """Whether the period has ended where the client is."""
        return self.span.is_over(on=self.client.today(at))

    def issued_on(self) -> date | None:
        """The client's day of publication."""
        return self.client.today(self.published_at) if self.published_at else None
