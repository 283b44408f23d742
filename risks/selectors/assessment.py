"""Assessments: the facts they freeze, who can take part, which are there, and when the next is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from engagements.models import Engagement
from risks.enums import Status
from risks.models import Risk, RiskAssessment
from risks.models.assessment import DRAW, DUE_EVERY, MADE
from risks.rules import snapshots
from risks.selectors.appetite import lines_of
from risks.selectors.facts import RatingFact, RegisterView, RiskRow
from vciso.jobs.models import Job
from vciso.tenancy.enums import ClientStatus
from vciso.tenancy.models import Client
from vciso.web.attention import Item
from vciso.web.finding import Found

AHEAD_DAYS = 30
SETTLING_DAYS = 90
"""How long after an engagement began its first assessment is not asked for."""


def facts_of(view: RegisterView) -> dict[str, Any]:
    """The register of a day as plain data: nothing that only the practice may read, no proposals."""
    kept = [row for row in view.rows if row.status != Status.PROPOSED]
    facts = {
        "as_of": view.as_of.isoformat(),
        "limits": lines_of(view.frame),
        "scale": view.frame.scale.plain(),
        "risks": [_entry(row) for row in kept],
    }
    return facts


def snapshot_of(view: RegisterView) -> snapshots.Snapshot:
    """The same, to compare the register itself with an assessment."""
    return snapshots.read(facts_of(view))


def _entry(row: RiskRow) -> dict[str, Any]:
    accepted = row.acceptance if row.is_accepted else None
    return {
        "id": str(row.id),
        "reference": row.reference,
        "title": row.title,
        "statement": row.statement,
        "controls": row.controls,
        "affects": row.affects,
        "category": row.category,
        "owner": row.owner,
        "status": str(row.status),
        "raised_on": row.raised_on.isoformat(),
        "closed_on": _iso(row.closed_on),
        "closed_reason": row.closed_reason,
        "before": _rating(row.before),
        "now": _rating(row.now),
        "target": _rating(row.target),
        "standing": str(row.position.standing),
        "limit_sentence": row.limit_sentence,
        "rank": row.rank,
        "response": str(row.response),
        "next_step": row.next_step,
        "target_on": _iso(row.target_on),
        "accepted_by": accepted.signer if accepted else "",
        "accepted_until": _iso(accepted.until) if accepted else None,
        "reviewed_on": _iso(row.last_reviewed_on),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _rating(rating: RatingFact | None) -> dict[str, Any] | None:
    if rating is None:
        return None
    return {
        "likelihood": rating.likelihood,
        "impact": rating.impact,
        "impacts": dict(rating.impacts),
        "score": rating.score,
        "band": int(rating.band),
        "reason": rating.reason,
    }


def listed(client_id: Any, *, discarded: bool = False) -> QuerySet[RiskAssessment]:
    """The assessments of a client without their facts, latest day first; or the drafts that were discarded."""
    rows = RiskAssessment.objects.filter(client=client_id, discarded_at__isnull=not discarded)
    return rows.select_related("made_by").defer("facts").order_by("-as_of", "-reference")


def job_of(row: RiskAssessment) -> Job | None:
    """The job that draws the version that stands, or None where nobody asked for it."""
    jobs = Job.objects.filter(client=row.client_id, kind=DRAW, key=row.drawing_key)
    return jobs.order_by("-created_at").first()


def comparable(client_id: Any, wanted: Iterable[str]) -> QuerySet[RiskAssessment]:
    """The same rows; those that are wanted bring their facts along as `wanted`, so that one query is enough."""
    facts = Case(When(reference__in=list(wanted), then=F("facts")), default=None)
    return listed(client_id).annotate(wanted=facts)


def attention(on: dt.date) -> list[Item]:
    """Clients whose last assessment is a year old or will be soon, or who never had one, in one query.

    One that waits for its answer counts as made. A client whose engagement is young, or whose register
    is empty, is left in peace.
    """
    made = RiskAssessment.objects.filter(client=OuterRef("pk"), state__in=MADE)
    engaged = Engagement.objects.filter(client=OuterRef("pk")).order_by("starts_on").values("starts_on")
    rows = Client.objects.filter(status=ClientStatus.ACTIVE).annotate(
        last=Subquery(made.order_by("-as_of").values("as_of")[:1]),
        began=Coalesce(Subquery(engaged[:1]), TruncDate("created_at")),
        has_risks=Exists(Risk.objects.open().filter(client=OuterRef("pk"))),
    )
    owed = Q(last=None, has_risks=True, began__lte=on - dt.timedelta(days=SETTLING_DAYS))
    due = Q(last__lte=on + dt.timedelta(days=AHEAD_DAYS) - DUE_EVERY)
    return [_item(row) for row in rows.filter(owed | due)]


def _item(row: Any) -> Item:
    """One line for a client annotated with the day of its `last` assessment."""
    first, again = (
        ("Baseline risk assessment", "The register was never assessed as a whole"),
        ("Yearly risk assessment", "The last one shows the register as it was a year ago"),
    )
    title, why = again if row.last else first
    return Item(
        client_id=row.pk,
        kind="assessment",
        icon="clipboard-check",
        title=title,
        why=why,
        due_on=row.last + DUE_EVERY if row.last else None,
        verb="Begin",
        url=reverse("risks:assessments", kwargs={"client_key": row.key}),
    )


def find(text: str, *, limit: int) -> list[Found]:
    """Assessments with every word of the text in their title or reference, in one query."""
    rows = RiskAssessment.objects.filter(discarded_at=None)
    for word in text.split()[:8]:
        rows = rows.filter(Q(reference__iexact=word) | Q(title__icontains=word))
    return [
        Found(
            client_id=row.client_id,
            client_name=row.client.name,
            kind="Risk assessment",
            icon="clipboard-check",
            title=f"{row.reference} {row.title}",
            sub=row.get_state_display(),
            url=reverse("risks:assessment", kwargs={"client_key": row.client.key, "ref": row.reference}),
        )
        for row in rows.select_related("client").defer("facts").order_by("-as_of", "-reference")[:limit]
    ]
