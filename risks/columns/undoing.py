"""Taking back what an import wrote: a new risk goes, a changed one stands exactly as it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagements.models import Person
from risks.columns import related
from risks.columns.shared import WORDS, wording
from risks.enums import AcceptanceState, EventKind, PlanState, RatingKind
from risks.models import (
    Acceptance,
    PlanStep,
    Risk,
    RiskEstimate,
    RiskEvent,
    RiskLink,
    RiskRating,
    RiskReview,
    TreatmentPlan,
)
from risks.selectors.frame import frame
from risks.services import lapsing, register, standing
from risks.services.treatment import latest_plan
from vciso.audit import services as audit
from vciso.imports.keeping import encode
from vciso.imports.registry import UndoRefused
from vciso.tenancy.models import Client, User
from vciso.web.formats import count_of

HISTORY: dict[type[Any], str] = {
    RiskRating: "rating",
    RiskReview: "review",
    TreatmentPlan: "plan",
    Acceptance: "noted sign-off",
    RiskEvent: "closing or reopening",
}
"""What an import adds to the history of a risk it changes, each by the word for one of it."""
STOOD = (
    "status", "closed_on", "treatment", "plan", "target_on", "plan_approved_on", "last_reviewed_on", "next_review_on",
    "raised_on", "private_notes", "extras", "acceptance_gap",
)  # fmt: skip
"""The columns that go back as they were. Words have a verb of their own, and the standing follows the ratings."""
TAKEN_BACK = "The import was taken back"


class WayBack:
    """How a risk stood before an import changed it, and afterwards what that added to its history."""

    def __init__(self, risk: Risk) -> None:
        self.risk = risk
        self.stood = encode({name: getattr(risk, name) for name in STOOD})
        self.before = self._history()

    def _history(self) -> set[tuple[str, str]]:
        rows = [
            model.objects.filter(client=self.risk.client_id, risk=self.risk).values_list("pk", flat=True)
            for model in HISTORY
        ]
        return {(model.__name__, str(key)) for model, keys in zip(HISTORY, rows, strict=True) for key in keys}

    def rest(self) -> dict[str, Any]:
        """What the import keeps beside the values it replaced."""
        today, until = self.risk.client.today(timezone.now()), self.risk.accepted_until
        live = Acceptance.objects.filter(client=self.risk.client_id, risk=self.risk).live(on=today)
        return {
            "stood": self.stood,
            "made": sorted(self._history() - self.before),
            "ended": until is not None and until >= today and not live.exists(),
        }


@transaction.atomic
def remove_new(ids: Sequence[str], *, client: Client, by: User, at: dt.datetime) -> dict[str, str]:
    """Take back risks that an import made; answers why some stay, by id. No reference is given out again.

    Few queries, however many they are.
    """
    held = {risk.pk: risk for risk in Risk.objects.select_for_update(of=("self",)).filter(client=client, pk__in=ids)}
    stay = {key: f"{held[key].reference} {why}" for key, why in _grown([*held]).items()}
    gone = [key for key in held if key not in stay]
    for model in (Acceptance, RiskLink, RiskRating, RiskEvent, RiskReview, TreatmentPlan):
        model.objects.filter(client=client, risk__in=gone).delete()
    Risk.objects.filter(client=client, pk__in=gone).delete()
    return {str(key): why for key, why in stay.items()}


def remove(id: str, *, client: Client, by: User, at: dt.datetime) -> None:
    """Take back one risk that an import made."""
    for why in remove_new([id], client=client, by=by, at=at).values():
        raise UndoRefused(why)


def _grown(keys: Sequence[Any]) -> dict[Any, str]:
    """What came to risks since they were imported and would be lost with them, by risk."""
    of_these = {"risk__in": keys}
    signed = Acceptance.objects.filter(**of_these).exclude(state=AcceptanceState.UNSIGNED)
    asked = TreatmentPlan.objects.filter(**of_these).exclude(state=PlanState.DRAFTED)
    found = (
        ("has a step of a plan since the import.", PlanStep.objects.filter(**of_these), "risk_id"),
        (_JOINED, Risk.objects.filter(merged_into__in=keys), "merged_into_id"),
        (_JOINED, Risk.objects.filter(split_from__in=keys), "split_from_id"),
        ("has an estimate in money since the import.", RiskEstimate.objects.filter(**of_these), "risk_id"),
        ("has a plan the owner was asked about since the import.", asked, "risk_id"),
        ("has an acceptance since the import.", signed, "risk_id"),
    )
    return {key: why for why, rows, name in found for key in rows.values_list(name, flat=True)}


_JOINED = "was merged with another risk or split since the import."


@transaction.atomic
def restore(id: str, before: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime) -> None:
    """Have a risk stand as it stood before an import changed it; its history keeps that this was done.

    A request to accept it, put since for a lower level than it has again, is withdrawn and both are told.
    """
    rest = before.get("rest")
    if not rest:
        raise UndoRefused("This import kept too little of it to go back. Change it on its page.")
    risk = Risk.objects.select_for_update(of=("self",)).get(pk=id)
    made = {model: [key for name, key in rest["made"] if name == model.__name__] for model in HISTORY}
    _refuse_answered(risk, rest, made)
    if "links" in before:
        related.unlink(risk, before["links"], by=by, at=at)
    _unsay(risk, before, client=client, by=by, at=at)
    rated = list(RiskRating.objects.filter(client=client, pk__in=made[RiskRating]))
    for model, keys in made.items():
        model.objects.filter(client=client, pk__in=keys).delete()
    risk.refresh_from_db()
    was = register.snapshot(risk)
    closed = risk.is_closed
    fields = {field.name: field for field in Risk._meta.concrete_fields}
    for name, value in rest["stood"].items():
        setattr(risk, name, fields[name].to_python(value))
    plan = latest_plan(risk)
    if plan is None or plan.state != PlanState.APPROVED:
        risk.plan_approved_on = None  # its signer said meanwhile that the record of the approval is not right
    known = standing.latest_ratings([risk]).get(risk.pk, {})
    standing.place(risk, known, frame(client, client.today(at)))
    lapsing.lapse_if_risen(risk=risk, band=risk.exposure, by=by, at=at)
    risk.version += 1
    risk.save()
    if risk.is_closed != closed and not made[RiskEvent]:
        # An import that did not keep its events yet.
        register.turn(risk, EventKind.CLOSED if risk.is_closed else EventKind.REOPENED, by=by, at=at, reason=TAKEN_BACK)
    scores = {kind: str(held.score) for kind, held in known.items()}
    said = [f"{RatingKind(row.kind).label}: {row.score} back to {scores.get(row.kind, 'not rated')}" for row in rated]
    counts = _counted(made, before)
    register.turn(risk, EventKind.UNDONE, by=by, at=at, reason="; ".join([", ".join(counts), *said]))
    was, now = register.changed(was, register.snapshot(risk))
    audit.record(
        verb="risk.import_undone", client=client, obj=risk, by=by, at=at, before=was,
        after=now | {"taken_back": counts}, reason=TAKEN_BACK,
    )  # fmt: skip


def _counted(made: Mapping[type[Any], list[str]], before: Mapping[str, Any]) -> list[str]:
    """What was taken back from a risk, for the trail: “2 values”, “1 rating”, “1 review”."""
    values = len(before.keys() - {"rest"})
    counts = {"value": values, **{HISTORY[model]: len(keys) for model, keys in made.items()}}
    return [count_of(number, noun, _SEVERAL.get(noun, "")) for noun, number in counts.items() if number]


_SEVERAL = {"closing or reopening": "closings or reopenings"}


def _refuse_answered(risk: Risk, rest: Mapping[str, Any], made: Mapping[Any, list[str]]) -> None:
    """Refuses what somebody outside the register answered or was told of."""
    if rest["ended"]:
        raise UndoRefused("the import ended its acceptance, and both sides were told. Change it on its page instead.")
    if risk.plans.filter(pk__in=made[TreatmentPlan]).exclude(state=PlanState.DRAFTED).exists():
        raise UndoRefused("the owner was asked about its plan since the import.")


def _unsay(risk: Risk, before: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime) -> None:
    """The words and the owner of before, as a person would write them."""
    values = {key: before[key] or "" for key in (*WORDS, "asset") if key in before}
    more: dict[str, Any] = {}
    if "owner" in before:
        more["owner"] = Person.objects.filter(client=client, pk=before["owner"]).first() if before["owner"] else None
    if values or more:
        register.edit_risk(risk=risk, by=by, at=at, wording=wording(values), reason=TAKEN_BACK, **more)
