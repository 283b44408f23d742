"""The limits as one statement: what would be put, what was approved, and what has changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from risks.enums import Band, StatementState
from risks.models import Appetite, AppetiteStatement, LossTolerance, RiskScale, SigningAuthority
from risks.models.appetite import REVIEWED_EVERY
from risks.rules.scoring import Scale
from risks.rules.signing import OWNER_UP_TO
from risks.selectors.authority import Authority, authority
from risks.selectors.frame import SCALE, WRITTEN, Frame, end_of_day
from risks.selectors.losses import tolerance
from vciso.tenancy.models import Client
from vciso.web.attention import Item

AHEAD_DAYS = 60
Terms = dict[str, Any]


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


def terms_of(scale: Scale, owner_up_to: int, most: LossTolerance | None) -> Terms:
    """What a statement keeps beside its limits: bands, words and sums of the scale, who signs, and the tolerance."""
    tolerance = {"sum_minor": most.sum_minor, "words": most.words} if most else None
    return {"scale": scale.plain(), "owner_up_to": int(owner_up_to), "tolerance": tolerance}


Limits = dict[str, tuple[int | None, int | None, int | None, str, str]]
USUAL = terms_of(Scale(), OWNER_UP_TO, None)
TERMS = {"scale": "the scale", "owner_up_to": "who signs", "tolerance": "the tolerance for one year"}


def is_set(line: dict[str, Any]) -> bool:
    """Whether a line of a statement sets any limit."""
    return any(line.get(part) for part in ("band", "money_minor", "fifty_minor"))


def _limits_of(lines: list[dict[str, Any]]) -> Limits:
    """Band, sums, words and name by category, where one is set: what makes two statements differ.

    Statements from before one year in fifty had a limit of its own say nothing of it.
    """
    return {
        line["key"]: (line["band"], line["money_minor"], line.get("fifty_minor"), line["words"], line["name"])
        for line in lines
        if is_set(line) or line["words"]
    }


def terms_changed(then: Terms, now: Terms) -> tuple[str, ...]:
    """In words; a statement that was signed before it held its scale or the tolerance covers none."""
    return tuple(words for name, words in TERMS.items() if then.get(name) != now[name])


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the statement stands: the approved version, the one that waits, what differs since."""

    versions: list[AppetiteStatement]
    approved: AppetiteStatement | None
    waiting: AppetiteStatement | None
    changed: tuple[str, ...]
    any_limit: bool
    covers_scale: bool = True
    covers_tolerance: bool = True

    @property
    def review_on(self) -> dt.date | None:
        return self.approved.review_on if self.approved else None


def standing(
    client: Client, measure: Frame, *, as_of: dt.date | None = None, signing: Authority | None = None
) -> Standing:
    """In one query, beside the limits themselves, which are those of `as_of` where a day is given.

    What was approved is compared with who signs, looked up without `signing`, and the tolerance, which
    take a query each. The approval covers the scale of its day alone.
    What was answered after that day was still waiting then; what was taken back since counts as never said.
    """
    rows = AppetiteStatement.objects.filter(client=client).select_related("ask", "asked_of", "requested_by")
    if as_of is not None:
        rows = rows.filter(requested_at__lt=end_of_day(client, as_of))
    versions = list(rows.order_by("-number", "-requested_at"))

    def in_state(state: StatementState) -> AppetiteStatement | None:
        return next((row for row in versions if _state_on(row, as_of) == state), None)

    approved = in_state(StatementState.APPROVED)
    lines = lines_of(measure)
    limits: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    if approved is not None:
        signing = signing or authority(client, as_of=as_of)
        limits = _limits_changed(approved.lines, lines)
        most = tolerance(client, as_of or dt.date.max)
        terms = terms_changed(approved.terms, terms_of(measure.scale, signing.owner_up_to, most))
    return Standing(
        versions=versions,
        approved=approved,
        waiting=in_state(StatementState.ASKED),
        changed=limits + terms,
        any_limit=any(is_set(line) for line in lines),
        covers_scale=TERMS["scale"] not in terms,
        covers_tolerance=TERMS["tolerance"] not in terms,
    )


def withdrawn_at(client: Client, at: dt.datetime) -> AppetiteStatement | None:
    """The version that waited and was withdrawn by what was set at this moment, if one was. One query."""
    rows = AppetiteStatement.objects.filter(client=client, state=StatementState.WITHDRAWN, ask__withdrawn_at=at)
    return rows.select_related("asked_of").first()


def _limits_changed(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> tuple[str, ...]:
    """The categories whose limit is another one, by the name they have now or last had."""
    return tuple(name for name, _ in lines_before(then, now))


def lines_before(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any] | None]]:
    """The categories whose limit is another one, by the name they have now or last had, each with its line of then.

    None where it had neither a limit nor words.
    """
    first, last = _limits_of(then), _limits_of(now)
    names = {line["key"]: line["name"] for line in [*then, *now]}
    lines = {line["key"]: line for line in then}
    return [
        (name, lines[key] if key in first else None) for key, name in names.items() if first.get(key) != last.get(key)
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A limit as it stands in a statement, or would stand in the next."""

    band: Band | None
    money_minor: int | None
    fifty_minor: int | None
    words: str

    @property
    def is_set(self) -> bool:
        return any((self.band, self.money_minor, self.fifty_minor))


@dataclass(frozen=True, slots=True)
class Stated:
    """A category with the limit the business approved, and with the one in force where that is another.

    Either is None where there was, or is, neither a limit nor words.
    """

    key: str
    name: str
    approved: Line | None
    in_force: Line | None
    differs: bool


def stated(found: Standing, measure: Frame) -> tuple[Stated, ...]:
    """What was approved beside what holds, for each category with either; without an approval everything differs."""
    then = {line["key"]: line for line in (found.approved.lines if found.approved else [])}
    now = {line["key"]: line for line in lines_of(measure)}
    first, last = _limits_of([*then.values()]), _limits_of([*now.values()])
    return tuple(
        Stated(key, line["name"], _line(first.get(key)), _line(last.get(key)), first.get(key) != last.get(key))
        for key, line in (then | now).items()
        if key in first or key in last
    )


def _line(limit: tuple[int | None, int | None, int | None, str, str] | None) -> Line | None:
    if limit is None:
        return None
    band, money_minor, fifty_minor, words, _ = limit
    return Line(Band(band) if band else None, money_minor, fifty_minor, words)


def _state_on(row: AppetiteStatement, day: dt.date | None) -> str:
    answered_later = day is not None and row.answered_on is not None and row.answered_on > day
    return StatementState.ASKED if answered_later else row.state


def attention(on: dt.date) -> list[Item]:
    """Statements to be put to the business, over every client of the context, in one query.

    Limits nobody approved, limits set after the last approval, and the yearly look at them.
    """
    now: dict[tuple[Any, str], list[dict[str, Any]]] = {}
    beside: dict[Any, tuple[dict[str, Any] | None, Terms]] = {}
    for client_id, client_key, line, scale, owner_up_to, most, approved in _in_force(on):
        now.setdefault((client_id, client_key), []).append(line)
        terms = {
            "scale": scale or USUAL["scale"],
            "owner_up_to": owner_up_to or USUAL["owner_up_to"],
            "tolerance": most,
        }
        beside[client_id] = (approved, terms)
    found = [(client_id, key, _asks_for(*beside[client_id], lines, on)) for (client_id, key), lines in now.items()]
    return [_item(client_id, key, *words) for client_id, key, words in found if words]


LINE = {
    "key": "category__key", "name": "category__name", "band": "band_limit", "money_minor": "money_limit_minor",
    "fifty_minor": "fifty_limit_minor", "words": "words",
}  # fmt: skip


def _in_force(on: dt.date) -> Iterable[tuple[Any, ...]]:
    """The limits that hold on a day, by category, each with the scale, who signs, the tolerance and the last approval.

    Clients whose answer is awaited are left out.
    """
    of_client = AppetiteStatement.objects.filter(client=OuterRef("client"))
    approved = of_client.filter(state=StatementState.APPROVED).order_by("-number")
    scale = RiskScale.objects.filter(client=OuterRef("client"), from_on__lte=on).order_by("-from_on", "-recorded_at")
    signing = SigningAuthority.objects.filter(client=OuterRef("client")).order_by("-happened_at")
    most = LossTolerance.objects.filter(client=OuterRef("client"), from_on__lte=on).order_by("-from_on", "-recorded_at")
    measure = {name: column for name, column in SCALE.items() if name not in WRITTEN}
    return (
        Appetite.objects.filter(from_on__lte=on, category__active=True)
        .exclude(Exists(of_client.filter(state=StatementState.ASKED)))
        .order_by("client_id", "category_id", "-from_on", "-recorded_at")
        .distinct("client_id", "category_id")
        .values_list(
            "client_id", "client__key", JSONObject(**LINE),
            Subquery(scale.values(data=JSONObject(**measure))[:1]),
            Subquery(signing.values("owner_up_to")[:1]),
            Subquery(most.values(data=JSONObject(sum_minor="sum_minor", words="words"))[:1]),
            Subquery(approved.values(data=JSONObject(lines="lines", terms="terms", answered_on="answered_on"))[:1]),
        )
    )  # fmt: skip


def _asks_for(
    approved: dict[str, Any] | None, terms: Terms, lines: list[dict[str, Any]], on: dt.date
) -> tuple[str, str, dt.date | None, str] | None:
    if approved is None:
        return "The limits are not approved", "Nobody of the business has signed them yet", None, "Ask"
    if changed := _limits_changed(approved["lines"], lines) + terms_changed(approved["terms"], terms):
        why = f"Set after the business last approved them: {', '.join(changed)}"
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
