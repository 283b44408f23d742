"""The closed vocabularies of the register. Values are stored; labels are what people read."""

from django.db.models import IntegerChoices, TextChoices

from vciso.tenancy.steps import Steps


class Status(TextChoices):
    """Where a risk stands. *Accepted* is no status: it follows from a live acceptance."""

    PROPOSED = "proposed", "Proposed"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


PLAN_KIND = "plan_approval"
"""The kind of the question whether to approve a plan; it is about the reference of the risk."""
PLAN_APPROVE = "approve"
"""The choice that approves it."""


class Treatment(TextChoices):
    """What the business decided to do about a risk."""

    UNDECIDED = "undecided", "To decide"
    REDUCE = "reduce", "Reduce"
    ACCEPT = "accept", "Accept"
    TRANSFER = "transfer", "Transfer"
    AVOID = "avoid", "Avoid"


class RatingKind(TextChoices):
    """The three ratings of a risk: without controls, as it is, and where the plan leads."""

    BEFORE = "before", "Before controls"
    NOW = "now", "Now"
    TARGET = "target", "Target"


class Band(IntegerChoices):
    """The severity of a score. The scores each band begins at are the client's to set."""

    NOT_RATED = 0, "Not rated"
    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"
    CRITICAL = 4, "Critical"


class LimitPosition(TextChoices):
    """How a risk compares with the limits the business set. Above means strictly above."""

    ABOVE = "above", "Above the limit"
    NEAR = "near", "At the limit"
    INSIDE = "inside", "Inside the limit"
    NO_LIMIT = "no_limit", "No limit set"
    NOT_RATED = "not_rated", "Not rated"


class PlanState(TextChoices):
    """A treatment plan: written, put to the owner or the board, answered, or replaced."""

    DRAFTED = "drafted", "Not approved yet"
    ASKED = "asked", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What was declined or withdrawn may be put again.
PLAN_STEPS = Steps(
    begins=frozenset({PlanState.DRAFTED}),
    follow={
        PlanState.DRAFTED: frozenset({PlanState.ASKED}),
        PlanState.ASKED: frozenset({PlanState.APPROVED, PlanState.DECLINED, PlanState.WITHDRAWN}),
        PlanState.APPROVED: frozenset({PlanState.WITHDRAWN}),
        PlanState.DECLINED: frozenset({PlanState.ASKED}),
        PlanState.WITHDRAWN: frozenset({PlanState.ASKED}),
    },
    by_answer={PlanState.APPROVED: "approve", PlanState.DECLINED: "decline"},
)


class RatingsKept(TextChoices):
    """What becomes of the ratings that stand when the scale changes."""

    KEEP = "keep", "Kept, and read by the new bands"
    REVIEW = "review", "Each open risk to be judged again"


class AcceptanceState(TextChoices):
    """What the record says of an acceptance. Whether a live one has run out follows from its date."""

    ASKED = "asked", "Waiting for an answer"
    LIVE = "live", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Request withdrawn"
    ENDED = "ended", "Ended early"
    LAPSED = "lapsed", "Lapsed"
    UNSIGNED = "unsigned", "No sign-off on record"


ACCEPTANCE_STEPS = Steps(
    begins=frozenset({AcceptanceState.ASKED, AcceptanceState.UNSIGNED}),
    follow={
        AcceptanceState.ASKED: frozenset({AcceptanceState.LIVE, AcceptanceState.DECLINED, AcceptanceState.WITHDRAWN}),
        AcceptanceState.LIVE: frozenset({AcceptanceState.ENDED, AcceptanceState.LAPSED}),
    },
    by_answer={AcceptanceState.LIVE: "accept", AcceptanceState.DECLINED: "decline"},
)


class StatementState(TextChoices):
    """What became of the limits as one statement, put to the owner or the board."""

    ASKED = "asked", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# An approval that was recorded from a call is withdrawn where the signer says it was never given.
STATEMENT_STEPS = Steps(
    begins=frozenset({StatementState.ASKED}),
    follow={
        StatementState.ASKED: frozenset({StatementState.APPROVED, StatementState.DECLINED, StatementState.WITHDRAWN}),
        StatementState.APPROVED: frozenset({StatementState.WITHDRAWN}),
    },
    by_answer={StatementState.APPROVED: "approve", StatementState.DECLINED: "decline"},
)


class ChangeState(TextChoices):
    """What became of a change of the library that was offered to a client."""

    WAITING = "waiting", "Waiting for a decision"
    ACCEPTED = "accepted", "Taken over"
    DECLINED = "declined", "Declined"
    REPLACED = "replaced", "Replaced by a newer one"


CHANGE_STEPS = Steps(
    begins=frozenset({ChangeState.WAITING}),
    follow={ChangeState.WAITING: frozenset({ChangeState.ACCEPTED, ChangeState.DECLINED, ChangeState.REPLACED})},
)


class AssessmentKind(TextChoices):
    """Why the register was assessed as a whole."""

    BASELINE = "baseline", "Baseline"
    PERIODIC = "periodic", "Periodic"
    TRIGGERED = "triggered", "After a change or an incident"


class AssessmentState(TextChoices):
    """How far an assessment is; from the request on it is frozen."""

    DRAFT = "draft", "Draft"
    ASKED = "asked", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Forward alone: what was declined or taken back stays as it was asked, and the next one is a new one.
ASSESSMENT_STEPS = Steps(
    begins=frozenset({AssessmentState.DRAFT}),
    follow={
        AssessmentState.DRAFT: frozenset({AssessmentState.ASKED}),
        AssessmentState.ASKED: frozenset(
            {AssessmentState.APPROVED, AssessmentState.DECLINED, AssessmentState.WITHDRAWN}
        ),
        AssessmentState.APPROVED: frozenset({AssessmentState.WITHDRAWN}),
    },
    by_answer={AssessmentState.APPROVED: "approve", AssessmentState.DECLINED: "decline"},
)


class EventKind(TextChoices):
    """The turns in the life of a risk: those that move its status, what became of its like, and its steps.

    The last four are what a new scale or limit made of it, with the rating it had.
    """

    PROPOSED = "proposed", "Proposed"
    RAISED = "raised", "Added"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"
    ABSORBED = "absorbed", "Took in a duplicate"
    RELEASED = "released", "A duplicate is open again"
    SPLIT = "split", "Split in two"
    UNDONE = "undone", "An import was taken back"
    STEP_ADDED = "step_added", "Step added"
    STEP_MOVED = "step_moved", "Step changed"
    LEVEL_UP = "level_up", "Counts as more serious by the new scale"
    LEVEL_DOWN = "level_down", "Counts as less serious by the new scale"
    LIMIT_OVER = "limit_over", "Above the limit now"
    LIMIT_IN = "limit_in", "No longer above the limit"


STATUS_AFTER = {
    EventKind.PROPOSED: Status.PROPOSED,
    EventKind.RAISED: Status.OPEN,
    EventKind.CLOSED: Status.CLOSED,
    EventKind.REOPENED: Status.OPEN,
}
TURNS = tuple(STATUS_AFTER)
"""The kinds of event that say whether a risk is proposed, open or closed."""


class ReviewOutcome(TextChoices):
    """What a review found. *Unchanged* is a record of its own: it differs from never opened."""

    UNCHANGED = "unchanged", "Reviewed, unchanged"
    CHANGED = "changed", "Reviewed and changed"
    UP = "up", "Worse than before"
    DOWN = "down", "Better than before"
    CLOSED = "closed", "Closed"


class LossForm(TextChoices):
    """What an event costs the business, by where the money goes."""

    DOWNTIME = "downtime", "Downtime"
    RESPONSE = "response", "Response and repair"
    FINES = "fines", "Fines and claims"
    LOST_SALES = "lost_sales", "Lost sales"
    OTHER = "other", "Other"


class EstimateKind(TextChoices):
    """What an estimate describes: the risk as it is, or what the plan is expected to leave of it."""

    NOW = "now", "As it is now"
    AFTER = "after", "After the plan"


UNCONFIRMED = "unconfirmed"
"""Key of an imported impact whose category nobody has confirmed; it meets the strictest limit."""

LIKELIHOOD_WORDS = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
IMPACT_WORDS = ("Minor", "Limited", "Serious", "Major", "Severe")
DEFAULT_CATEGORIES = (
    ("financial", "Financial", "Money lost, fines, cost of recovery"),
    ("operational", "Operational", "Days without a process the business lives on"),
    ("legal", "Legal", "Duties missed, claims, regulators"),
    ("reputation", "Reputation", "Customers and partners who turn away"),
    ("people", "People", "Harm to staff, customers or the public"),
)
STRATEGIC = ("strategic", "Strategic", "Plans of the business that would fail or wait")
