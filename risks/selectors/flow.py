"""How the number of open risks moved between two days: at the start + new + reopened − closed = at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from risks.enums import STATUS_AFTER, TURNS, EventKind, Status
from risks.models import Risk, RiskEvent
from risks.selectors.frame import end_of_day
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class Named:
    """A risk by its id and its reference."""

    risk_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The risks open at both ends of a stretch of days, and what came and went between them.

    Only what differs between the ends counts: a risk closed and reopened meanwhile did not move. One
    added and closed meanwhile is both `new` and `closed`. What was merely proposed counts nowhere.
    """

    at_start: tuple[Named, ...]
    new: tuple[Named, ...]
    reopened: tuple[Named, ...]
    closed: tuple[Named, ...]
    at_end: tuple[Named, ...]


def flow(client: Client, start: dt.date, end: dt.date) -> Flow:
    """What moved from the first to the last day, both included, in two queries.

    The ends are counted as `register_as_of` counts them on the day before the first, and on the last.
    """
    first, after = end_of_day(client, start - dt.timedelta(days=1)), end_of_day(client, end)
    then, now, stood = _statuses(client, first, after)
    known = Risk.objects.filter(client=client, raised_on__lte=end).order_by("number")
    ends: dict[str, list[Named]] = {name: [] for name in ("at_start", "new", "reopened", "closed", "at_end")}
    for pk, reference, raised_on in known.values_list("pk", "reference", "raised_on"):
        was = then.get(pk, Status.OPEN) if raised_on < start else None
        for name in _moves(was, now.get(pk, Status.OPEN), stood=pk in stood):
            ends[name].append(Named(pk, reference))
    return Flow(**{name: tuple(rows) for name, rows in ends.items()})


def _moves(was: Status | None, now: Status, *, stood: bool) -> list[str]:
    """Where a risk counts that had one status before the first day, or none, and another after the last."""
    if was == Status.OPEN:
        return ["at_start", "at_end" if now == Status.OPEN else "closed"]
    came = "reopened" if was == Status.CLOSED else "new"
    if now == Status.OPEN:
        return [came, "at_end"]
    return ["new", "closed"] if came == "new" and now == Status.CLOSED and stood else []


def _statuses(
    client: Client, first: dt.datetime, after: dt.datetime
) -> tuple[dict[UUID, Status], dict[UUID, Status], set[UUID]]:
    """The status of each risk by its last turn before each of two moments, and which were open before they closed.

    One that a file brought in as closed was never open here.
    """
    then: dict[UUID, Status] = {}
    now: dict[UUID, Status] = {}
    stood: set[UUID] = set()
    opened: dict[UUID, dt.datetime] = {}
    turns = RiskEvent.objects.filter(client=client, kind__in=TURNS, happened_at__lt=after)
    for pk, kind, at in turns.order_by("happened_at", "recorded_at").values_list("risk_id", "kind", "happened_at"):
        status = now[pk] = STATUS_AFTER[EventKind(kind)]
        if at < first:
            then[pk] = status
        if status == Status.OPEN:
            opened[pk] = at
        elif pk in opened and at > opened[pk]:
            stood.add(pk)
    return then, now, stood
