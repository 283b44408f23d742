"""The limits as one statement: what would be put, what was approved, and what has changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from risks.enums import StatementState
from risks.models import Appetite, AppetiteStatement
from risks.models.appetite import REVIEWED_EVERY
from risks.selectors.frame import Frame, end_of_day
from vciso.tenancy.models import Client
from vciso.web.attention import Item

AHEAD_DAYS = 60


def lines_of(measure: Frame) -> list[dict[str, Any]]:
    """Each category with its limit, as a statement keeps it; the ones without a limit as well."""
    return [
        {
            "key": row.key,
            "name": row.name,
            "words": row.words,
            "band": int(row.band) if row.band else None,
            "money_minor": row.money_minor,
            "fifty_minor": row.fifty_minor,
        }
        for row in measure.active
    ]


Limits = dict[str, tuple[int | None, int | None, int | None, str]]
NONE: tuple[None, None, None, str] = (None, None, None, "")


def _limits_of(lines: list[dict[str, Any]]) -> Limits:
    """Band, sums and words by category: what makes two statements differ.

    Statements from before one year in fifty had a limit of its own say nothing of it.
    """
    return {line["key"]: (line["band"], line["money_minor"], line.get("fifty_minor"), line["words"]) for line in lines}


def is_set(line: dict[str, Any]) -> bool:
    """Whether a line of a statement sets any limit."""
    return any(line.get(part) for part in ("band", "money_minor", "fifty_minor"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the statement stands: the approved version, the one that waits, what differs since."""

    versions: list[AppetiteStatement]
    approved: AppetiteStatement | None
    waiting: AppetiteStatement | None
    changed: tuple[str, ...]
    any_limit: bool

    @property
    def review_on(self) -> dt.date | None:
        return self.approved.review_on if self.approved else None


def standing(client: Client, measure: Frame, *, as_of: dt.date | None = None) -> Standing:
    """In one query, beside the limits themselves, which are those of `as_of` where a day is given.

    What was answered after that day was still waiting then; what was taken back since counts as never said.
    """
    rows = AppetiteStatement.objects.filter(client=client).select_related("ask", "asked_of", "requested_by")
    if as_of is not None:
        rows = rows.filter(requested_at__lt=end_of_day(client, as_of))
    versions = list(rows.order_by("-number"))

    def in_state(state: StatementState) -> AppetiteStatement | None:
        return next((row for row in versions if _state_on(row, as_of) == state), None)

    approved = in_state(StatementState.APPROVED)
    lines = lines_of(measure)
    changed: tuple[str, ...] = ()
    if approved is not None:
        then = _limits_of(approved.lines)
        changed = tuple(
            line["name"] for line in lines if _limits_of([line])[line["key"]] != then.get(line["key"], NONE)
        )
    return Standing(
        versions=versions,
        approved=approved,
        waiting=in_state(StatementState.ASKED),
        changed=changed,
        any_limit=any(is_set(line) for line in lines),
    )


def _state_on(row: AppetiteStatement, day: dt.date | None) -> str:
    answered_later = day is not None and row.answered_on is not None and row.answered_on > day
    return StatementState.ASKED if answered_later else row.state


def attention(on: dt.date) -> list[Item]:
    """Statements to be put to the business, over every client of the context, in one query.

    Limits nobody approved, limits set after the last approval, and the yearly look at them.
    """
    now: dict[tuple[Any, str], Limits] = {}
    approved: dict[Any, dict[str, Any]] = {}
    for client_id, client_key, category, band, money, fifty, words, statement in _in_force(on):
        now.setdefault((client_id, client_key), {})[category] = (band, money, fifty, words)
        approved[client_id] = statement
    found = [(client_id, key, _asks_for(approved[client_id], limits, on)) for (client_id, key), limits in now.items()]
    return [_item(client_id, key, *words) for client_id, key, words in found if words]


def _in_force(on: dt.date) -> Iterable[tuple[Any, ...]]:
    """The limits that hold on a day, category by category, each with what the client approved last.

    Clients whose answer is awaited are left out.
    """
    of_client = AppetiteStatement.objects.filter(client=OuterRef("client"))
    approved = of_client.filter(state=StatementState.APPROVED).order_by("-number")
    return (
        Appetite.objects.filter(from_on__lte=on, category__active=True)
        .exclude(Exists(of_client.filter(state=StatementState.ASKED)))
        .order_by("client_id", "category_id", "-from_on", "-recorded_at")
        .distinct("client_id", "category_id")
        .values_list(
            "client_id", "client__key", "category__key", "band_limit", "money_limit_minor", "fifty_limit_minor",
            "words",
            Subquery(approved.values(data=JSONObject(lines="lines", answered_on="answered_on"))[:1]),
        )
    )  # fmt: skip


def _asks_for(
    approved: dict[str, Any] | None, limits: Limits, on: dt.date
) -> tuple[str, str, dt.date | None, str] | None:
    if approved is None:
        return "The limits are not approved", "Nobody of the business has signed them yet", None, "Ask"
    then = _limits_of(approved["lines"])
    if any(limits.get(key, NONE) != then.get(key, NONE) for key in limits.keys() | then.keys()):
        why = "A limit was set after the business last approved them"
        return "The limits have changed since their approval", why, None, "Ask"
    due_on = dt.date.fromisoformat(approved["answered_on"]) + REVIEWED_EVERY
    if due_on <= on + dt.timedelta(days=AHEAD_DAYS):
        return "Yearly review of the limits", "The business looks at its limits once a year", due_on, "Review"
    return None


def _item(client_id: Any, key: str, title: str, why: str, due_on: dt.date | None, verb: str) -> Item:
    return Item(
        client_id=client_id,
        kind="limits",
        icon="ruler",
        title=title,
        why=why,
        due_on=due_on,
        verb=verb,
        url=reverse("risks:limits", kwargs={"client_key": key}),
    )
