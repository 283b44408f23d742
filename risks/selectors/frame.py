"""What ratings are measured against on a day: the client's scale, categories and limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

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
    """The frame in force on a day, in three queries. The defaults hold where nothing was set."""
    return Frame(scale_as_of(client, on), limits_as_of(client, on))


def scale_as_of(client: Client, on: dt.date) -> scoring.Scale:
    """Bands and words in force on a day."""
    row = (
        RiskScale.objects.filter(client=client, from_on__lte=on)
        .order_by("-from_on", "-recorded_at")
        .first()
    )
    if row is None:
        return scoring.Scale()
    return scoring.Scale(
        row.low_to,
        row.medium_to,
        row.high_to,
        tuple(row.likelihood_words),
        tuple(row.impact_words),
    )


def limits_as_of(client: Client, on: dt.date) -> tuple[LimitRow, ...]:
    """One row per impact category in the client's order, with the limit in force on a day."""
    categories = list(ImpactCategory.objects.filter(client=client).order_by("rank", "key"))
    if not categories:
        return tuple(_unset(key, name, hint) for key, name, hint in DEFAULT_CATEGORIES)
    latest = {
        limit.category_id: limit
        for limit in Appetite.objects.filter(client=client, from_on__lte=on)
        .select_related("approved_by")
        .order_by("category_id", "-from_on", "-recorded_at")
        .distinct("category_id")
    }
    return tuple(_limit_row(category, latest.get(category.pk)) for category in categories)


def _unset(key: str, name: str, hint: str) -> LimitRow:
    return LimitRow(None, key, name, hint, True, None, None, "", "", None, None)


def _limit_row(category: ImpactCategory, limit: Appetite | None) -> LimitRow:
    return LimitRow(
        id=category.pk,
        key=category.key,
        name=category.name,
        hint=category.hint,
        active=category.active,
        band=Band(limit.band_limit) if limit and limit.band_limit else None,
        money_minor=limit.money_limit_minor if limit else None,
        words=limit.words if limit else "",
        approved_by=limit.approved_by.name if limit and limit.approved_by else "",
        approved_on=limit.approved_on if limit else None,
        from_on=limit.from_on if limit else None,
    )
