"""One risk becomes two."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engagements.models import Person
from risks.enums import EventKind, RatingKind, Status
from risks.models import Risk
from risks.rules import scoring
from risks.services import standing
from risks.services.errors import Refused
from risks.services.rating import rate_risk
from risks.services.register import Wording, edit_risk, locked, raise_risk, turn
from vciso.audit import services as audit
from vciso.tenancy.models import User


@transaction.atomic
def split_risk(
    *,
    risk: Risk,
    stays: Wording,
    wording: Wording,
    owner: Person | None,
    stays_rating: scoring.Rating | None,
    rating: scoring.Rating | None,
    by: User,
    at: dt.datetime,
) -> Risk:
    """A part of a risk becomes a risk of its own; answers the new one.

    `stays` and `stays_rating` are what remains under the old reference, with its history, plan and
    acceptance. The new risk begins with `wording` and `rating`; its rating before controls is that of
    the old one. Refuses a risk that is not open, and two risks under one title.
    """
    standing.hold(risk.client)
    current = locked(risk)
    if current.status != Status.OPEN:
        raise Refused(f"{current.reference} is {current.get_status_display().lower()}. Only an open risk is split.")
    known = standing.latest_ratings([current]).get(current.pk, {})
    if _plain(wording.title) == _plain(stays.title if stays.title is not None else current.title):
        raise Refused("Both would have the same title. Say in the titles what sets them apart.", field="title")
    part = raise_risk(
        client=current.client,
        by=by,
        at=at,
        wording=wording,
        owner=owner,
        ratings={RatingKind.BEFORE: known.get(RatingKind.BEFORE), RatingKind.NOW: rating},
        rating_reason=f"Split from {current.reference}",
        origin=f"Split from {current.reference}",
    )
    part.split_from = current
    part.save(update_fields=["split_from"])
    why = f"{part.reference} was split from it"
    edit_risk(risk=current, by=by, at=at, wording=stays, reason=why)
    if stays_rating is not None and stays_rating != known.get(RatingKind.NOW):
        rate_risk(risk=current, kind=RatingKind.NOW, rating=stays_rating, reason=why, by=by, at=at)
    turn(current, EventKind.SPLIT, by=by, at=at, reason=str(part))
    audit.record(verb="risk.split", client=current.client, obj=current, by=by, at=at, after={"into": part.reference})
    return part


def _plain(title: str | None) -> str:
    return " ".join((title or "").split()).casefold()
