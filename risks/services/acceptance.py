"""Asking a person to take a risk, and what becomes of it.

The answer itself is an insert by the signer; a trigger of the database moves the acceptance and
the risk. Running out needs no service: it follows from the date.
"""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import transaction

from engagements.enums import AskRole
from engagements.models import Person
from engagements.services import asks
from risks.enums import AcceptanceState, Band, Status
from risks.models import Acceptance, Risk
from risks.selectors.authority import authority
from risks.selectors.frame import frame
from risks.selectors.wording import about, against_limits, facts_of, full_day, level_words
from risks.services import lapsing, standing
from risks.services.errors import Refused
from risks.services.register import locked
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User

ACCEPTANCE_KIND = "acceptance"
ACCEPT, DECLINE = "accept", "decline"
LONGEST_MONTHS = 12


def longest_until(today: dt.date) -> dt.date:
    """The last day an acceptance asked for today may name: twelve months on."""
    return today + relativedelta(months=LONGEST_MONTHS)


def _check_until(until: dt.date, client: Client, today: dt.date, *, begins: dt.date, due_on: dt.date | None) -> None:
    if until <= today:
        raise Refused(f"{full_day(until, client)} is not in the future. Choose a later day.", field="until")
    last = longest_until(begins)
    if last <= today:
        raise Refused(
            f"What was said on {full_day(begins, client)} holds until {full_day(last, client)} at most. Ask anew.",
            field="on",
        )
    if until > last:
        raise Refused(
            f"An acceptance lasts at most 12 months. Choose a day up to {full_day(last, client)}.",
            field="until",
        )
    if due_on is not None and due_on > until:
        end = full_day(until, client)
        raise Refused(f"The acceptance would end on {end}. Ask for an answer by then.", field="due_on")


def check_acceptable(current: Risk) -> None:
    """Refuses what nobody could sign for: not open, not rated, or asked already."""
    if current.status != Status.OPEN:
        raise Refused(f"{current.reference} is {current.status}. Only an open risk can be accepted.")
    if current.now_band == Band.NOT_RATED:
        raise Refused(f"{current.reference} is not rated yet. Rate it first.")
    if current.acceptances.filter(state=AcceptanceState.ASKED).exists():
        raise Refused(f"{current.reference} waits for an answer already. Withdraw that request first.")


def _signing_role(asked_of: Person, band: Band) -> str:
    """The role that signs for this band; refuses a person who holds only the other one."""
    agreed = authority(asked_of.client)
    role = agreed.role_for(band)
    other = AskRole.OWNER if role == AskRole.BOARD else AskRole.BOARD
    if asks.holds(asked_of, role) or not asks.holds(asked_of, other):
        return role
    raise Refused(f"{asked_of.name} cannot sign for this. {agreed.sentence(band)}", field="asked_of")


@transaction.atomic
def ask_acceptance(
    *,
    risk: Risk,
    asked_of: Person,
    until: dt.date,
    by: User,
    at: dt.datetime,
    advice: str = "",
    conditions: str = "",
    measure: str = "",
    due_on: dt.date | None = None,
    said_on: dt.date | None = None,
) -> Acceptance:
    """Whoever signs for it is asked, in frozen words and by mail, to accept a risk until a day.

    `measure` is what lowers the risk meanwhile. The months count from `said_on` where the answer was
    given on an earlier day and is written down with the request. Refuses a risk that is closed, proposed or not
    rated, a second request while one is open, an end later than 12 months, a person who may not
    sign for so much, and the person who asks.
    """
    standing.hold(risk.client)
    current = locked(risk)
    today = risk.client.today(at)
    check_acceptable(current)
    _check_until(until, risk.client, today, begins=said_on or today, due_on=due_on)
    band = current.exposure
    role = _signing_role(asked_of, band)
    limits = frame(risk.client, today)
    running = current.acceptances.live(on=today).first()
    said = {"advice": advice.strip(), "conditions": conditions.strip(), "measure": measure.strip()}
    text = _frozen_text(current, limit=against_limits(current, limits), until=until, running=running, **said)
    asked = asks.ask(
        client=risk.client,
        kind=ACCEPTANCE_KIND,
        title=f"Accept this risk until {full_day(until, risk.client)}? {current.title}"[:300],
        text=text,
        facts=facts_of(current, limits),
        options=_options(current, until, level_words(current, limits), running),
        asked_of=asked_of,
        by=by,
        due_on=due_on,
        minutes=2,
        at=at,
        role=role,
        subject=current.reference,
    )
    acceptance = Acceptance.objects.create(
        client=risk.client,
        risk=current,
        asked_of=asked_of,
        requested_by=by,
        requested_at=at,
        until=until,
        **said,
        frozen_text=text,
        band_at_signing=band,
        score_at_signing=current.now_score,
        ask=asked,
    )
    audit.record(
        verb="risk.acceptance_asked",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        after={"of": asked_of.name, "until": until.isoformat(), "ask": asked.reference},
    )
    return acceptance


def _frozen_text(
    risk: Risk,
    *,
    limit: str,
    until: dt.date,
    running: Acceptance | None,
    advice: str,
    conditions: str,
    measure: str,
) -> str:
    parts = [about(risk), limit]
    if risk.controls:
        parts.append(f"**Protection in place:** {risk.controls}")
    if risk.plan:
        parts.append(f"**What is being done:** {risk.plan}")
    if running is not None:
        parts.append(_in_force(running))
    if advice:
        parts.append(f"**Our advice:** {advice}")
    if conditions:
        parts.append(f"**On condition that:** {conditions}")
    if measure:
        parts.append(f"**What lowers it meanwhile:** {measure}")
    parts.append(
        f"Accepting means the business carries this risk as it is until {full_day(until, risk.client)}. "
        "After that day it is open again by itself."
    )
    return "\n\n".join(parts)


def _in_force(running: Acceptance) -> str:
    """What is signed already and would be renewed: until when, by whom, why and on which terms."""
    parts = [f"**Signed already:** {running.signer_name} accepted it until {full_day(running.until, running.client)}."]
    if running.reason:
        parts.append(f"The reason was: “{running.reason}”")
    if running.conditions:
        parts.append(f"Its condition: {running.conditions}")
    if running.measure:
        parts.append(f"What lowers it under that: {running.measure}")
    return " ".join(parts)


def _options(risk: Risk, until: dt.date, level: str, running: Acceptance | None) -> list[dict]:
    day = full_day(until, risk.client)
    accept = asks.option(
        key=ACCEPT,
        label=f"Accept until {day}",
        result="You carry the risk as it is. We come back to you before the day.",
        needs_reason=True,
        understand=f"I understand that this risk is {level}, and that the business carries what happens.",
        sign=f"Sign and accept until {day}",
    )
    verb, result = "accept", "The risk stays open, and we propose what to do about it."
    if running is not None:
        end = full_day(running.until, risk.client)
        verb, result = "extend", f"It stays accepted until {end}, as signed before, and is open again after that day."
    decline = asks.option(
        key=DECLINE,
        label=f"Do not {verb} it",
        result=result,
        refuses=True,
        needs_reason=True,
        sign=f"Sign: do not {verb}",
    )
    return [accept, decline]


@transaction.atomic
def record_acceptance(
    *,
    risk: Risk,
    reason: str,
    witness: str,
    by: User,
    at: dt.datetime,
    accepted: bool = True,
    asked_of: Person | None = None,
    until: dt.date | None = None,
    on: dt.date | None = None,
    advice: str = "",
    conditions: str = "",
    measure: str = "",
    file_key: str = "",
    file_name: str = "",
) -> Acceptance:
    """What an owner said on a call is written down, with who else heard it or a file.

    It answers the open request, or a new one made here. It counts at once, is marked "recorded
    by", and the signer confirms it later. `on` is the day it was said: not later than today, and not
    before the request, unless that is made here.
    """
    acceptance = risk.acceptances.filter(state=AcceptanceState.ASKED).select_related("ask").first()
    made_here = acceptance is None
    if acceptance is None:
        if asked_of is None or until is None:
            raise Refused("Say who accepted the risk, and until which day.", field="asked_of")
        acceptance = ask_acceptance(
            risk=risk,
            asked_of=asked_of,
            until=until,
            by=by,
            at=at,
            advice=advice,
            conditions=conditions,
            measure=measure,
            said_on=on,
        )
    if acceptance.ask is None:
        raise Refused("This request has no question behind it. Ask again.")
    asks.record_answer(
        ask=acceptance.ask,
        choice=ACCEPT if accepted else DECLINE,
        reason=reason,
        witness=witness,
        file_key=file_key,
        file_name=file_name,
        recorded_by=by,
        on=on,
        asked_after=made_here,
        at=at,
    )
    acceptance.refresh_from_db()
    risk.refresh_from_db()
    return acceptance


def confirm_acceptance(
    *, acceptance: Acceptance, agrees: bool, by: User, at: dt.datetime, note: str = ""
) -> Acceptance:
    """The signer says whether what was recorded is right; a "no" ends the acceptance."""
    if acceptance.ask is None:
        raise Refused("There is nothing to confirm: nobody was asked.")
    asks.confirm_answer(ask=acceptance.ask, agrees=agrees, note=note, by=by, at=at)
    acceptance.refresh_from_db()
    return acceptance


@transaction.atomic
def withdraw_acceptance(*, acceptance: Acceptance, reason: str, by: User, at: dt.datetime) -> Acceptance:
    """The request is taken back before it is answered."""
    if acceptance.state != AcceptanceState.ASKED or acceptance.ask is None:
        raise Refused("This request was answered or withdrawn before. Load the page again.")
    asks.withdraw(ask=acceptance.ask, reason=reason, by=by, at=at)
    acceptance.refresh_from_db()
    return acceptance


@transaction.atomic
def end_acceptance(*, acceptance: Acceptance, reason: str, by: User, at: dt.datetime) -> Acceptance:
    """A live acceptance ends before its day; the risk is open again from now on."""
    locked(acceptance.risk)
    acceptance.refresh_from_db()
    today = acceptance.client.today(at)
    if not acceptance.is_live(on=today):
        raise Refused("This acceptance is not in force, so there is nothing to end.")
    if not reason.strip():
        raise Refused("Say why it ends; the reason is kept.", field="reason")
    lapsing.end(acceptance, AcceptanceState.ENDED, reason=reason.strip(), by=by, at=at)
    lapsing.tell_ended(acceptance, by=by, at=at)
    audit.record(
        verb="risk.acceptance_ended",
        client=acceptance.client,
        obj=acceptance.risk,
        by=by,
        at=at,
        before={"until": str(acceptance.until)},
        reason=reason,
    )
    return acceptance


@transaction.atomic
def import_unsigned_acceptance(
    *,
    risk: Risk,
    words: str,
    by: User,
    at: dt.datetime,
    signer_name: str = "",
    until: dt.date | None = None,
) -> Acceptance:
    """A register said "accepted" without a sign-off we can show: kept as a gap, never as accepted."""
    acceptance = Acceptance.objects.create(
        client_id=risk.client_id,
        risk=risk,
        state=AcceptanceState.UNSIGNED,
        requested_by=by,
        requested_at=at,
        until=until,
        signer_name=signer_name[:200],
        reason=words,
        band_at_signing=risk.now_band,
        score_at_signing=risk.now_score,
    )
    Risk.objects.filter(pk=risk.pk).update(acceptance_gap=True)
    risk.acceptance_gap = True
    return acceptance
