"""Every acceptance as it stood on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from risks.enums import AcceptanceState, Band
from risks.models import Acceptance
from risks.selectors.facts.rows import AcceptanceRow
from risks.selectors.frame import end_of_day
from risks.selectors.wordings import title_before
from vciso.tenancy.models import Client


def acceptances_as_of(client: Client, as_of: dt.date) -> tuple[AcceptanceRow, ...]:
    """Every acceptance requested by that day, newest first, in one query.

    A live one whose last day has passed comes as expired; one ended later counts as still live.
    """
    until = end_of_day(client, as_of)
    found = (
        Acceptance.objects.filter(client=client, requested_at__lt=until)
        .select_related("risk", "asked_of")
        .annotate(title=title_before(until))
        .order_by("-requested_at", "-recorded_at")
    )
    asked = list(found)
    renewals = _renewals(client, reversed(asked))
    return tuple(replace(_acceptance(row, client, as_of, until), renewals=renewals[row.pk]) for row in asked)


def _renewals(client: Client, oldest_first: Iterable[Acceptance]) -> dict[UUID, int]:
    """How often each acceptance was renewed: one more than the one in force when it was asked for, else never.

    One asked for after the former ran out, was ended or withdrawn renews nothing.
    """
    counted: dict[UUID, int] = {}
    signed: dict[UUID, list[Acceptance]] = defaultdict(list)
    for row in oldest_first:
        asked = min(row.requested_at, row.signed_at or row.requested_at)
        held = [one for one in signed[row.risk_id] if _in_force(one, client, asked)]
        counted[row.pk] = max((counted[one.pk] + 1 for one in held), default=0)
        if row.signed_at:
            signed[row.risk_id].append(row)
    return counted


def _in_force(row: Acceptance, client: Client, at: dt.datetime) -> bool:
    """Whether an acceptance was signed, not ended and not run out at a moment."""
    signed = row.signed_at is not None and row.signed_at <= at
    ended = row.ended_at is not None and row.ended_at < at
    return signed and not ended and row.until is not None and row.until >= client.today(at)


def _acceptance(row: Any, client: Client, as_of: dt.date, until: dt.datetime) -> AcceptanceRow:
    state, words = acceptance_state(row, as_of, until)
    signed = row.signed_at is not None and row.signed_at < until
    ended = row.ended_at if row.ended_at and row.ended_at < until else None
    live = state == AcceptanceState.LIVE
    return AcceptanceRow(
        id=row.pk,
        risk_id=row.risk_id,
        reference=row.risk.reference,
        title=row.title,
        state=state,
        words=words,
        signer=row.signer_name or (row.asked_of.name if row.asked_of else ""),
        signed_on=client.today(row.signed_at) if signed and row.signed_at else None,
        until=row.until,
        days_left=(row.until - as_of).days if live and row.until else None,
        reason=row.reason if signed else "",
        conditions=row.conditions,
        measure=row.measure,
        band=Band(row.band_at_signing),
        score=row.score_at_signing,
        recorded=row.is_recorded,
        confirmed=not row.is_recorded or (row.confirmed_at is not None and row.confirmed_at < until),
        requested_on=client.today(row.requested_at),
        ended_on=client.today(ended) if ended else None,
        is_live=live,
        renewals=0,
    )


EXPIRED = "expired"


def acceptance_state(row: Acceptance, as_of: dt.date, until: dt.datetime) -> tuple[str, str]:
    """State and its words on a day: what was answered or ended later had not happened yet."""
    if row.state == AcceptanceState.UNSIGNED:
        return row.state, AcceptanceState.UNSIGNED.label
    if row.ended_at is not None and row.ended_at < until:
        return row.state, AcceptanceState(row.state).label
    if row.signed_at is None or row.signed_at >= until:
        return AcceptanceState.ASKED, AcceptanceState.ASKED.label
    if row.until is not None and row.until < as_of:
        return EXPIRED, "Expired, open again"
    return AcceptanceState.LIVE, AcceptanceState.LIVE.label
