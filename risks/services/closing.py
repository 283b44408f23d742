"""Closing and reopening a risk, and folding a duplicate into the risk it repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from risks.enums import AcceptanceState, EventKind, PlanState, ReviewOutcome, Status
from risks.models import Risk, RiskEvent, RiskReview
from risks.services import carrying, lapsing, standing
from risks.services.errors import Refused
from risks.services.register import locked, turn, write
from risks.services.treatment import latest_plan, withdraw_plan_request
from risks.services.wording import BATCH
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User


def leave(current: Risk, *, by: User, at: dt.datetime, reason: str, looked: bool = True) -> str:
    """What closing a held risk does, without its line in the trail; answers the reason as kept.

    Whoever closes a risk `looked` at it, so that day is its last review; a file that says it is closed
    did not. A live acceptance ends with it, and a request to approve its plan is withdrawn.
    """
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused("Say why this risk can be closed; the reason is kept.", field="reason")
    if current.status == Status.CLOSED:
        raise Refused(f"{current.reference} is closed already.")
    if current.acceptances.filter(state=AcceptanceState.ASKED).exists():
        raise Refused(f"{current.reference} waits for an answer to a request to accept it. Withdraw the request first.")
    plan = latest_plan(current)
    if plan is not None and plan.state == PlanState.ASKED:
        withdraw_plan_request(plan=plan, reason=f"Risk closed: {reason}", by=by, at=at)
    running = current.acceptances.live(on=current.client.today(at))
    for acceptance in running.with_both_sides():
        lapsing.end(acceptance, AcceptanceState.ENDED, reason=f"Risk closed: {reason}", by=by, at=at)
        lapsing.tell_ended(acceptance, by=by, at=at)
    history = _end(current, by=by, at=at, reason=reason, looked=looked)
    current.save(update_fields=ENDED)
    write(history)
    return reason


ENDED = ("status", "closed_on", "accepted_until", "last_reviewed_on", "version")


def _end(risk: Risk, *, by: User, at: dt.datetime, reason: str, looked: bool) -> list[RiskReview | RiskEvent]:
    """Has a risk in memory end, and answers the rows of history that tell of it."""
    risk.status = Status.CLOSED
    risk.closed_on = risk.client.today(at)
    risk.accepted_until = None
    risk.version += 1
    shared = {"client_id": risk.client_id, "risk": risk, "happened_at": at, "by": by}
    told: list[RiskReview | RiskEvent] = [RiskEvent(**shared, kind=EventKind.CLOSED, reason=reason)]
    if looked:
        risk.last_reviewed_on = risk.closed_on
        told.append(RiskReview(**shared, on=risk.closed_on, outcome=ReviewOutcome.CLOSED, note=reason))
    return told


@transaction.atomic
def close_new(*, client: Client, ends: Sequence[tuple[Risk, dt.datetime]], by: User, reason: str) -> None:
    """Risks just made from a file end at their moments, each with an event in the trail; nobody looked at them."""
    history = [row for risk, at in ends for row in _end(risk, by=by, at=at, reason=reason, looked=False)]
    Risk.objects.bulk_update([risk for risk, _ in ends], ENDED, batch_size=BATCH)
    write(history)
    states: dict[str, Any] = {"before": {"status": Status.OPEN}, "after": {"status": Status.CLOSED}, "reason": reason}
    audit.record_all(
        [audit.told(verb="risk.closed", client=client, obj=risk, by=by, at=at, **states) for risk, at in ends]
    )


@transaction.atomic
def close_risk(*, risk: Risk, by: User, at: dt.datetime, reason: str, looked: bool = True) -> Risk:
    """A risk leaves the register with a reason; its reference stays taken.

    The day is its last review where somebody `looked`. A live acceptance ends with it, and a request to
    approve its plan is withdrawn. Refuses without a reason, a closed risk, and one whose acceptance still
    waits for an answer.
    """
    current = locked(risk)
    before = current.status
    reason = leave(current, by=by, at=at, reason=reason, looked=looked)
    audit.record(
        verb="risk.closed",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        before={"status": before},
        after={"status": Status.CLOSED},
        reason=reason,
    )
    return current


@transaction.atomic
def reopen_risk(*, risk: Risk, by: User, at: dt.datetime, reason: str) -> Risk:
    """A closed risk comes back under its own reference, due for review at once.

    A duplicate is one no more: what it brought to the risk that stayed goes back with it.
    """
    current = locked(risk)
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused("Say why this risk is open again; the reason is kept.", field="reason")
    if current.status != Status.CLOSED:
        raise Refused(f"{current.reference} is not closed, so there is nothing to reopen.")
    survivor, current.merged_into = current.merged_into, None
    back = {}
    current.status = Status.OPEN
    current.closed_on = None
    current.next_review_on = risk.client.today(at)
    current.version += 1
    current.save(update_fields=["status", "closed_on", "next_review_on", "merged_into", "version"])
    standing.refresh(risk.client, risk.client.today(at), [current])
    turn(current, EventKind.REOPENED, by=by, at=at, reason=reason)
    if survivor is not None:
        turn(survivor, EventKind.RELEASED, by=by, at=at, reason=str(current))
        back = carrying.give_back(current, survivor, by=by, at=at)
    audit.record(
        verb="risk.reopened",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        before={"status": Status.CLOSED},
        after={"status": Status.OPEN, **back},
        reason=reason,
    )
    return current


@transaction.atomic
def merge_risk(*, risk: Risk, into: Risk, by: User, at: dt.datetime, note: str = "") -> Risk:
    """A duplicate is closed and points to the risk that stays; its history and reference stay its own.

    The risk that stays takes over its links and open steps, and its plan where it has none. What it
    says and how it was rated is not carried over. A live acceptance ends, and a request to approve its
    plan is withdrawn. Reopening it takes back what went over, not what ended. Refuses a risk that is
    closed, one that would be merged into itself, and a target that is not open.
    """
    held = Risk.objects.select_for_update(of=("self",)).filter(pk__in=[risk.pk, into.pk]).order_by("number")
    rows = {row.pk: row for row in held}
    if risk.pk == into.pk:
        raise Refused(f"{risk.reference} cannot be merged into itself. Name the other risk.", field="into")
    current, survivor = rows[risk.pk], rows[into.pk]
    if survivor.status != Status.OPEN:
        state = survivor.get_status_display().lower()
        raise Refused(f"{survivor.reference} is {state}. Name a risk that is open.", field="into")
    before = current.status
    note = note.replace("\x00", "").strip()
    words = f"Merged into {survivor.reference}"
    reason = leave(current, by=by, at=at, reason=f"{words}: {note}" if note else words)
    current.merged_into = survivor
    current.save(update_fields=["merged_into"])
    turn(survivor, EventKind.ABSORBED, by=by, at=at, reason=str(current))
    brought = carrying.carry(current, survivor, by=by, at=at)
    audit.record(
        verb="risk.merged",
        client=current.client,
        obj=current,
        by=by,
        at=at,
        before={"status": before},
        after={"status": Status.CLOSED, "merged_into": survivor.reference, **brought},
        reason=reason,
    )
    return current
