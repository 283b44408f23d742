"""What ratings are measured against on a day: the client's scale, categories and limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from risks.enums import DEFAULT_CATEGORIES, UNCONFIRMED, Band
from risks.models import Appetite, ImpactCategory, RiskScale
from risks.rules import scoring
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limit of one category in force on a day; every value is empty where none was set."""

    id: UUID | None
    key: str
    name: str
    hint: str
    active: bool
    band: Band | None
    money_minor: int | None
    words: str
    approved_by: str
    approved_on: dt.date | None
    from_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Scale and limits of one client on one day, ready for the pure rules."""

    scale: scoring.Scale
    rows: tuple[LimitRow, ...]

    @property
    def limits(self) -> Mapping[str, int | None]:
        """Band limit by category key; a category without one is None."""
        return {row.key: row.band for row in self.rows}

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


def frame(client: Client, on: dt.date) -> Frame:
    """The frame in force on a day, in one query. The defaults hold where nothing was set."""
    newest_scale = (
        RiskScale.objects.filter(client=client, from_on__lte=on)
        .order_by("-from_on", "-recorded_at")
        .values(data=JSONObject(**{name: name for name in SCALE}))[:1]
    )
    newest_limit = (
        Appetite.objects.filter(client=client, category=OuterRef("pk"), from_on__lte=on)
        .order_by("-from_on", "-recorded_at")
        .values(data=JSONObject(**LIMIT))[:1]
    )
    categories = list(
        ImpactCategory.objects.filter(client=client)
        .annotate(limit=Subquery(newest_limit), scale=Subquery(newest_scale))
        .order_by("rank", "key")
    )
    if not categories:
        unset = tuple(_unset(key, name, hint) for key, name, hint in DEFAULT_CATEGORIES)
        return Frame(scoring.Scale(), unset)
    return Frame(_scale(categories[0].scale), tuple(_limit_row(row) for row in categories))


SCALE = ("low_to", "medium_to", "high_to", "likelihood_words", "impact_words")
LIMIT = {
    "band": "band_limit",
    "money": "money_limit_minor",
    "words": "words",
    "approved_by": "approved_by__name",
    "approved_on": "approved_on",
    "from_on": "from_on",
}


def scale_as_of(client: Client, on: dt.date) -> scoring.Scale:
    """Bands and words in force on a day."""
    return frame(client, on).scale


def limits_as_of(client: Client, on: dt.date) -> tuple[LimitRow, ...]:
    """One row per impact category in the client's order, with the limit in force on a day."""
    return frame(client, on).rows


def _scale(data: dict[str, Any] | None) -> scoring.Scale:
    if not data:
        return scoring.Scale()
    words = {name: tuple(data[name]) for name in ("likelihood_words", "impact_words")}
    return scoring.Scale(**{**data, **words})


def _unset(key: str, name: str, hint: str) -> LimitRow:
    return LimitRow(None, key, name, hint, True, None, None, "", "", None, None)


def _limit_row(category: Any) -> LimitRow:
    limit = category.limit or {}
    return LimitRow(
        id=category.pk,
        key=category.key,
        name=category.name,
        hint=category.hint,
        active=category.active,
        band=Band(limit["band"]) if limit.get("band") else None,
        money_minor=limit.get("money"),
        words=limit.get("words") or "",
        approved_by=limit.get("approved_by") or "",
        approved_on=_day(limit.get("approved_on")),
        from_on=_day(limit.get("from_on")),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
