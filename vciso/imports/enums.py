from django.db.models import TextChoices

from vciso.tenancy.steps import Steps


class BatchState(TextChoices):
    READING = "reading", "Being read"
    UNREADABLE = "unreadable", "Could not be read"
    PREVIEWED = "previewed", "Previewed"
    WORKING = "working", "Being imported"
    IMPORTED = "imported", "Imported"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


# What is short is read, imported and undone at once; what is long waits for the worker in a state of its own.
BATCH_STEPS = Steps(
    begins=frozenset({BatchState.READING, BatchState.PREVIEWED}),
    follow={
        BatchState.READING: frozenset({BatchState.PREVIEWED, BatchState.UNREADABLE}),
        BatchState.PREVIEWED: frozenset({BatchState.READING, BatchState.WORKING, BatchState.IMPORTED}),
        BatchState.WORKING: frozenset({BatchState.PREVIEWED, BatchState.IMPORTED}),
        BatchState.IMPORTED: frozenset({BatchState.UNDOING, BatchState.UNDONE}),
        BatchState.UNDOING: frozenset({BatchState.IMPORTED, BatchState.UNDONE}),
    },
)


class RowOutcome(TextChoices):
    NEW = "new", "New"
    UPDATE = "update", "Update"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"
    WAITING = "waiting", "Waits for a choice"


class Taking(TextChoices):
    """Which rows an import writes."""

    GOOD = "good", "Good rows only"
    ALL = "all", "All rows or none"
