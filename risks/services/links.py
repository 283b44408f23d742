"""Linking a risk with what it has to do with, and taking a link off again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from risks.models import Risk, RiskLink
from risks.selectors.links import Found
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import User


@transaction.atomic
def link_risk(*, risk: Risk, found: Found, by: User, at: dt.datetime) -> RiskLink:
    """A risk has to do with a record of the same client.

    Refuses a record that it is linked with already, and a closed risk.
    """
    current = Risk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
    if current.is_closed:
        raise Refused(f"{risk.reference} is closed. Reopen it first.")
    if RiskLink.objects.filter(risk=risk, **{found.kind.field: found.record}).exists():
        raise Refused(f"{risk.reference} is linked with {found.words} already.", field="record")
    row = make(risk, found, by=by, at=at)
    row.save(force_insert=True)
    audit.record(verb="risk.linked", client=risk.client, obj=risk, by=by, at=at, after=told(found))
    return row


@transaction.atomic
def unlink_risk(*, link: RiskLink, found: Found, by: User, at: dt.datetime) -> None:
    """The record has nothing to do with the risk after all. What it was raised from stays on record."""
    if link.is_origin:
        raise Refused(f"{link.risk.reference} was raised from {found.words}, which stays on record.")
    risk = link.risk
    link.delete()
    audit.record(verb="risk.unlinked", client=risk.client, obj=risk, by=by, at=at, before=told(found))


def make(risk: Risk, found: Found, *, by: User, at: dt.datetime, is_origin: bool = False) -> RiskLink:
    """A link in memory; saving is the caller's."""
    return RiskLink(
        client_id=risk.client_id, risk=risk, is_origin=is_origin, happened_at=at, by=by,
        **{found.kind.field: found.record},
    )  # fmt: skip


def told(found: Found) -> dict[str, str]:
    """What the trail keeps of a link: which record."""
    return {found.kind.field: found.reference or found.title}
