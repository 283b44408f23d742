"""The limits the business set, and its scale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db import transaction

from engagements.models import Person
from risks.enums import Band, RatingsKept
from risks.models import Appetite, Risk, RiskScale
from risks.rules.scoring import Scale
from risks.selectors.frame import frame
from risks.selectors.wording import full_day
from risks.services import appetite, lapsing, measuring, standing
from risks.services.categories import ensure_categories
from risks.services.errors import Doubted, Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats

KEEP, REVIEW = RatingsKept.KEEP, RatingsKept.REVIEW


@transaction.atomic
def set_appetite(
    *,
    client: Client,
    category: str,
    band_limit: int | None,
    by: User,
    at: dt.datetime,
    money_limit_minor: int | None = None,
    fifty_limit_minor: int | None = None,
    words: str = "",
    approved_by: Person | None = None,
    approved_on: dt.date | None = None,
    from_on: dt.date | None = None,
    stand_by: bool = False,
) -> Appetite:
    """The business sets the limit of one category from a day on; every risk is compared anew.

    `band_limit` is the highest band that is still inside; None takes the limit away. The sums are the
    most that one year in ten, and one in fifty, may cost. A statement of limits that waits is withdrawn,
    unless it says what holds now. Raises Doubted, saying how many, where a signed acceptance ends or a
    request for one is withdrawn, unless `stand_by`. Refuses an unknown category, a limit for one that is
    switched off, a limit from a day to come or set on one, sums of nothing and less, and one year in
    fifty that may cost less than one in ten.
    """
    today = client.today(at)
    from_on = from_on or today
    standing.hold(client)
    rows = {row.key: row for row in ensure_categories(client=client)}
    if category not in rows:
        known = ", ".join(row.name for row in rows.values() if row.active)
        raise Refused(f"There is no category “{category[:40]}”. Choose one of {known}.")
    if not rows[category].active and any((band_limit, money_limit_minor, fifty_limit_minor)):
        raise Refused(f"{rows[category].name} is switched off, so nothing is rated by it. Add the category first.")
    _check_limit(client, today, band_limit, money_limit_minor, fifty_limit_minor, from_on, approved_on)
    limit = Appetite.objects.create(
        client=client,
        category=rows[category],
        band_limit=band_limit,
        money_limit_minor=money_limit_minor,
        fifty_limit_minor=fifty_limit_minor,
        words=words.replace("\x00", "").strip(),
        approved_by=approved_by,
        approved_on=approved_on,
        from_on=from_on,
        happened_at=at,
        recorded_by=by,
    )
    what = f"The limit for {rows[category].name.lower()} was set anew"
    changed, moved = measuring.measure_anew(client=client, what=what, by=by, at=at)
    lapsed = lapsing.lapse_all_risen(client=client, what="The limit in money", by=by, at=at)
    if not stand_by:
        _question("limit", moved, lapsed)
    appetite.withdraw_outdated(client=client, what="A limit", by=by, at=at)
    after: dict[str, Any] = {
        "category": category,
        "limit": _level_of(band_limit, money_limit_minor or fifty_limit_minor),
        "money_limit_minor": money_limit_minor,
        "fifty_limit_minor": fifty_limit_minor,
        "from_on": from_on.isoformat(),
        "approved_by": approved_by.name if approved_by else "",
        "risks_moved": changed,
        "acceptances_lapsed": lapsed.signed,
    }
    audit.record(verb="risk.limit_set", client=client, obj=limit, by=by, at=at, after=after, reason=words)
    return limit


def _check_limit(
    client: Client,
    today: dt.date,
    band: int | None,
    ten_minor: int | None,
    fifty_minor: int | None,
    from_on: dt.date,
    approved_on: dt.date | None,
) -> None:
    """Refuses a limit that no business can have: no band, no sum, or a day to come."""
    if band is not None and band not in (1, 2, 3, 4):
        raise Refused("The limit is a band from low to critical.", field="band_limit")
    for field, sum_ in (("money_limit", ten_minor), ("fifty_limit", fifty_minor)):
        if sum_ is not None and not 0 < sum_ <= formats.LARGEST_MINOR:
            raise Refused("A limit in money is more than 0. Give a sum, or leave it empty.", field=field)
    if ten_minor is not None and fifty_minor is not None and fifty_minor < ten_minor:
        raise Refused(
            "One year in fifty costs at least what one in ten does. Give the same sum or more, or leave it empty.",
            field="fifty_limit",
        )
    if from_on > today:
        raise Refused("A limit holds from today or an earlier day.", field="from_on")
    if approved_on and approved_on > today:
        day = full_day(approved_on, client)
        raise Refused(f"{day} is still to come. Give the day it was set: today or an earlier one.", field="approved_on")


def _level_of(band: int | None, sum_: int | None) -> str:
    """The level of a limit for the trail; a limit in money alone has none."""
    if band:
        return str(Band(band).label)
    return "no level" if sum_ else "no limit"


@transaction.atomic
def set_scale(
    *,
    client: Client,
    low_to: int,
    medium_to: int,
    high_to: int,
    likelihood_words: list[str],
    impact_words: list[str],
    by: User,
    at: dt.datetime,
    from_on: dt.date | None = None,
    likelihood_means: Sequence[str] = (),
    impact_money: Sequence[int | None] = (),
    ratings: str = KEEP,
    stand_by: bool = False,
) -> RiskScale:
    """The client's own bands and words hold from a day on; every risk is banded anew.

    `ratings` says what becomes of the ratings that stand: they are kept, or each open risk is due
    for review today. Old ratings go on being read by the scale of their day. An acceptance signed
    for a lower band than the risk has now lapses, and a statement of limits that waits is withdrawn.
    Raises Doubted, with which and how many, where a risk changes its level, a signed acceptance ends or a
    request for one is withdrawn, unless `stand_by`. Refuses bands that do not rise within 1 to 25,
    words that are missing, sums that do not rise or are not given for all four levels, and from today on
    the scale that holds already, unless ratings are to be judged again.
    """
    today = client.today(at)
    _check_bands(low_to, medium_to, high_to)
    for name, given in (("likelihood_words", likelihood_words), ("impact_words", impact_words)):
        if len(given) != 5 or not all(word.strip() for word in given):
            raise Refused("Give a word for each of the five levels.", field=name)
        _check_apart(name, given)
    if ratings not in (KEEP, REVIEW):
        raise Refused("Say what becomes of the ratings that stand.", field="ratings")
    drawn: dict[str, Any] = {
        "low_to": low_to,
        "medium_to": medium_to,
        "high_to": high_to,
        "likelihood_words": [word.strip()[:40] for word in likelihood_words],
        "impact_words": [word.strip()[:40] for word in impact_words],
        "likelihood_means": _meanings(likelihood_means),
        "impact_money": _sums(impact_money),
    }
    standing.hold(client)
    ensure_categories(client=client)
    if ratings == KEEP and from_on is None and Scale.of(drawn) == frame(client, today).scale:
        raise Refused("The scale is so already. Change it, or have every rating judged again.")
    scale = RiskScale.objects.create(
        client=client,
        **drawn,
        ratings=ratings,
        from_on=min(from_on or today, today),
        recorded_by=by,
    )
    changed, moved = measuring.measure_anew(client=client, what="The scale was set anew", by=by, at=at)
    lapsed = lapsing.lapse_all_risen(client=client, what="The scale", by=by, at=at)
    if not stand_by:
        _question("scale", moved, lapsed)
    appetite.withdraw_outdated(client=client, what="The scale", by=by, at=at)
    due = _judge_again(client, today) if ratings == REVIEW else 0
    audit.record(
        verb="risk.scale_set",
        client=client,
        obj=scale,
        by=by,
        at=at,
        after={
            "bands": [low_to, medium_to, high_to],
            "ratings": ratings,
            "risks_moved": changed,
            "acceptances_lapsed": lapsed.signed,
            "due_for_review": due,
        },
    )
    return scale


def _judge_again(client: Client, today: dt.date) -> int:
    """Has every open risk that is rated due for review today; answers how many were not."""
    rated = Risk.objects.filter(client=client).open().exclude(now_band=Band.NOT_RATED)
    return rated.exclude(next_review_on__lte=today).update(next_review_on=today)


def _question(what: str, moved: Sequence[measuring.Moved], lapsed: lapsing.Lapsed) -> None:
    """Asks before a register moves. What was done to count it is taken back with the refusal."""
    said = [levels] if (levels := measuring.levels_of(moved)) else []
    if lapsed.signed:
        ends = "ends" if lapsed.signed == 1 else "end"
        said.append(f"{formats.count_of(lapsed.signed, 'signed acceptance')} {ends}, for good")
    if lapsed.requests:
        requests = formats.count_of(lapsed.requests, "request to accept a risk", "requests to accept a risk")
        said.append(f"{requests} {'is' if lapsed.requests == 1 else 'are'} withdrawn")
    if said:
        raise Doubted({"stand_by": [f"With this {what} {'; '.join(said)}. Tick this if that is meant."]})


def _check_bands(low_to: int, medium_to: int, high_to: int) -> None:
    if not 1 <= low_to < medium_to < high_to < 25:
        raise Refused(
            f"The bands end at {low_to}, {medium_to} and {high_to}. "
            "Each must end above the one before, and high below 25.",
            field="high_to",
        )


def _check_apart(name: str, given: list[str]) -> None:
    """Refuses one word for two levels: nobody could tell which of them is meant."""
    seen: set[str] = set()
    for number, word in enumerate(given, start=1):
        plain = word.strip().casefold()
        if plain in seen:
            level = f"{name.removesuffix('_words')}_{number}"
            raise Refused(f"“{word.strip()}” stands for two levels. Give each a word of its own.", field=level)
        seen.add(plain)


def _meanings(given: Sequence[str]) -> list[str]:
    """What each likelihood means, for all five levels or for none."""
    said = [text.replace("\x00", "").strip()[:80] for text in given]
    if not any(said):
        return []
    if len(said) != 5 or not all(said):
        raise Refused("Say for each of the five levels what it means, or for none.", field="likelihood_means_1")
    return said


def _sums(given: Sequence[int | None]) -> list[int]:
    """The most that each of the first four levels costs, rising, for all of them or for none."""
    if not any(given):
        return []
    sums = [amount for amount in given if amount]
    rises = all(low < high for low, high in pairwise(sums))
    if len(sums) != 4 or not rises or not 0 < sums[0] <= sums[-1] <= formats.LARGEST_MINOR:
        raise Refused(
            "Give a sum for each of the first four levels, each above the one before, or for none.",
            field="impact_money_1",
        )
    return sums
