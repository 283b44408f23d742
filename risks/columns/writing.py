"""How a planned row becomes a risk, changes one, and is taken back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from engagements.models import Person
from risks.columns import related
from risks.columns.reading import values_of
from risks.columns.shared import COST, REASON, SIGNATURE, UNTREATED, WORDS
from risks.enums import UNCONFIRMED, AcceptanceState, PlanState, RatingKind, Status, Treatment
from risks.models import Acceptance, Risk, RiskEvent, RiskLink, RiskRating, RiskReview, TreatmentPlan
from risks.rules import scoring
from risks.rules.treating import LIFE_YEARS, Cost
from risks.selectors.frame import frame
from risks.services import acceptance as acceptances
from risks.services import categories, closing, rating, register, standing, treatment
from risks.services.errors import Refused
from risks.services.review import next_review
from vciso.imports.registry import Applied, UndoRefused
from vciso.tenancy.models import Client, User

LEVEL = re.compile(r"^(?P<name>.+?)\s*[:=]?\s*(?P<level>[1-5])$")


def impacts_of(values: Mapping[str, Any], kind: str, client: Client) -> dict[str, int]:
    """Impact by category: as the file lists it, else in the category it names, else to confirm."""
    rows = categories.ensure_categories(client=client)
    keys = {row.name.lower(): row.key for row in rows} | {row.key: row.key for row in rows}
    keys["category to confirm"] = UNCONFIRMED
    found: dict[str, int] = {}
    for part in re.split(r"[;|\n]", values.get(f"impacts_{kind}") or ""):
        match = LEVEL.match(part.strip())
        key = keys.get(match["name"].strip().lower()) if match else None
        if match and key:
            found[key] = int(match["level"])
    single = values.get(f"impact_{kind}")
    if found and (single is None or max(found.values()) == single):
        return found
    if single is None:
        return {}
    category = (values.get("category") or "").strip().lower()
    return {keys.get(category, UNCONFIRMED): single}


def ratings_of(values: Mapping[str, Any], client: Client) -> dict[str, scoring.Rating | None]:
    """The three ratings that the values of a row amount to."""
    return {
        kind: scoring.rating(values.get(f"likelihood_{kind}"), impacts_of(values, kind, client)) for kind in RatingKind
    }


def _owner(values: Mapping[str, Any], client: Client) -> Person | None:
    key = values.get("owner")
    return Person.objects.filter(client=client, pk=key).first() if key else None


def _wording(values: Mapping[str, Any]) -> register.Wording:
    given = {name: values[name] for name in WORDS if values.get(name) is not None}
    if values.get("asset") is not None:
        given["affects"] = values["asset"]
    if values.get("notes") is not None:
        given["private_notes"] = values["notes"]
    return register.Wording(**given)


def _treatment(value: str | None) -> str:
    return Treatment.UNDECIDED if value in (None, UNTREATED) else value


@transaction.atomic
def apply(row: Any, *, client: Client, by: User, at: dt.datetime) -> Applied:
    """Write one planned row: a new risk, or the changes of the one it was found to be."""
    if row.record is not None:
        risk = Risk.objects.get(pk=row.record.id)
        changes = {key: after for key, (_, after) in row.changes.items()}
        _update(risk, changes, client=client, by=by, at=at)
        return Applied(id=str(risk.pk), reference=risk.reference)
    values = {key: value for key, value in row.values.items() if value is not None}
    categories.ensure_categories(client=client)
    risk = register.raise_risk(
        client=client,
        by=by,
        at=at,
        wording=_wording(values),
        owner=_owner(values, client),
        ratings=ratings_of(values | _first_said(row), client),
        rating_reason=REASON,
        raised_on=values.get("raised_on"),
        status=Status.PROPOSED if values.get("status") == Status.PROPOSED else Status.OPEN,
        treatment=_treatment(values.get("treatment")),
        plan=values.get("action", ""),
        target_on=values.get("due"),
        cost=_cost(Cost(), values),
        origin="Imported",
        reference=values.get("reference", ""),
        measure=frame(client, client.today(at)),
        recorded=True,
    )
    _rate_as_chosen(risk, row, values, client=client, by=by, at=at)
    related.link(risk, values.get("links"), by=by, at=at)
    _settle(risk, values, client=client, by=by, at=at)
    return Applied(id=str(risk.pk), reference=risk.reference)


def _first_said(row: Any) -> dict[str, Any]:
    """The ratings of the tab that does not count; they come first in the history."""
    return {
        key: value
        for _, held in row.earlier
        for key, value in held.items()
        if key.startswith(("likelihood_", "impact_"))
    }


def _rate_as_chosen(
    risk: Risk, row: Any, values: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime
) -> None:
    """Where tabs disagreed, the rating that counts follows the one that does not; both stay in the history."""
    if not _first_said(row):
        return
    for kind, chosen in ratings_of(values, client).items():
        if chosen is None:
            continue
        try:
            rating.rate_risk(
                risk=risk, kind=kind, rating=chosen, by=by, at=at + dt.timedelta(seconds=1),
                reason=f"Chosen over “{row.earlier[0][0]}” of the same file.",
            )  # fmt: skip
        except Refused:
            continue
    risk.refresh_from_db()


def _settle(risk: Risk, values: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime) -> None:
    """The dates, the noted sign-off and the end that a file gives besides."""
    days = {name: values[key] for key, name in LOOKED.items() if values.get(key) is not None}
    if "raised_on" in values and values["raised_on"] != risk.raised_on:
        days["raised_on"] = values["raised_on"]
    _note_signature(risk, values, by=by, at=at)
    for name, day in days.items():
        setattr(risk, name, day)
    if "last_reviewed_on" in days and "next_review_on" not in days:
        risk.next_review_on = days["next_review_on"] = next_review(risk)
    if days or any(key in values for key in SIGNATURE):
        Risk.objects.filter(pk=risk.pk).update(extras=risk.extras, acceptance_gap=risk.acceptance_gap, **days)
    if values.get("last_reviewed") is not None and values["last_reviewed"] <= client.today(at):
        RiskReview.objects.create(
            client=client,
            risk=risk,
            on=values["last_reviewed"],
            outcome="unchanged",
            note=REASON,
            happened_at=register.moment_of(client, values["last_reviewed"], at),
            by=by,
        )
    if values.get("status") == Status.CLOSED and risk.status != Status.CLOSED:
        _close(risk, values.get("closed_on"), client=client, by=by, at=at)


def _close(risk: Risk, day: dt.date | None, *, client: Client, by: User, at: dt.datetime) -> None:
    """Closed on the day the file gives, though not before it was raised nor after today."""
    day = min(max(day or client.today(at), risk.raised_on), client.today(at))
    moment = register.moment_of(client, day, at) + dt.timedelta(seconds=1)
    closing.close_risk(risk=risk, by=by, at=moment, reason="Closed in the imported register")
    Risk.objects.filter(pk=risk.pk).update(closed_on=day)


def _note_signature(risk: Risk, values: Mapping[str, Any], *, by: User, at: dt.datetime) -> None:
    given = {key: values[key] for key in SIGNATURE if values.get(key) not in (None, "", False)}
    if not given:
        return
    kept = risk.extras.setdefault("signature", {})
    kept |= {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in given.items()}
    if kept.get("accepted") and not risk.acceptance_gap and risk.accepted_until is None:
        said = ", ".join(str(kept[key]) for key in SIGNATURE[1:] if kept.get(key))
        acceptances.import_unsigned_acceptance(
            risk=risk,
            words=f"Accepted according to the imported register{f' ({said})' if said else ''}.",
            by=by,
            at=at,
            signer_name=kept.get("accepted_by", ""),
            until=given.get("accepted_until"),
        )


def _update(
    risk: Risk, changes: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime, reason: str = REASON
) -> None:
    """Write changed values through the verbs a person would use."""
    if changes.get("status") != Status.CLOSED and "status" in changes and risk.is_closed:
        closing.reopen_risk(risk=risk, by=by, at=at, reason="Open in the imported register")
    more: dict[str, Any] = {}
    if "owner" in changes:
        more["owner"] = _owner(changes, client)
    for key, name in (("review", "next_review_on"), ("raised_on", "raised_on")):
        if changes.get(key) is not None:
            more[name] = changes[key]
    current = register.edit_risk(risk=risk, by=by, at=at, wording=_wording(changes), reason=reason, **more)
    for kind in RatingKind:
        if {f"likelihood_{kind}", f"impact_{kind}", f"impacts_{kind}"} & set(changes):
            _rerate(current, kind, changes, client=client, by=by, at=at)
    if {"treatment", "action", "due", *COST} & set(changes):
        _replan(current, changes, by=by, at=at)
    related.link(current, changes.get("links"), by=by, at=at)
    current.refresh_from_db()
    rest = {key: value for key, value in changes.items() if key != "raised_on"}
    _settle(current, rest, client=client, by=by, at=at)


def _rerate(risk: Risk, kind: str, changes: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime) -> None:
    known = values_of(risk, None) | {"category": risk.category}
    merged = known | {key: value for key, value in changes.items() if value is not None}
    if f"impacts_{kind}" not in changes and f"impact_{kind}" not in changes:
        latest = risk.ratings.filter(kind=kind).order_by("-happened_at", "-recorded_at").first()
        impacts = latest.impacts if latest else {}
    else:
        impacts = impacts_of(merged, kind, client)
    new = scoring.rating(merged.get(f"likelihood_{kind}"), impacts)
    if new is None:
        risk.ratings.filter(kind=kind).delete()
        standing.refresh(client, client.today(at), [risk])
        return
    try:
        rating.rate_risk(risk=risk, kind=kind, rating=new, reason=REASON, by=by, at=at)
    except Refused:
        # The file says what the register says already, or an undo brings back a target that was met.
        _uncover(risk, kind, new, on=client.today(at))


def _uncover(risk: Risk, kind: str, wanted: scoring.Rating, *, on: dt.date) -> None:
    """The rating before the latest counts again, where it is the wanted one."""
    newest = list(risk.ratings.filter(kind=kind).order_by("-happened_at", "-recorded_at")[:2])
    if len(newest) == 2 and scoring.Rating(newest[1].likelihood, newest[1].impacts) == wanted:
        newest[0].delete()
        standing.refresh(risk.client, on, [risk])


def _cost(known: Cost, given: Mapping[str, Any]) -> Cost:
    """A cost with the parts that a row gives."""
    parts = {name: given[key] for key, name in COST.items() if key in given}
    if parts.get("life_years", 0) is None:
        parts["life_years"] = LIFE_YEARS
    return replace(known, **parts)


def _replan(risk: Risk, changes: Mapping[str, Any], *, by: User, at: dt.datetime) -> None:
    last = treatment.latest_plan(risk)
    try:
        treatment.plan_treatment(
            risk=risk,
            treatment=_treatment(changes.get("treatment", risk.treatment)),
            words=changes.get("action", risk.plan) or "",
            target_on=changes.get("due", risk.target_on),
            cost=_cost(last.cost if last else Cost(), changes),
            recorded=True,
            by=by,
            at=at,
        )
    except Refused:
        return


@transaction.atomic
def remove(id: str, *, client: Client, by: User, at: dt.datetime) -> None:
    """Take back a risk that an import made; its reference is not given out again."""
    risk = Risk.objects.select_for_update(of=("self",)).get(pk=id)
    if risk.acceptances.exclude(state=AcceptanceState.UNSIGNED).exists():
        raise UndoRefused(f"{risk.reference} has an acceptance since the import.")
    if risk.plans.exclude(state=PlanState.DRAFTED).exists():
        raise UndoRefused(f"{risk.reference} has a plan the owner was asked about since the import.")
    if risk.estimates.exists():
        raise UndoRefused(f"{risk.reference} has an estimate in money since the import.")
    if risk.duplicates.exists() or risk.parts.exists():
        raise UndoRefused(f"{risk.reference} was merged with another risk or split since the import.")
    if risk.steps.exists():
        raise UndoRefused(f"{risk.reference} has a step of a plan since the import.")
    for model in (Acceptance, RiskLink, RiskRating, RiskEvent, RiskReview, TreatmentPlan):
        model.objects.filter(client=client, risk=risk).delete()
    risk.delete()


@transaction.atomic
def restore(id: str, before: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime) -> None:
    """Set back what an import changed."""
    risk = Risk.objects.get(pk=id)
    values = {key: _typed(key, value) for key, value in before.items()}
    if "links" in values:
        related.unlink(risk, values.pop("links"), by=by, at=at)
    looked = {name: values.pop(key) for key, name in LOOKED.items() if key in values}
    if values.get("status") == Status.CLOSED and not risk.is_closed:
        _close(risk, values.get("closed_on"), client=client, by=by, at=at)
        values.pop("status")
    _update(risk, values, client=client, by=by, at=at, reason="The import was taken back")
    _unlook(risk, looked)


LOOKED = {"last_reviewed": "last_reviewed_on", "review": "next_review_on"}


def _unlook(risk: Risk, looked: Mapping[str, dt.date | None]) -> None:
    """An import that rated a risk counted as a look at it; taken back, it is none, and neither is taking it back."""
    if not looked:
        return
    Risk.objects.filter(pk=risk.pk).update(**looked)
    if LOOKED["last_reviewed"] in looked:
        last = looked[LOOKED["last_reviewed"]]
        since = {"on__gt": last} if last else {}
        RiskReview.objects.filter(client=risk.client, risk=risk, note=REASON, **since).delete()


DAYS = frozenset({"due", "review", "last_reviewed", "raised_on", "closed_on", *SIGNATURE[2:]})


def _typed(key: str, value: Any) -> Any:
    """A value as it came back from storage."""
    return dt.date.fromisoformat(value) if key in DAYS and isinstance(value, str) and value else value
