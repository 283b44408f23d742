"""How the written programme stood at the end of a day, and which dates lie ahead."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from engagements.models import Ask
from policies import rules
from policies.enums import Status, VersionState
from policies.models import REMIND_DAYS, Approval, Policy, PolicyReview, PolicyVersion
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as it stood: the version in force, the one waiting, and the next review.

    `approval_recorded` is false for a version that came from outside: nobody's approval is on
    record. `days_late` counts from the review day.
    """

    id: uuid.UUID
    reference: str
    title: str
    kind: str
    purpose: str
    owner: str
    status: str
    version: str
    version_id: uuid.UUID | None
    effective_on: dt.date | None
    approved_by: str
    approval_recorded: bool
    awaiting_version: str
    awaiting_since: dt.date | None
    awaiting_of: str
    last_review_on: dt.date | None
    next_review_on: dt.date | None
    days_late: int

    @property
    def is_in_force(self) -> bool:
        return bool(self.version)

    @property
    def is_overdue(self) -> bool:
        return self.status == Status.OVERDUE

    @property
    def is_awaiting(self) -> bool:
        return bool(self.awaiting_version)


@dataclass(frozen=True, slots=True)
class ComingDate:
    """A day on which somebody has to do something; `days_late` is 0 while it lies ahead."""

    on: dt.date
    kind: str
    what: str
    who: str
    id: uuid.UUID
    reference: str
    days_late: int = 0


def policies_as_of(client: Client, as_of: dt.date) -> list[PolicyRow]:
    """Every policy the client had at the end of that day, not retired, by title.

    Five queries whatever the number of policies. Reads the days things happened, so that a row
    written later changes nothing about an earlier day.
    """
    versions = PolicyVersion.objects.without_words().newest_first().select_related("approved_by")
    policies = (
        Policy.objects.filter(client=client, created_on__lte=as_of)
        .filter(Q(retired_on=None) | Q(retired_on__gt=as_of))
        .select_related("owner")
        .prefetch_related(
            Prefetch("versions", versions, to_attr="all_versions"),
            Prefetch(
                "reviews",
                PolicyReview.objects.filter(reviewed_on__lte=as_of).order_by("reviewed_on"),
                to_attr="past_reviews",
            ),
        )
        .order_by("title", "pk")
    )
    waiting = _waiting(client, as_of)
    return [_row(policy, waiting, as_of) for policy in policies]


def coming_dates(client: Client, on: dt.date, days: int = REMIND_DAYS) -> list[ComingDate]:
    """Policy reviews and approvals from late ones up to so many days ahead, soonest first."""
    last = on + dt.timedelta(days=days)
    found = []
    for row in policies_as_of(client, on):
        due = row.next_review_on
        if row.is_in_force and due is not None and due <= last:
            found.append(
                ComingDate(
                    on=due,
                    kind="policy review",
                    what=f"Review of {row.title}",
                    who=row.owner,
                    id=row.id,
                    reference=row.reference,
                    days_late=max((on - due).days, 0),
                )
            )
    asks = _open_approvals(client, on).filter(ask__due_on__lte=last)
    for approval in asks.select_related("version__policy", "ask"):
        ask, policy = approval.ask, approval.version.policy
        if ask.due_on is None:
            continue
        found.append(
            ComingDate(
                on=ask.due_on,
                kind="policy approval",
                what=f"Approval of {policy.title} {approval.version.number}",
                who=ask.asked_of_name,
                id=policy.pk,
                reference=policy.reference,
                days_late=max((on - ask.due_on).days, 0),
            )
        )
    return sorted(found, key=lambda one: (one.on, one.reference))


def _open_approvals(client: Client, on: dt.date) -> QuerySet[Approval]:
    """Approvals whose ask was put by that day and neither answered nor withdrawn by then."""
    return Approval.objects.filter(
        Q(ask__answered_on=None) | Q(ask__answered_on__gt=on),
        Q(ask__withdrawn_on=None) | Q(ask__withdrawn_on__gt=on),
        client=client,
        ask__asked_on__lte=on,
    )


def _waiting(client: Client, on: dt.date) -> dict[uuid.UUID, Ask]:
    return {one.version_id: one.ask for one in _open_approvals(client, on).select_related("ask")}


def _in_force(versions: Iterable[PolicyVersion], on: dt.date) -> PolicyVersion | None:
    issued = (VersionState.APPROVED, VersionState.SUPERSEDED)
    stood = [
        one
        for one in versions
        if one.state in issued
        and one.effective_on is not None
        and one.effective_on <= on
        and (one.superseded_on is None or one.superseded_on > on)
    ]
    return max(stood, key=lambda one: (one.major, one.minor), default=None)


def _row(policy: Policy, waiting: dict[uuid.UUID, Ask], on: dt.date) -> PolicyRow:
    version = _in_force(policy.all_versions, on)
    sent = next((one for one in policy.all_versions if one.pk in waiting), None)
    ask = waiting[sent.pk] if sent else None
    review = policy.past_reviews[-1] if policy.past_reviews else None
    due = _next_review(policy, version, review, on) if version else None
    return PolicyRow(
        id=policy.pk,
        reference=policy.reference,
        title=policy.title,
        kind=policy.kind,
        purpose=policy.purpose,
        owner=policy.owner.name if policy.owner else "",
        status=_status(version, sent, due, on),
        version=version.number if version else "",
        version_id=version.pk if version else None,
        effective_on=version.effective_on if version else None,
        approved_by=version.approved_by.name if version and version.approved_by else "",
        approval_recorded=bool(version and version.approval_recorded),
        awaiting_version=sent.number if sent else "",
        awaiting_since=ask.asked_on if ask else None,
        awaiting_of=ask.asked_of_name if ask else "",
        last_review_on=review.reviewed_on if review else None,
        next_review_on=due,
        days_late=max((on - due).days, 0) if due else 0,
    )


def _next_review(policy: Policy, version: PolicyVersion, review: PolicyReview | None, on: dt.date) -> dt.date | None:
    """The day as it stood: from the last review or approval by then, else as on the record."""
    newer = any(one.effective_on is not None and one.effective_on > on for one in policy.all_versions)
    past = version.effective_on
    if review is not None and past is not None and review.reviewed_on >= past:
        return review.next_review_on
    if newer and past is not None:
        return rules.next_review(after=past, months=policy.review_months)
    return policy.next_review_on


def _status(version: PolicyVersion | None, sent: PolicyVersion | None, due: dt.date | None, on: dt.date) -> Status:
    if version is None:
        return Status.AWAITING if sent else Status.DRAFT
    if due is None or due > on + dt.timedelta(days=REMIND_DAYS):
        return Status.IN_FORCE
    return Status.OVERDUE if due < on else Status.DUE
