"""What the register's own page shows besides its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from engagements.models import Person
from engagements.selectors.owned import Owned
from risks.models import Risk
from risks.models.risk import answered
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class Overview:
    """Open risks in figures, and how many stand in each cell of one rating's map."""

    open: int
    above: int
    calling: int
    not_rated: int
    oldest_review: dt.date | None
    never_reviewed: int
    cells: Mapping[tuple[int, int], int]


def overview(client: Client, *, kind: str, on: dt.date) -> Overview:
    """Figures of the open register, in one query."""
    likelihood, impact = f"{kind}_likelihood", f"{kind}_impact"
    groups = list(
        Risk.objects.filter(client=client)
        .open()
        .values(likelihood, impact)
        .annotate(
            n=Count("id"),
            n_above=Count("id", filter=Q(is_above=True)),
            n_answered=Count("id", filter=Q(is_above=True) & answered(on)),
            n_unrated=Count("id", filter=Q(now_band=0)),
            n_unreviewed=Count("id", filter=Q(last_reviewed_on__isnull=True)),
            oldest=Min("last_reviewed_on"),
        )
        .order_by()
    )
    above = sum(group["n_above"] for group in groups)
    return Overview(
        open=sum(group["n"] for group in groups),
        above=above,
        calling=above - sum(group["n_answered"] for group in groups),
        not_rated=sum(group["n_unrated"] for group in groups),
        oldest_review=min((g["oldest"] for g in groups if g["oldest"]), default=None),
        never_reviewed=sum(group["n_unreviewed"] for group in groups),
        cells={(group[likelihood], group[impact]): group["n"] for group in groups if group[likelihood] is not None},
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the list offer."""

    owners: list[tuple[str, str]]
    categories: list[str]
    any: bool


def choices(client: Client) -> Choices:
    """Owners and categories that occur in the register, in one query."""
    rows = list(
        Risk.objects.filter(client=client).values_list("owner_id", "owner__name", "category").distinct().order_by()
    )
    owners = {str(owner_id): name for owner_id, name, _ in rows if owner_id}
    return Choices(
        owners=sorted(owners.items(), key=lambda item: item[1].lower()),
        categories=sorted({category for _, _, category in rows if category}, key=str.lower),
        any=bool(rows),
    )


def owned_by(person: Person) -> list[Owned]:
    """The open risks that stay somebody's until another owner is chosen."""
    rows = Risk.objects.owned_by(person).values_list("reference", "title")
    return [Owned("risk", reference, title) for reference, title in rows]
