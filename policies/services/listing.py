"""What only a list brings: policies without words, their numbers and days, and taking them back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from policies import rules
from policies.enums import VersionState
from policies.models import Policy, PolicyVersion
from vciso.audit import services as audit
from vciso.tenancy.models import User


@transaction.atomic
def note_listing(
    *,
    policy: Policy,
    extras: dict[str, Any],
    private_notes: str,
    next_review_on: dt.date | None,
    by: User,
    at: dt.datetime,
) -> Policy:
    """Keeps what a list says beside the version: where it is kept, who is said to have approved it, notes."""
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    before = {"next_review_on": str(kept.next_review_on or ""), "private_notes": len(kept.private_notes)}
    same = (kept.extras, kept.private_notes, kept.next_review_on) == (extras, private_notes, next_review_on)
    if same:
        return kept
    kept.extras, kept.private_notes, kept.next_review_on = extras, private_notes, next_review_on
    kept.edition += 1
    kept.save()
    audit.record(
        verb="policy.listed",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before=before,
        after={"next_review_on": str(next_review_on or ""), "private_notes": len(private_notes)},
    )
    return kept


@transaction.atomic
def replace_listed_version(
    *, policy: Policy, number: str, effective_on: dt.date | None, by: User, at: dt.datetime
) -> Policy:
    """Gives a policy that is a line of a list another number or day; without a day it is a draft.

    Refuses a policy whose version has words, was sent for approval or reviewed.
    """
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    version = _only_listed(kept)
    try:
        major, minor = rules.parse_number(number)
    except ValueError as error:
        raise ValidationError({"number": str(error)}) from None
    if effective_on is not None and effective_on > kept.client.today(at):
        raise ValidationError({"effective_on": f"{effective_on} is still to come."})
    before = {"number": version.number, "effective_on": str(version.effective_on or "")}
    version.delete()
    in_force = effective_on is not None
    PolicyVersion.objects.create(
        client_id=kept.client_id,
        policy=kept,
        major=major,
        minor=minor,
        change_summary="Brought in from a list.",
        author=by,
        state=VersionState.APPROVED if in_force else VersionState.DRAFT,
        sha256=rules.fingerprint("") if in_force else "",
        effective_on=effective_on,
        approval_recorded=not in_force,
        created_at=at,
        updated_at=at,
    )
    audit.record(
        verb="policy.renumbered",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before=before,
        after={"number": f"{major}.{minor}", "effective_on": str(effective_on or "")},
    )
    return kept


@transaction.atomic
def remove_listed(*, policy: Policy, by: User, at: dt.datetime) -> None:
    """Takes back a policy that an import made. Refuses one that somebody worked on since."""
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    _only_listed(kept).delete()
    audit.record(
        verb="policy.import_undone", client=kept.client, obj=kept, by=by, at=at, before={"title": kept.title}
    )  # fmt: skip
    kept.delete()


def _only_listed(policy: Policy) -> PolicyVersion:
    versions = list(policy.versions.all())
    worked = len(versions) != 1 or versions[0].body or versions[0].approvals.exists() or policy.reviews.exists()
    if worked:
        raise ValidationError(f"{policy.reference} {policy.title} was worked on since, so it stays.")
    return versions[0]
