"""The blocks that a monthly report and a board pack share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reporting.documents.base import Figure, Movement, Record

Position = Literal["above", "at", "inside", "no limit", "not rated"]
StatusWord = Literal["Not known yet", "Inside your limits", "Watch", "Act now"]
DueState = Literal["overdue", "due", "later", "not known"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for the status word, with the record it comes from."""

    text: str
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The computed word for where the client stands, and the printed one if set worse."""

    word: StatusWord
    computed: StatusWord
    reasons: tuple[Reason, ...] = ()
    override_reason: str = ""
    was: str = ""
    movement: Movement = "first"


@dataclass(frozen=True, slots=True)
class Rating:
    """Likelihood and the impact of the worst category, with its score, band and step."""

    likelihood: int
    impact: int
    score: int
    band: str
    step: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit the business set for a category: a band and the highest score inside it."""

    category: str
    band: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimit:
    """What the business set for one way to be hurt, in its own words; without band and sum it set nothing.

    `record` is the row that holds on the day, `since` the day it holds from. `approved` says what the
    business approved last, where this was set since and not approved.
    """

    record: Record | None
    category: str
    words: str = ""
    band: str = ""
    money_minor: int | None = None
    set_by: str = ""
    since: date | None = None
    approved: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """The version of the limits that the business approved last, by whom and when.

    Not `confirmed`: somebody wrote the answer down, and the signer has not confirmed it yet.
    """

    record: Record
    version: int
    by: str
    on: date
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits in force on the day, who approved them, and who signs for a risk.

    `approval` covers every category but those in `changed`, whose limit was set since. `waiting_for` is
    who was asked for the next version and has not answered, `authority` the agreement that `signing` says in
    words, if there is one besides the usual.
    """

    rows: tuple[SetLimit, ...]
    set: Figure
    tolerance: SetLimit | None = None
    approval: Approval | None = None
    changed: tuple[str, ...] = ()
    waiting_for: str = ""
    signing: str = ""
    authority: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """One ranked risk. `sentence` is cause, event and consequence in plain words.

    `movement` is about exposure: "worse" means the score rose. `change` is printed
    beside the arrow ("new", "was 16", "same"). `loss_minor` is what one year in `loss_years`
    may cost, in minor units, where the risk is estimated.
    """

    record: Record
    rank: int
    title: str
    sentence: str
    rating: Rating | None = None
    limit: Limit | None = None
    position: Position = "not rated"
    why: str = ""
    owner: str = ""
    owner_role: str = ""
    response: str = ""
    next_step: str = ""
    due: date | None = None
    was_score: int | None = None
    was_rank: int | None = None
    movement: Movement = "first"
    is_new: bool = False
    accepted_until: date | None = None
    history: tuple[int, ...] = ()
    loss_minor: int | None = None
    loss_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risks:
    """The top of the register and what the whole register looks like.

    `rows` may be fewer than `total`; the page says "6 of 41 risks shown". `scores` keeps
    every rated open risk's score by id, for the next report to compare with. `at_start` + `opened` +
    `reopened` - `closed` = `total`; a report from before these were told apart has neither of the two.
    """

    rows: tuple[RiskRow, ...]
    total: Figure
    above: Figure
    unrated: Figure
    without_limit: Figure
    opened: Figure
    closed: Figure
    worse: Figure
    better: Figure
    reviewed: Figure
    left_the_list: tuple[Reason, ...] = ()
    show_heat_map: bool = False
    above_history: tuple[tuple[str, int], ...] = ()
    scores: tuple[tuple[str, int], ...] = ()
    at_start: Figure | None = None
    reopened: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed: better, worse, new or unchanged, with its record.

    A line that speaks of several risks together names their records in `others`.
    """

    kind: Literal["better", "worse", "new", "same"]
    title: str
    text: str = ""
    record: Record | None = None
    others: tuple[Record, ...] = ()

    @property
    def risks(self) -> int:
        """How many risks the line speaks of."""
        return len(self.others) or 1


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that was looked at and found unchanged, and when."""

    what: str
    on: date
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Something with a date ahead, or late. `days_late` is set when it is overdue."""

    on: date | None
    what: str
    kind: str = ""
    who: str = ""
    state: DueState = "later"
    days_late: int = 0
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The dates of a stretch of days, overdue first."""

    rows: tuple[Coming, ...]
    total: Figure
    overdue: Figure
    days: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """A piece of running work: how much is done, when it is due and whether it is on track.

    `done` of `total` steps is None when no steps are recorded: the bar is then left out.
    """

    record: Record
    what: str
    who: str = ""
    due: date | None = None
    done: int | None = None
    total: int | None = None
    state: Literal["done", "on track", "late", "blocked", "no date"] = "on track"
    days_late: int = 0
    blocked_by: str = ""
    was_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The running work: open, finished in the period, late."""

    rows: tuple[PlanItem, ...]
    open: Figure
    finished: Figure
    late: Figure
    promised: Figure | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Minutes of one kind of work in the period."""

    what: str
    minutes: int


@dataclass(frozen=True, slots=True)
class MonthMinutes:
    """A month's used and included minutes, for the small columns."""

    label: str
    used: int
    included: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours used of those included, by activity and month, and the fee."""

    used: Figure
    included: Figure
    left: Figure
    client_time: Figure
    fee: Figure
    activities: tuple[Activity, ...] = ()
    months: tuple[MonthMinutes, ...] = ()
    next_commitment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A risk somebody accepted, by whom, why and until when."""

    record: Record
    risk: Record
    what: str
    why: str = ""
    by: str = ""
    since: date | None = None
    until: date | None = None
    condition: str = ""
    meanwhile: str = ""
    exposure: str = ""
    step: int = 0
    renewals: int = 0
    state: Literal["in force", "ending soon", "expired"] = "in force"
    then: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptances:
    """Accepted risks and how their number moved: opening + new - ended - expired = closing.

    `exposure` is what those in force cost together in an average year, as far as they are estimated.
    """

    rows: tuple[Accepted, ...]
    in_force: Figure
    ending: Figure
    expired: Figure
    opening: Figure
    new: Figure
    ended: Figure
    lapsed: Figure
    exposure: Figure | None = None
    days: int = 90
