"""Writing to the trail. Every service calls `record` once, last, in its own transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.tenancy.models import Client, Practice, User

AT_ONCE = 500
"""Events inserted with one statement."""


def record(**what: Any) -> None:
    """Adds one event to the chain of the client, the practice or (with neither) the installation.

    Takes what `told` takes. The event is inserted without reading it back: owners and directors may
    add to the trail, not read it.
    """
    told(**what).save(force_insert=True)


def record_all(events: Sequence[Event]) -> None:
    """Adds the events that many records made at once, each with its own number in the chain."""
    Event.objects.bulk_create(events, batch_size=AT_ONCE)


def told(
    *,
    verb: str,
    client: Client | uuid.UUID | None = None,
    practice: Practice | uuid.UUID | None = None,
    obj: models.Model | None = None,
    by: User | None = None,
    at: datetime | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """An event in memory. `at` is when it happened, by default now; the database notes when it was written."""
    current = context.current()
    return Event(
        client_id=getattr(client, "pk", client),
        practice_id=getattr(practice, "pk", practice),
        verb=verb,
        actor_id=by.pk if by is not None and by.pk else None,
        acting_as=_acting_as(current, by),
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None and isinstance(obj.pk, uuid.UUID) else None,
        object_label=_label(obj),
        before=before,
        after=after,
        reason=reason,
        happened_at=at or timezone.now(),
    )


def _acting_as(current: context.Context | None, by: User | None) -> str:
    """What acted in nobody's name, or by which means a person did; empty for the pages."""
    if current is None:
        return ""
    return current.via if by is not None else current.name


def _label(obj: models.Model | None) -> str:
    """The record's reference where it has one; names of people stay out of the chain."""
    return str(getattr(obj, "reference", "") or getattr(obj, "period", "") or "")[:200] if obj else ""
