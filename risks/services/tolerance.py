"""How much a bad year may cost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engagements.models import Person
from risks.models import LossTolerance
from risks.services import appetite
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats


@transaction.atomic
def set_tolerance(
    *, client: Client, sum_minor: int, by: User, at: dt.datetime, words: str = "", set_by: Person | None = None
) -> LossTolerance:
    """The business says what a year may cost over the whole register, from today on.

    `sum_minor` is in the client's minor units; nothing and less is refused. A statement of limits that
    waits is withdrawn where it holds another tolerance.
    """
    if not 0 < sum_minor <= formats.LARGEST_MINOR:
        raise Refused("The sum must be above nothing: what may one year cost at most?", field="sum")
    kept = LossTolerance.objects.create(
        client=client,
        sum_minor=sum_minor,
        words=words.replace("\x00", "").strip(),
        set_by=set_by,
        from_on=client.today(at),
        recorded_by=by,
    )
    appetite.withdraw_outdated(client=client, what="The tolerance for one year", by=by, at=at)
    audit.record(
        verb="risk.tolerance_set",
        client=client,
        obj=kept,
        by=by,
        at=at,
        after={"sum_minor": sum_minor, "set_by": set_by.name if set_by else ""},
        reason=kept.words,
    )
    return kept
