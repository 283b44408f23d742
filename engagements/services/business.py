"""What the client is: profile, systems and processes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements.models import Process, Profile, System
from engagements.services.changes import assign, require_text
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.tenancy.references import next_reference

PROFILE_FIELDS = (
    "sector", "staff_count", "places", "data_kinds", "annual_revenue_minor", "summary",
    "private_notes",
)  # fmt: skip
ESTATE_FIELDS = (
    "name", "detail", "holds", "criticality", "run_by", "run_by_name",
    "tolerable_downtime_hours", "restore_order", "owner", "private_notes",
)  # fmt: skip
CLIENT_FIELDS = (
    "name", "time_zone", "currency", "language", "paper", "hue", "pack_release",
)  # fmt: skip
PREFIX = {System: "SYS", Process: "PRC"}
Estate = System | Process


@transaction.atomic
def set_profile(*, client: Client, values: dict[str, Any], by: User, at: dt.datetime) -> Profile:
    """Writes what the client is; the first time makes the row."""
    profile = Profile.objects.filter(client=client).first() or Profile(client=client)
    known = {name: values[name] for name in PROFILE_FIELDS if name in values}
    before, after = assign(profile, known)
    if after or profile.updated_at is None:
        profile.updated_at = at
        profile.save()
        audit.record(
            verb="profile.edited", client=client, obj=profile, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return profile


@transaction.atomic
def edit_client(*, client: Client, values: dict[str, Any], by: User, at: dt.datetime) -> Client:
    """Changes name, zone, currency, language, paper and how packs reach the board.

    The key in addresses stays as it is. Days counted from now on follow the new zone.
    """
    known = {name: values[name] for name in CLIENT_FIELDS if name in values}
    before, after = assign(client, known)
    if after:
        client.full_clean(exclude=["practice", "key"], validate_unique=False)
        client.save(update_fields=list(after))
        audit.record(
            verb="client.edited", client=client, obj=client, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return client


@transaction.atomic
def add_estate(model: type[Estate], *, client: Client, values: dict[str, Any], by: User, at: dt.datetime) -> Estate:
    """Adds a system or a process the business runs on."""
    known = {name: values[name] for name in ESTATE_FIELDS if name in values}
    known["name"] = require_text("name", known.get("name", ""), "Write what people call it.")
    item = model(client=client, reference=next_reference(client.pk, PREFIX[model]), created_at=at, **known)
    item.save()
    audit.record(
        verb=f"{model._meta.model_name}.added", client=client, obj=item, by=by, at=at,
        after={"name": item.name, "criticality": item.criticality},
    )  # fmt: skip
    return item


@transaction.atomic
def edit_estate(*, item: Estate, values: dict[str, Any], by: User, at: dt.datetime) -> Estate:
    """Changes a system or process; its reference never changes."""
    known = {name: values[name] for name in ESTATE_FIELDS if name in values}
    before, after = assign(item, known)
    if after:
        item.save()
        audit.record(
            verb=f"{item._meta.model_name}.edited", client=item.client, obj=item, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return item


@transaction.atomic
def retire_estate(*, item: Estate, reason: str, by: User, at: dt.datetime) -> Estate:
    """The business no longer runs on it; what points to it keeps its name."""
    if not item.active:
        raise ValidationError(f"{item.reference} is retired already.")
    cleaned = require_text("reason", reason, "Write why it is retired.")
    item.active = False
    item.save(update_fields=["active"])
    audit.record(
        verb=f"{item._meta.model_name}.retired", client=item.client, obj=item, by=by, at=at,
        before={"active": True}, after={"active": False}, reason=cleaned,
    )  # fmt: skip
    return item
