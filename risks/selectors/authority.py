"""Who signs at a client for how much, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engagements.enums import AskRole
from engagements.selectors import people
from risks.enums import Band
from risks.models import SigningAuthority
from risks.rules.signing import OWNER_UP_TO, signing_role
from risks.selectors.frame import end_of_day
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class Authority:
    """The agreement in force; `since` and `id` are empty while it is the usual one."""

    owner_up_to: Band
    any_director: bool
    approved_by: str = ""
    since: dt.datetime | None = None
    id: UUID | None = None

    def role_for(self, exposure: Band) -> AskRole:
        return signing_role(exposure, owner_up_to=self.owner_up_to, any_director=self.any_director)

    def sentence(self, exposure: Band) -> str:
        """“A risk that is critical is accepted by a director; the owner signs up to high.”"""
        who = "the owner"
        if self.role_for(exposure) == AskRole.BOARD:
            who = f"a director; the owner signs up to {self.owner_up_to.label.lower()}"
        return f"A risk that is {exposure.label.lower()} is accepted by {who}."

    def in_words(self) -> str:
        """Who signs for what, in one sentence."""
        if not self.any_director:
            return "The owner signs for every accepted risk, since nobody is on the board."
        if self.owner_up_to == Band.CRITICAL:
            return "The owner signs for every accepted risk."
        return f"The owner signs for accepted risks up to {self.owner_up_to.label.lower()}, a director above it."

    def table(self) -> list[tuple[Band, str]]:
        """Each band with who signs for it, in words."""
        words = {AskRole.OWNER: "The owner", AskRole.BOARD: "A director"}
        return [(band, words[self.role_for(band)]) for band in (Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL)]


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement as a line of the history, with what held before it."""

    row: SigningAuthority
    before: Band


def agreements(client: Client) -> list[Agreed]:
    """Every agreement about who signs, the newest first, in one query."""
    rows = list(
        SigningAuthority.objects.filter(client=client)
        .select_related("approved_by", "recorded_by")
        .order_by("-happened_at")
    )
    earlier = [Band(row.owner_up_to) for row in rows[1:]] + [OWNER_UP_TO]
    return [Agreed(row, before) for row, before in zip(rows, earlier, strict=False)]


def authority(client: Client, *, as_of: dt.date | None = None, known: Sequence[Agreed] | None = None) -> Authority:
    """Who signs at this client by what is agreed now, or was by the end of a day; two queries.

    Whether somebody is on the board is a matter of today. One query less where the agreements are `known`.
    """
    if known is not None:
        row = known[0].row if known else None
    else:
        agreed = SigningAuthority.objects.filter(client=client)
        if as_of is not None:
            agreed = agreed.filter(happened_at__lt=end_of_day(client, as_of))
        row = agreed.select_related("approved_by").order_by("-happened_at").first()
    any_director = people.directors(client).exists()
    if row is None:
        return Authority(OWNER_UP_TO, any_director)
    approved_by = row.approved_by.name if row.approved_by else ""
    return Authority(Band(row.owner_up_to), any_director, approved_by, row.happened_at, row.pk)
