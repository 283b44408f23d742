"""Adding vendors, changing what is known about them, ending them and taking them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements.models import Process, System
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.tenancy.references import next_reference, reserve_reference
from vendors import rules
from vendors.enums import VendorStatus
from vendors.models import Vendor, VendorAlias, VendorProcess, VendorSystem
from vendors.services import gate

FACTS = frozenset(
    "name kind service website criticality data_level data_held access override_tier "
    "override_reason owner contract_starts_on contract_ends_on notice_days notice_on auto_renews "
    "contract_note yearly_cost_minor review_months private_notes extras".split()
)
"""What a person may say about a vendor; the rest is computed."""

UNSAID: Sequence[str] = ("private_notes",)
"""Facts of which the audit trail says that they changed, not how."""


@transaction.atomic
def add_vendor(
    *,
    client: Client,
    name: str,
    by: User | None,
    at: dt.datetime,
    reference: str = "",
    proposed: bool = False,
    review_due_on: dt.date | None = None,
    aliases: Iterable[str] = (),
    systems: Iterable[System] = (),
    processes: Iterable[Process] = (),
    **facts: Any,
) -> Vendor:
    """Puts a vendor on the client's list, with its tier and the day of its first review.

    `facts` are those of `FACTS`. Refuses a name that is on the list already, also in another
    spelling or as an alias, and a tier set by hand without a reason.
    """
    _known(facts)
    day = client.today(at)
    vendor = Vendor(client=client, name=" ".join(name.split()), added_on=day, **facts)
    vendor.status = VendorStatus.PROPOSED if proposed else VendorStatus.ACTIVE
    gate.settle(vendor)
    if review_due_on is not None:
        vendor.review_due_on = review_due_on
    _refuse_bad(vendor)
    vendor.reference = reference or next_reference(client.pk, "V")
    if reference:
        reserve_reference(client.pk, "V", reference)
    vendor.save(force_insert=True)
    _set_aliases(vendor, aliases)
    _set_links(vendor, systems, processes)
    gate.keep_tier(vendor, by=by, at=at, since=day)
    audit.record(
        verb="vendor.added",
        client=client,
        obj=vendor,
        by=by,
        at=at,
        after=_said(vendor, {"name", *facts}),
    )
    return vendor


@transaction.atomic
def edit_vendor(
    *,
    vendor: Vendor,
    by: User | None,
    at: dt.datetime,
    seen: int | None = None,
    review_due_on: dt.date | None = None,
    aliases: Iterable[str] | None = None,
    systems: Iterable[System] | None = None,
    processes: Iterable[Process] | None = None,
    **facts: Any,
) -> Vendor:
    """Changes what is known about a vendor, and whatever is computed from it.

    `seen` is the edition the person had before them; a newer one is refused. `review_due_on`
    moves the next review; without it the day moves only when tier or rhythm changed.
    """
    _known(facts)
    kept = Vendor.objects.select_for_update().select_related("client").get(pk=vendor.pk)
    if seen is not None and kept.edition != seen:
        raise ValidationError("Somebody changed this vendor while you were writing. Nothing was saved.", code="stale")
    before = _said(kept, facts)
    tier, rhythm = kept.tier, kept.review_months
    due = kept.review_due_on
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.name = " ".join(kept.name.split())
    gate.settle(kept, new_due=False)
    if review_due_on is not None:
        kept.review_due_on = review_due_on
    elif (tier, rhythm) != (kept.tier, kept.review_months):
        gate.settle(kept)
    _refuse_bad(kept)
    kept.edition += 1
    kept.save()
    if aliases is not None:
        _set_aliases(kept, aliases)
    if systems is not None or processes is not None:
        _set_links(kept, systems, processes)
    if kept.tier != tier:
        gate.keep_tier(kept, by=by, at=at, since=kept.client.today(at))
    after = _said(kept, facts)
    changed = {name for name in after if after[name] != before[name]}
    if kept.review_due_on != due:
        before["review_due_on"], after["review_due_on"] = gate.plain(due), gate.plain(kept.review_due_on)
        changed.add("review_due_on")
    audit.record(
        verb="vendor.changed",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
    )
    return kept


@transaction.atomic
def end_vendor(*, vendor: Vendor, reason: str, by: User | None, at: dt.datetime, on: dt.date | None = None) -> Vendor:
    """Says that the client no longer uses the vendor; the record and its reviews stay.

    Refuses one that has ended already, an empty reason, and a day that is still to come.
    """
    kept = Vendor.objects.select_for_update().select_related("client").get(pk=vendor.pk)
    if kept.status == VendorStatus.ENDED:
        raise ValidationError(f"{kept.name} ended on {kept.ended_on} already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the client leaves, and where its data went."})
    today = kept.client.today(at)
    if on is not None and on > today:
        raise ValidationError({"on": f"{on} is still to come. End the vendor on the day itself."})
    kept.status = VendorStatus.ENDED
    kept.ended_on = on or today
    kept.end_reason = reason.strip()[:500]
    kept.edition += 1
    kept.save()
    audit.record(
        verb="vendor.ended",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        after={"ended_on": gate.plain(kept.ended_on)},
        reason=kept.end_reason,
    )
    return kept


@transaction.atomic
def reinstate_vendor(*, vendor: Vendor, by: User | None, at: dt.datetime) -> Vendor:
    """Takes a proposed or ended vendor into use. Its review is due at once if none is on record."""
    kept = Vendor.objects.select_for_update().select_related("client").get(pk=vendor.pk)
    if kept.status == VendorStatus.ACTIVE:
        raise ValidationError(f"{kept.name} is in use already.")
    before = {"status": kept.status, "ended_on": gate.plain(kept.ended_on)}
    kept.status = VendorStatus.ACTIVE
    kept.ended_on = None
    kept.end_reason = ""
    gate.settle(kept)
    kept.edition += 1
    kept.save()
    audit.record(
        verb="vendor.taken_into_use",
        client=kept.client,
        obj=kept,
        by=by,
        at=at,
        before=before,
        after={"status": kept.status},
    )
    return kept


@transaction.atomic
def remove_vendor(*, vendor: Vendor, by: User | None, at: dt.datetime) -> None:
    """Takes back a vendor that an import made. Only an import's undo calls this."""
    for rows in (vendor.aliases, vendor.system_links, vendor.process_links, vendor.tiers):
        rows.all().delete()
    vendor.reviews.filter(imported=True).delete()
    client, name = vendor.client, vendor.name
    audit.record(verb="vendor.import_undone", client=client, obj=vendor, by=by, at=at, before={"name": name})
    vendor.delete()


def _known(facts: dict[str, Any]) -> None:
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise TypeError(f"a vendor has no fact {unknown[0]!r}")


def _said(vendor: Vendor, names: Iterable[str]) -> dict[str, Any]:
    """The named facts as the audit trail keeps them; private words stay out of it."""
    said: dict[str, Any] = {}
    for name in names:
        if name in UNSAID:
            said[name] = f"{len(getattr(vendor, name))} characters"
        elif name == "owner":
            said[name] = str(vendor.owner_id) if vendor.owner_id else None
        else:
            said[name] = gate.plain(getattr(vendor, name))
    return said


def _refuse_bad(vendor: Vendor) -> None:
    """The checks that hold for every way a vendor is written."""
    if not vendor.name:
        raise ValidationError({"name": "Write the vendor’s name."})
    if vendor.override_tier and not vendor.override_reason.strip():
        raise ValidationError({"override_reason": "Say why you set the tier by hand."})
    ends, starts = vendor.contract_ends_on, vendor.contract_starts_on
    if ends and starts and ends < starts:
        raise ValidationError({"contract_ends_on": f"{ends} is before the contract’s start on {starts}."})
    if vendor.yearly_cost_minor is not None and vendor.yearly_cost_minor < 0:
        raise ValidationError({"yearly_cost_minor": "A cost is not below zero."})
    others = Vendor.objects.filter(client_id=vendor.client_id).exclude(pk=vendor.pk)
    same = others.filter(name_key=vendor.name_key).first()
    if same is None:
        same = others.filter(aliases__name_key=vendor.name_key).first()
    if same is not None:
        raise ValidationError({"name": f"{same.reference} {same.name} is on the list already under this name."})


def _set_aliases(vendor: Vendor, names: Iterable[str]) -> None:
    wanted = {rules.name_key(name): " ".join(name.split())[:200] for name in names if name.strip()}
    wanted.pop(vendor.name_key, None)
    taken = VendorAlias.objects.filter(client_id=vendor.client_id, name_key__in=wanted).exclude(vendor=vendor)
    clash = taken.select_related("vendor").first()
    if clash is None:
        rival = Vendor.objects.filter(client_id=vendor.client_id, name_key__in=wanted).first()
    else:
        rival = clash.vendor
    if rival is not None:
        raise ValidationError({"aliases": f"That name belongs to {rival.reference} {rival.name}."})
    vendor.aliases.exclude(name_key__in=wanted).delete()
    there = set(vendor.aliases.values_list("name_key", flat=True))
    VendorAlias.objects.bulk_create(
        VendorAlias(client_id=vendor.client_id, vendor=vendor, name=name, name_key=key)
        for key, name in wanted.items()
        if key not in there
    )


def _set_links(vendor: Vendor, systems: Iterable[System] | None, processes: Iterable[Process] | None) -> None:
    if systems is not None:
        ids = {system.pk for system in systems}
        vendor.system_links.exclude(system_id__in=ids).delete()
        there = set(vendor.system_links.values_list("system_id", flat=True))
        VendorSystem.objects.bulk_create(
            VendorSystem(client_id=vendor.client_id, vendor=vendor, system_id=pk) for pk in ids - there
        )
    if processes is not None:
        ids = {process.pk for process in processes}
        vendor.process_links.exclude(process_id__in=ids).delete()
        there = set(vendor.process_links.values_list("process_id", flat=True))
        VendorProcess.objects.bulk_create(
            VendorProcess(client_id=vendor.client_id, vendor=vendor, process_id=pk) for pk in ids - there
        )
