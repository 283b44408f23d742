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
from risks.selectors.frame import end_of_day, scale_as_of
from risks.selectors.wording import full_day
from risks.selectors.wordings import title_before
from vciso.tenancy.models import Client

BETTER, WORSE, NEW, SAME = "better", "worse", "new", "same"


@dataclass(frozen=True, slots=True)
class Change:
    """One turn of one risk, with the words that say it and whether it is better or worse.

    `kind` is raised, reopened, closed, rose, fell, rerated, accepted, acceptance_ended or
    plan_approved; `record_id` is the row it was read from.
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
    "accepted": "signature",
    "acceptance_ended": "circle-x",
    "plan_approved": "clipboard-check",
}


def changes_between(client: Client, start: dt.date, end: dt.date) -> tuple[Change, ...]:
    """Changes from the first to the last day, both included, newest first, in five queries.

    The rating a new risk came with is part of its being added and no change of its own. Titles are
    those of the last day.
    """
    first, after = end_of_day(client, start - dt.timedelta(days=1)), end_of_day(client, end)
    found = [
        *_events(client, first, after),
        *_ratings(client, first, after, scale_as_of(client, end)),
        *_acceptances(client, start, end, first, after),
        *_plans(client, first, after),
    ]
    return tuple(sorted(found, key=lambda change: (change.at, change.reference), reverse=True))


_TURNS = {
    EventKind.RAISED: ("raised", NEW, "added"),
    EventKind.REOPENED: ("reopened", WORSE, "reopened"),
    EventKind.CLOSED: ("closed", BETTER, "closed"),
}


def _events(client: Client, first: dt.datetime, after: dt.datetime) -> list[Change]:
    rows = RiskEvent.objects.filter(client=client, happened_at__gte=first, happened_at__lt=after)
    found = []
    for row in _named(rows, after):
        turn = _TURNS.get(EventKind(row.kind))
        if turn:
            kind, movement, words = turn
            found.append(_change(client, row, row.happened_at, kind, movement, words, row.reason))
    return found


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
    rows = RiskRating.objects.filter(
        client=client,
        kind=RatingKind.NOW,
        previous_score__isnull=False,
        happened_at__gte=first,
        happened_at__lt=after,
    )
    found = []
    for row in _named(rows, after):
        if row.previous_score is not None and row.previous_score != row.score:
            moved = _movement(row.previous_score, row.score, scale)
            kind, movement, words = moved.pop("kind"), moved.pop("movement"), moved.pop("words")
            found.append(_change(client, row, row.happened_at, kind, movement, words, row.reason, **moved))
    return found


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
    found = []
    rows = Acceptance.objects.filter(client=client, signed_at__lt=after)
    for row in _named(rows, after):
        if row.signed_at is None or row.until is None:
            continue
        if row.signed_at >= first:
            words = f"accepted by {row.signer_name} until {full_day(row.until, client)}"
            found.append(_change(client, row, row.signed_at, "accepted", SAME, words, row.reason))
        if row.ended_at is not None and first <= row.ended_at < after:
            words = AcceptanceState(row.state).label.lower()
            words = f"acceptance {words}" if row.state == AcceptanceState.ENDED else words
            found.append(_change(client, row, row.ended_at, "acceptance_ended", WORSE, words, row.ended_reason))
        elif row.state == AcceptanceState.LIVE and start <= row.until + dt.timedelta(days=1) <= end:
            at = end_of_day(client, row.until)
            words = "acceptance ran out; the risk is open again"
            found.append(_change(client, row, at, "acceptance_ended", WORSE, words))
    return found


def _plans(client: Client, first: dt.datetime, after: dt.datetime) -> list[Change]:
    rows = TreatmentPlan.objects.filter(
        client=client,
        state=PlanState.APPROVED,
        answered_at__gte=first,
        answered_at__lt=after,
    )
    return [
        _change(client, row, row.answered_at, "plan_approved", BETTER, "plan approved")
        for row in _named(rows, after)
        if row.answered_at
    ]


def recent(client: Client, start: dt.date, end: dt.date, scale: scoring.Scale, limit: int = 4) -> tuple[Change, ...]:
    """The latest turns and re-ratings for the register's own page, in one query."""
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
        .filter(kind__in=_TURNS)
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
    score = likelihood * max(impacts.values(), default=0)
    return Change(**_movement(was, score, scale), **place) if was != score else None
