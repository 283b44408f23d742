"""What the rest of the product asks of this app: what needs somebody, findings, and counts."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from policies.enums import Choice, VersionState
from policies.models import REMIND_DAYS, Approval, Policy, PolicyVersion
from vciso.web.attention import Item
from vciso.web.finding import Found

ICON = "file-text"


@dataclass(frozen=True, slots=True)
class Counts:
    """A client's written programme in numbers."""

    total: int
    in_force: int
    due: int
    overdue: int
    awaiting: int


def attention(*, on: dt.date) -> list[Item]:
    """Reviews late or due within sixty days, and drafts the owner sent back. Two queries.

    An approval that waits is an open ask, and asks are listed by `engagements`.
    """
    last = on + dt.timedelta(days=REMIND_DAYS)
    near = Policy.objects.with_standing().in_force().filter(next_review_on__lte=last)
    items = [_review(policy, on) for policy in near.select_related("client")]
    sent_back = Subquery(
        Approval.objects.filter(client_id=OuterRef("client_id"), version_id=OuterRef("pk"))
        .order_by("-sent_at")
        .values("ask__choice")[:1]
    )
    drafts = (
        PolicyVersion.objects.without_words()
        .filter(state=VersionState.DRAFT, policy__retired_on=None)
        .annotate(last_choice=sent_back)
        .filter(last_choice=Choice.SEND_BACK)
        .select_related("client", "policy")
    )
    return items + [_sent_back(version) for version in drafts]


def _address(policy: Policy, name: str = "policies:detail") -> str:
    return reverse(name, kwargs={"client_key": policy.client.key, "slug": policy.slug})


def _review(policy: Policy, on: dt.date) -> Item:
    due = policy.next_review_on
    late = due is not None and due < on
    why = f"Version {policy.current_number} is past its review" if late else "Review due"
    return Item(
        client_id=policy.client_id,
        kind="policy",
        icon=ICON,
        title=policy.title,
        why=why,
        due_on=due,
        verb="Review",
        url=_address(policy),
    )


def _sent_back(version: PolicyVersion) -> Item:
    policy = version.policy
    policy.client = version.client
    return Item(
        client_id=version.client_id,
        kind="policy",
        icon=ICON,
        title=policy.title,
        why=f"The owner sent version {version.number} back",
        due_on=None,
        verb="Edit",
        url=_address(policy, "policies:edit"),
    )


def find(*, text: str, limit: int = 8) -> list[Found]:
    """Policies whose title, reference or purpose contains the words. One query."""
    rows = Policy.objects.search(text).select_related("client").order_by("retired_on", "title")
    return [
        Found(
            client_id=policy.client_id,
            client_name=policy.client.name,
            kind="policy",
            icon=ICON,
            title=policy.title,
            sub=f"{policy.reference}, {policy.get_kind_display()}" + (", retired" if policy.retired_on else ""),
            url=_address(policy),
        )
        for policy in rows[:limit]
    ]


def counts(*, on: dt.date) -> dict[uuid.UUID, Counts]:
    """Numbers per client of the context; a client without policies is not in it. One query."""
    last = on + dt.timedelta(days=REMIND_DAYS)
    stands = Q(current_major__isnull=False)
    rows = (
        Policy.objects.live()
        .with_standing()
        .order_by()
        .values("client_id")
        .annotate(
            total=Count("pk"),
            in_force=Count("pk", filter=stands),
            due=Count("pk", filter=stands & Q(next_review_on__range=(on, last))),
            overdue=Count("pk", filter=stands & Q(next_review_on__lt=on)),
            awaiting=Count("pk", filter=Q(waiting_major__isnull=False)),
        )
    )
    names = ("total", "in_force", "due", "overdue", "awaiting")
    return {row["client_id"]: Counts(*(row[name] for name in names)) for row in rows}
