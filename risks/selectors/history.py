"""Everything that happened to one risk, newest first."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    JSONField,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from engagements.enums import AskState, Confirmation
from engagements.models import Ask
from engagements.models.asks import signed_as
from risks.enums import (
    PLAN_APPROVE,
    PLAN_KIND,
    AcceptanceState,
    Band,
    EstimateKind,
    EventKind,
    PlanState,
    RatingKind,
    ReviewOutcome,
    Treatment,
)
from risks.models import Acceptance, Risk, RiskEstimate, RiskEvent, RiskRating, RiskReview, RiskWording, TreatmentPlan
from risks.models.wording import SAID
from risks.rules import scoring
from risks.rules.rewording import Piece, differing
from risks.selectors.frame import Scales
from risks.selectors.weighing import Outlook, cost_words
from risks.selectors.wording import full_day, one_in_ten, rating_words
from vciso.tenancy.models import Client
from vciso.tenancy.statements import Statement
from vciso.web import formats

RATED = {RatingKind.BEFORE: "before controls", RatingKind.NOW: "now", RatingKind.TARGET: "as target"}


ESTIMATED = {EstimateKind.NOW: "Estimated", EstimateKind.AFTER: "Estimated as the plan leaves it"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: what in bold, then who, then why, then each part that reads otherwise now.

    `ask` is the reference of the question that the line tells of; `signed` where its answer is on record.
    """

    at: dt.datetime
    icon: str
    tone: str
    what: str
    who: str = ""
    why: str = ""
    parts: tuple[tuple[str, list[Piece]], ...] = ()
    ask: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One rating, estimate, event, review, wording or question about a plan as the timeline needs it.

    `numbers` are the impacts of a rating by category, the figures of an estimate, the parts of a
    wording by name, or what became of a question.
    """

    source: str
    kind: str
    likelihood: int
    numbers: dict[str, Any]
    words: str
    at: dt.datetime
    recorded_at: dt.datetime
    who: str

    @property
    def score(self) -> int:
        return self.likelihood * max(self.numbers.values(), default=0)


@dataclass(frozen=True, slots=True)
class Sources:
    """The rows behind a timeline, each list newest first."""

    turns: list[Turn]
    plans: list[TreatmentPlan]
    acceptances: list[Acceptance]

    def estimates(self, kind: str) -> list[Turn]:
        """The estimates of a kind, the one that counts first."""
        return [turn for turn in self.turns if turn.source == ESTIMATE and turn.kind == kind]

    def outlook(self) -> Outlook:
        """The risk as it is and as its plan is expected to leave it, by the newest of each kind."""
        now, after = self.estimates(EstimateKind.NOW), self.estimates(EstimateKind.AFTER)
        return Outlook(
            now=self._rated(RatingKind.NOW),
            target=self._rated(RatingKind.TARGET),
            mean=now[0].numbers["mean"] if now else None,
            mean_after=after[0].numbers["mean"] if after else None,
            losses_after=scoring.Years(after[0].numbers["one_in_ten"], after[0].numbers["one_in_fifty"])
            if after
            else None,
        )

    def _rated(self, kind: str) -> scoring.Rating | None:
        newest = next((turn for turn in self.turns if turn.source == RATING and turn.kind == kind), None)
        return scoring.Rating(newest.likelihood, newest.numbers) if newest else None


FIGURES = {
    "mean": "mean_minor", "one_in_ten": "one_in_ten_minor", "one_in_fifty": "one_in_fifty_minor",
    "per_event": "per_event_minor", "from": "frequency_low", "to": "frequency_high",
}  # fmt: skip
PARTS = {name: name for name in SAID} | {"owner": "owner__name"}
BECAME = {
    "reference": "reference", "of": "asked_of_name", "choice": "choice", "answered_at": "answered_at",
    "withdrawn_at": "withdrawn_at", "withdrawn_by": "withdrawn_by__name", "withdrawn_reason": "withdrawn_reason",
    "deputy": Case(When(~Q(answered_by=F("asked_user")), then=F("answered_by__name"))),
    "confirmation": "confirmation", "confirmed_at": "confirmations__at", "confirmed_by": "confirmations__by__name",
}  # fmt: skip
RATING, EVENT, REVIEW, ESTIMATE, WORDING, ASK = "rating", "event", "review", "estimate", "wording", "ask"


def sources(risk: Risk) -> Sources:
    """Everything on record about one risk, in three queries."""
    plans = risk.plans.select_related("by", "asked_of")
    acceptances = risk.acceptances.select_related("asked_of", "requested_by", "recorded_by", "ended_by", "ask")
    return Sources(
        turns=_turns(risk),
        plans=list(plans.order_by("-happened_at", "-recorded_at")),
        acceptances=list(acceptances.order_by("-requested_at", "-recorded_at")),
    )


def _written(risk_id: uuid.UUID) -> QuerySet[Any, Any]:
    nothing = {
        "n": Value(0, output_field=PositiveSmallIntegerField()),
        "each": Value({}, output_field=JSONField()),
    }
    of = {"risk_id": risk_id}
    ratings = RiskRating.objects.filter(**of).values_list(
        Value(RATING), "kind", F("likelihood"), F("impacts"), "reason", "happened_at", "recorded_at", "by__name"
    )
    events = (
        RiskEvent.objects.filter(**of)
        .annotate(**nothing)
        .values_list(Value(EVENT), "kind", "n", "each", "reason", "happened_at", "recorded_at", "by__name")
    )
    reviews = (
        RiskReview.objects.filter(**of)
        .annotate(**nothing)
        .values_list(Value(REVIEW), "outcome", "n", "each", "note", "happened_at", F("happened_at"), "by__name")
    )
    estimates = (
        RiskEstimate.objects.filter(**of)
        .annotate(n=nothing["n"], each=JSONObject(**FIGURES))
        .values_list(Value(ESTIMATE), "kind", "n", "each", "basis", "happened_at", "recorded_at", "by__name")
    )
    wordings = (
        RiskWording.objects.filter(**of)
        .annotate(n=nothing["n"], none=Value("", output_field=CharField()), each=JSONObject(**PARTS))
        .values_list(Value(WORDING), "none", "n", "each", "reason", "happened_at", "recorded_at", "by__name")
    )
    # A plan names its latest question alone; those before it were put about the risk as well.
    about = Risk.objects.filter(pk=risk_id, client_id=OuterRef("client_id"), reference=OuterRef("subject"))
    asks = (
        Ask.objects.filter(Exists(about), kind=PLAN_KIND)
        .annotate(n=nothing["n"], each=JSONObject(**BECAME))
        .values_list(Value(ASK), "state", "n", "each", "reason", "asked_at", F("asked_at"), "asked_by__name")
    )
    return ratings.union(events, reviews, estimates, wordings, asks, all=True)


TURNS = Statement(_written, risk_id=uuid.uuid4())


def _turns(risk: Risk) -> list[Turn]:
    """Ratings, estimates, events, reviews, wordings and questions about plans as one list, newest first."""
    turns = [
        Turn(source, kind, likelihood, json.loads(numbers), words, at, recorded_at, who or "")
        for source, kind, likelihood, numbers, words, at, recorded_at, who in TURNS.rows(risk_id=risk.id)
    ]
    return sorted(turns, key=lambda turn: (turn.at, turn.recorded_at), reverse=True)


def timeline(found: Sources, scales: Scales, client: Client) -> list[Line]:
    """The lines of a risk's history, newest first."""
    lines = [
        *_ratings([turn for turn in found.turns if turn.source == RATING], scales, client),
        *(
            Line(turn.at, "eye", "", "Reviewed, unchanged", turn.who, turn.words)
            for turn in found.turns
            if turn.source == REVIEW and turn.kind == ReviewOutcome.UNCHANGED
        ),
        *_plans(found.plans, client),
        *(line for turn in found.turns if turn.source == ASK for line in _approval(turn)),
        *(line for row in found.acceptances for line in _acceptance(row, client)),
        *(
            Line(
                turn.at,
                "calculator",
                "",
                f"{ESTIMATED[EstimateKind(turn.kind)]}: {one_in_ten(turn.numbers['one_in_ten'], client.currency)}",
                turn.who,
                turn.words,
            )
            for turn in found.turns
            if turn.source == ESTIMATE
        ),
        *_events(turn for turn in found.turns if turn.source == EVENT),
        *_wordings([turn for turn in found.turns if turn.source == WORDING]),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _name(user: object) -> str:
    return str(user) if user else ""


def _events(rows: Iterable[Turn]) -> Iterable[Line]:
    icons = {
        EventKind.RAISED: ("plus", ""),
        EventKind.PROPOSED: ("plus", ""),
        EventKind.CLOSED: ("circle-check", "ok"),
        EventKind.REOPENED: ("rotate-ccw", "warn"),
        EventKind.ABSORBED: ("merge", ""),
        EventKind.RELEASED: ("rotate-ccw", ""),
        EventKind.SPLIT: ("split", ""),
        EventKind.UNDONE: ("undo-2", ""),
        EventKind.STEP_ADDED: ("plus", ""),
        EventKind.STEP_MOVED: ("pencil", ""),
        EventKind.LEVEL_UP: ("trending-up", "bad"),
        EventKind.LEVEL_DOWN: ("trending-down", "ok"),
        EventKind.LIMIT_OVER: ("ruler", "warn"),
        EventKind.LIMIT_IN: ("ruler", "ok"),
    }
    for row in rows:
        icon, tone = icons[EventKind(row.kind)]
        yield Line(row.at, icon, tone, EventKind(row.kind).label, row.who, row.words)


def _ratings(rows: list[Turn], scales: Scales, client: Client) -> Iterable[Line]:
    for index, row in enumerate(rows):
        before = next((old for old in rows[index + 1 :] if old.kind == row.kind), None)
        scale = scales.at(client.today(row.at), row.recorded_at)
        words = rating_words(row.likelihood, max(row.numbers.values(), default=1), scale)
        band = f"{scale.band(row.score).label.lower()} ({words})"
        if before is None:
            what = f"Rated {row.score}, {band}, {RATED[RatingKind(row.kind)]}"
            icon, tone = "gauge", ""
        else:
            what = f"Re-rated from {before.score} to {row.score}, {band}, {RATED[RatingKind(row.kind)]}"
            icon, tone = ("trending-up", "bad") if row.score > before.score else ("trending-down", "ok")
            if row.score == before.score:
                icon, tone = "equal", ""
        yield Line(row.at, icon, tone, what, row.who, row.words)


PART = {
    "title": "Title",
    "cause": "Cause",
    "event": "Event",
    "consequence": "Consequence",
    "description": "Description",
    "category": "Category",
    "affects": "Affects",
    "controls": "Protection in place",
    "owner": "Owner",
    "review_months": "Reviews",
}
"""What the parts of a wording are called, in the order they are told."""


def _wordings(rows: list[Turn]) -> Iterable[Line]:
    """A line for each wording but the first, which is part of the risk's being added."""
    for row, before in pairwise(rows):
        said, was = _readable(row.numbers), _readable(before.numbers)
        parts = tuple((label, differing(was[key], said[key])) for key, label in PART.items() if said[key] != was[key])
        names = [label.lower() for label, _ in parts]
        what = f"{' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))} changed".capitalize()
        yield Line(row.at, "user-round" if names == ["owner"] else "pencil", "", what, row.who, row.words, parts)


def _readable(parts: dict[str, Any]) -> dict[str, str]:
    """The parts of a wording as people read them."""
    months = parts["review_months"]
    said = {1: "every month", 0: "by its level"}.get(months, f"every {months} months")
    return parts | {"owner": parts["owner"] or "nobody", "review_months": said}


PLAN_ANSWERED: dict[str, tuple[str, str, str]] = {
    PlanState.APPROVED: ("signature", "ok", "Plan approved"),
    PlanState.DECLINED: ("signature", "warn", "Plan declined"),
}
"""Mark, tone and words of an answer to a plan."""
PLAN_CONFIRMED = {
    Confirmation.CONFIRMED: ("check", "ok", "Record of the call confirmed"),
    Confirmation.DISPUTED: ("circle-x", "warn", "The record of the approval is not right, so the plan is not approved"),
}
"""The same of what the signer said to a record of their answer."""


def _plans(rows: Iterable[TreatmentPlan], client: Client) -> Iterable[Line]:
    for row in rows:
        until = f", done by {full_day(row.target_on, client)}" if row.target_on else ""
        what = f"Planned: {Treatment(row.treatment).label.lower()}{until}"
        if row.treatment == Treatment.UNDECIDED:
            what = f"Nothing decided{until}"
        costs = cost_words(row.cost, client.currency) if row.cost.is_known else ""
        why = f"{formats.full_stop(row.words)} {costs}".strip() if costs else row.words
        yield Line(row.happened_at, "route", "", what, _name(row.by), why)
        if row.ask_id is None and row.answered_at and row.state in PLAN_ANSWERED:
            icon, tone, what = PLAN_ANSWERED[row.state]
            yield Line(row.answered_at, icon, tone, what, _name(row.asked_of), row.answer_reason)


def _approval(turn: Turn) -> Iterable[Line]:
    """What became of a question whether to approve the plan."""
    said, of = turn.numbers, turn.numbers["of"]
    ask = said["reference"]
    yield Line(turn.at, "send", "", f"Asked {of} to approve the plan", turn.who, ask=ask)
    if turn.kind == AskState.ANSWERED:
        icon, tone, what = PLAN_ANSWERED[PlanState.APPROVED if said["choice"] == PLAN_APPROVE else PlanState.DECLINED]
        who, at = signed_as(of, deputy=said["deputy"] or ""), dt.datetime.fromisoformat(said["answered_at"])
        yield Line(at, icon, tone, what, who, turn.words, ask=ask, signed=True)
    if said["confirmation"] in PLAN_CONFIRMED:
        icon, tone, what = PLAN_CONFIRMED[said["confirmation"]]
        at = dt.datetime.fromisoformat(said["confirmed_at"])
        yield Line(at, icon, tone, what, said["confirmed_by"], ask=ask, signed=True)
    if turn.kind == AskState.WITHDRAWN:
        at, who, why = dt.datetime.fromisoformat(said["withdrawn_at"]), said["withdrawn_by"], said["withdrawn_reason"]
        yield Line(at, "circle-x", "warn", "Request to approve the plan withdrawn", who or "", why, ask=ask)


def _acceptance(row: Acceptance, client: Client) -> Iterable[Line]:
    who = row.signer_name or (row.asked_of.name if row.asked_of else "")
    until = f" until {full_day(row.until, client)}" if row.until else ""
    if row.state == AcceptanceState.UNSIGNED:
        yield Line(row.requested_at, "circle-alert", "warn", "No sign-off on record", "", row.reason)
        return
    band = Band(row.band_at_signing).label.lower()
    what = f"Asked {who or 'the owner'} to accept it{until}, as {band}"
    ask = row.ask.reference if row.ask else ""
    answered = row.ask is not None and row.ask.state == AskState.ANSWERED
    yield Line(row.requested_at, "send", "", what, _name(row.requested_by), row.advice, ask=ask)
    how = f", recorded by {row.recorded_by}" if row.recorded_by else ""
    if row.signed_at:
        signer = f"{who}{how}"
        yield Line(row.signed_at, "signature", "ok", f"Accepted{until}", signer, row.reason, ask=ask, signed=answered)
    if row.confirmed_at:
        yield Line(row.confirmed_at, "check", "ok", "Record of the call confirmed", who, ask=ask, signed=answered)
    if row.ended_at:
        what = f"Acceptance: {row.get_state_display().lower()}"
        if row.is_taken_back:
            what = "Acceptance withdrawn"
        why = row.ended_reason or ("" if row.signed_at else row.reason)
        ended_by = f"{who}{how}" if row.state == AcceptanceState.DECLINED else _name(row.ended_by)
        yield Line(row.ended_at, "circle-x", "warn", what, ended_by, why, ask=ask, signed=answered)
