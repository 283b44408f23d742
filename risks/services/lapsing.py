"""An acceptance ends before its day, and both sides hear of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet

from engagements.selectors import kinds
from engagements.services import asks
from risks.enums import AcceptanceState, Band
from risks.models import Acceptance, Risk
from vciso.jobs import outbox
from vciso.tenancy.models import Client, User


def both_sides(acceptance: Acceptance) -> Iterator[tuple[User, str]]:
    """Who asked and who signed, each with the page to send them to; nobody twice."""
    client = acceptance.client
    asker, signer = acceptance.requested_by, acceptance.asked_of.user if acceptance.asked_of else None
    if asker is not None:
        yield asker, f"/c/{client.key}/risks/{acceptance.risk.reference}/"
    if signer is not None and signer != asker:
        yield signer, kinds.answer_path(acceptance.ask) if acceptance.ask else f"/my/{client.key}/"


def end(acceptance: Acceptance, state: str, *, reason: str, by: User | None, at: dt.datetime) -> None:
    """The acceptance holds no longer; the risk is open again from this moment."""
    acceptance.state = state
    acceptance.ended_at = at
    acceptance.ended_by = by
    acceptance.ended_reason = reason
    acceptance.save(update_fields=["state", "ended_at", "ended_by", "ended_reason"])
    Risk.objects.filter(pk=acceptance.risk_id).update(accepted_until=None)


def lapse_if_risen(*, risk: Risk, band: Band, by: User, at: dt.datetime) -> None:
    """What was signed, or put to be signed, for a lower band no longer holds; both are told."""
    risen = _standing(risk.client, at).filter(risk=risk, band_at_signing__lt=band)
    for acceptance in risen:
        _lapse(acceptance, band, by=by, at=at)
        risk.accepted_until = None


def lapse_all_risen(*, client: Client, by: User, at: dt.datetime) -> int:
    """The same for every risk of a client, after bands or limits were set anew; answers how many ended."""
    dearer = Q(risk__loss_over_limit__gt=0, band_at_signing__lt=Band.HIGH)
    risen = list(_standing(client, at).filter(dearer | Q(band_at_signing__lt=F("risk__now_band"))))
    for acceptance in risen:
        _lapse(acceptance, acceptance.risk.exposure, by=by, at=at)
    return len(risen)


def _standing(client: Client, at: dt.datetime) -> QuerySet[Acceptance]:
    """Acceptances in force, and requests for one; what has run out keeps its own end."""
    in_force = Q(state=AcceptanceState.LIVE, until__gte=client.today(at))
    rows = Acceptance.objects.filter(in_force | Q(state=AcceptanceState.ASKED), client=client)
    return rows.select_related("client", "risk", "ask__client", "asked_of__user", "requested_by")


def _lapse(acceptance: Acceptance, band: Band, *, by: User, at: dt.datetime) -> None:
    signed = Band(acceptance.band_at_signing).label.lower()
    reason = f"The risk rose from {signed} to {band.label.lower()}."
    if acceptance.state == AcceptanceState.ASKED and acceptance.ask is not None:
        asks.withdraw(ask=acceptance.ask, reason=reason, by=by, at=at)
        return
    end(acceptance, AcceptanceState.LAPSED, reason=reason, by=None, at=at)
    for user, path in both_sides(acceptance):
        outbox.send(
            to=user,
            subject="An acceptance no longer holds",
            body=(
                f"A risk of {acceptance.client.name} that was accepted has become more serious.\n\n"
                "What was signed no longer covers it. The risk is open again.\n"
            ),
            link_path=path,
            client=acceptance.client,
            needs_role=True,
            key=f"acceptance:{acceptance.pk}:lapsed:{user.pk}",
        )
