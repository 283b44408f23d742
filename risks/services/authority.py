"""Who may sign for how much is agreed with the business."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from engagements.models import Ask, Person
from engagements.services import asks
from risks.enums import Band
from risks.models import Acceptance, SigningAuthority
from risks.selectors.authority import Authority, authority
from risks.services import appetite, standing
from risks.services.errors import Doubted, Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User

CHANGED = "Who signs for a risk of this size has changed. Ask the person who signs for it now."


@transaction.atomic
def set_authority(
    *,
    client: Client,
    owner_up_to: int,
    by: User,
    at: dt.datetime,
    approved_by: Person | None = None,
    stand_by: bool = False,
) -> SigningAuthority:
    """From now on the owner signs up to this band, and above it a director.

    What was signed stays signed. A request that waits for somebody who no longer signs for it is
    withdrawn, and so is a statement of limits that names another: raises Doubted, naming them, unless
    `stand_by`. Refuses what is no band.
    """
    if owner_up_to not in (Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL):
        raise Refused("Choose a level from low to critical.", field="owner_up_to")
    standing.hold(client)
    before = authority(client)
    now = replace(before, owner_up_to=Band(owner_up_to))
    requests = _no_longer_theirs(client, now)
    statement = appetite.waiting(client) if now.owner_up_to != before.owner_up_to else None
    asked = [*requests, *([statement.ask] if statement else [])]
    if asked and not stand_by:
        raise _doubted(asked)
    made = SigningAuthority.objects.create(
        client=client, owner_up_to=owner_up_to, approved_by=approved_by, happened_at=at, recorded_by=by
    )
    if statement is not None:
        appetite.withdraw_outdated(client=client, what="Who signs", by=by, at=at)
    for ask in requests:
        asks.withdraw(ask=ask, reason=CHANGED, by=by, at=at)
    audit.record(
        verb="risk.authority_set",
        client=client,
        obj=made,
        by=by,
        at=at,
        before={"owner_up_to": before.owner_up_to.label},
        after={"owner_up_to": Band(owner_up_to).label, "approved_by": approved_by.name if approved_by else ""},
    )
    return made


def _no_longer_theirs(client: Client, now: Authority) -> list[Ask]:
    """The requests to accept a risk that wait for somebody who would not sign for it."""
    waiting = Acceptance.objects.waiting().filter(client=client).select_related("ask")
    return [row.ask for row in waiting if row.ask and row.ask.role != now.role_for(Band(row.band_at_signing))]


def _doubted(asked: Sequence[Ask]) -> Doubted:
    """Asks before questions are withdrawn, each by its name."""
    named = "; ".join(f"{ask.reference}, asked of {ask.asked_of_name} ({ask.title})" for ask in asked)
    what = "an open request" if len(asked) == 1 else f"{len(asked)} open requests"
    return Doubted({"stand_by": [f"This withdraws {what}: {named}. Tick this if that is meant."]})
