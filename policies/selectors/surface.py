"""What the rest of the product asks of this app: what needs somebody, findings, and counts."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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
    """Reviews late or due within sixty days, and drafts the owner sent back, in one query.

    An approval that waits is an open ask, and asks are listed by `engagements`. Reads plain
    columns: a portfolio has hundreds of policies, and Today has sixty milliseconds.
    """
    last_choice = Subquery(
        Approval.objects.filter(client_id=OuterRef("client_id"), version_id=OuterRef("pk"))
        .order_by("-sent_at")
        .values("ask__choice")[:1]
    )
    due = Q(state=VersionState.APPROVED, policy__next_review_on__lte=on + dt.timedelta(days=REMIND_DAYS))
    sent_back = Q(state=VersionState.DRAFT, last_choice=Choice.SEND_BACK)
    rows: Any = (
        PolicyVersion.objects.filter(policy__retired_on=None)
        .annotate(last_choice=last_choice)
        .filter(due | sent_back)
        .values_list(
            "client_id", "client__key", "policy__slug", "policy__title", "major", "minor", "policy__next_review_on",
            "state",
        )
    )  # fmt: skip
    items = []
    for client_id, key, slug, title, major, minor, due_on, state in rows:
        version = (client_id, key, slug, title, major, minor)
        items.append(_review(*version, due_on, on) if state == VersionState.APPROVED else _sent_back(*version))
    return items


@lru_cache(maxsize=20_000)
def _address(key: str, slug: str, name: str = "policies:detail") -> str:
    return reverse(name, kwargs={"client_key": key, "slug": slug})


def _review(
    client_id: uuid.UUID, key: str, slug: str, title: str, major: int, minor: int, due: dt.date | None, on: dt.date
) -> Item:
    return Item(
        client_id=client_id,
        kind="policy",
        icon=ICON,
        title=title,
        why=f"Version {major}.{minor} is past its review" if due is not None and due < on else "Review due",
        due_on=due,
        verb="Review",
        url=_address(key, slug),
    )


def _sent_back(client_id: uuid.UUID, key: str, slug: str, title: str, major: int, minor: int) -> Item:
    return Item(
        client_id=client_id,
        kind="policy",
        icon=ICON,
        title=title,
        why=f"The owner sent version {major}.{minor} back",
        due_on=None,
        verb="Edit",
        url=_address(key, slug, "policies:edit"),
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
            url=_address(policy.client.key, policy.slug),
        )
        for policy in rows[:limit]
    ]


def counts(*, on: dt.date) -> dict[uuid.UUID, Counts]:
    """Numbers per client of the context; a client without policies is not in it. One query."""
    stands = Q(versions__state=VersionState.APPROVED)
    due = Q(next_review_on__range=(on, on + dt.timedelta(days=REMIND_DAYS)))
    # At most one version of a policy is in force and one waits, so these joins count no row twice.
    rows = (
        Policy.objects.live()
        .order_by()
        .values("client_id")
        .annotate(
            total=Count("pk", distinct=True),
            in_force=Count("pk", filter=stands),
            due=Count("pk", filter=stands & due),
            overdue=Count("pk", filter=stands & Q(next_review_on__lt=on)),
            awaiting=Count("pk", filter=Q(versions__state=VersionState.IN_REVIEW)),
        )
    )
    names = ("total", "in_force", "due", "overdue", "awaiting")
    return {row["client_id"]: Counts(*(row[name] for name in names)) for row in rows}
