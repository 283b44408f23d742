"""Who may sign for how much is agreed with the business."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engagements.models import Person
from engagements.services import asks
from risks.enums import Band
from risks.models import Acceptance, SigningAuthority
from risks.selectors.authority import authority
from risks.services import appetite
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User

CHANGED = "Who signs for a risk of this size has changed. Ask the person who signs for it now."


@transaction.atomic
def set_authority(
    *, client: Client, owner_up_to: int, by: User, at: dt.datetime, approved_by: Person | None = None
) -> SigningAuthority:
    """From now on the owner signs up to this band, and above it a director.

    What was signed stays signed. A request that waits for somebody who no longer signs for it is
    withdrawn, and so is a statement of limits that names another. Refuses what is no band.
    """
    if owner_up_to not in (Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL):
        raise Refused("Choose a level from low to critical.", field="owner_up_to")
    before = authority(client)
    made = SigningAuthority.objects.create(
        client=client, owner_up_to=owner_up_to, approved_by=approved_by, happened_at=at, recorded_by=by
    )
    now = authority(client)
    if now.owner_up_to != before.owner_up_to:
        appetite.withdraw_waiting(client=client, what="Who signs", by=by, at=at)
    waiting = Acceptance.objects.waiting().filter(client=client, ask__isnull=False).select_related("ask")
    for acceptance in waiting:
        if acceptance.ask and acceptance.ask.role != now.role_for(Band(acceptance.band_at_signing)):
            asks.withdraw(ask=acceptance.ask, reason=CHANGED, by=by, at=at)
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
