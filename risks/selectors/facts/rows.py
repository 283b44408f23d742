"""A risk, its ratings and its acceptance as they stood on a day, frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from risks.enums import Band, LimitPosition, Status
from risks.rules import scoring
from risks.rules.treating import Cost
from risks.selectors.frame import Frame
from risks.selectors.weighing import Outlook


@dataclass(frozen=True, slots=True)
class RatingFact:
    """One rating with its band, and the row it was read from."""

    id: UUID
    likelihood: int
    impact: int
    impacts: Mapping[str, int]
    score: int
    band: Band
    reason: str
    happened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """One acceptance as of a day; `state` is already worked out for that day.

    `renewals` counts how often it was asked for anew while the one before was in force.
    """

    id: UUID
    risk_id: UUID
    reference: str
    title: str
    state: str
    words: str
    signer: str
    signed_on: dt.date | None
    until: dt.date | None
    days_left: int | None
    reason: str
    conditions: str
    measure: str
    band: Band
    score: int
    recorded: bool
    confirmed: bool
    requested_on: dt.date
    ended_on: dt.date | None
    is_live: bool
    renewals: int

    @property
    def ran_out(self) -> bool:
        """Whether its last day passed before anything else ended it."""
        if self.signed_on is None or self.is_live or self.until is None:
            return False
        return self.ended_on is None or self.ended_on > self.until


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One risk as it stood on a day, compared with the limits of that day.

    `cost` is that of the plan, or of its steps where they take more together.
    """

    id: UUID
    reference: str
    number: int
    version: int
    title: str
    cause: str
    event: str
    consequence: str
    statement: str
    controls: str
    affects: str
    category: str
    owner_id: UUID | None
    owner: str
    status: str
    raised_on: dt.date
    closed_on: dt.date | None
    closed_reason: str
    before: RatingFact | None
    now: RatingFact | None
    target: RatingFact | None
    position: scoring.Position
    is_estimated: bool
    limit_category: str
    limit: str
    treatment: str
    response: str
    next_step: str
    target_on: dt.date | None
    plan_id: UUID | None
    plan_state: str
    plan_is_live: bool
    cost: Cost
    outlook: Outlook
    acceptance: AcceptanceRow | None
    last_reviewed_on: dt.date | None
    review_is_stale: bool
    is_late: bool
    rank: int | None
    rank_sentence: str
    limit_sentence: str

    @property
    def band(self) -> Band:
        return self.now.band if self.now else Band.NOT_RATED

    @property
    def score(self) -> int:
        return self.now.score if self.now else 0

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_above(self) -> bool:
        """Above a limit; an acceptance does not change that."""
        return self.is_open and self.position.is_above

    @property
    def is_near(self) -> bool:
        return self.is_open and self.position.standing == LimitPosition.NEAR

    @property
    def is_accepted(self) -> bool:
        return self.is_open and self.acceptance is not None and self.acceptance.is_live

    @property
    def calls_for_action(self) -> bool:
        """Above a limit without a live acceptance or an approved plan in time."""
        return self.is_above and not self.is_accepted and not self.plan_is_live


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The register on a day: open risks by rank first, then proposed, then closed."""

    as_of: dt.date
    frame: Frame
    rows: tuple[RiskRow, ...]

    @property
    def open(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if row.is_open)

    @property
    def above(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if row.is_above)

    @property
    def near(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if row.is_near)

    @property
    def not_rated(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.open if row.now is None)

    @property
    def calling_for_action(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if row.calls_for_action)

    def get(self, reference: str) -> RiskRow | None:
        return next((row for row in self.rows if row.reference == reference), None)
