"""Changes to many risks at once: one statement and one event in the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from engagements.models import Person
from risks.enums import PlanState, Status, Treatment
from risks.models import Risk, TreatmentPlan
from risks.rules import reviewing, scoring
from risks.rules.treating import Cost
from risks.selectors.frame import Frame, frame
from risks.selectors.wording import full_day
from risks.services import categories, costs, standing
from risks.services.errors import Refused, refuse_closed
from risks.services.register import (
    Wording,
    build,
    check_aims,
    check_end,
    check_entry,
    first_rows,
    references_of,
    snapshot,
    write,
)
from risks.services.treatment import latest_plans, withdraw_plan_request
from risks.services.wording import BATCH, keep_words
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRisk:
    """One risk to be raised together with others."""

    wording: Wording
    owner: Person | None = None
    ratings: dict[str, scoring.Rating | None] = field(default_factory=dict)
    raised_at: dt.datetime | None = None
    status: str = Status.OPEN
    treatment: str = Treatment.UNDECIDED
    plan: str = ""
    target_on: dt.date | None = None
    origin: str = ""
    raised_on: dt.date | None = None
    reference: str = ""
    cost: Cost | None = None
    last_reviewed_on: dt.date | None = None
    next_review_on: dt.date | None = None


@transaction.atomic
def raise_many(
    *,
    client: Client,
    by: User,
    at: dt.datetime,
    risks: Sequence[NewRisk],
    reason: str = "",
    recorded: bool = False,
) -> list[Risk]:
    """Many risks enter the register at once, as `raise_risk` has one enter, with one event in the trail.

    Those `recorded` from elsewhere have an event each: nobody judged them together. Takes the same
    number of queries for every five hundred.
    """
    if not risks:
        return []
    standing.hold(client)
    categories.ensure_categories(client=client)
    measure = frame(client, client.today(at))
    given = references_of(client, [new.reference for new in risks])
    made: list[Risk] = []
    history: list[Any] = []
    for new, reference in zip(risks, given, strict=True):
        risk = _built(new, reference, measure, client=client, by=by, at=at, recorded=recorded)
        made.append(risk)
        history += first_rows(
            risk, new.ratings, by=by, at=new.raised_at or at, reason=reason, cost=costs.checked(new.cost or Cost()),
            recorded=recorded,
        )  # fmt: skip
    Risk.objects.bulk_create(made, batch_size=BATCH)
    write(history)
    told: dict[str, Any] = {"verb": "risk.raised", "client": client, "by": by, "at": at, "reason": reason}
    if recorded:
        audit.record_all([audit.told(**told, obj=risk, after=snapshot(risk)) for risk in made])
    else:
        audit.record(**told, after={"count": len(made), "from": made[0].reference, "to": made[-1].reference})
    return made


def _built(
    new: NewRisk, reference: str, measure: Frame, *, client: Client, by: User, at: dt.datetime, recorded: bool
) -> Risk:
    """One of them in memory; refuses what `raise_risk` refuses."""
    entered = client.today(new.raised_at or at)
    parts = {"title": ""} | new.wording.given()
    raised_on = new.raised_on or entered
    check_entry(parts["title"], raised_on, client.today(at))
    if not recorded:
        check_aims(new.ratings, new.target_on, client, entered)
    return build(
        client=client,
        reference=reference,
        measure=measure,
        parts=parts,
        ratings=new.ratings,
        owner=new.owner,
        raised_on=raised_on,
        raised_by=by,
        status=new.status,
        treatment=new.treatment,
        plan=new.plan.strip(),
        target_on=new.target_on,
        origin=new.origin,
        source_reference="" if reference == new.reference else new.reference[:60],
        last_reviewed_on=new.last_reviewed_on,
        next_review_on=new.next_review_on,
    )


def _held(risks: Sequence[Risk]) -> list[Risk]:
    if not risks:
        raise Refused("Choose at least one risk.")
    rows = Risk.objects.select_for_update(of=("self",)).filter(pk__in=[risk.pk for risk in risks])
    found = list(rows.order_by("number"))
    refuse_closed(found)
    return found


@transaction.atomic
def reassign(*, risks: Sequence[Risk], owner: Person | None, by: User, at: dt.datetime) -> list[Risk]:
    """Risks get another owner, or none. Refuses closed risks and an empty choice."""
    found = _held(risks)
    for risk in found:
        risk.owner = owner
        risk.version += 1
    Risk.objects.bulk_update(found, ["owner", "version"], batch_size=BATCH)
    keep_words(found, by=by, at=at)
    audit.record(
        verb="risk.reassigned",
        client=risks[0].client,
        by=by,
        at=at,
        after={
            "references": [risk.reference for risk in found],
            "owner": owner.name if owner else "",
        },
    )
    return found


@transaction.atomic
def redate(*, risks: Sequence[Risk], target_on: dt.date, by: User, at: dt.datetime, reason: str = "") -> list[Risk]:
    """Risks get another target date, each as a new version of its plan.

    An approved plan is approved no longer: a later date is for the business to agree to. One that has the
    date already stays as it is. Refuses a day that has passed, and one that all of them have. Answers what moved.
    """
    held = _held(risks)
    check_end(target_on, held[0].client, held[0].client.today(at))
    found = [risk for risk in held if risk.target_on != target_on]
    if not found:
        raise Refused(
            f"{held[0].reference if len(held) == 1 else 'Each of them'} has this date already.", field="target_on"
        )
    known = latest_plans(found)
    plans = []
    for risk in found:
        last = known.get(risk.pk)
        if last is not None and last.state == PlanState.ASKED:
            withdraw_plan_request(plan=last, reason="The date has changed.", by=by, at=at)
        plans.append(
            TreatmentPlan(
                client_id=risk.client_id,
                risk=risk,
                treatment=risk.treatment,
                words=risk.plan,
                target_on=target_on,
                **costs.columns(last.cost if last else Cost()),
                happened_at=standing.after(at, last),
                by=by,
            )
        )
        risk.target_on = target_on
        risk.plan_approved_on = None
        risk.version += 1
    TreatmentPlan.objects.bulk_create(plans, batch_size=BATCH)
    Risk.objects.bulk_update(found, ["target_on", "plan_approved_on", "version"], batch_size=BATCH)
    audit.record(
        verb="risk.redated",
        client=risks[0].client,
        by=by,
        at=at,
        after={
            "references": [risk.reference for risk in found],
            "target_on": target_on.isoformat(),
        },
        reason=reason,
    )
    return found


@transaction.atomic
def move_reviews(*, risks: Sequence[Risk], to: dt.date, by: User, at: dt.datetime) -> list[Risk]:
    """Risks come back for review on another day; a later rating or review sets the day anew.

    Refuses closed risks, an empty choice, a day that has passed and one more than twelve months ahead.
    """
    found = _held(risks)
    today = found[0].client.today(at)
    check_end(to, found[0].client, today, field="next_review_on")
    if to > (latest := reviewing.latest(today)):
        client = risks[0].client
        raise Refused(f"{full_day(to, client)} is too far ahead. Give a day up to {full_day(latest, client)}.")
    for risk in found:
        risk.next_review_on = to
        risk.version += 1
    Risk.objects.bulk_update(found, ["next_review_on", "version"], batch_size=BATCH)
    audit.record(
        verb="risk.reviews_moved",
        client=risks[0].client,
        by=by,
        at=at,
        after={"references": [risk.reference for risk in found], "next_review_on": to.isoformat()},
    )
    return found
