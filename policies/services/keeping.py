"""Policies as a whole: starting one, its owner and rhythm, its reviews, and its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from engagements.models import Person
from policies import rules
from policies.enums import Kind, VersionState
from policies.models import Policy, PolicyReview, PolicyVersion
from policies.services.writing import check_words
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.tenancy.references import next_reference

DETAILS = ("title", "kind", "purpose", "owner", "review_months", "next_review_on", "private_notes")


@transaction.atomic
def create_policy(
    *,
    client: Client,
    title: str,
    by: User,
    at: dt.datetime,
    kind: str = Kind.POLICY,
    purpose: str = "",
    owner: Person | None = None,
    review_months: int = 12,
    body: str = "",
    change_summary: str = "The first version.",
    number: str = "1.0",
) -> Policy:
    """Starts a policy with a draft. Refuses an empty title, one that is in use, and a number that is none."""
    major, minor = _numbered(number)
    policy = _new_policy(
        client=client,
        title=title,
        at=at,
        kind=kind,
        purpose=purpose,
        owner=owner,
        review_months=review_months,
    )
    PolicyVersion.objects.create(
        client=client,
        policy=policy,
        major=major,
        minor=minor,
        body=check_words(body),
        change_summary=change_summary.strip(),
        author=by,
        created_at=at,
        updated_at=at,
    )
    audit.record(verb="policy.started", client=client, obj=policy, by=by, at=at, after=_said(policy))
    return policy


@transaction.atomic
def record_existing(
    *,
    client: Client,
    title: str,
    number: str,
    body: str,
    effective_on: dt.date,
    by: User,
    at: dt.datetime,
    kind: str = Kind.POLICY,
    purpose: str = "",
    owner: Person | None = None,
    review_months: int = 12,
    next_review_on: dt.date | None = None,
) -> Policy:
    """Brings in a policy that was in force before the portal: in force, approval not recorded.

    Refuses a day that is still to come, and a number that is none.
    """
    if effective_on > client.today(at):
        raise ValidationError({"effective_on": f"{effective_on} is still to come."})
    major, minor = _numbered(number)
    policy = _new_policy(
        client=client,
        title=title,
        at=at,
        kind=kind,
        purpose=purpose,
        owner=owner,
        review_months=review_months,
        next_review_on=next_review_on or rules.next_review(after=effective_on, months=review_months),
    )
    words = check_words(body)
    PolicyVersion.objects.create(
        client=client,
        policy=policy,
        major=major,
        minor=minor,
        body=words,
        change_summary="Brought in from outside the portal.",
        author=by,
        state=VersionState.APPROVED,
        sha256=rules.fingerprint(words),
        effective_on=effective_on,
        approval_recorded=False,
        created_at=at,
        updated_at=at,
    )
    audit.record(
        verb="policy.brought_in",
        client=client,
        obj=policy,
        by=by,
        at=at,
        after={**_said(policy), "number": f"{major}.{minor}"},
    )
    return policy


@transaction.atomic
def change_details(*, policy: Policy, by: User, at: dt.datetime, seen: int | None = None, **details: Any) -> Policy:
    """Changes title, kind, purpose, owner, rhythm or the day of the next review."""
    unknown = sorted(set(details) - set(DETAILS))
    if unknown:
        raise TypeError(f"a policy has no detail {unknown[0]!r}")
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    if seen is not None and kept.edition != seen:
        raise ValidationError("Somebody changed this policy while you were writing. Nothing was saved.", code="stale")
    before = _said(kept)
    for name, value in details.items():
        setattr(kept, name, value)
    kept.title = _free_title(kept.client, kept.title, but=kept)
    kept.edition += 1
    kept.save()
    after = _said(kept)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        verb="policy.changed",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return kept


@transaction.atomic
def record_review(
    *,
    policy: Policy,
    by: User,
    at: dt.datetime,
    on: dt.date | None = None,
    note: str = "",
    confirmed_by: Person | None = None,
) -> PolicyReview:
    """Keeps that the version in force was read and is still right, and moves the next review.

    Refuses a policy of which nothing is in force, and a day that is still to come or lies before
    the version came into force.
    """
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    version = kept.versions.filter(state=VersionState.APPROVED).first()
    if version is None or version.effective_on is None:
        raise ValidationError(f"No version of {kept.title} is in force yet. Send the draft for approval first.")
    day = on or kept.client.today(at)
    if day > kept.client.today(at):
        raise ValidationError({"on": f"{day} is still to come. Write the day it was read."})
    if day < version.effective_on:
        raise ValidationError({"on": f"Version {version.number} is in force since {version.effective_on} only."})
    review = PolicyReview.objects.create(
        client_id=kept.client_id,
        policy=kept,
        version=version,
        reviewed_on=day,
        reviewed_by=by,
        confirmed_by=confirmed_by,
        note=note.strip(),
        next_review_on=rules.next_review(after=day, months=kept.review_months),
        happened_at=at,
    )
    before = kept.next_review_on
    kept.next_review_on = review.next_review_on
    kept.edition += 1
    kept.save()
    audit.record(
        verb="policy.reviewed_unchanged",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before={"next_review_on": before.isoformat() if before else None},
        after={"next_review_on": review.next_review_on.isoformat(), "number": version.number},
        reason=review.note,
    )
    return review


@transaction.atomic
def retire_policy(*, policy: Policy, reason: str, by: User, at: dt.datetime) -> Policy:
    """Takes a policy out of use; its versions stay readable. Refuses while an approval waits."""
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    if kept.retired_on is not None:
        raise ValidationError(f"{kept.title} was retired on {kept.retired_on} already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why, and what takes its place."})
    if kept.versions.filter(state=VersionState.IN_REVIEW).exists():
        raise ValidationError("A version waits for approval. Withdraw it before retiring.")
    kept.retired_on = kept.client.today(at)
    kept.retired_reason = reason.strip()[:500]
    kept.edition += 1
    kept.save()
    audit.record(verb="policy.retired", client=kept.client, obj=kept, by=by, at=at, reason=reason.strip())
    return kept


@transaction.atomic
def reinstate_policy(*, policy: Policy, by: User, at: dt.datetime) -> Policy:
    """Takes a retired policy back into use with the version it had."""
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    if kept.retired_on is None:
        raise ValidationError(f"{kept.title} is in use.")
    before = {"retired_on": kept.retired_on.isoformat(), "reason": kept.retired_reason}
    kept.retired_on = None
    kept.retired_reason = ""
    kept.edition += 1
    kept.save()
    audit.record(verb="policy.reinstated", client=kept.client, obj=kept, by=by, at=at, before=before)
    return kept


def _numbered(number: str) -> tuple[int, int]:
    try:
        return rules.parse_number(number)
    except ValueError as error:
        raise ValidationError({"number": str(error)}) from None


def _new_policy(*, client: Client, title: str, at: dt.datetime, **fields: Any) -> Policy:
    policy = Policy(client=client, created_at=at, created_on=client.today(at), **fields)
    policy.title = _free_title(client, title)
    policy.slug = _free_slug(client, policy.title)
    policy.reference = next_reference(client.pk, "P")
    policy.save(force_insert=True)
    return policy


def _free_title(client: Client, title: str, *, but: Policy | None = None) -> str:
    words = " ".join(title.split())
    if not words:
        raise ValidationError({"title": "Write the policy’s title."})
    same = Policy.objects.live().filter(client=client, title__iexact=words)
    if but is not None:
        same = same.exclude(pk=but.pk)
    found = same.first()
    if found is not None:
        raise ValidationError({"title": f"{found.reference} has this title already."})
    return words


def _free_slug(client: Client, title: str) -> str:
    stem = slugify(title)[:70].strip("-") or "policy"
    if stem in ("new", "bring-in", "by"):
        stem = f"{stem}-policy"
    taken = set(Policy.objects.filter(client=client, slug__startswith=stem).values_list("slug", flat=True))
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)


def _said(policy: Policy) -> dict[str, Any]:
    """A policy's details as the audit trail keeps them."""
    due = policy.next_review_on
    return {
        "title": policy.title,
        "kind": str(policy.kind),
        "purpose": policy.purpose,
        "owner": str(policy.owner_id) if policy.owner_id else None,
        "review_months": policy.review_months,
        "next_review_on": due.isoformat() if due else None,
        "private_notes": f"{len(policy.private_notes)} characters",
    }
