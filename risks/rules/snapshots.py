"""The register of a day as plain data that can be frozen, read again and compared with another."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from risks.enums import Band, LimitPosition, Status
from risks.rules.scoring import Scale


def fingerprint(words: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal digits, over the words and the facts of an assessment."""
    plain = json.dumps({"words": words, "facts": facts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RatingThen:
    """A rating as it was judged, with the band it meant on that day; `impacts` by the key of a category."""

    likelihood: int
    impact: int
    score: int
    band: Band
    reason: str
    impacts: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """ "15, high"."""
        return f"{self.score}, {self.band.label.lower()}"

    @property
    def product(self) -> str:
        """ "3 × 5": likelihood by the worst impact."""
        return f"{self.likelihood} × {self.impact}"


@dataclass(frozen=True, slots=True)
class RiskThen:
    """One risk as it stood on the day of a snapshot."""

    id: str
    reference: str
    title: str
    statement: str
    category: str
    owner: str
    status: str
    raised_on: dt.date
    closed_on: dt.date | None
    closed_reason: str
    before: RatingThen | None
    now: RatingThen | None
    target: RatingThen | None
    standing: str
    limit_sentence: str
    rank: int | None
    response: str
    next_step: str
    target_on: dt.date | None
    accepted_by: str
    accepted_until: dt.date | None
    reviewed_on: dt.date | None
    controls: str = ""
    affects: str = ""

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_above(self) -> bool:
        return self.is_open and self.standing == LimitPosition.ABOVE

    @property
    def score(self) -> int:
        return self.now.score if self.now else 0

    @property
    def level(self) -> Band:
        return self.now.band if self.now else Band.NOT_RATED


@dataclass(frozen=True, slots=True)
class Figures:
    """How many open risks there were, and how they stood."""

    open: int
    above: int
    near: int
    critical: int
    high: int
    not_rated: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of one category on the day."""

    key: str
    name: str
    words: str
    band: Band | None
    money_minor: int | None
    fifty_minor: int | None = None

    @property
    def says(self) -> tuple[Band | None, int | None, int | None]:
        return self.band, self.money_minor, self.fifty_minor


NO_LIMIT = (None, None, None)
"""What a category says that is not there, or has no limit."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A register as it stood at the end of a day: open risks by rank, then the closed ones."""

    as_of: dt.date
    limits: tuple[Limit, ...]
    risks: tuple[RiskThen, ...]
    figures: Figures
    scale: Scale | None = None

    def impacts(self, rating: RatingThen | None) -> list[tuple[str, int]]:
        """The impact in each category that a rating touches, by name, the worst first."""
        names = {limit.key: limit.name for limit in self.limits}
        found = rating.impacts.items() if rating else ()
        return [(names.get(key, key), level) for key, level in sorted(found, key=lambda pair: -pair[1])]

    @property
    def ranked(self) -> list[tuple[RiskThen, str]]:
        """The open risks, each with its present impacts in words: "legal 5, operational 4"."""
        return [
            (risk, ", ".join(f"{name.lower()} {level}" for name, level in self.impacts(risk.now))) for risk in self.open
        ]

    @property
    def open(self) -> tuple[RiskThen, ...]:
        return tuple(risk for risk in self.risks if risk.is_open)

    @property
    def above(self) -> tuple[RiskThen, ...]:
        return tuple(risk for risk in self.risks if risk.is_above)


def figures(risks: Iterable[RiskThen]) -> Figures:
    """Counted over the open ones."""
    found = [risk for risk in risks if risk.is_open]

    def number(fits: Any) -> int:
        return sum(1 for risk in found if fits(risk))

    return Figures(
        open=len(found),
        above=number(lambda risk: risk.is_above),
        near=number(lambda risk: risk.standing == LimitPosition.NEAR),
        critical=number(lambda risk: risk.level == Band.CRITICAL),
        high=number(lambda risk: risk.level == Band.HIGH),
        not_rated=number(lambda risk: risk.now is None),
        accepted=number(lambda risk: risk.accepted_until is not None),
    )


DAYS = ("raised_on", "closed_on", "target_on", "accepted_until", "reviewed_on")
RATINGS = ("before", "now", "target")


def read(facts: Mapping[str, Any]) -> Snapshot:
    """Facts as they were frozen, as a snapshot; the inverse of `selectors.assessment.facts_of`."""
    risks = tuple(_risk(entry) for entry in facts["risks"])
    return Snapshot(
        as_of=dt.date.fromisoformat(facts["as_of"]),
        limits=tuple(Limit(**{**line, "band": _band(line["band"])}) for line in facts["limits"]),
        risks=risks,
        figures=figures(risks),
        scale=Scale.of(facts["scale"]) if "scale" in facts else None,
    )


def _band(number: int | None) -> Band | None:
    return Band(number) if number else None


def _risk(entry: Mapping[str, Any]) -> RiskThen:
    days = {name: dt.date.fromisoformat(entry[name]) if entry[name] else None for name in DAYS}
    ratings = {name: RatingThen(**{**given, "band": Band(given["band"])}) if (given := entry[name]) else None
               for name in RATINGS}  # fmt: skip
    return RiskThen(**{**entry, **days, **ratings})


NEW, REOPENED, CLOSED, CAME_AND_WENT = "new", "reopened", "closed", "came_and_went"
UP, DOWN, RATED, SAME = "up", "down", "rated", "same"


@dataclass(frozen=True, slots=True)
class Move:
    """What became of one risk from the earlier snapshot to the later, and why.

    `kind` is new, reopened, closed, came_and_went (raised and closed in between), up, down, rated (for
    the first time) or same; one side is None where the risk did not exist for it. `risk` is the risk in
    its latest words.
    """

    kind: str
    risk: RiskThen
    earlier: RiskThen | None
    later: RiskThen | None
    reason: str = ""

    @property
    def crossed(self) -> str:
        """Whether it passed its limit meanwhile, in words; "" where it did not."""
        was, now = bool(self.earlier and self.earlier.is_above), bool(self.later and self.later.is_above)
        if self.kind not in (UP, DOWN, RATED, SAME) or was == now:
            return ""
        return "now above the limit" if now else "no longer above the limit"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two snapshots side by side: every risk that was open in one of them, once."""

    earlier: Snapshot
    later: Snapshot
    moves: tuple[Move, ...]
    limits: tuple[tuple[str, Limit | None, Limit | None], ...]

    def of(self, *kinds: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.kind in kinds)


def compare(earlier: Snapshot, later: Snapshot) -> Comparison:
    """What moved between two snapshots; neither is read from the register again.

    What was open, with the new and reopened and without the closed, is what is open later; what came
    and went in between is told apart. Scores decide up and down, as each was judged by the scale of
    its own day.
    """
    before = {risk.id: risk for risk in earlier.risks}
    after = {risk.id: risk for risk in later.risks}
    order = [*after, *(key for key in before if key not in after)]
    moves = [move for key in order if (move := _move(before.get(key), after.get(key)))]
    return Comparison(earlier, later, tuple(moves), _limits_moved(earlier, later))


def _move(was: RiskThen | None, now: RiskThen | None) -> Move | None:
    if now is None:
        return Move(CLOSED, was, was, None) if was and was.is_open else None
    if not now.is_open:
        gone = CAME_AND_WENT if was is None else CLOSED
        return Move(gone, now, was, now, now.closed_reason) if was is None or was.is_open else None
    if was is None:
        return Move(NEW, now, None, now)
    if not was.is_open:
        return Move(REOPENED, now, was, now)
    reason = now.now.reason if now.now else ""
    if now.now is not None and was.now is None:
        return Move(RATED, now, was, now, reason)
    if now.score == was.score:
        return Move(SAME, now, was, now)
    return Move(UP if now.score > was.score else DOWN, now, was, now, reason)


def _limits_moved(earlier: Snapshot, later: Snapshot) -> tuple[tuple[str, Limit | None, Limit | None], ...]:
    """Each category whose limit differs: its name, the limit then and the limit later."""
    before = {limit.key: limit for limit in earlier.limits}
    after = {limit.key: limit for limit in later.limits}
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if (was.says if was else NO_LIMIT) != (now.says if now else NO_LIMIT):
            found.append(((now or was).name, was, now))  # type: ignore[union-attr]  # one of both exists
    return tuple(found)
