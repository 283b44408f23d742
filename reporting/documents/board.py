"""The quarterly board pack: answers, then decisions, then the evidence for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reporting import definitions
from reporting.documents.base import About, Edition, Figure, Movement, Record, Term, Words
from reporting.documents.blocks import (
    Acceptances,
    Change,
    Coming,
    Hours,
    Limits,
    Plan,
    Risks,
    Status,
)

QuestionKey = Literal["protected", "top-risk", "obligations", "material"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of the four questions a board asks, with how sure the answer is and why.

    `state` "unknown" prints the honest sentence without a mark of good or bad.
    """

    key: QuestionKey
    state: Literal["ok", "watch", "off", "unknown"]
    answer: str
    text: str
    figures: tuple[Figure, ...] = ()
    was: str = ""
    movement: Movement = "first"
    confidence: Literal["high", "medium", "low"] = "low"
    confidence_why: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a decision; costs in minor units, None when not known."""

    label: str
    cost_minor: int | None = None
    yearly_cost_minor: int | None = None
    result: str = ""
    recommended: bool = False
    do_nothing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCard:
    """A decision asked of the board."""

    record: Record
    title: str
    question: str
    background: str = ""
    options: tuple[Option, ...] = ()
    recommendation: str = ""
    cost_of_delay: str = ""
    asked_of: str = ""
    decide_by: date | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDecision:
    """A decision of an earlier meeting and what became of it."""

    record: Record
    title: str
    outcome: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the board is asked now, and what it decided before."""

    asked: tuple[DecisionCard, ...]
    total: Figure
    cost: Figure
    minutes: Figure
    earlier: tuple[EarlierDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A risk told as a story: of the top while too few are estimated, then of those that make the worst years."""

    title: str
    text: str
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateSource:
    """What makes the simulated years of one risk again, to three digits."""

    record: Record
    estimate_id: str
    seed: int
    method: str
    numpy_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadYear:
    """What the estimated risks cost together, over 10,000 simulated years.

    With fewer than three estimated risks there are no rows and no curve: they say too little.
    `curve` pairs a sum in minor units with the share of years above it.
    """

    estimated: Figure
    open: Figure
    rows: tuple[tuple[str, Figure], ...] = ()
    exceeding: Figure | None = None
    tolerance_minor: int | None = None
    curve: tuple[tuple[float, float], ...] = ()
    sources: tuple[EstimateSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """A policy that is in force, overdue, or waiting for approval."""

    record: Record
    title: str
    version: str = ""
    approver: str = ""
    approved_on: date | None = None
    review_due: date | None = None
    state: Literal["in force", "due", "overdue", "awaiting approval", "draft"] = "in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The written programme. `rows` are those that need attention or changed, then others."""

    rows: tuple[PolicyRow, ...]
    total: Figure
    in_force: Figure
    overdue: Figure
    awaiting: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """Suppliers of one tier by the state of their review."""

    tier: str
    meaning: str
    total: Figure
    current: Figure
    due: Figure
    overdue: Figure
    never: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRow:
    """A supplier the business depends on."""

    record: Record
    name: str
    service: str = ""
    tier: str = ""
    holds: str = ""
    last_review: date | None = None
    result: str = ""
    review_due: date | None = None
    contract_end: date | None = None
    notice_by: date | None = None
    state: Literal["current", "due", "overdue", "never reviewed"] = "current"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppliers:
    """The ten that matter most, and the whole inventory by tier."""

    rows: tuple[SupplierRow, ...]
    tiers: tuple[TierRow, ...]
    total: Figure
    critical: Figure
    overdue: Figure
    never: Figure
    concentration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """Something the business runs on, and how long it can do without."""

    record: Record
    name: str
    holds: str = ""
    run_by: str = ""
    owner: str = ""
    tolerable_hours: int | None = None
    restore_order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWorth:
    """What the plan for one risk removes in an average year, beside what it costs in a year.

    `removed` and `each` are None while the risk is not estimated before and after; then `moves` says
    how its level changes. `reasonable`: the cost is no greater than what is removed.
    """

    record: Record
    title: str
    response: str
    approved: bool
    a_year: Figure
    removed: Figure | None = None
    each: Figure | None = None
    moves: str = ""
    reasonable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The plans ranked by expected loss removed for the money, and how many there are."""

    rows: tuple[PlanWorth, ...]
    plans: Figure


@dataclass(frozen=True, slots=True)
class RiskChange:
    """A risk whose rating or state changed in the quarter."""

    record: Record
    title: str
    change: str
    on: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How sure the figures are: what share was reviewed, what changed, what words mean."""

    quality: tuple[tuple[str, Figure], ...] = ()
    changed: tuple[RiskChange, ...] = ()
    glossary: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPack:
    """Everything the board templates print. `words` is filled by `words.apply`."""

    about: About
    edition: Edition
    status: Status
    answers: tuple[Answer, ...]
    changes: tuple[Change, ...]
    decisions: Decisions
    risks: Risks
    scenarios: tuple[Scenario, ...]
    accepted: Acceptances
    policies: Policies
    suppliers: Suppliers
    systems: tuple[SystemRow, ...]
    plan: Plan
    hours: Hours
    priorities: tuple[Coming, ...]
    method: Method
    bad_year: BadYear | None = None
    worth: Worth | None = None
    limits: Limits | None = None
    definitions: tuple[Term, ...] = definitions.ALL
    words: tuple[Words, ...] = ()
