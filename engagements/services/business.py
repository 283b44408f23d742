"""What the client is: profile, systems and processes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import JSONField, Q

from engagements.models import Process, Profile, System
from engagements.services.changes import assign, require_text
from vciso.audit import services as audit
from vciso.tenancy.models import Client, ClientOwned, User
from vciso.tenancy.references import next_reference
from vciso.web import formats
from vciso.web.forms import Doubted

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

    The key in addresses stays as it is. Days counted from now on follow the new zone. Once there are sums,
    another currency raises Doubted unless `values` stand by it, and one that is divided otherwise is
    refused: sums are kept in the smallest coins, so each would become another one.
    """
    known = {name: values[name] for name in CLIENT_FIELDS if name in values}
    _check_currency(client, known.get("currency", client.currency), stand_by=values.get("stand_by", False))
    before, after = assign(client, known)
    if after:
        client.full_clean(exclude=["practice", "key"], validate_unique=False)
        client.save(update_fields=list(after))
        audit.record(
            verb="client.edited", client=client, obj=client, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return client


def _check_currency(client: Client, currency: str, *, stand_by: bool) -> None:
    old = client.currency
    if currency == old or not _keeps_sums(client):
        return
    if formats.minor_units(currency) != formats.minor_units(old):
        raise ValidationError({"currency": (
            f"Sums are on record in {old}. In {currency}, which is divided otherwise, each would become another sum. "
            f"Keep {old}, or set up the client anew."
        )})  # fmt: skip
    if not stand_by:
        was, now = (formats.money(100 * 10 ** formats.minor_units(old), one) for one in (old, currency))
        raise Doubted({"stand_by": [
            f"Sums on record keep their numbers: what says {was} will say {now}, in limits that were signed too. "
            f"Tick this if they were meant in {currency}."
        ]})  # fmt: skip


def _keeps_sums(client: Client) -> bool:
    """Whether any record of the client, of whatever app, holds a sum; such columns end in `_minor` or `_money`."""
    for model in apps.get_models():
        if not issubclass(model, ClientOwned):
            continue
        sums = [field for field in model._meta.concrete_fields if field.name.endswith(("_minor", "_money"))]
        kept = Q()
        for field in sums:
            empty = Q(**{field.name: []}) if isinstance(field, JSONField) else Q(**{f"{field.name}__isnull": True})
            kept |= ~empty
        if kept and model._default_manager.filter(kept, client=client).exists():
            return True
    return False


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
