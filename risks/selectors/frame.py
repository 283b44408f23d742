"""What ratings are measured against on a day: the client's scale, categories and limits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from risks.enums import DEFAULT_CATEGORIES, UNCONFIRMED, Band
from risks.models import Appetite, ImpactCategory, LossTolerance, RiskScale
from risks.rules import scoring
from vciso.tenancy.models import Client
from vciso.tenancy.statements import Statement


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limit of one category in force on a day; every value is empty where none was set.

    `id` is the category's, `limit_id` that of the limit itself.
    """

    id: UUID | None
    key: str
    name: str
    hint: str
    active: bool
    band: Band | None
    money_minor: int | None
    fifty_minor: int | None
    words: str
    approved_by: str
    approved_on: dt.date | None
    from_on: dt.date | None
    limit_id: str = ""

    @property
    def is_set(self) -> bool:
        """Whether there is any limit, by level or in money."""
        return any((self.band, self.money_minor, self.fifty_minor))


@dataclass(frozen=True, slots=True)
class PastScale:
    """One scale, the day it holds from, and the moment it was written down."""

    since: dt.date
    recorded_at: dt.datetime
    scale: scoring.Scale

    def held(self, day: dt.date, recorded_at: dt.datetime) -> bool:
        return self.since < day or (self.since == day and self.recorded_at <= recorded_at)


@dataclass(frozen=True, slots=True)
class Scales:
    """Every scale a client had, oldest first, so that an old rating reads as it was meant."""

    rows: tuple[PastScale, ...]

    def on(self, day: dt.date) -> scoring.Scale:
        """The scale in force at the end of a day; the defaults before the first."""
        return next((row.scale for row in reversed(self.rows) if row.since <= day), scoring.Scale())

    def at(self, day: dt.date, recorded_at: dt.datetime) -> scoring.Scale:
        """The scale that held when something of that day was written: one set later on the day came after it."""
        return next((row.scale for row in reversed(self.rows) if row.held(day, recorded_at)), scoring.Scale())


@dataclass(frozen=True, slots=True)
class Frame:
    """Scale and limits of one client on one day, ready for the pure rules.

    `in_all` is what a year may cost over the whole register, in minor units; None where nobody said.
    """

    scale: scoring.Scale
    rows: tuple[LimitRow, ...]
    scales: Scales = Scales(())
    in_all: int | None = None

    @property
    def limits(self) -> Mapping[str, int | None]:
        """Band limit by category key; a category without one is None."""
        return {row.key: row.band for row in self.rows}

    @property
    def money_limits(self) -> Mapping[str, scoring.Years]:
        """The most that rare years may cost, by category key."""
        return {row.key: scoring.Years(row.money_minor, row.fifty_minor) for row in self.rows}

    def position(self, now: scoring.Rating | None, loss: scoring.Years | None) -> scoring.Position:
        """Where a rating, and the losses of rare years if they are estimated, stand against these limits."""
        return scoring.position(now, self.limits, self.scale, loss=loss, money_limits=self.money_limits)

    def has_money_limit(self, now: scoring.Rating) -> bool:
        """Whether any category that a rating touches has a limit in money, for either rare year."""
        ten, fifty = ({row.key: getattr(row, name) for row in self.rows} for name in ("money_minor", "fifty_minor"))
        return any(scoring.limit_for(key, ten) or scoring.limit_for(key, fifty) for key in now.impacts)

    @property
    def names(self) -> Mapping[str, str]:
        """Name by category key, the unconfirmed one of imports included."""
        return {row.key: row.name for row in self.rows} | {UNCONFIRMED: "Category to confirm"}

    @property
    def active(self) -> tuple[LimitRow, ...]:
        return tuple(row for row in self.rows if row.active)

    def limit_words(self, key: str) -> str:
        """The limit of a category as people read it: "medium", "no limit set"."""
        limit = scoring.limit_for(key, self.limits)
        return Band(limit).label.lower() if limit else "no limit set"


def end_of_day(client: Client, day: dt.date) -> dt.datetime:
    """The first moment after that day where the client is; "as of" counts what came before it."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
    return after.replace(tzinfo=client.zone)


SCALE = {
    name: name
    for name in (
        "from_on", "low_to", "medium_to", "high_to", "likelihood_words", "impact_words", "likelihood_means",
        "impact_money", "recorded_at",
    )
}  # fmt: skip
WRITTEN = frozenset({"from_on", "recorded_at"})
"""What a scale's row says of itself, beside the measure."""

LIMIT = {
    "id": "pk",
    "band": "band_limit",
    "money": "money_limit_minor",
    "fifty": "fifty_limit_minor",
    "words": "words",
    "approved_by": "approved_by__name",
    "approved_on": "approved_on",
    "from_on": "from_on",
}


def _in_force(client_id: UUID, on: dt.date) -> QuerySet[Any, Any]:
    """The client's categories with the newest limit of that day, the tolerance, and every scale, oldest first."""
    every_scale = (
        RiskScale.objects.filter(client_id=client_id)
        .order_by()
        .values("client_id")
        .annotate(data=JSONBAgg(JSONObject(**SCALE), order_by=("from_on", "recorded_at")))
        .values("data")
    )
    newest_limit = (
        Appetite.objects.filter(client_id=client_id, category=OuterRef("pk"), from_on__lte=on)
        .order_by("-from_on", "-recorded_at")
        .values(data=JSONObject(**LIMIT))[:1]
    )
    categories = ImpactCategory.objects.filter(client_id=client_id).order_by("rank", "key")
    in_all = LossTolerance.objects.filter(client_id=client_id, from_on__lte=on).order_by("-from_on", "-recorded_at")
    return categories.values_list(
        "pk", "key", "name", "hint", "active", Subquery(newest_limit), Subquery(in_all.values("sum_minor")[:1]),
        Subquery(every_scale),
    )  # fmt: skip


IN_FORCE = Statement(_in_force, client_id=uuid4(), on=dt.date(9999, 12, 31))


def frame(client: Client, on: dt.date) -> Frame:
    """The frame in force on a day, in one query. The defaults hold where nothing was set."""
    categories = IN_FORCE.rows(client_id=client.pk, on=on)
    if not categories:
        unset = tuple(_unset(key, name, hint) for key, name, hint in DEFAULT_CATEGORIES)
        return Frame(scoring.Scale(), unset)
    scales = _scales(categories[0][-1])
    rows = (
        _limit_row(pk, key, name, hint, active, json.loads(limit) if limit else {})
        for pk, key, name, hint, active, limit, *_ in categories
    )
    return Frame(scales.on(on), tuple(rows), scales, categories[0][-2])


def frames(client: Client, days: Sequence[dt.date]) -> list[Frame]:
    """The frame in force on each of several days, in two queries."""
    known = frame(client, dt.date.max)
    limits: dict[UUID | None, list[tuple[dt.date, dict[str, Any]]]] = {}
    set_ = Appetite.objects.filter(client=client).order_by("from_on", "recorded_at")
    for category, since, given in set_.values_list("category_id", "from_on", JSONObject(**LIMIT)):
        limits.setdefault(category, []).append((since, given))

    def on(day: dt.date, row: LimitRow) -> LimitRow:
        known: list[tuple[dt.date, dict[str, Any]]] = limits.get(row.id, [])
        given: dict[str, Any] = next((given for since, given in reversed(known) if since <= day), {})
        return _limit_row(row.id, row.key, row.name, row.hint, row.active, given)

    return [Frame(known.scales.on(day), tuple(on(day, row) for row in known.rows), known.scales) for day in days]


def past_scales(client: Client) -> list[tuple[RiskScale | None, scoring.Scale]]:
    """Every scale as it was recorded, the newest first, in one query.

    The usual one, which nobody recorded, comes last; it stands alone where none was set.
    """
    rows = RiskScale.objects.filter(client=client).select_related("recorded_by").order_by("-from_on", "-recorded_at")
    measures = [name for name in SCALE if name not in WRITTEN]
    recorded = [(row, scoring.Scale.of({name: getattr(row, name) for name in measures})) for row in rows]
    return [*recorded, (None, scoring.Scale())]


def scales_of(client: Client) -> Scales:
    """The history of the scale, in one query; a page that has a frame has it already."""
    return frame(client, dt.date.max).scales


def scale_as_of(client: Client, on: dt.date) -> scoring.Scale:
    """Bands and words in force on a day."""
    return frame(client, on).scale


def limits_as_of(client: Client, on: dt.date) -> tuple[LimitRow, ...]:
    """One row per impact category in the client's order, with the limit in force on a day."""
    return frame(client, on).rows


def newer_limit(limit: Appetite, on: dt.date) -> LimitRow | None:
    """The limit that holds on a day in place of one set from an earlier day, or None where that one holds."""
    holds = next(row for row in limits_as_of(limit.client, on) if row.id == limit.category_id)
    return None if holds.limit_id == str(limit.pk) else holds


def _scales(text: str | None) -> Scales:
    rows = json.loads(text) if text else []
    return Scales(tuple(_past(row.pop("from_on"), row.pop("recorded_at"), row) for row in rows))


def _past(since: str, recorded_at: str, measure: dict[str, Any]) -> PastScale:
    return PastScale(dt.date.fromisoformat(since), dt.datetime.fromisoformat(recorded_at), scoring.Scale.of(measure))


def _unset(key: str, name: str, hint: str) -> LimitRow:
    return LimitRow(None, key, name, hint, True, None, None, None, "", "", None, None)


def _limit_row(pk: UUID | None, key: str, name: str, hint: str, active: bool, given: Mapping[str, Any]) -> LimitRow:
    return LimitRow(
        id=pk,
        key=key,
        name=name,
        hint=hint,
        active=active,
        band=Band(given["band"]) if given.get("band") else None,
        money_minor=given.get("money"),
        fifty_minor=given.get("fifty"),
        words=given.get("words") or "",
        approved_by=given.get("approved_by") or "",
        approved_on=_day(given.get("approved_on")),
        from_on=_day(given.get("from_on")),
        limit_id=given.get("id") or "",
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
