"""What moved in the register between two days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, PositiveSmallIntegerField, QuerySet, Value

from risks.enums import AcceptanceState, Band, EventKind, PlanState, RatingKind
from risks.models import Acceptance, RiskEvent, RiskRating, TreatmentPlan
from risks.rules import scoring
from risks.selectors.facts.acceptances import acceptance_state
from risks.selectors.flow import Flow, flow
from risks.selectors.frame import end_of_day, scale_as_of
from risks.selectors.wording import full_day
from risks.selectors.wordings import title_before
from vciso.tenancy.models import Client

BETTER, WORSE, NEW, SAME = "better", "worse", "new", "same"


@dataclass(frozen=True, slots=True)
class Change:
    """One turn of one risk, with the words that say it and whether it is better or worse.

    `kind` is raised, reopened, closed, rose, fell, rerated, over or under (a limit that was set anew),
    accepted, acceptance_ended or plan_approved; `record_id` is the row it was read from.
    """

    kind: str
    risk_id: UUID
    record_id: UUID
    reference: str
    title: str
    on: dt.date
    at: dt.datetime
    movement: str
    words: str
    from_band: Band = Band.NOT_RATED
    to_band: Band = Band.NOT_RATED
    from_score: int = 0
    to_score: int = 0
    reason: str = ""

    @property
    def icon(self) -> str:
        """The sign beside it."""
        return _ICONS.get(self.kind, "circle")


_ICONS = {
    "raised": "plus",
    "reopened": "rotate-ccw",
    "closed": "circle-check",
    "rose": "trending-up",
    "fell": "trending-down",
    "rerated": "equal",
    "over": "ruler",
    "under": "ruler",
    "accepted": "signature",
    "acceptance_ended": "circle-x",
    "plan_approved": "clipboard-check",
}


def changes_between(client: Client, start: dt.date, end: dt.date, moved: Flow | None = None) -> tuple[Change, ...]:
    """What differs on the last day from how it was before the first, newest first, in seven queries.

    What was undone meanwhile is left out: a risk closed and reopened, a score that is back where it was,
    an acceptance that came and went. The rating a new risk came with, and what followed in these days,
    is part of its being added. Titles are those of the last day. `moved` is the flow of the same days,
    if it is known already.
    """
    first, after = end_of_day(client, start - dt.timedelta(days=1)), end_of_day(client, end)
    moved = moved or flow(client, start, end)
    found = [
        *_events(client, first, after, moved),
        *_ratings(client, first, after, scale_as_of(client, end)),
        *_acceptances(client, start, end, first, after),
        *_plans(client, first, after),
    ]
    turned = {"raised", "reopened", "closed"}
    still_open = {one.risk_id for one in moved.at_end}
    told = [change for change in found if change.kind in turned or change.risk_id in still_open]
    return tuple(sorted(told, key=lambda change: (change.at, change.reference), reverse=True))


_TURNS = {
    EventKind.RAISED: ("raised", NEW, "added"),
    EventKind.REOPENED: ("reopened", WORSE, "reopened"),
    EventKind.CLOSED: ("closed", BETTER, "closed"),
}


_MEASURED = {
    EventKind.LEVEL_UP: ("rose", WORSE),
    EventKind.LEVEL_DOWN: ("fell", BETTER),
    EventKind.LIMIT_OVER: ("over", WORSE),
    EventKind.LIMIT_IN: ("under", BETTER),
}
"""What a new scale or limit made of a risk with the rating it had."""


def _events(client: Client, first: dt.datetime, after: dt.datetime, moved: Flow) -> list[Change]:
    """For each risk that came or went, the last turn that says so."""
    rows = RiskEvent.objects.filter(client=client, kind__in=_TURNS, happened_at__gte=first, happened_at__lt=after)
    ways = (("raised", moved.new), ("reopened", moved.reopened), ("closed", moved.closed))
    counted = {(kind, one.risk_id) for kind, risks in ways for one in risks}
    found: dict[tuple[str, UUID], Change] = {}
    for row in _named(rows, after).order_by("happened_at", "recorded_at"):
        kind, movement, words = _TURNS[EventKind(row.kind)]
        if (kind, row.risk_id) in counted:
            found[kind, row.risk_id] = _change(client, row, row.happened_at, kind, movement, words, row.reason)
    return list(found.values())


def _named(rows: QuerySet[Any], after: dt.datetime) -> QuerySet[Any]:
    """The rows with their risks, and each risk's title as it was at the end of the last day."""
    return rows.select_related("risk").annotate(title=title_before(after))


def _change(client: Client, row, at, kind, movement, words, reason="", **bands) -> Change:
    return Change(
        kind=kind,
        risk_id=row.risk_id,
        record_id=row.pk,
        reference=row.risk.reference,
        title=row.title,
        on=client.today(at),
        at=at,
        movement=movement,
        words=words,
        reason=reason,
        **bands,
    )


def _ratings(client: Client, first: dt.datetime, after: dt.datetime, scale: scoring.Scale) -> list[Change]:
    """For each risk rated before and in these days, its last score beside the one it had at the start."""
    rows = RiskRating.objects.filter(client=client, kind=RatingKind.NOW)
    newest = rows.order_by("risk_id", "-happened_at", "-recorded_at").distinct("risk_id")
    now = list(_named(newest.filter(happened_at__gte=first, happened_at__lt=after), after))
    then = newest.filter(happened_at__lt=first, risk__in=[row.risk_id for row in now])
    was = {row.risk_id: row.score for row in then}
    return [
        _change(client, row, row.happened_at, reason=row.reason, **_movement(was[row.risk_id], row.score, scale))
        for row in now
        if was.get(row.risk_id, row.score) != row.score
    ]


def _movement(was_score: int, score: int, scale: scoring.Scale) -> dict[str, Any]:
    """What a new score means beside the old one, in words."""
    was, now = scale.band(was_score), scale.band(score)
    if was == now:
        kind, words = "rerated", f"re-rated from {was_score} to {score}, still {now.label.lower()}"
    else:
        kind = "rose" if now > was else "fell"
        words = f"{kind} from {was.label.lower()} to {now.label.lower()}"
    return {
        "kind": kind,
        "movement": WORSE if score > was_score else BETTER,
        "words": words,
        "from_band": was,
        "to_band": now,
        "from_score": was_score,
        "to_score": score,
    }


def _acceptances(client: Client, start: dt.date, end: dt.date, first: dt.datetime, after: dt.datetime) -> list[Change]:
    """For each risk whose acceptance is not that of before the first day: the one in force, or how the last went."""
    carried: set[UUID] = set()
    held: dict[UUID, Acceptance | None] = {}
    gone: dict[UUID, Change] = {}
    rows = Acceptance.objects.filter(client=client, signed_at__lt=after, until__isnull=False)
    for row in _named(rows, after).order_by("signed_at", "recorded_at"):
        held.setdefault(row.risk_id, None)
        if _in_force(row, start - dt.timedelta(days=1), first):
            carried.add(row.risk_id)
        if _in_force(row, end, after):
            held[row.risk_id] = row
        elif ended := _ended(client, row, first, after):
            gone[row.risk_id] = ended
    signed = [
        _change(
            client, row, row.signed_at, "accepted", SAME,
            f"accepted by {row.signer_name} until {full_day(row.until, client)}", row.reason,
        )
        for row in held.values()
        if row is not None and row.signed_at is not None and row.signed_at >= first
    ]  # fmt: skip
    return [*signed, *(ended for pk, ended in gone.items() if pk in carried and held[pk] is None)]


def _in_force(row: Acceptance, day: dt.date, until: dt.datetime) -> bool:
    """Whether it was signed, not ended and not run out at the end of a day."""
    return acceptance_state(row, day, until)[0] == AcceptanceState.LIVE


def _ended(client: Client, row: Acceptance, first: dt.datetime, after: dt.datetime) -> Change | None:
    """How it went in these days: ended before its day, or run out."""
    if row.until is None:
        return None
    out = end_of_day(client, row.until)
    if row.ended_at is not None and row.ended_at < min(out, after):
        words = AcceptanceState(row.state).label.lower()
        words = f"acceptance {words}" if row.state == AcceptanceState.ENDED else words
        at, reason = row.ended_at, row.ended_reason
    else:
        at, words, reason = out, "acceptance ran out; the risk is open again", ""
    return _change(client, row, at, "acceptance_ended", WORSE, words, reason) if first <= at < after else None


def _plans(client: Client, first: dt.datetime, after: dt.datetime) -> list[Change]:
    rows = TreatmentPlan.objects.filter(
        client=client,
        state=PlanState.APPROVED,
        answered_at__gte=first,
        answered_at__lt=after,
    )
    last = {row.risk_id: row for row in _named(rows, after).order_by("answered_at")}
    return [
        _change(client, row, row.answered_at, "plan_approved", BETTER, "plan approved")
        for row in last.values()
        if row.answered_at
    ]


def recent(client: Client, start: dt.date, end: dt.date, scale: scoring.Scale, limit: int = 4) -> tuple[Change, ...]:
    """The latest turns, re-ratings and moves by a new scale or limit, for the register's page, in one query."""
    first, after = end_of_day(client, start - dt.timedelta(days=1)), end_of_day(client, end)
    span = {"client": client, "happened_at__gte": first, "happened_at__lt": after}
    shown = ("pk", "risk_id", "risk__reference", "risk__title", "kind", "reason", "happened_at")
    nothing = {
        "was": Value(0, output_field=PositiveSmallIntegerField()),
        "n": Value(0, output_field=PositiveSmallIntegerField()),
        "each": Value({}, output_field=JSONField()),
    }
    turned = (
        RiskEvent.objects.filter(**span)
        .filter(kind__in=[*_TURNS, *_MEASURED])
        .order_by("-happened_at")
        .annotate(**nothing)
        .values_list(*shown, "was", "n", "each")[:limit]
    )
    rated = (
        RiskRating.objects.filter(**span, kind=RatingKind.NOW, previous_score__isnull=False)
        .order_by("-happened_at")
        .values_list(*shown, F("previous_score"), F("likelihood"), F("impacts"))[: limit * 2]
    )
    found = [_recent(row, scale, client) for row in turned.union(rated, all=True)]
    known = [change for change in found if change is not None]
    return tuple(sorted(known, key=lambda change: change.at, reverse=True)[:limit])


def _recent(row: tuple[Any, ...], scale: scoring.Scale, client: Client) -> Change | None:
    """One row of the union as a change, or None where the score stayed."""
    pk, risk_id, reference, title, kind, reason, at, was, likelihood, impacts = row
    place = {
        "risk_id": risk_id, "record_id": pk, "reference": reference, "title": title,
        "on": client.today(at), "at": at, "reason": reason,
    }  # fmt: skip
    if kind in _TURNS:
        name, movement, words = _TURNS[EventKind(kind)]
        return Change(kind=name, movement=movement, words=words, **place)
    if kind in _MEASURED:
        name, movement = _MEASURED[EventKind(kind)]
        words = ": ".join(f"{text[0].lower()}{text[1:]}" for text in (EventKind(kind).label, reason) if text)
        return Change(kind=name, movement=movement, words=words, **place)
    score = likelihood * max(impacts.values(), default=0)
    return Change(**_movement(was, score, scale), **place) if was != score else None
