"""What an import was: the file as it came, how it was read, and what each row became."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models

from vciso.imports.enums import BatchState, RowOutcome
from vciso.imports.mapping import Mapping
from vciso.tenancy.models import ClientForeignKey, ClientOwned, PracticeOwned, User

UNDO_DAYS = 30


class ImportBatch(ClientOwned):
    """One file brought to one list of one client. Nothing is in that list before it is imported."""

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.PREVIEWED)
    file_name = models.CharField(max_length=200)
    file_key = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField()
    mapping = models.JSONField(help_text="Which tab, header and columns, and how ratings and dates are read.")
    signature = models.CharField(max_length=64, help_text="The headings, so that the same form is read alike.")
    counts = models.JSONField(default=dict)
    skipped = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    shape = models.JSONField(
        default=dict, help_text="Tabs, columns with examples and scales, as the preview shows them."
    )
    read_from = models.CharField(
        max_length=8, blank=True, help_text="Whose remembered reading was used: client, practice or none."
    )
    changed = models.TextField(blank=True, help_text="Why it has to be looked at again before importing.")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "kind", "-created_at"], name="imports_batch_latest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def read_as(self) -> Mapping:
        return Mapping.from_json(self.mapping)

    @property
    def undo_until(self) -> datetime | None:
        return self.imported_at + timedelta(days=UNDO_DAYS) if self.imported_at else None

    def may_undo(self, at: datetime) -> bool:
        until = self.undo_until
        return self.state == BatchState.IMPORTED and until is not None and at <= until


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def in_order(self) -> "ImportRowQuerySet":
        return self.order_by("position")

    def with_choices(self) -> "ImportRowQuerySet":
        """Rows about which a person was asked something, answered or not."""
        return self.exclude(choices=[])

    def with_warnings(self) -> "ImportRowQuerySet":
        return self.filter(warned=True)

    def written(self) -> "ImportRowQuerySet":
        """Rows that made or changed a record which has not been taken back since."""
        return self.filter(record_id__isnull=False, undone=False, outcome__in=[RowOutcome.NEW, RowOutcome.UPDATE])


class ImportRow(ClientOwned):
    """One row of the file: as read, what it means, and the record it became."""

    batch = ClientForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=80)
    number = models.PositiveIntegerField(help_text="The row's number in the file.")
    cell = models.CharField(max_length=12)
    outcome = models.CharField(max_length=9, choices=RowOutcome)
    warned = models.BooleanField(default=False)
    title = models.TextField(blank=True)
    reference = models.CharField(max_length=120, blank=True)
    read: Any = models.JSONField(help_text="Heading → text as it stands in the file.")
    remarks: Any = models.JSONField(default=list)
    choices: Any = models.JSONField(
        default=list, help_text="Key, question, options and answer of what a person chooses."
    )
    changes: Any = models.JSONField(default=list, help_text="Label, before and after, in words.")
    record_id = models.UUIDField(null=True)
    record_reference = models.CharField(max_length=120, blank=True)
    before: Any = models.JSONField(null=True, help_text="Values an update replaced.")
    after: Any = models.JSONField(null=True, help_text="All values as the import left them.")
    undone = models.BooleanField(default=False)
    undo_refused = models.TextField(blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client", "batch", "position"], name="imports_row_order"),
            models.Index(fields=["client", "record_id"], name="imports_row_record"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"

    @property
    def as_read(self) -> list[tuple[str, str]]:
        """Heading and text of every cell, in the order of the file; of older rows in no order."""
        return [*self.read.items()] if isinstance(self.read, dict) else [(heading, text) for heading, text in self.read]


class RememberedReading(models.Model):
    """How files of one form are read: the form is known by its headings."""

    kind = models.CharField(max_length=40)
    signature = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return ", ".join(self.headings[:4])


class Reading(RememberedReading, ClientOwned):
    """A client's own; it wins over the practice's."""

    file_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "kind", "signature"], name="imports_reading_once")]


class PracticeReading(RememberedReading, PracticeOwned):
    """The practice's, for any client without one of its own. Holds no cell of any client's file."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "signature"], name="imports_practice_reading_once")
        ]
