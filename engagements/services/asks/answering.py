"""Answers of the person asked, said by themselves or written down from a call and confirmed later."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from engagements.enums import Confirmation
from engagements.models import Answer, AnswerConfirmation, AnswerWithdrawal, Ask
from engagements.selectors import kinds, people
from engagements.selectors.signed import fingerprint
from engagements.services.asks.putting import LONGEST_TEXT, refuse_closed
from engagements.services.asks.talking import insert_said
from engagements.services.changes import require_text
from vciso.audit import services as audit
from vciso.jobs import outbox
from vciso.tenancy.models import User
from vciso.web import formats

LONGEST_NAME = 200
ATTACH = "attach the mail or note that shows it"


def _checked_choice(asked: Ask, choice: str, reason: str) -> str:
    """The reason as stored; refuses a choice that was not offered, or one without its reason."""
    chosen = asked.option(choice)
    if chosen is None:
        raise ValidationError({"choice": "Choose one of the options."})
    cleaned = (reason or "").strip()
    if chosen["needs_reason"] and not cleaned:
        raise ValidationError({"reason": "Write a sentence. This choice needs a reason."})
    if len(cleaned) > LONGEST_TEXT:
        raise ValidationError(
            {"reason": f"Your reason has {len(cleaned):,} characters. Keep it under {LONGEST_TEXT:,}."}
        )
    return cleaned


@transaction.atomic
def answer(*, ask: Ask, choice: str, reason: str, by: User, at: dt.datetime) -> Answer:
    """The person asked, or their deputy, answers and signs; it can be done once.

    The database moves the ask and what hangs on it, and mails the asker. Refuses
    (PermissionDenied) anybody else, the asker above all.
    """
    today = ask.client.today(at)
    if by.pk == ask.asked_by_id:
        raise PermissionDenied("You put this question, so somebody else has to answer it.")
    if not ask.is_asked_of(by, on=today):
        raise PermissionDenied(f"This was asked of {ask.asked_of_name}. Only they can answer it.")
    refuse_closed(ask)
    cleaned = _checked_choice(ask, choice, reason)
    given = _insert_once(
        Answer(
            client_id=ask.client_id,
            ask=ask,
            choice=choice,
            reason=cleaned,
            person_id=ask.asked_of_id,
            by=by,
            as_deputy=ask.asked_user_id != by.pk,
            on=today,
            at=at,
        )
    )
    audit.record(
        verb="ask.answered",
        client=ask.client,
        obj=ask,
        by=by,
        at=at,
        after={
            "choice": _label(ask, choice),
            "as_deputy": given.as_deputy,
            "sha256": fingerprint(ask, given),
        },
        reason=cleaned,
    )
    return _with_fresh_ask(given)


@transaction.atomic
def record_answer(
    *,
    ask: Ask,
    choice: str,
    reason: str,
    witness: str = "",
    file_key: str = "",
    file_name: str = "",
    recorded_by: User,
    on: dt.date | None = None,
    asked_after: bool = False,
    at: dt.datetime,
) -> Answer:
    """Writes down what the person asked said on a call; they confirm it themselves later.

    Needs a file, or a witness who is neither the asker nor the recorder nor the signer. `on` is the day
    it was said, not later than today and not before the question was put, unless the question was
    written down with the answer (`asked_after`).
    """
    refuse_closed(ask)
    today = ask.client.today(at)
    said_on = on or today
    day, asked_on = (formats.client_day(one, ask.client) for one in (said_on, ask.asked_on))
    if said_on > today:
        raise ValidationError({"on": f"{day} is still to come. Give the day it was said."})
    if said_on < ask.asked_on and not asked_after:
        raise ValidationError({"on": f"{day} is not between the question ({asked_on}) and today."})
    heard_by = _checked_witness(ask, witness, recorded_by=recorded_by, has_file=bool(file_key))
    given = _insert_once(
        Answer(
            client_id=ask.client_id,
            ask=ask,
            choice=choice,
            reason=_checked_choice(ask, choice, reason),
            person_id=ask.asked_of_id,
            by_id=ask.asked_user_id,
            recorded_by=recorded_by,
            witness=heard_by,
            file_key=file_key,
            file_name=file_name,
            on=said_on,
            at=at,
        )
    )
    _notify_to_confirm(ask, recorded_by)
    audit.record(
        verb="ask.answer_recorded",
        client=ask.client,
        obj=ask,
        by=recorded_by,
        at=at,
        after={
            "choice": _label(ask, choice),
            "of": ask.asked_of_name,
            "witness": given.witness,
            "file": file_name,
            "on": said_on.isoformat(),
            "sha256": fingerprint(ask, given),
        },
        reason=given.reason,
    )
    return _with_fresh_ask(given)


def _checked_witness(asked: Ask, witness: str, *, recorded_by: User, has_file: bool) -> str:
    """Who else heard an answer, as stored; refuses nobody without a file, and whoever made the record themselves."""
    # Without marks that are not seen: some turn around what stands behind them, on the signed record too.
    seen = "".join(letter for letter in witness or "" if unicodedata.category(letter) != "Cf")
    named = " ".join(seen.split())[:LONGEST_NAME]
    if not named and not has_file:
        raise ValidationError({"witness": f"Name who else heard it, or {ATTACH}."})
    theirs = (
        (recorded_by.name, "writes it down"),
        (asked.asked_by.name, "put the question"),
        (asked.asked_of_name, "gave the answer"),
        (asked.asked_user.name if asked.asked_user else "", "gave the answer"),
    )
    own = people.first_named([name for name, _ in theirs], said=named)
    if own is not None:
        name, did = theirs[own]
        remedy = "leave this empty" if has_file else ATTACH
        raise ValidationError(
            {"witness": f"“{named}” names {name}, who {did}. Name only others who heard it, or {remedy}."}
        )
    return named


def _label(asked: Ask, choice: str) -> str:
    chosen = asked.option(choice)
    return chosen["label"] if chosen else choice


def _insert_once(row: Any, *, verb: str = "answered") -> Any:
    """Inserts; the loser of a race is told so instead of seeing a server error."""
    try:
        insert_said(row)
    except IntegrityError as error:
        raise ValidationError(
            f"{row.ask.reference} cannot be {verb} now: it was answered or withdrawn meanwhile, "
            "its last day has passed, or your role has changed. Load the page again."
        ) from error
    return row


def _with_fresh_ask(given: Answer) -> Answer:
    given.ask.refresh_from_db()
    return given


def _notify_to_confirm(asked: Ask, recorded_by: User) -> None:
    if asked.asked_user is None:
        return
    outbox.send(
        to=asked.asked_user,
        subject="Please confirm what you said",
        body=(
            f"{recorded_by} wrote down an answer you gave about {asked.client.name}.\n\n"
            "Please look whether it is right. It takes a minute.\n"
        ),
        link_path=kinds.answer_path(asked),
        client=asked.client,
        needs_role=True,
        key=f"ask:{asked.pk}:confirm",
    )


@transaction.atomic
def confirm_answer(*, ask: Ask, agrees: bool, note: str = "", by: User, at: dt.datetime) -> AnswerConfirmation:
    """The signer says whether the record of their answer is right; a “no” is shown to both sides."""
    if by.pk != ask.asked_user_id:
        raise PermissionDenied(f"Only {ask.asked_of_name} can confirm their own answer.")
    if ask.confirmation != Confirmation.AWAITED:
        raise ValidationError(f"{ask.reference} needs no confirmation.")
    cleaned = (note or "").strip()[:LONGEST_TEXT]
    if not agrees and not cleaned:
        raise ValidationError({"note": "Write what is not right, so that it can be put right."})
    given = _insert_once(
        AnswerConfirmation(client_id=ask.client_id, ask=ask, agrees=agrees, note=cleaned, by=by, at=at)
    )
    audit.record(
        verb="ask.answer_confirmed" if agrees else "ask.answer_disputed",
        client=ask.client,
        obj=ask,
        by=by,
        at=at,
        reason=cleaned,
    )
    ask.refresh_from_db()
    return given


@transaction.atomic
def withdraw_answer(*, ask: Ask, reason: str, by: User, at: dt.datetime) -> AnswerWithdrawal:
    """Whoever was asked takes back an answer that still holds: what it put in force ends now.

    The database ends it and mails the asker; question and answer stay on record as they were.
    """
    today = ask.client.today(at)
    if not ask.is_asked_of(by, on=today):
        raise PermissionDenied(f"This was asked of {ask.asked_of_name}. Only they can withdraw their answer.")
    if ask.confirmation == Confirmation.AWAITED:
        raise ValidationError(f"Say first whether what was written down for {ask.reference} is right. A no ends it.")
    if not ask.is_in_force(today):
        raise ValidationError(f"{ask.reference} holds no longer, so there is nothing to withdraw. Load the page again.")
    cleaned = require_text("reason", reason, "Write why you withdraw it; the reason is kept with your answer.")
    given = _insert_once(
        AnswerWithdrawal(client_id=ask.client_id, ask=ask, reason=cleaned[:LONGEST_TEXT], by=by, at=at),
        verb="withdrawn",
    )
    audit.record(verb="ask.answer_withdrawn", client=ask.client, obj=ask, by=by, at=at, reason=cleaned)
    ask.refresh_from_db()
    return given
