"""The register as it stood on a day, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, Subquery

from risks.enums import STATUS_AFTER, TURNS, Band, EstimateKind, EventKind, PlanState, RatingKind, Status, Treatment
from risks.models import Risk, RiskEstimate, RiskEvent, RiskRating, RiskReview, TreatmentPlan
from risks.rules import scoring
from risks.rules.reviewing import next_review
from risks.rules.treating import Cost
from risks.selectors.facts.acceptances import acceptances_as_of
from risks.selectors.facts.rows import AcceptanceRow, RatingFact, RegisterView, RiskRow
from risks.selectors.frame import Frame, end_of_day, frame
from risks.selectors.steps import cost_on
from risks.selectors.weighing import Outlook
from risks.selectors.wording import full_day, over_limit
from risks.selectors.wordings import said_before
from vciso.tenancy.models import Client


@dataclass(slots=True)
class _Sources:
    """The latest row of each kind by risk, as of a moment."""

    ratings: dict[tuple[UUID, str], RiskRating]
    estimates: dict[tuple[UUID, str], RiskEstimate]
    events: dict[UUID, RiskEvent]
    plans: dict[UUID, TreatmentPlan]
    acceptances: dict[UUID, AcceptanceRow]
    until: dt.datetime


def register_as_of(client: Client, as_of: dt.date) -> RegisterView:
    """Every risk the client had on that day, ranked, with limits, plans and acceptances.

    Costs seven queries whatever the size. A risk raised later does not exist for it; what
    happened later is left out, also in what it says and whose it is. May be empty.
    """
    measure = frame(client, as_of)
    until = end_of_day(client, as_of)
    reviews = RiskReview.objects.filter(client=client, risk=OuterRef("pk"), on__lte=as_of).order_by("-on")
    risks = list(
        Risk.objects.filter(client=client, raised_on__lte=as_of)
        .only("pk", "reference", "number", "version", "raised_on")
        .annotate(
            reviewed_on=Subquery(reviews.values("on")[:1]),
            said=said_before(until, risk="pk"),
            steps_cost=cost_on(as_of, until),
        )
    )
    sources = _sources(client, as_of, until)
    rows = [_row(risk, sources, measure, as_of, client) for risk in risks]
    return RegisterView(as_of, measure, tuple(_ranked(rows, measure, client)))


def unrecorded(client: Client, day: dt.date) -> str:
    """That nothing was on record on a day, and from which day on there is something, in one query."""
    first = Risk.objects.filter(client=client).aggregate(first=Min("raised_on"))["first"]
    later = (
        f"The first risk is of {full_day(first, client)}: choose that day or a later one." if first else "Choose today."
    )
    return f"Nothing was on record on {full_day(day, client)}. {later}"


def _latest(rows: Iterable) -> dict:
    """Risk id → row, where the rows come newest first per risk and once per risk."""
    return {row.risk_id: row for row in rows}


def _sources(client: Client, as_of: dt.date, until: dt.datetime) -> _Sources:
    def newest(model, **of):
        found = model.objects.filter(client=client, happened_at__lt=until, **of)
        return found.order_by("risk_id", "-happened_at", "-recorded_at").distinct("risk_id")

    ratings = (
        RiskRating.objects.filter(client=client, happened_at__lt=until)
        .order_by("risk_id", "kind", "-happened_at", "-recorded_at")
        .distinct("risk_id", "kind")
    )
    estimates = (
        RiskEstimate.objects.filter(client=client, happened_at__lt=until)
        .order_by("risk_id", "kind", "-happened_at", "-recorded_at")
        .distinct("risk_id", "kind")
    )
    counted: dict[UUID, AcceptanceRow] = {}
    for row in acceptances_as_of(client, as_of):
        if row.risk_id not in counted or row.is_live:
            counted[row.risk_id] = row
    return _Sources(
        ratings={(row.risk_id, row.kind): row for row in ratings},
        estimates={(row.risk_id, row.kind): row for row in estimates},
        events=_latest(newest(RiskEvent, kind__in=TURNS)),
        plans=_latest(newest(TreatmentPlan)),
        acceptances=counted,
        until=until,
    )


def _rating(row: RiskRating | None, scale: scoring.Scale) -> RatingFact | None:
    if row is None:
        return None
    return RatingFact(
        id=row.pk,
        likelihood=row.likelihood,
        impact=row.impact,
        impacts=dict(row.impacts),
        score=row.score,
        band=scale.band(row.score),
        reason=row.reason,
        happened_at=row.happened_at,
    )


def _status(event: RiskEvent | None) -> str:
    """The status a risk had by its last turn; none recorded means it was open from the start."""
    return STATUS_AFTER[EventKind(event.kind)] if event else Status.OPEN


def _plan_is_live(plan: TreatmentPlan | None, as_of: dt.date, until: dt.datetime) -> bool:
    if plan is None or not plan.is_live(on=as_of):
        return False
    return plan.answered_at is None or plan.answered_at < until


def _outlook(
    ratings: Mapping[RatingKind, RatingFact | None], estimate: RiskEstimate | None, after: RiskEstimate | None
) -> Outlook:
    now, target = (
        scoring.Rating(fact.likelihood, fact.impacts) if fact else None
        for fact in (ratings[RatingKind.NOW], ratings[RatingKind.TARGET])
    )
    return Outlook(
        now=now,
        target=target,
        mean=estimate.mean_minor if estimate else None,
        mean_after=after.mean_minor if after else None,
        losses_after=after.losses_of_rare_years if after else None,
    )


def _place(now: RatingFact | None, estimate: RiskEstimate | None, measure: Frame) -> scoring.Position:
    """Where the rating and the estimate of the day stand against the limits of the day."""
    current = scoring.Rating(now.likelihood, now.impacts) if now else None
    return measure.position(current, estimate.losses_of_rare_years if estimate else None)


def _review_due(risk: Any, now: RatingFact | None) -> dt.date:
    """The day the next look was due, counted from the last one."""
    band = now.band if now else Band.NOT_RATED
    return next_review(risk.reviewed_on or risk.raised_on, band=band, own=risk.said["review_months"])


def _row(risk: Any, sources: _Sources, measure: Frame, as_of: dt.date, client: Client) -> RiskRow:
    event = sources.events.get(risk.pk)
    status = _status(event)
    closed_on = client.today(event.happened_at) if event and status == Status.CLOSED else None
    plan = sources.plans.get(risk.pk)
    ratings = {kind: _rating(sources.ratings.get((risk.pk, kind)), measure.scale) for kind in RatingKind}
    now = ratings[RatingKind.NOW]
    estimate = sources.estimates.get((risk.pk, EstimateKind.NOW))
    place = _place(now, estimate, measure)
    due = _review_due(risk, now)
    target_on = plan.target_on if plan else None
    treatment = Treatment(plan.treatment) if plan else Treatment.UNDECIDED
    return RiskRow(
        id=risk.pk,
        reference=risk.reference,
        number=risk.number,
        version=risk.version,
        **_said(risk.said),
        status=status,
        raised_on=risk.raised_on,
        closed_on=closed_on,
        closed_reason=event.reason if event and closed_on else "",
        before=ratings[RatingKind.BEFORE],
        now=now,
        target=ratings[RatingKind.TARGET],
        is_estimated=estimate is not None,
        **_against(place, measure),
        treatment=treatment,
        response=treatment.label,
        next_step=plan.words if plan else "",
        target_on=target_on,
        plan_id=plan.pk if plan else None,
        plan_state=plan.state if plan else PlanState.DRAFTED,
        plan_is_live=_plan_is_live(plan, as_of, sources.until),
        cost=(plan.cost if plan else Cost()).covering(risk.steps_cost),
        outlook=_outlook(ratings, estimate, sources.estimates.get((risk.pk, EstimateKind.AFTER))),
        acceptance=sources.acceptances.get(risk.pk),
        last_reviewed_on=risk.reviewed_on,
        review_is_stale=status == Status.OPEN and due < as_of,
        is_late=status == Status.OPEN and target_on is not None and target_on < as_of,
        rank=None,
        rank_sentence="",
        limit_sentence="",
    )


def _said(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a risk said on the day, and whose it was; a person bears the name of today."""
    parts = {name: said[name] for name in ("title", "cause", "event", "consequence", "category", "controls", "affects")}
    return parts | {
        "statement": scoring.statement(said["cause"], said["event"], said["consequence"]) or said["description"],
        "owner_id": UUID(said["owner_id"]) if said["owner_id"] else None,
        "owner": said["owner"] or "",
    }


def _against(place: scoring.Position, measure: Frame) -> dict[str, Any]:
    """Where a risk stands against the limits, and the one that decides, in words."""
    return {
        "position": place,
        "limit_category": measure.names.get(place.category, place.category),
        "limit": place.limit.label.lower() if place.limit else "no limit set",
    }


def _ranked(rows: list[RiskRow], measure: Frame, client: Client) -> list[RiskRow]:
    """Open risks by rank with the sentence that explains it, then the others by reference."""

    def ranking(row: RiskRow) -> scoring.Ranked:
        return scoring.Ranked(row.position, row.score, row.raised_on, row.number)

    standing = sorted((row for row in rows if row.is_open), key=lambda row: ranking(row).key())
    others = sorted(
        (row for row in rows if not row.is_open),
        key=lambda row: (row.status == Status.CLOSED, row.number),
    )

    def explained(row: RiskRow, rank: int) -> RiskRow:
        money = over_limit(row.position, measure, client)
        return replace(
            row,
            rank=rank,
            rank_sentence=scoring.why(ranking(row), measure.names, money=money),
            limit_sentence=scoring.against_limit(row.position, measure.names, money),
        )

    return [explained(row, rank) for rank, row in enumerate(standing, start=1)] + others
