"""Writing planned rows to the programme, and taking them back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from engagements.models import Person
from policies import rules, services
from policies.columns.reading import DAYS, TEXTS, VERSION, months_of, values_of
from policies.enums import Kind
from policies.models import Policy
from vciso.imports.planning import PlannedRow
from vciso.imports.registry import Applied, UndoRefused
from vciso.tenancy.models import Client, User

RETIRED = "Retired in the imported list."


def apply(row: PlannedRow, *, client: Client, by: User, at: dt.datetime) -> Applied:
    """Adds the row's policy, or changes the one it was matched with."""
    if row.record is None:
        policy = _add({key: value for key, value in row.values.items() if value is not None}, client, by, at)
    else:
        policy = Policy.objects.get(client=client, pk=row.record.id)
        policy = _change(policy, {key: after for key, (_, after) in row.changes.items()}, by, at)
    return Applied(id=str(policy.pk), reference=policy.reference)


def remove(id: str, *, client: Client, by: User, at: dt.datetime) -> None:
    """Takes back a policy that an import made, unless somebody worked on it since."""
    policy = Policy.objects.get(client=client, pk=id)
    try:
        services.remove_listed(policy=policy, by=by, at=at)
    except ValidationError as refusal:
        raise UndoRefused(" ".join(refusal.messages)) from refusal


def restore(id: str, before: dict[str, Any], *, client: Client, by: User, at: dt.datetime) -> None:
    """Sets back what an update changed."""
    _change(Policy.objects.get(client=client, pk=id), before, by, at)


def _add(values: dict[str, Any], client: Client, by: User, at: dt.datetime) -> Policy:
    months = months_of(values.get("review_every", "")) or 12
    common: dict[str, Any] = {
        "client": client,
        "title": values["title"],
        "kind": values.get("kind") or Kind.POLICY,
        "purpose": values.get("purpose", ""),
        "owner": _owner(values.get("owner"), client),
        "review_months": months,
        "number": values.get("version") or "1.0",
        "by": by,
        "at": at,
    }
    since = values.get("effective_on")
    if since is not None:
        due = values.get("next_review") or rules.next_review(
            after=max(since, values.get("last_reviewed") or since), months=months
        )
        policy = services.record_existing(body="", effective_on=since, next_review_on=due, **common)
    else:
        policy = services.create_policy(change_summary="Brought in from a list.", **common)
    policy = services.note_listing(
        policy=policy,
        extras=_extras(values, {}, policy),
        private_notes=values.get("notes", ""),
        next_review_on=values.get("next_review") or policy.next_review_on,
        by=by,
        at=at,
    )
    if values.get("status") == "retired":
        policy = services.retire_policy(policy=policy, reason=RETIRED, by=by, at=at)
    return policy


def _change(policy: Policy, values: dict[str, Any], by: User, at: dt.datetime) -> Policy:
    if "status" in values and values["status"] != "retired" and policy.retired_on is not None:
        policy = services.reinstate_policy(policy=policy, by=by, at=at)
    details: dict[str, Any] = {key: values[key] for key in ("title", "kind", "purpose") if key in values}
    if "owner" in values:
        details["owner"] = _owner(values["owner"], policy.client)
    if values.get("review_every"):
        details["review_months"] = months_of(values["review_every"])
    if details:
        policy = services.change_details(policy=policy, by=by, at=at, **details)
    if {key for key in VERSION if key in values} - ({"status"} if values.get("status") == "retired" else set()):
        policy = _renumber(policy, values, by, at)
    policy = services.note_listing(
        policy=policy,
        extras=_extras(values, policy.extras, policy),
        private_notes=(values["notes"] or "") if "notes" in values else policy.private_notes,
        next_review_on=values.get("next_review", policy.next_review_on),
        by=by,
        at=at,
    )
    if values.get("status") == "retired" and policy.retired_on is None:
        policy = services.retire_policy(policy=policy, reason=RETIRED, by=by, at=at)
    return policy


def _renumber(policy: Policy, values: dict[str, Any], by: User, at: dt.datetime) -> Policy:
    held = values_of(policy, policy.versions.newest_first().first())
    wanted = held | {key: values[key] for key in VERSION if key in values}
    return services.replace_listed_version(
        policy=policy,
        number=wanted["version"] or "1.0",
        effective_on=None if wanted["status"] == "draft" else wanted["effective_on"],
        by=by,
        at=at,
    )


def _owner(key: str | None, client: Client) -> Person | None:
    return Person.objects.filter(client=client, pk=key).first() if key else None


def _extras(values: dict[str, Any], held: dict[str, Any], policy: Policy) -> dict[str, Any]:
    kept = dict(held)
    for key in TEXTS:
        if key in values:
            kept[key] = values[key] or ""
    for key in DAYS:
        if key in values:
            kept[key] = values[key].isoformat() if values[key] else ""
    given = str(values.get("reference") or "")
    if given and given != policy.reference:
        kept["source_reference"] = given
    return {key: value for key, value in kept.items() if value}
