"""What changed on a record, in the form the audit trail keeps."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

# The trail is read by people; a long text is told by its beginning and its length.
LONGEST = 300


def plain(value: Any) -> Any:
    """A value as JSON holds it, long texts shortened."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value)} characters)"
    return value


def assign(record: models.Model, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Sets the fields and answers (before, after) of those that really changed."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, new in values.items():
        old = getattr(record, name)
        if old != new:
            before[name], after[name] = plain(old), plain(new)
            setattr(record, name, new)
    return before, after


def require_text(field: str, text: str, sentence: str) -> str:
    """The text without blanks around it; refuses an empty one with the field's own sentence."""
    cleaned = (text or "").strip()
    if not cleaned:
        raise ValidationError({field: sentence})
    return cleaned
