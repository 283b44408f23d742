"""What waits for one of the client's people: the cards of their home."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags

from engagements.enums import AskRole, AskState
from engagements.models import Ask
from engagements.selectors import kinds
from vciso.tenancy.models import Client, User
from vciso.web.markdown import to_html

ENDING_DAYS = 30
CONFIRMED_IN = 1
"""Minutes it takes to say whether what was written down is right."""


@dataclass(frozen=True)
class Waiting:
    """One ask as the person asked meets it: what, why, how long it takes, by when, and where."""

    reference: str
    title: str
    text: str
    icon: str
    noun: str
    verb: str
    minutes: int
    due_on: dt.date | None
    asked_on: dt.date
    is_late: bool
    url: str

    @property
    def summary(self) -> str:
        """The frozen text without its formatting, for a card."""
        return unescape(strip_tags(to_html(self.text))).strip()


@dataclass(frozen=True)
class Answered:
    """One answer of the client's people, as their home lists it."""

    reference: str
    title: str
    outcome: str
    on: dt.date | None
    url: str


def waiting_for(client: Client, user: User | None, *, on: dt.date, role: str = AskRole.OWNER) -> list[Waiting]:
    """Open asks of this account or of somebody it stands in for, the nearest due first, and what was written
    down of its own answers and waits for a yes.

    Without a user: all that waits for that role, as the practice's “view as” shows it.
    """
    asks = Ask.objects.filter(client=client).needing(user).select_related("client")
    asks = asks.of_user(user, on=on) if user is not None else asks.filter(role=role)
    return [_waiting(asked, on) for asked in asks.nearest_first()]


def ending_soon(client: Client, user: User | None, *, on: dt.date, role: str) -> list[Ask]:
    """What this person signed that ends within a month, next first; without a user, what anybody in that role did."""
    asks = Ask.objects.filter(
        client=client, role=role, holds_until__gte=on, holds_until__lte=on + dt.timedelta(days=ENDING_DAYS)
    )
    if user is not None:
        asks = asks.filter(asked_user=user)
    return list(asks.select_related("client").order_by("holds_until", "reference"))


def _waiting(asked: Ask, on: dt.date) -> Waiting:
    kind = kinds.of(asked.kind)
    recorded = asked.state != AskState.OPEN
    said = (asked.chosen or {}).get("label", "")
    return Waiting(
        reference=asked.reference,
        title=asked.title,
        text=f"“{said}” was written down as your answer. Is that right?" if recorded else asked.text,
        icon=kind.icon,
        noun=kind.noun,
        verb=kinds.verb_of(asked),
        minutes=CONFIRMED_IN if recorded else asked.minutes,
        due_on=None if recorded else asked.due_on,
        asked_on=asked.asked_on,
        is_late=asked.is_late(on),
        url=kinds.answer_path(asked),
    )


def answered(client: Client, user: User | None, *, role: str, limit: int = 8) -> list[Answered]:
    """What was answered lately in a role, newest first: only asks this person may read."""
    asks = Ask.objects.filter(client=client, state=AskState.ANSWERED, role=role).select_related("client")
    found = []
    for asked in asks.order_by("-answered_on", "-reference")[:limit]:
        option = asked.chosen or {}
        found.append(
            Answered(
                reference=asked.reference,
                title=asked.title,
                outcome=str(option.get("label", "")),
                on=asked.answered_on,
                url=kinds.answer_path(asked),
            )
        )
    return found
