from django.db.models import TextChoices


class BatchState(TextChoices):
    READING = "reading", "Being read"
    UNREADABLE = "unreadable", "Could not be read"
    PREVIEWED = "previewed", "Previewed"
    WORKING = "working", "Being imported"
    IMPORTED = "imported", "Imported"
    UNDONE = "undone", "Undone"


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
