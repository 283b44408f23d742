"""Risks that came out of one another, risks that may be one and the same, and what one brings to the other."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from django.db.models import Q
from rapidfuzz import fuzz

from engagements.enums import TaskStatus
from risks.enums import PlanState, Treatment
from risks.models import PlanStep, Risk, RiskLink, TreatmentPlan
from risks.selectors.links import rows_of

FETCHED, OFFERED = 200, 5
ALIKE = 60
"""Of 100, how alike two titles are before one is offered as the duplicate of the other."""
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Kin:
    """What stands beside a risk on its page; any of it may be missing."""

    merged_into: Risk | None = None
    split_from: Risk | None = None
    duplicates: list[Risk] = field(default_factory=list)
    parts: list[Risk] = field(default_factory=list)


def kin(risk: Risk) -> Kin:
    """The risks that were merged with this one or split from it, by number, in one query."""
    above = [pk for pk in (risk.merged_into_id, risk.split_from_id) if pk]
    related = Q(pk__in=above) | Q(merged_into=risk.pk) | Q(split_from=risk.pk)
    rows = list(
        Risk.objects.filter(related, client_id=risk.client_id)
        .only("client_id", "reference", "title", "status", "merged_into_id", "split_from_id")
        .order_by("number")
    )
    by_id: dict[uuid.UUID | None, Risk] = {row.pk: row for row in rows}
    return Kin(
        merged_into=by_id.get(risk.merged_into_id),
        split_from=by_id.get(risk.split_from_id),
        duplicates=[row for row in rows if row.merged_into_id == risk.pk],
        parts=[row for row in rows if row.split_from_id == risk.pk],
    )


def family(risk: Risk) -> set[uuid.UUID]:
    """The ids of a risk and of every one that was merged into it, or into those; a query for each step down."""
    found, below = {risk.pk}, {risk.pk}
    while below:
        below = set(Risk.objects.filter(merged_into__in=below).values_list("pk", flat=True)) - found
        found |= below
    return found


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes to the risk that stays when a duplicate is merged into it; `plan` where that has none.

    `is_asked`: somebody was asked to approve the plan of the duplicate, and is asked no more.
    """

    links: list[RiskLink]
    steps: list[PlanStep]
    plan: TreatmentPlan | None
    is_asked: bool


def carried(risk: Risk, into: Risk) -> Carried:
    """Links the other risk has not, open steps, and the plan where the other has none. Three queries."""
    both = list(rows_of(RiskLink.objects.filter(risk__in=[risk.pk, into.pk])).order_by("happened_at", "pk"))
    known = {row.names for row in both if row.risk_id == into.pk}
    steps = PlanStep.objects.filter(risk=risk, task__status=TaskStatus.OPEN)
    plan = risk.plans.order_by("-happened_at", "-recorded_at").first()
    undecided = into.treatment == Treatment.UNDECIDED and not into.plan and into.target_on is None
    return Carried(
        links=[row for row in both if row.risk_id == risk.pk and row.names not in known],
        steps=list(steps.select_related("task__assignee", "task__practice_user").order_by("task__created_at", "pk")),
        plan=plan if undecided and plan is not None and (plan.words or plan.target_on) else None,
        is_asked=plan is not None and plan.state == PlanState.ASKED,
    )


def alike(risk: Risk) -> list[Risk]:
    """Open risks that share words with the title of this one, the most alike first, in one query."""
    words = _WORD.findall(risk.title)[:12]
    if not words:
        return []
    others = Risk.objects.filter(client_id=risk.client_id).open().exclude(pk=risk.pk)
    found = others.matching(" or ".join(words)).only("client_id", "reference", "title").order_by("number")[:FETCHED]
    ours = risk.title.lower()
    rated = [(fuzz.token_set_ratio(other.title.lower(), ours), other) for other in found]
    near = sorted(((ratio, other) for ratio, other in rated if ratio >= ALIKE), key=lambda pair: -pair[0])
    return [other for _ratio, other in near[:OFFERED]]
