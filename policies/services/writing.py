"""Drafts: opening the next version, saving its words, throwing it away."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from policies import rules
from policies.enums import VersionState
from policies.models import Policy, PolicyVersion
from vciso.audit import services as audit
from vciso.tenancy.models import User


def check_words(body: str) -> str:
    """The words with plain line ends; refuses what is too long to read or to compare."""
    words = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(words) > rules.LONGEST_BODY:
        raise ValidationError({"body": f"The text has {len(words):,} characters; {rules.LONGEST_BODY:,} fit."})
    lines = words.count("\n") + 1
    if lines > rules.MOST_LINES:
        raise ValidationError({"body": f"The text has {lines:,} lines; {rules.MOST_LINES:,} fit."})
    return words


@transaction.atomic
def start_draft(*, policy: Policy, by: User, at: dt.datetime, major: bool = False) -> PolicyVersion:
    """Opens the next version with the words in force, or gives the draft that is open already.

    After 2.3 comes 2.4, or 3.0 with `major`. Refuses while a version waits for approval.
    """
    kept = Policy.objects.select_for_update().select_related("client").get(pk=policy.pk)
    opened = kept.versions.open().first()
    if opened is not None and opened.is_waiting:
        raise ValidationError(f"Version {opened.number} waits for approval. Withdraw it before you change it.")
    if opened is not None:
        return opened
    last = kept.versions.newest_first().first()
    number = (1, 0)
    if last is not None:
        number = (last.major + 1, 0) if major else (last.major, last.minor + 1)
    version = PolicyVersion.objects.create(
        client_id=kept.client_id,
        policy=kept,
        major=number[0],
        minor=number[1],
        body=last.body if last else "",
        author=by,
        created_at=at,
        updated_at=at,
    )
    audit.record(
        verb="policy.draft_opened",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        after={"number": version.number},
    )
    return version


@transaction.atomic
def save_draft(
    *,
    version: PolicyVersion,
    body: str,
    change_summary: str,
    by: User,
    at: dt.datetime,
    seen: int | None = None,
) -> PolicyVersion:
    """Saves the words of a draft and what changed, for whom; the one who saves is its author.

    Refuses a version that is no draft any more, and words that somebody saved meanwhile.
    """
    kept = _locked_draft(version)
    if seen is not None and kept.edition != seen:
        raise ValidationError("Somebody saved this draft while you were writing. Nothing was saved.", code="stale")
    before = rules.fingerprint(kept.body)
    kept.body = check_words(body)
    kept.change_summary = change_summary.replace("\x00", "").strip()
    kept.author = by
    kept.updated_at = at
    kept.edition += 1
    kept.save()
    audit.record(
        verb="policy.draft_saved",
        client=kept.client,
        obj=kept.policy,
        by=by,
        at=at,
        before={"number": kept.number, "sha256": before},
        after={"number": kept.number, "sha256": rules.fingerprint(kept.body)},
    )
    return kept


@transaction.atomic
def discard_draft(*, version: PolicyVersion, by: User, at: dt.datetime) -> None:
    """Throws a draft away. Refuses one that was ever sent for approval, and the only version."""
    kept = _locked_draft(version)
    if kept.approvals.exists():
        raise ValidationError(f"Version {kept.number} was sent for approval once, so it stays on record. Edit it.")
    if not kept.policy.versions.exclude(pk=kept.pk).exists():
        raise ValidationError("This is the only version. Retire the policy instead.")
    audit.record(
        verb="policy.draft_discarded",
        client=kept.client,
        obj=kept.policy,
        by=by,
        at=at,
        before={"number": kept.number, "sha256": rules.fingerprint(kept.body)},
    )
    kept.delete()


def _locked_draft(version: PolicyVersion) -> PolicyVersion:
    kept = PolicyVersion.objects.select_for_update(of=("self",)).select_related("client", "policy").get(pk=version.pk)
    if kept.state != VersionState.DRAFT:
        raise ValidationError(f"Version {kept.number} is {kept.get_state_display().lower()}. Open a new draft.")
    return kept
