"""An acceptance ends before its day, and both sides hear of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from engagements.selectors import kinds
from engagements.services import asks
from risks.enums import AcceptanceState, Band
from risks.models import Acceptance, Risk
from vciso.jobs import outbox
from vciso.tenancy.models import Client, User


def both_sides(acceptance: Acceptance) -> Iterator[tuple[User, str]]:
    """Who asked, who was asked and who signed for them, each with the page to send them to; nobody twice."""
    client, ask = acceptance.client, acceptance.ask
    asker, asked = acceptance.requested_by, acceptance.asked_of.user if acceptance.asked_of else None
    if asker is not None:
        yield asker, f"/c/{client.key}/risks/{acceptance.risk.reference}/"
    answer = kinds.answer_path(ask) if ask else f"/my/{client.key}/"
    for signer in dict.fromkeys((asked, ask.answered_by if ask else None)):
        if signer is not None and signer != asker:
            yield signer, answer


def end(acceptance: Acceptance, state: str, *, reason: str, by: User | None, at: dt.datetime) -> None:
    """The acceptance holds no longer; the risk is open again from this moment."""
    acceptance.state = state
    acceptance.ended_at = at
    acceptance.ended_by = by
    acceptance.ended_reason = reason
    acceptance.save(update_fields=["state", "ended_at", "ended_by", "ended_reason"])
    Risk.objects.filter(pk=acceptance.risk_id).update(accepted_until=None)


def tell_ended(acceptance: Acceptance, *, by: User, at: dt.datetime) -> None:
    """Mails the other side that an acceptance was ended; whoever did it knows."""
    for user, path in both_sides(acceptance):
        if user == by:
            continue
        outbox.send(
            to=user,
            subject="An acceptance was ended",
            body=f"{by} ended an acceptance of a risk of {acceptance.client.name}.\n\nThe reason is kept with it.\n",
            link_path=path,
            client=acceptance.client,
            needs_role=True,
            key=f"acceptance:{acceptance.pk}:ended:{user.pk}",
        )


def lapse_if_risen(*, risk: Risk, band: Band, by: User, at: dt.datetime) -> None:
    """What was signed, or put to be signed, for a lower band no longer holds; both are told.

    The risk in memory is accepted no longer where the signature itself ended; saving is the caller's.
    """
    risen = _standing(risk.client, at).filter(risk=risk, band_at_signing__lt=band)
    for acceptance in risen:
        _lapse(acceptance, _rose(acceptance, band), by=by, at=at)
        if acceptance.state == AcceptanceState.LAPSED:
            risk.accepted_until = None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """How many signed acceptances ended, and how many requests for one were withdrawn."""

    signed: int
    requests: int


def lapse_all_risen(*, client: Client, what: str, by: User, at: dt.datetime) -> Lapsed:
    """The same for every risk of a client, after `what` (“The scale”) was set anew.

    No risk rose then: the same risk counts for more.
    """
    dearer = Q(risk__loss_over_limit__gt=0, band_at_signing__lt=Band.HIGH)
    risen = list(_standing(client, at).filter(dearer | Q(band_at_signing__lt=F("risk__now_band"))))
    signed = sum(acceptance.state == AcceptanceState.LIVE for acceptance in risen)
    for acceptance in risen:
        _lapse(acceptance, _counts_for_more(acceptance, what), by=by, at=at)
    return Lapsed(signed, len(risen) - signed)


def _standing(client: Client, at: dt.datetime) -> QuerySet[Acceptance]:
    """Acceptances in force, and requests for one; what has run out keeps its own end."""
    in_force = Q(state=AcceptanceState.LIVE, until__gte=client.today(at))
    rows = Acceptance.objects.filter(in_force | Q(state=AcceptanceState.ASKED), client=client)
    return rows.with_both_sides()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something no longer holds: in a sentence for the record, and in one for a mail, which names no level."""

    reason: str
    mail: str


def _rose(acceptance: Acceptance, band: Band) -> Cause:
    signed = Band(acceptance.band_at_signing).label.lower()
    return Cause(
        f"The risk rose from {signed} to {band.label.lower()}.",
        f"A risk of {acceptance.client.name} has become more serious.",
    )


def _counts_for_more(acceptance: Acceptance, what: str) -> Cause:
    signed, now = (Band(band).label.lower() for band in (acceptance.band_at_signing, acceptance.risk.exposure))
    return Cause(
        f"{what} was set anew: what counted as {signed} counts as {now} now. The risk itself is as it was.",
        f"{what} of {acceptance.client.name} was set anew. The risk itself is as it was; it counts as more serious.",
    )


def _lapse(acceptance: Acceptance, cause: Cause, *, by: User, at: dt.datetime) -> None:
    if acceptance.state == AcceptanceState.ASKED and acceptance.ask is not None:
        asks.withdraw(ask=acceptance.ask, reason=cause.reason, by=by, at=at)
        subject = "A question to you is withdrawn", "Your question is withdrawn"
        rest = "The question whether to accept it no longer holds. Nothing is needed until it is asked again."
    else:
        end(acceptance, AcceptanceState.LAPSED, reason=cause.reason, by=None, at=at)
        subject = ("An acceptance no longer holds",) * 2
        rest = "What was signed no longer covers it. The risk is open again."
    for user, path in both_sides(acceptance):
        outbox.send(
            to=user,
            subject=subject[user == acceptance.requested_by],
            body=f"{cause.mail}\n\n{rest}\n",
            link_path=path,
            client=acceptance.client,
            needs_role=True,
            key=f"acceptance:{acceptance.pk}:lapsed:{user.pk}",
        )
