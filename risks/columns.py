"""The register as a spreadsheet: its columns, and how a row becomes a risk and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from engagements.models import Person
from risks.enums import UNCONFIRMED, AcceptanceState, PlanState, RatingKind, Status, Treatment
from risks.models import (
    Acceptance,
    ImpactCategory,
    Risk,
    RiskEvent,
    RiskRating,
    RiskReview,
    TreatmentPlan,
)
from risks.rules import scoring
from risks.selectors.frame import frame
from risks.services import acceptance as acceptances
from risks.services import limits, rating, register, treatment
from risks.services.errors import Refused
from vciso.imports.registry import (
    Applied,
    Field,
    ImportKind,
    PersonEntry,
    Record,
    Situation,
    UndoRefused,
)
from vciso.imports.words.risks import FIELDS
from vciso.tenancy.models import Client, User

UNTREATED = "untreated"
WORDS = ("title", "cause", "event", "consequence", "description", "category", "controls")
SIGNATURE = ("accepted", "accepted_by", "accepted_on", "accepted_until")
REASON = "From the imported register"


def _by_category(kind: str) -> Field:
    words = {"before": "before controls", "now": "now", "target": "target"}[kind]
    return Field(
        key=f"impacts_{kind}",
        label=f"Impact by category {words}",
        synonyms=(f"impact by category {words}", f"impacts {words}"),
        help="Each category with its level: Financial 3; People 5",
        group=f"Rating {words}",
        max_length=400,
    )


COLUMNS = (*FIELDS, *(_by_category(kind) for kind in RatingKind))


def records(client: Client) -> Iterable[Record]:
    """Every risk of a client by number, closed ones too, in four queries."""
    names = {row.key: row.name for row in ImpactCategory.objects.filter(client=client)}
    impacts = _latest_impacts(client)
    live = {
        row.risk_id: row
        for row in Acceptance.objects.filter(client=client, state=AcceptanceState.LIVE)
    }
    for risk in Risk.objects.filter(client=client).order_by("number", "pk"):
        values = _values(risk, live.get(risk.pk))
        for kind in RatingKind:
            values[f"impacts_{kind}"] = _impact_words(impacts.get((risk.pk, kind), {}), names)
        yield Record(
            id=str(risk.pk),
            reference=values["reference"],
            title=risk.title,
            values=values,
            aliases=(risk.reference,) if risk.source_reference else (),
        )


def _latest_impacts(client: Client) -> dict[tuple[Any, str], Mapping[str, int]]:
    rows = (
        RiskRating.objects.filter(client=client)
        .order_by("risk_id", "kind", "-happened_at", "-recorded_at")
        .distinct("risk_id", "kind")
        .values_list("risk_id", "kind", "impacts")
    )
    return {(risk_id, kind): impacts for risk_id, kind, impacts in rows}


def _values(risk: Risk, live: Acceptance | None) -> dict[str, Any]:
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


def _impact_words(impacts: Mapping[str, int], names: Mapping[str, str]) -> str:
    return "; ".join(
        f"{names.get(key, 'Category to confirm' if key == UNCONFIRMED else key)} {value}"
        for key, value in sorted(impacts.items())
    )


def people(client: Client) -> Sequence[PersonEntry]:
    """Everybody in the client's directory."""
    return [
        PersonEntry(
            key=str(person.pk), name=person.name, email=person.email, job_title=person.job_title
        )
        for person in Person.objects.filter(client=client, active=True).order_by("name", "pk")
    ]


def check(row: Any, situation: Situation) -> None:
    """The register's own rules, before a row is compared with its record."""
    values = row.values
    if values.get("status") == "accepted":
        values["status"], values["accepted"] = Status.OPEN, True
    if values.get("accepted") and not (row.record and row.record.values.get("accepted")):
        named = values.get("accepted_by") and values.get("accepted_on")
        row.warn(
            "accepted",
            "Kept as a note that it was accepted. It counts once the person signs here."
            if named
            else "Accepted without a name and a date: kept as a gap, not as accepted.",
        )
    raised = values.get("raised_on")
    if raised is not None and raised > situation.on:
        row.warn("raised_on", f"{raised.isoformat()} is a day to come; today is taken instead.")
        values["raised_on"] = situation.on
    for kind in RatingKind:
        _check_rating(row, kind)


def _check_rating(row: Any, kind: str) -> None:
    likelihood, impact = row.values.get(f"likelihood_{kind}"), row.values.get(f"impact_{kind}")
    if row.record is None and (likelihood is None) != (impact is None):
        missing = "likelihood" if likelihood is None else "impact"
        row.warn(f"{missing}_{kind}", f"No {missing} is given, so this rating stays “not rated”.")


LEVEL = re.compile(r"^(?P<name>.+?)\s*[:=]?\s*(?P<level>[1-5])$")


def impacts_of(values: Mapping[str, Any], kind: str, client: Client) -> dict[str, int]:
    """Impact by category: as the file lists it, else in the category it names, else to confirm."""
    rows = limits.ensure_categories(client=client)
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
        kind: scoring.rating(
            values.get(f"likelihood_{kind}"), impacts_of(values, kind, client)
        )
        for kind in RatingKind
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
    limits.ensure_categories(client=client)
    risk = register.raise_risk(
        client=client,
        by=by,
        at=at,
        wording=_wording(values),
        owner=_owner(values, client),
        ratings=ratings_of(values, client),
        rating_reason=REASON,
        raised_on=values.get("raised_on"),
        status=Status.PROPOSED if values.get("status") == Status.PROPOSED else Status.OPEN,
        treatment=_treatment(values.get("treatment")),
        plan=values.get("action", ""),
        target_on=values.get("due"),
        origin="Imported",
        reference=values.get("reference", ""),
        measure=frame(client, client.today(at)),
    )
    _settle(risk, values, client=client, by=by, at=at)
    return Applied(id=str(risk.pk), reference=risk.reference)


def _settle(
    risk: Risk, values: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime
) -> None:
    """The dates, the noted sign-off and the end that a file gives besides."""
    fields = {"last_reviewed": "last_reviewed_on", "review": "next_review_on"}
    days = {name: values[key] for key, name in fields.items() if values.get(key) is not None}
    if "raised_on" in values and values["raised_on"] != risk.raised_on:
        days["raised_on"] = values["raised_on"]
    _note_signature(risk, values, by=by, at=at)
    for name, day in days.items():
        setattr(risk, name, day)
    if days or any(key in values for key in SIGNATURE):
        Risk.objects.filter(pk=risk.pk).update(
            extras=risk.extras, acceptance_gap=risk.acceptance_gap, **days
        )
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


def _close(
    risk: Risk, day: dt.date | None, *, client: Client, by: User, at: dt.datetime
) -> None:
    """Closed on the day the file gives, though not before it was raised nor after today."""
    day = min(max(day or client.today(at), risk.raised_on), client.today(at))
    moment = register.moment_of(client, day, at) + dt.timedelta(seconds=1)
    register.close_risk(risk=risk, by=by, at=moment, reason="Closed in the imported register")
    Risk.objects.filter(pk=risk.pk).update(closed_on=day)


def _note_signature(risk: Risk, values: Mapping[str, Any], *, by: User, at: dt.datetime) -> None:
    given = {key: values[key] for key in SIGNATURE if values.get(key) not in (None, "", False)}
    if not given:
        return
    kept = risk.extras.setdefault("signature", {})
    kept |= {
        key: value.isoformat() if isinstance(value, dt.date) else value
        for key, value in given.items()
    }
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
    risk: Risk, changes: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime
) -> None:
    """Write changed values through the verbs a person would use."""
    if changes.get("status") != Status.CLOSED and "status" in changes and risk.is_closed:
        register.reopen_risk(risk=risk, by=by, at=at, reason="Open in the imported register")
    more: dict[str, Any] = {}
    if "owner" in changes:
        more["owner"] = _owner(changes, client)
    for key, name in (("review", "next_review_on"), ("raised_on", "raised_on")):
        if changes.get(key) is not None:
            more[name] = changes[key]
    current = register.edit_risk(
        risk=risk, by=by, at=at, wording=_wording(changes), **more
    )
    for kind in RatingKind:
        if {f"likelihood_{kind}", f"impact_{kind}", f"impacts_{kind}"} & set(changes):
            _rerate(current, kind, changes, client=client, by=by, at=at)
    if {"treatment", "action", "due"} & set(changes):
        _replan(current, changes, by=by, at=at)
    current.refresh_from_db()
    rest = {key: value for key, value in changes.items() if key not in ("raised_on", "review")}
    _settle(current, rest, client=client, by=by, at=at)


def _rerate(
    risk: Risk, kind: str, changes: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime
) -> None:
    known = _values(risk, None) | {"category": risk.category}
    merged = known | {key: value for key, value in changes.items() if value is not None}
    if f"impacts_{kind}" not in changes and f"impact_{kind}" not in changes:
        latest = risk.ratings.filter(kind=kind).order_by("-happened_at", "-recorded_at").first()
        impacts = latest.impacts if latest else {}
    else:
        impacts = impacts_of(merged, kind, client)
    new = scoring.rating(merged.get(f"likelihood_{kind}"), impacts)
    if new is None:
        risk.ratings.filter(kind=kind).delete()
        rating.standing.refresh(client, client.today(at), [risk])
        return
    try:
        rating.rate_risk(risk=risk, kind=kind, rating=new, reason=REASON, by=by, at=at)
    except Refused:
        # The file says what the register says already.
        return


def _replan(risk: Risk, changes: Mapping[str, Any], *, by: User, at: dt.datetime) -> None:
    try:
        treatment.plan_treatment(
            risk=risk,
            treatment=_treatment(changes.get("treatment", risk.treatment)),
            words=changes.get("action", risk.plan) or "",
            target_on=changes.get("due", risk.target_on),
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
    for model in (Acceptance, RiskRating, RiskEvent, RiskReview, TreatmentPlan):
        model.objects.filter(client=client, risk=risk).delete()
    risk.delete()


@transaction.atomic
def restore(
    id: str, before: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime
) -> None:
    """Set back what an import changed."""
    risk = Risk.objects.get(pk=id)
    values = {key: _typed(key, value) for key, value in before.items()}
    if values.get("status") == Status.CLOSED and not risk.is_closed:
        _close(risk, values.get("closed_on"), client=client, by=by, at=at)
        values.pop("status")
    _update(risk, values, client=client, by=by, at=at)


DAYS = frozenset({"due", "review", "last_reviewed", "raised_on", "closed_on", *SIGNATURE[2:]})


def _typed(key: str, value: Any) -> Any:
    """A value as it came back from storage."""
    return dt.date.fromisoformat(value) if key in DAYS and isinstance(value, str) and value else value


KIND = ImportKind(
    name="risks",
    label="Risk register",
    noun="risk",
    plural="risks",
    fields=COLUMNS,
    records=records,
    apply=apply,
    remove=remove,
    restore=restore,
    people=people,
    check=check,
    permission="risks.import",
)
