"""Writing planned rows to the inventory, and taking them back."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from engagements.models import Person
from vciso.imports.planning import PlannedRow
from vciso.imports.registry import Applied, UndoRefused
from vciso.tenancy.models import Client, User
from vendors import rules, services
from vendors.columns import fields
from vendors.columns.reading import EXTRA_TEXTS, own_name
from vendors.enums import VendorStatus
from vendors.models import Vendor

OVERRIDE = "The tier of the imported list."
REFERENCE = re.compile(r"V-\d{1,6}")


def apply(row: PlannedRow, *, client: Client, by: User | None, at: dt.datetime) -> Applied:
    """Adds the row's vendor, or changes the one it was matched with."""
    if row.record is None:
        vendor = _add(dict(row.values), client, by, at)
    else:
        vendor = Vendor.objects.get(client=client, pk=row.record.id)
        vendor = _change(vendor, {key: after for key, (_, after) in row.changes.items()}, by, at)
    return Applied(id=str(vendor.pk), reference=vendor.reference)


def remove(id: str, *, client: Client, by: User | None, at: dt.datetime) -> None:
    """Takes back a vendor that an import made, unless somebody reviewed it since."""
    vendor = Vendor.objects.get(client=client, pk=id)
    if vendor.reviews.filter(imported=False).exists():
        raise UndoRefused(f"{vendor.reference} {vendor.name} was reviewed since the import.")
    services.remove_vendor(vendor=vendor, by=by, at=at)


def restore(id: str, before: dict[str, Any], *, client: Client, by: User | None, at: dt.datetime) -> None:
    """Sets back what an update changed."""
    vendor = Vendor.objects.get(client=client, pk=id)
    if {"last_review", "review_result"} & set(before):
        services.take_back_review(vendor=vendor, by=by, at=at)
    rest = {key: value for key, value in before.items() if key not in ("last_review", "review_result")}
    _change(Vendor.objects.get(pk=vendor.pk), rest, by, at)


def _add(values: dict[str, Any], client: Client, by: User | None, at: dt.datetime) -> Vendor:
    facts = _facts(values, {}, client)
    given = str(values.get("reference") or "")
    reference = ""
    if given:
        taken = Vendor.objects.filter(client=client, reference=given).exists()
        if REFERENCE.fullmatch(given) and not taken:
            reference = given
        else:
            facts.setdefault("extras", {})["source_reference"] = given[:60]
    name = str(facts.pop("name"))
    service = str(facts.get("service") or "")
    if service and Vendor.objects.filter(client=client, name_key=rules.name_key(name)).exists():
        name = own_name(name, service)
    vendor = services.add_vendor(
        client=client,
        name=name,
        by=by,
        at=at,
        reference=reference,
        proposed=values.get("status") == VendorStatus.PROPOSED,
        **_tier(values.get("tier"), facts),
        **facts,
    )
    return _finish(vendor, values, by, at)


def _change(vendor: Vendor, values: dict[str, Any], by: User | None, at: dt.datetime) -> Vendor:
    facts = _facts(values, vendor.extras, vendor.client)
    if "tier" in values:
        facts |= _tier(values["tier"], {"criticality": vendor.criticality, "data_level": vendor.data_level, **facts})
    if facts:
        vendor = services.edit_vendor(vendor=vendor, by=by, at=at, **facts)
    return _finish(vendor, values, by, at)


def _finish(vendor: Vendor, values: dict[str, Any], by: User | None, at: dt.datetime) -> Vendor:
    """What has verbs of its own: the last review, the day of the next, and the status."""
    if values.get("last_review") or values.get("review_result"):
        services.record_review(
            vendor=vendor,
            result=fields.RESULT.get(values.get("review_result") or "", vendor.last_result),
            on=values.get("last_review") or vendor.last_review_on,
            summary="As in the imported list.",
            imported=True,
            by=by,
            at=at,
        )
        vendor.refresh_from_db()
    if values.get("next_review"):
        vendor = services.edit_vendor(vendor=vendor, review_due_on=values["next_review"], by=by, at=at)
    status = values.get("status")
    if status == VendorStatus.ENDED and vendor.status != VendorStatus.ENDED:
        vendor = services.end_vendor(vendor=vendor, reason="Ended in the imported list.", by=by, at=at)
    elif status == VendorStatus.ACTIVE and vendor.status != VendorStatus.ACTIVE:
        due = vendor.review_due_on
        vendor = services.reinstate_vendor(vendor=vendor, by=by, at=at)
        if due is not None and due != vendor.review_due_on:
            vendor = services.edit_vendor(vendor=vendor, review_due_on=due, by=by, at=at)
    return vendor


def _facts(values: dict[str, Any], extras: dict[str, Any], client: Client) -> dict[str, Any]:
    """The columns as facts of a vendor; a column that is not there says nothing."""
    facts: dict[str, Any] = {}
    plain = {
        "title": "name",
        "service": "service",
        "access": "access",
        "contract_start": "contract_starts_on",
        "contract_end": "contract_ends_on",
        "auto_renew": "auto_renews",
        "annual_spend": "yearly_cost_minor",
        "notes": "private_notes",
    }
    empty = {"name": "", "service": "", "access": "", "private_notes": ""}
    for key, name in plain.items():
        if key in values:
            facts[name] = empty.get(name) if values[key] is None else values[key]
    if "website" in values:
        facts["website"] = str(values["website"] or "")[:300]
    if "criticality" in values:
        facts["criticality"] = fields.CRITICALITY.get(values["criticality"] or "")
    if "data" in values:
        facts["data_held"] = "; ".join(word.replace(";", ",") for word in values["data"] or [])
    if "data_level" in values:
        facts["data_level"] = values["data_level"] or ""
    if "owner" in values:
        key = values["owner"]
        facts["owner"] = Person.objects.filter(client=client, pk=key).first() if key else None
    facts |= _notice(values)
    more = _extras(values, extras)
    if more != extras:
        facts["extras"] = more
    if "type" in values:
        facts["kind"] = fields.kind_of(str(values["type"] or ""))
    return facts


def _notice(values: dict[str, Any]) -> dict[str, Any]:
    """A notice day that is given counts; days of a period only where no day is given."""
    facts: dict[str, Any] = {}
    if "notice_on" in values:
        facts["notice_on"] = values["notice_on"]
        if values["notice_on"]:
            facts["notice_days"] = None
    if "notice_period" in values and not values.get("notice_on"):
        facts["notice_days"] = fields.days_of(str(values["notice_period"] or ""))
    return facts


def _extras(values: dict[str, Any], extras: dict[str, Any]) -> dict[str, Any]:
    kept = dict(extras)
    for key in EXTRA_TEXTS:
        if key in values:
            kept[key] = values[key] or ""
    if "certificates" in values:
        kept["certificates"] = list(values["certificates"] or [])
    if "type" in values:
        words = str(values["type"] or "")
        kept["type"] = "" if words == fields.kind_of(words).label else words
    if "notice_period" in values:
        words = str(values["notice_period"] or "")
        days = fields.days_of(words)
        sure = not values.get("notice_on") and days is not None and words == f"{days} days"
        kept["notice_period"] = "" if sure else words
    return {key: value for key, value in kept.items() if value}


def _tier(tier: str | None, facts: dict[str, Any]) -> dict[str, Any]:
    """A tier that differs from the computed one is set by hand, with the list as its reason."""
    computed = rules.tier_of(facts.get("criticality"), facts.get("data_level") or "").tier
    if not tier or int(tier) == computed:
        return {"override_tier": None, "override_reason": ""} if tier else {}
    return {"override_tier": int(tier), "override_reason": OVERRIDE}
