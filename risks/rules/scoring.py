"""How a risk is scored, banded, compared with the limits and ranked. Pure functions, no database.

Score = likelihood × impact, each 1 to 5. A rating holds one likelihood and one impact per
category; the worst category gives the score. Scores are never typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from risks.enums import IMPACT_WORDS, LIKELIHOOD_WORDS, UNCONFIRMED, Band, LimitPosition

LOWEST, HIGHEST = 1, 5


class OutOfScale(ValueError):
    """A likelihood or impact that is not a whole number from 1 to 5."""


def level(value: object, what: str = "The value") -> int:
    """The value as a level of the scale, or OutOfScale with the value and the remedy."""
    if isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST:
        return value
    raise OutOfScale(f"{what} is “{str(value)[:40]}”. Give a whole number from 1 to 5.")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale, in words; `cost` is from which sum to which an impact costs, an open end None."""

    number: int
    likelihood: str
    means: str
    impact: str
    cost: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """The client's bands and words. The defaults give 1–5, 6–10, 12–16 and 20–25."""

    low_to: int = 5
    medium_to: int = 10
    high_to: int = 16
    likelihood_words: tuple[str, ...] = LIKELIHOOD_WORDS
    impact_words: tuple[str, ...] = IMPACT_WORDS
    likelihood_means: tuple[str, ...] = ()
    impact_money: tuple[int, ...] = ()

    def meaning(self, likelihood: int) -> str:
        """What a likelihood means in the client's words; empty where nothing was agreed."""
        return self.likelihood_means[likelihood - 1] if self.likelihood_means else ""

    def cost(self, impact: int) -> tuple[int | None, int | None]:
        """From which sum to which an impact costs, in minor units; an open end is None."""
        if not self.impact_money:
            return None, None
        low = self.impact_money[impact - 2] if impact > LOWEST else None
        return low, self.impact_money[impact - 1] if impact < HIGHEST else None

    def band(self, score: int | None) -> Band:
        """The band of a score: 15 is high by default. No score is not rated, never low."""
        if not score:
            return Band.NOT_RATED
        if score <= self.low_to:
            return Band.LOW
        if score <= self.medium_to:
            return Band.MEDIUM
        return Band.HIGH if score <= self.high_to else Band.CRITICAL

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Scale:
        """The scale that was kept as plain values."""
        parts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
        }
        return cls(**parts)

    def plain(self) -> dict[str, Any]:
        """As it is kept where a record freezes it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def levels(self) -> tuple[Level, ...]:
        words = zip(self.likelihood_words, self.impact_words, strict=True)
        return tuple(
            Level(number, likelihood, self.meaning(number), impact, self.cost(number))
            for number, (likelihood, impact) in enumerate(words, start=1)
        )

    def ranges(self) -> list[tuple[Band, int, int]]:
        """Each band with its lowest and highest possible product, as the legend prints them."""
        products = sorted({a * b for a in range(1, 6) for b in range(1, 6)})
        found = []
        for band in (Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL):
            inside = [score for score in products if self.band(score) == band]
            if inside:
                found.append((band, inside[0], inside[-1]))
        return found


@dataclass(frozen=True, slots=True)
class Rating:
    """One likelihood with one impact per category."""

    likelihood: int
    impacts: Mapping[str, int]

    @property
    def impact(self) -> int:
        """The worst impact among the categories."""
        return max(self.impacts.values(), default=0)

    @property
    def score(self) -> int:
        """Likelihood × worst impact: possible (3) × severe (5) = 15."""
        return self.likelihood * self.impact


def rating(likelihood: int | None, impacts: Mapping[str, int | None] | None) -> Rating | None:
    """The rating, or None where the likelihood or every impact is missing."""
    given = {key: value for key, value in (impacts or {}).items() if value is not None}
    if likelihood is None or not given:
        return None
    level(likelihood, "The likelihood")
    for key, value in given.items():
        level(value, f"The impact “{key}”")
    return Rating(likelihood, given)


def above_now(target: Rating | None, now: Rating | None) -> str:
    """Why a target cannot be set: it scores above what the risk is rated now. Empty where it can be.

    A risk may fall below its target later; the target then is met.
    """
    if target is None or now is None or target.score <= now.score:
        return ""
    return (
        f"A target of {target.score} is above the {now.score} that the risk is rated now. "
        f"Set it at {now.score} or below."
    )


def stepped(now: Rating, *, up: bool) -> Rating:
    """The rating one step up or down, as a review proposes it: likelihood first, then the worst impacts.

    At the end of the scale it stays as it is. Possible (3), severe (5) goes up to likely (4).
    """
    to = 1 if up else -1
    if LOWEST <= now.likelihood + to <= HIGHEST:
        return Rating(now.likelihood + to, now.impacts)
    if not LOWEST <= now.impact + to <= HIGHEST:
        return now
    return Rating(
        now.likelihood, {key: now.impact + to if value == now.impact else value for key, value in now.impacts.items()}
    )


@dataclass(frozen=True, slots=True)
class Years:
    """Sums of one year in ten and of one year in fifty, in minor units: what they cost, or may cost at most."""

    ten: int | None = None
    fifty: int | None = None


PERIODS = {"ten": 10, "fifty": 50}
"""Each return period that a limit in money may name, with its years."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a risk stands against the limits, and the categories that decide it.

    `kind` compares the rating alone. `loss` is that of one year in `years`, `over` how far it passes the
    lowest money limit for such a year among the risk's categories, in minor units; both are 0 without
    an estimate. Of the two return periods the one that is further over its limit decides.
    """

    kind: LimitPosition
    bands_above: int = 0
    category: str = ""
    band: Band = Band.NOT_RATED
    limit: Band = Band.NOT_RATED
    loss: int = 0
    over: int = 0
    money_limit: int = 0
    money_category: str = ""
    years: int = PERIODS["ten"]

    @property
    def standing(self) -> LimitPosition:
        """Rating and money together: above either is above."""
        return LimitPosition.ABOVE if self.over else self.kind

    @property
    def is_above(self) -> bool:
        return self.standing == LimitPosition.ABOVE


def limit_for(category: str, limits: Mapping[str, int | None]) -> int | None:
    """The limit of a category, a band or a sum; an unconfirmed one meets the strictest limit there is."""
    if category == UNCONFIRMED:
        return min((limit for limit in limits.values() if limit), default=None)
    return limits.get(category)


def position(
    now: Rating | None,
    limits: Mapping[str, int | None],
    scale: Scale,
    *,
    loss: Years | None = None,
    money_limits: Mapping[str, Years] | None = None,
) -> Position:
    """Compare a rating, and the losses of rare years where they are estimated, with the limits.

    The total loss is compared with the lowest money limit among the categories that the risk
    touches, so a risk that is not rated has no limit to pass. Above either limit is above.
    """
    place = _by_rating(now, limits, scale)
    if now is None or loss is None:
        return place
    in_money = [_in_money(place, now, loss, money_limits or {}, period) for period in PERIODS]
    return max(in_money, key=lambda one: one.over)


def _in_money(place: Position, now: Rating, loss: Years, money_limits: Mapping[str, Years], period: str) -> Position:
    """The position with the loss of one return period beside the lowest limit for it."""
    sum_ = getattr(loss, period) or 0
    limits = {key: getattr(limit, period) for key, limit in money_limits.items()}
    found = {key: limit_for(key, limits) for key in sorted(now.impacts)}
    place = replace(place, loss=sum_, years=PERIODS[period])
    lowest = min(((limit, key) for key, limit in found.items() if limit), default=None)
    if lowest is None:
        return place
    limit, key = lowest
    return replace(place, over=max(0, sum_ - limit), money_limit=limit, money_category=key)


def _by_rating(now: Rating | None, limits: Mapping[str, int | None], scale: Scale) -> Position:
    """Compare a rating with the limits.

    The category furthest above its limit decides; equal to the limit is near. Where nothing is
    above or near and a touched category has no limit, the answer is "no limit set": unknown is
    never counted as inside. Example: likelihood 3, operational 5 gives 15, high; with a limit of
    medium it is one band above.
    """
    if now is None:
        return Position(LimitPosition.NOT_RATED)
    furthest: Position | None = None
    unlimited: Position | None = None
    for category, impact in sorted(now.impacts.items(), key=lambda item: (-item[1], item[0])):
        band = scale.band(now.likelihood * impact)
        limit = limit_for(category, limits)
        if limit is None:
            unlimited = unlimited or Position(LimitPosition.NO_LIMIT, 0, category, band)
            continue
        distance = band - limit
        kind = LimitPosition.ABOVE if distance > 0 else LimitPosition.INSIDE
        if distance == 0:
            kind = LimitPosition.NEAR
        if furthest is None or distance > furthest.band - furthest.limit:
            furthest = Position(kind, max(0, distance), category, band, Band(limit))
    if furthest is None or (furthest.kind == LimitPosition.INSIDE and unlimited):
        return unlimited or Position(LimitPosition.NOT_RATED)
    return furthest


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the order of risks depends on. Technical severity is no input."""

    position: Position
    score: int
    raised_on: date
    number: int
    obligations: int = 0

    def key(self) -> tuple[bool, int, int, int, int, date, int]:
        """Sorts the most pressing risk first.

        Above the limit; bands above it; open obligations that apply; loss of a rare year over its
        limit (0 without an estimate); score; oldest; reference.
        """
        return (
            not self.position.is_above,
            -self.position.bands_above,
            -self.obligations,
            -self.position.over,
            -self.score,
            self.raised_on,
            self.number,
        )


def why(
    ranked: Ranked,
    names: Mapping[str, str],
    *,
    money: str = "",
    obligations: Sequence[str] = (),
) -> str:
    """The sentences that explain a rank, in words an owner reads, with the score for those who rate.

    "One level above your limit for operational: high, where the limit is medium. Score 15."
    `money` is the sentence about the loss, as `against_limit` takes it.
    """
    applies = f" {', '.join(obligations)} applies." if obligations else ""
    score = "" if ranked.position.kind == LimitPosition.NOT_RATED else f"{applies} Score {ranked.score}."
    return against_limit(ranked.position, names, money) + score


def against_limit(place: Position, names: Mapping[str, str], money: str = "") -> str:
    """How far from which limit, without a score: "One level above your limit for operational: …".

    `money` says how far the loss is over its limit. Where the rating alone is inside, it stands by itself.
    """
    if money and place.kind != LimitPosition.ABOVE:
        return money
    return f"{_rated_against(place, names)} {money}".strip()


UNPLACED = "since its category is still to be confirmed"
"""Why an imported impact meets the strictest limit of all: nobody has said which one is its own."""


def _rated_against(place: Position, names: Mapping[str, str]) -> str:
    if place.category == UNCONFIRMED:
        return _rated_against_the_strictest(place)
    name = names.get(place.category, place.category).lower()
    if place.kind == LimitPosition.NOT_RATED:
        return "Not rated yet, so it cannot be compared with your limits."
    band, limit = place.band.label.lower(), place.limit.label.lower()
    if place.kind == LimitPosition.ABOVE:
        return f"{_steps(place)} above your limit for {name}: {band}, where the limit is {limit}."
    if place.kind == LimitPosition.NEAR:
        return f"At your limit for {name}: {band}."
    if place.kind == LimitPosition.NO_LIMIT:
        return f"No limit is set for {name}; it is {band} there."
    return f"Inside your limits; nearest is {name}: {band}, where the limit is {limit}."


def _rated_against_the_strictest(place: Position) -> str:
    band, limit = place.band.label.lower(), place.limit.label.lower()
    if place.kind == LimitPosition.ABOVE:
        return f"{_steps(place)} above the strictest of your limits, {UNPLACED}: {band}, where that limit is {limit}."
    if place.kind == LimitPosition.NEAR:
        return f"At the strictest of your limits, {UNPLACED}: {band}."
    if place.kind == LimitPosition.NO_LIMIT:
        return f"No limit is set to compare it with; it is {band}, and its category is still to be confirmed."
    return f"Inside the strictest of your limits, {UNPLACED}: {band}, where that limit is {limit}."


def _steps(place: Position) -> str:
    return "One level" if place.bands_above == 1 else f"{_count(place.bands_above)} levels"


def _count(number: int) -> str:
    return {1: "One", 2: "Two", 3: "Three"}.get(number, str(number))


def statement(cause: str, event: str, consequence: str) -> str:
    """The risk in one breath: *{cause}. If {event}, it would mean {consequence}.*

    Parts that are missing are left out rather than guessed; what the sentence says itself is not said twice.
    """
    cause, event, consequence = (_bare(part) for part in (cause, event, consequence))
    event, consequence = _OPENING_IF.sub("", event), _WOULD_MEAN.sub("", consequence)
    parts = [f"{_capital(cause)}."] if cause else []
    if event and consequence:
        parts.append(f"If {_lower(event)}, it would mean {_lower(consequence)}.")
    elif event:
        parts.append(f"It could happen that {_lower(event)}.")
    elif consequence:
        parts.append(f"It would mean {_lower(consequence)}.")
    return " ".join(parts)


_OPENING_IF = re.compile(r"^if (?=\S)", re.IGNORECASE)
_WOULD_MEAN = re.compile(r"^(it|this|that) would mean (?=\S)", re.IGNORECASE)


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(".,")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """Lower the first letter where the first word is surely no name."""
    first, _, rest = text.partition(" ")
    follows_name = rest[:1].isupper() or rest[:1].isdigit()
    first = first.rstrip(",;:")
    plain = first in _PLAIN_STARTS or (first[1:].islower() and first.endswith(_PLAIN_ENDINGS))
    return text[:1].lower() + text[1:] if plain and not follows_name else text


_PLAIN_STARTS = frozenset(
    "A An The Our Your Their Its Some Someone Somebody Anyone Nobody Everyone Staff People They We "
    "It There This That These Those No One Two Several Many Any All Each Every Both More Less Up "
    "Data Money Loss Theft Fraud Days Weeks Hours Revenue Downtime Work Orders Sales Access "
    "Core Cover Backups Accounts Systems Suppliers Records Files Emails Patients Clients Customers Criminals "
    "Thieves Hackers Insiders Laptops Phones Servers Passwords Invoices Production Images "
    "Account Accounts Attacker Attackers Breach Buyer Buyers Business Card Care Cash Client Clinic Company Complaint "
    "Complaints Contract Contracts Cost Costs Credential Credentials Criminal Customer Damage Deal Deals Delays "
    "Employee Employees Family Fines Fire Flood Income Jobs Lawsuits Legal Network Notice Notices Order Outage "
    "Outages Patient Payments Penalties Product Products Regulatory Rogue Site Sites Strangers Supplier System "
    "Trust Users Viruses "
    "Admin Automated Full Permanent Serious Severe Slow Small Large Physical Public Financial Reputational "
    "Sensitive Personal Private Confidential Former Old New Weak Lost Stolen Shared Remote".split()
)
_PLAIN_ENDINGS = ("ing", "tion", "tions", "ment", "ments", "ware", "ers", "ors", "ages", "ity")
