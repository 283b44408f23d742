"""How a planned row becomes a risk, changes one, and is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from engagements.models import Person
from risks.columns import related, undoing
from risks.columns.impacts import TO_CONFIRM, parts_of
from risks.columns.reading import values_of
from risks.columns.shared import COST, RATED_NOW, REASON, SIGNATURE, UNTREATED, WHY, wording
from risks.enums import UNCONFIRMED, RatingKind, ReviewOutcome, Status, Treatment
from risks.models import Risk, RiskReview
from risks.rules import scoring
from risks.rules.treating import LIFE_YEARS, Cost
from risks.selectors.wording import full_day
from risks.services import acceptance as acceptances
from risks.services import bulk, categories, closing, rating, register, standing, treatment
from risks.services.errors import Unchanged
from risks.services.review import next_review
from vciso.imports.registry import Applied
from vciso.tenancy.models import Client, User


def categories_of(client: Client) -> dict[str, str]:
    """The keys of the client's impact categories, by every word that means one."""
    rows = categories.ensure_categories(client=client)
    keys = {row.name.lower(): row.key for row in rows} | {row.key: row.key for row in rows}
    return keys | {TO_CONFIRM.lower(): UNCONFIRMED}


def impacts_of(values: Mapping[str, Any], kind: str, keys: Mapping[str, str]) -> dict[str, int]:
    """Impact by category: as the file lists it, else in the category it names, else to confirm."""
    found: dict[str, int] = {}
    for name, level in parts_of(values.get(f"impacts_{kind}")):
        if (key := keys.get(name.lower())) and level:
            found[key] = level
    single = values.get(f"impact_{kind}")
    if found and (single is None or max(found.values()) == single):
        return found
    if single is None:
        return {}
    category = (values.get("category") or "").strip().lower()
    return {keys.get(category, UNCONFIRMED): single}


def ratings_of(values: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, scoring.Rating | None]:
    """The three ratings that the values of a row amount to."""
    return {
        kind: scoring.rating(values.get(f"likelihood_{kind}"), impacts_of(values, kind, keys)) for kind in RatingKind
    }


LOOKS = {"last_reviewed": "last_reviewed_on", "review": "next_review_on"}
"""The days of reviews by their columns."""


def _owner(values: Mapping[str, Any], client: Client) -> Person | None:
    key = values.get("owner")
    return Person.objects.filter(client=client, pk=key).first() if key else None


def _treatment(value: str | None) -> str:
    return Treatment.UNDECIDED if value in (None, UNTREATED) else value


@transaction.atomic
def apply(row: Any, *, client: Client, by: User, at: dt.datetime) -> Applied:
    """Write one planned row: a new risk, or the changes of the one it was found to be."""
    if row.record is not None:
        # An import locks risks in the order of its rows, whoever sets a limit in the order of the register.
        standing.hold(client)
        risk = Risk.objects.get(pk=row.record.id)
        changes = {key: after for key, (_, after) in row.changes.items()}
        way_back = undoing.WayBack(risk)
        _update(risk, changes, client=client, by=by, at=at, why=row.values.get(WHY) or "")
        _keep_days(risk, row.values, changes)
        return Applied(id=str(risk.pk), reference=risk.reference, rest=way_back.rest())
    return apply_new([row], client=client, by=by, at=at)[0]


@transaction.atomic
def apply_new(rows: Sequence[Any], *, client: Client, by: User, at: dt.datetime) -> list[Applied]:
    """Write planned rows that are new risks, all at once; only what few rows have is written one by one."""
    keys = categories_of(client)
    given = [{key: value for key, value in row.values.items() if value is not None} for row in rows]
    owners = Person.objects.filter(client=client).in_bulk({values["owner"] for values in given if values.get("owner")})
    people = {str(key): person for key, person in owners.items()}
    made = bulk.raise_many(
        client=client,
        by=by,
        at=at,
        reason=REASON,
        recorded=True,
        risks=[
            _new(values, ratings_of(values | _first_said(row), keys), people.get(values.get("owner", "")))
            for row, values in zip(rows, given, strict=True)
        ],
    )
    pairs = list(zip(made, given, strict=True))
    looks = [_look(risk, values["last_reviewed"], by=by, at=at) for risk, values in pairs if "last_reviewed" in values]
    register.write(look for look in looks if look.on <= client.today(at))
    for row, (risk, values) in zip(rows, pairs, strict=True):
        _rate_as_chosen(risk, row, ratings_of(values, keys), by=by, at=at)
        related.link(risk, values.get("links"), by=by, at=at)
        _note_signature(risk, values, by=by, at=at)
    ends = [
        (risk, _end_of(risk, values.get("closed_on"), client, at))
        for risk, values in pairs
        if values.get("status") == Status.CLOSED
    ]
    closing.close_new(client=client, ends=ends, by=by, reason=CLOSED_BY_FILE)
    return [Applied(id=str(risk.pk), reference=risk.reference) for risk in made]


def _new(values: Mapping[str, Any], ratings: dict[str, scoring.Rating | None], owner: Person | None) -> bulk.NewRisk:
    return bulk.NewRisk(
        wording=wording(values),
        owner=owner,
        ratings=ratings,
        raised_on=values.get("raised_on"),
        status=Status.PROPOSED if values.get("status") == Status.PROPOSED else Status.OPEN,
        treatment=_treatment(values.get("treatment")),
        plan=values.get("action", ""),
        target_on=values.get("due"),
        cost=_cost(Cost(), values),
        origin="Imported",
        reference=values.get("reference", ""),
        last_reviewed_on=values.get("last_reviewed"),
        next_review_on=values.get("review"),
    )


def _first_said(row: Any) -> dict[str, Any]:
    """The ratings of the tab that does not count; they come first in the history."""
    return {
        key: value
        for _, held in row.earlier
        for key, value in held.items()
        if key.startswith(("likelihood_", "impact_"))
    }


def _rate_as_chosen(
    risk: Risk, row: Any, ratings: Mapping[str, scoring.Rating | None], *, by: User, at: dt.datetime
) -> None:
    """Where tabs disagreed, the rating that counts follows the one that does not; both stay in the history."""
    if not _first_said(row):
        return
    for kind, chosen in ratings.items():
        if chosen is None:
            continue
        try:
            rating.rate_risk(
                risk=risk, kind=kind, rating=chosen, by=by, at=at + dt.timedelta(seconds=1),
                reason=f"Chosen over “{row.earlier[0][0]}” of the same file.",
            )  # fmt: skip
        except Unchanged:
            continue
    risk.refresh_from_db()


def _settle(risk: Risk, values: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime, why: str) -> None:
    """The dates, the noted sign-off and the end that a file gives besides."""
    days = {name: values[key] for key, name in LOOKS.items() if values.get(key) is not None}
    if "raised_on" in values and values["raised_on"] != risk.raised_on:
        days["raised_on"] = values["raised_on"]
    _note_signature(risk, values, by=by, at=at)
    for name, day in days.items():
        setattr(risk, name, day)
    if "last_reviewed_on" in days and "next_review_on" not in days:
        risk.next_review_on = days["next_review_on"] = next_review(risk)
    if days:
        Risk.objects.filter(pk=risk.pk).update(**days)
    if values.get("last_reviewed") is not None and values["last_reviewed"] <= client.today(at):
        _look(risk, values["last_reviewed"], by=by, at=at).save(force_insert=True)
    if values.get("status") == Status.CLOSED and risk.status != Status.CLOSED:
        moment = _end_of(risk, values.get("closed_on"), client, at)
        closing.close_risk(risk=risk, by=by, at=moment, reason=why or CLOSED_BY_FILE, looked=False)


def _keep_days(risk: Risk, values: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """A rating and a look move the days of reviews; those that the file itself says stay as it says."""
    said = {name: values[key] for key, name in LOOKS.items() if values.get(key) is not None and key not in changes}
    if said and (RATED_NOW | {"last_reviewed"}) & set(changes):
        Risk.objects.filter(pk=risk.pk).update(**said)


def _look(risk: Risk, day: dt.date, *, by: User, at: dt.datetime) -> RiskReview:
    """A look at a risk that the file tells of, in memory."""
    return RiskReview(
        client_id=risk.client_id,
        risk=risk,
        on=day,
        outcome=ReviewOutcome.UNCHANGED,
        note=REASON,
        happened_at=register.moment_of(risk.client, day, at),
        by=by,
    )


OPEN_BY_FILE = "Open in the imported register"
CLOSED_BY_FILE = "Closed in the imported register"


def _end_of(risk: Risk, day: dt.date | None, client: Client, at: dt.datetime) -> dt.datetime:
    """When a risk ended by the day the file gives, though not before it was raised nor after today."""
    day = min(max(day or client.today(at), risk.raised_on), client.today(at))
    return register.moment_of(client, day, at) + dt.timedelta(seconds=1)


def _note_signature(risk: Risk, values: Mapping[str, Any], *, by: User, at: dt.datetime) -> None:
    given = {key: values[key] for key in SIGNATURE if values.get(key) not in (None, "", False)}
    if not given:
        return
    kept = risk.extras.setdefault("signature", {})
    kept |= {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in given.items()}
    if kept.get("accepted") and not risk.acceptance_gap and risk.accepted_until is None:
        said = _signature_words(kept, risk.client)
        acceptances.import_unsigned_acceptance(
            risk=risk,
            words=f"Accepted according to the imported register{f' ({said})' if said else ''}.",
            by=by,
            at=at,
            signer_name=kept.get("accepted_by", ""),
            until=given.get("accepted_until"),
        )
    Risk.objects.filter(pk=risk.pk).update(extras=risk.extras, acceptance_gap=risk.acceptance_gap)


def _signature_words(kept: Mapping[str, Any], client: Client) -> str:
    """Who accepted a risk by the file, when and until when: “Una Pine, signed on 3 June 2026, until 1 March 2027”."""
    days = {"accepted_on": "signed on", "accepted_until": "until"}
    said = [
        f"{word} {full_day(dt.date.fromisoformat(kept[key]), client)}" for key, word in days.items() if kept.get(key)
    ]
    return ", ".join(filter(None, (kept.get("accepted_by"), *said)))


def _update(risk: Risk, changes: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime, why: str) -> None:
    """Write changed values through the verbs a person would use; `why` as the file says it, else that it is one."""
    reason = why or REASON
    if changes.get("status") != Status.CLOSED and "status" in changes and risk.is_closed:
        closing.reopen_risk(risk=risk, by=by, at=at, reason=why or OPEN_BY_FILE)
    if changes.get("status") == Status.OPEN and risk.status == Status.PROPOSED:
        register.confirm_risk(risk=risk, by=by, at=at, reason=why or OPEN_BY_FILE)
    more: dict[str, Any] = {}
    if "owner" in changes:
        more["owner"] = _owner(changes, client)
    for key, name in (("review", "next_review_on"), ("raised_on", "raised_on")):
        if changes.get(key) is not None:
            more[name] = changes[key]
    current = register.edit_risk(risk=risk, by=by, at=at, wording=wording(changes), reason=reason, **more)
    for kind in RatingKind:
        if {f"likelihood_{kind}", f"impact_{kind}", f"impacts_{kind}"} & set(changes):
            _rerate(current, kind, changes, client=client, by=by, at=at, reason=reason)
    if {"treatment", "action", "due", *COST} & set(changes):
        _replan(current, changes, by=by, at=at)
    related.link(current, changes.get("links"), by=by, at=at)
    current.refresh_from_db()
    rest = {key: value for key, value in changes.items() if key != "raised_on"}
    _settle(current, rest, client=client, by=by, at=at, why=why)


def _rerate(
    risk: Risk, kind: str, changes: Mapping[str, Any], *, client: Client, by: User, at: dt.datetime, reason: str
) -> None:
    known = values_of(risk, None) | {"category": risk.category}
    merged = known | {key: value for key, value in changes.items() if value is not None}
    if f"impacts_{kind}" not in changes and f"impact_{kind}" not in changes:
        latest = risk.ratings.filter(kind=kind).order_by("-happened_at", "-recorded_at").first()
        impacts = latest.impacts if latest else {}
    else:
        impacts = impacts_of(merged, kind, categories_of(client))
    new = scoring.rating(merged.get(f"likelihood_{kind}"), impacts)
    if new is None:
        return
    try:
        rating.rate_risk(risk=risk, kind=kind, rating=new, reason=reason, by=by, at=at)
    except Unchanged:
        # The file says what the register says already.
        return


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
    except Unchanged:
        return
