"""Reading the trail: filters for the page, and the verification of the chains."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from vciso.audit.models import Event, EventQuerySet


@dataclass(frozen=True)
class Chain:
    """What `audit verify` found about one chain. `broken_at` is the first bad number, or None."""

    chain: str
    events: int
    broken_at: int | None
    why: str


def verify() -> list[Chain]:
    """Recomputes every chain inside the database; no content leaves it.

    Finds a changed or forged event, a gap, and a cut tail (the head knows the last number).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, events, broken_at, why FROM sec.audit_verify()")
        return [Chain(*row) for row in cursor.fetchall()]


def search(
    *,
    verb: str = "",
    actor_id: uuid.UUID | None = None,
    reference: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> EventQuerySet:
    """Events of the current context, newest first, narrowed by what the page's filters hold."""
    events = Event.objects.select_related("actor", "client").newest_first()
    if verb:
        events = events.filter(verb__startswith=verb)
    if actor_id is not None:
        events = events.filter(actor_id=actor_id)
    if reference:
        events = events.filter(object_label__iexact=reference)
    if start:
        events = events.filter(happened_at__gte=start)
    if end:
        events = events.filter(happened_at__lt=end)
    return events
