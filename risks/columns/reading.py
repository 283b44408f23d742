"""How a risk reads as a row: what exports write and imports compare with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from risks.columns import losses
from risks.columns.impacts import words_of
from risks.columns.related import step_line
from risks.columns.shared import COST, SIGNATURE, UNTREATED, WORDS
from risks.enums import AcceptanceState, Band, LimitPosition, PlanState, RatingKind, Treatment
from risks.models import Acceptance, ImpactCategory, Risk, RiskRating, TreatmentPlan
from risks.rules.treating import Cost
from risks.selectors import links
from risks.selectors.steps import steps_of_many
from risks.services.treatment import latest_plans
from vciso.imports.registry import Record
from vciso.tenancy.models import Client

# Risks fetched at a time.
AT_ONCE = 1_000


def records(client: Client) -> Iterable[Record]:
    """Every risk of a client by number, closed ones too."""
    return records_of(client, Risk.objects.filter(client=client).order_by("number", "pk"))


def records_of(client: Client, rows: QuerySet[Risk]) -> Iterable[Record]:
    """The risks in their order: three queries, and five for every thousand risks.

    They come from the database as they are wanted, so a register of any size costs the same memory.
    """
    names = {row.key: row.name for row in ImpactCategory.objects.filter(client=client)}
    accepted = Acceptance.objects.filter(client=client)
    standing = accepted.live(on=client.today(timezone.now())) | accepted.filter(state=AcceptanceState.ASKED)
    live, asked = ({row.risk_id: row for row in standing if (row.state == AcceptanceState.ASKED) is waits}
                   for waits in (False, True))  # fmt: skip
    risks = rows.annotate(survivor=F("merged_into__reference")).iterator(chunk_size=AT_ONCE)
    while some := list(islice(risks, AT_ONCE)):
        impacts = _latest_impacts(client, some)
        plans = latest_plans(some)
        estimated = losses.of_many(some)
        linked, steps = links.words_of(some), steps_of_many(some)
        for risk in some:
            # They are all of this client: none need be fetched for its zone.
            risk.client = client
            values = values_of(risk, live.get(risk.pk)) | cost_of(plans.get(risk.pk))
            for kind in RatingKind:
                values[f"impacts_{kind}"] = words_of(impacts.get((risk.pk, kind), {}), names)
            values["links"] = "\n".join(linked.get(risk.pk, ()))
            said = "\n".join(step_line(step, client) for step in steps.get(risk.pk, ()))
            yield Record(
                id=str(risk.pk),
                reference=values["reference"],
                title=risk.title,
                values=values,
                own=risk.reference,
                aliases=(risk.reference,) if risk.source_reference else (),
                more={
                    "version": risk.version,
                    "review_months": risk.review_months,
                    "portal_id": risk.reference,
                    "severity_worked_out": Band(risk.now_band).label,
                    "limit_worked_out": "" if risk.is_closed else LimitPosition(risk.position).label,
                    "steps": said,
                    "merged_into": risk.survivor,
                    "signed": _signed(live.get(risk.pk)),
                    "asked": Band(asked[risk.pk].band_at_signing) if risk.pk in asked else None,
                    "plan_state": _plan_state(plans.get(risk.pk), risk),
                    **estimated.get(risk.pk, {}),
                },
            )


def _latest_impacts(client: Client, risks: Sequence[Risk]) -> dict[tuple[Any, str], Mapping[str, int]]:
    rows = (
        RiskRating.objects.filter(client=client, risk_id__in=[risk.pk for risk in risks])
        .order_by("risk_id", "kind", "-happened_at", "-recorded_at")
        .distinct("risk_id", "kind")
        .values_list("risk_id", "kind", "impacts")
    )
    return {(risk_id, kind): impacts for risk_id, kind, impacts in rows}


@dataclass(frozen=True, slots=True)
class Signed:
    """An acceptance in force: by whom, up to and with which day, and the band that it covers."""

    by: str
    until: dt.date | None
    band: Band


def _signed(live: Acceptance | None) -> Signed | None:
    return Signed(live.signer_name, live.until, Band(live.band_at_signing)) if live else None


def _plan_state(plan: TreatmentPlan | None, risk: Risk) -> str:
    """Whether the plan as it stands was approved, or somebody is asked to; else nothing."""
    if plan is not None and plan.state == PlanState.ASKED:
        return PlanState.ASKED
    return PlanState.APPROVED if risk.plan_approved_on else ""


def cost_of(plan: TreatmentPlan | None) -> dict[str, Any]:
    """What a plan costs, by column; its life is left out where nothing is spent once."""
    cost = plan.cost if plan else Cost()
    values = {key: getattr(cost, name) for key, name in COST.items()}
    return values if cost.once is not None else values | {"cost_years": None}


def values_of(risk: Risk, live: Acceptance | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(risk, name) for name in WORDS}
    values |= {
        "reference": risk.source_reference or risk.reference,
        "asset": risk.affects,
        "treatment": UNTREATED if risk.treatment == Treatment.UNDECIDED else risk.treatment,
        "action": risk.plan,
        "owner": str(risk.owner_id) if risk.owner_id else None,
        "due": risk.target_on,
        "review": risk.next_review_on,
        "last_reviewed": risk.last_reviewed_on,
        "raised_on": risk.raised_on,
        "status": risk.status,
        "closed_on": risk.closed_on,
        "notes": risk.private_notes,
    }
    for kind in RatingKind:
        values[f"likelihood_{kind}"] = getattr(risk, f"{kind}_likelihood")
        values[f"impact_{kind}"] = getattr(risk, f"{kind}_impact")
    if live is not None and live.signed_at is not None:
        signed_on = risk.client.today(live.signed_at) if live.signed_at else None
        signature = (True, live.signer_name, signed_on, live.until)
        return values | dict(zip(SIGNATURE, signature, strict=True))
    return values | _kept_signature(risk)


def _kept_signature(risk: Risk) -> dict[str, Any]:
    """What a file said of a sign-off we cannot show, as it was read."""
    kept = risk.extras.get("signature", {})
    days = {key: dt.date.fromisoformat(kept[key]) for key in SIGNATURE[2:] if kept.get(key)}
    return {
        "accepted": kept.get("accepted"),
        "accepted_by": kept.get("accepted_by", ""),
        "accepted_on": days.get("accepted_on"),
        "accepted_until": days.get("accepted_until"),
    }
