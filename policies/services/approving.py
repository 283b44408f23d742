"""Sending a version to its owner, and taking it back.

The owner's answer itself is an insert in `engagements`; a trigger of this app's migration then
moves the version, so no function here approves anything.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements.enums import AskState
from engagements.models import Ask, Person
from engagements.services import asks
from policies import rules
from policies.enums import Choice, VersionState
from policies.models import Approval, Policy, PolicyVersion
from vciso.audit import services as audit
from vciso.tenancy.models import User

KIND = "policy_approval"
DAYS_TO_ANSWER = 14


@transaction.atomic
def send_for_approval(
    *,
    version: PolicyVersion,
    by: User,
    at: dt.datetime,
    due_on: dt.date | None = None,
    minutes: int = 2,
) -> Approval:
    """Freezes a draft's words and asks the policy's owner to approve them.

    Refuses an empty text, a version that does not say what changed, a policy without an owner,
    and an owner who wrote the version or is the one who asks.
    """
    kept = (
        PolicyVersion.objects.select_for_update(of=("self",))
        .select_related("client", "policy__owner")
        .get(pk=version.pk)
    )
    owner = _fit_owner(kept, by)
    kept.state = VersionState.IN_REVIEW
    kept.sha256 = rules.fingerprint(kept.body)
    kept.updated_at = at
    kept.edition += 1
    kept.save()
    ask = _put(kept, owner, by=by, at=at, due_on=due_on, minutes=minutes)
    approval = Approval.objects.create(client_id=kept.client_id, version=kept, ask=ask, sent_by=by, sent_at=at)
    audit.record(
        verb="policy.sent_for_approval",
        client=kept.client,
        obj=kept.policy,
        by=by,
        at=at,
        after={"number": kept.number, "sha256": kept.sha256, "ask": ask.reference},
    )
    return approval


@transaction.atomic
def withdraw_approval(*, version: PolicyVersion, reason: str, by: User, at: dt.datetime) -> PolicyVersion:
    """Takes a version back that waits for approval; it becomes a draft again."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why; the person asked sees it."})
    approval = (
        Approval.objects.select_related("ask", "version__policy", "client")
        .filter(version=version, ask__state=AskState.OPEN)
        .first()
    )
    if approval is None:
        raise ValidationError(f"Version {version.number} does not wait for approval.")
    asks.withdraw(ask=approval.ask, reason=reason.strip(), by=by, at=at)
    kept = PolicyVersion.objects.select_related("policy").get(pk=version.pk)
    audit.record(
        verb="policy.approval_withdrawn",
        client=approval.client,
        obj=kept.policy,
        by=by,
        at=at,
        after={"number": kept.number},
        reason=reason.strip(),
    )
    return kept


def _fit_owner(version: PolicyVersion, by: User) -> Person:
    """The person to ask; refuses a version that is not ready, and an owner who may not answer."""
    if version.state != VersionState.DRAFT:
        raise ValidationError(f"Version {version.number} is {version.get_state_display().lower()}, not a draft.")
    if not version.body.strip():
        raise ValidationError("The draft has no text yet. Write it before you send it.")
    if not version.change_summary.strip():
        raise ValidationError("Say what changed and for whom, so that the owner can judge it.")
    policy: Policy = version.policy
    owner = policy.owner
    if owner is None:
        raise ValidationError(f"{policy.title} has no owner. Name one: the owner approves it.")
    if owner.user_id is not None and owner.user_id in (version.author_id, by.pk):
        raise ValidationError(
            f"{owner.name} wrote or sent this version, so somebody else has to approve it. Name another owner."
        )
    return owner


def _put(
    version: PolicyVersion, owner: Person, *, by: User, at: dt.datetime, due_on: dt.date | None, minutes: int
) -> Ask:
    policy = version.policy
    name = f"{policy.title} {version.number}"
    return asks.ask(
        client=version.client,
        kind=KIND,
        subject=policy.reference,
        title=f"Approve {name}",
        text=f"What changed, for whom: {version.change_summary}",
        facts=[
            {"label": policy.title, "value": f"Version {version.number}", "note": policy.reference},
            {
                "label": "Fingerprint of the text",
                "value": version.sha256[:8],
                "note": "SHA-256: " + " ".join(version.sha256[n : n + 8] for n in range(0, 64, 8)),
            },
        ],
        options=[
            {
                "key": Choice.APPROVE,
                "label": "Approve",
                "result": f"Version {version.number} comes into force today.",
                "understand": "I have read the text.",
                "sign": f"Approve version {version.number}",
                "advised": True,
            },
            {
                "key": Choice.SEND_BACK,
                "label": "Send back",
                "result": "Nothing changes. Your adviser reads your reason and mends the text.",
                "sign": "Send back",
                "refuses": True,
                "needs_reason": True,
            },
        ],
        asked_of=owner,
        role="owner",
        by=by,
        due_on=due_on or version.client.today(at) + dt.timedelta(days=DAYS_TO_ANSWER),
        minutes=minutes,
        at=at,
    )
