"""The inventory as plain values, and a look at each row before it is compared with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from engagements.models import Person
from vciso.imports.planning import PlannedRow, ask_which
from vciso.imports.reading.texts import plain
from vciso.imports.registry import PersonEntry, Record, Situation
from vciso.tenancy.models import Client
from vendors import rules
from vendors.columns import fields
from vendors.enums import VendorStatus
from vendors.models import Vendor, VendorAlias

EXTRA_TEXTS = ("contact", "location", "dpa", "subprocessors", "contract_reference")


def records(client: Client) -> Iterable[Record]:
    """Every vendor of the client, by reference. Two queries."""
    rows = _vendors(client).order_by("reference", "pk")
    return [_record(vendor) for vendor in rows]


def _vendors(client: Client) -> QuerySet[Vendor]:
    aliases = Prefetch("aliases", VendorAlias.objects.order_by("name"))
    return Vendor.objects.filter(client=client).prefetch_related(aliases)


def people(client: Client) -> Sequence[PersonEntry]:
    """Everybody in the client's directory, also those who left: a list may still name them."""
    found = Person.objects.filter(client=client).order_by("name", "pk")
    return [PersonEntry(key=str(one.pk), name=one.name, email=one.email, job_title=one.job_title) for one in found]


def _record(vendor: Vendor) -> Record:
    return Record(
        id=str(vendor.pk),
        reference=vendor.reference,
        title=vendor.name,
        values=values_of(vendor),
        aliases=tuple(alias.name for alias in vendor.aliases.all()),
    )


def values_of(vendor: Vendor) -> dict[str, Any]:
    """What a vendor says under each column; the same is exported and compared."""
    extras = vendor.extras
    days = f"{vendor.notice_days} days" if vendor.notice_days is not None else ""
    return {
        "reference": extras.get("source_reference") or vendor.reference,
        "title": vendor.name,
        "service": vendor.service,
        "type": extras.get("type") or vendor.get_kind_display(),
        "website": vendor.website,
        **{key: extras.get(key, "") for key in EXTRA_TEXTS},
        "owner": str(vendor.owner_id) if vendor.owner_id else None,
        "tier": str(vendor.tier) if vendor.tier else None,
        "criticality": fields.CRITICALITY_WORD.get(vendor.criticality) if vendor.criticality else None,
        "data": [word.strip() for word in vendor.data_held.split(";") if word.strip()],
        "data_level": vendor.data_level or None,
        "access": vendor.access,
        "certificates": list(extras.get("certificates", [])),
        "contract_start": vendor.contract_starts_on,
        "contract_end": vendor.contract_ends_on,
        "notice_on": vendor.notice_on,
        "notice_period": extras.get("notice_period") or days,
        "auto_renew": vendor.auto_renews,
        "annual_spend": vendor.yearly_cost_minor,
        "next_review": vendor.review_due_on,
        "last_review": vendor.last_review_on,
        "review_result": fields.RESULT_WORD.get(vendor.last_result) if vendor.last_result else None,
        "status": vendor.status,
        "notes": vendor.private_notes,
    }


def check(row: PlannedRow, situation: Situation) -> None:
    """Reads numbers by their header, guesses the data level, and finds variants of a name."""
    _read_criticality(row)
    _read_data(row)
    _read_dates(row, situation)
    if row.record is None:
        _find_variant(row, situation)
    if row.value("status") == VendorStatus.PROPOSED and _was_in_use(row):
        row.warn("status", "It is in use here already, so its status stays.")
        row.values.pop("status")


def _was_in_use(row: PlannedRow) -> bool:
    return row.record is not None and row.record.values["status"] != VendorStatus.PROPOSED


def _digit(row: PlannedRow, key: str) -> int | None:
    text = row.texts.get(key, "").strip()
    return int(text) if text.isdigit() and len(text) <= 2 else None


def _read_criticality(row: PlannedRow) -> None:
    number = _digit(row, "criticality")
    if number is None:
        return
    header = row.headers.get("criticality", "")
    if fields.MORE_IS_MORE.search(header):
        word = fields.criticality_of_number(number)
        row.values["criticality"] = word or None
        row.note(header, str(number))
        row.warn("criticality", f"{number} is read as {word or 'nothing'}: 5 is the most, 1 the least.")
    elif row.value("criticality"):
        row.warn("criticality", f"{number} is read as {row.value('criticality')}: 1 is the most critical.")


def _read_data(row: PlannedRow) -> None:
    """Words of data stay as they are; the level they mean fills an empty one."""
    header = row.headers.get("data", "")
    words = list(row.value("data") or [])
    if row.value("data_level"):
        return
    if not words:
        if fields.SAYS_NONE.search(row.texts.get("data", "")) and not (row.record and row.record.values["data_level"]):
            row.values["data_level"] = "none"
        return
    level = ""
    number = _digit(row, "data")
    if number is not None:
        row.values["data"] = None
        row.note(header or "Data", str(number))
        level = fields.level_of_number(number)
    else:
        found = [fields.level_of(word) for word in words]
        order = ("sensitive", "personal", "internal", "none")
        level = next((one for one in order if one in found), "")
        if not level and fields.PERSONAL_HEADER.search(header):
            level = "personal"
    held = row.record.values.get("data_level") if row.record else None
    if level and not held:
        row.values["data_level"] = level
        row.warn("data", f"Read as {level} data. Change it on the vendor if that is wrong.")


def _read_dates(row: PlannedRow, situation: Situation) -> None:
    result, last = row.value("review_result"), row.value("last_review")
    held = row.record.values.get("last_review") if row.record else None
    if result and not last and not held:
        row.note("Review result", row.texts.get("review_result", str(result)))
        row.warn("review_result", "A result without the day of the review is kept in the notes only.")
        row.values["review_result"] = None
    if last and last > situation.on:
        row.note("Last review", row.texts.get("last_review", str(last)))
        row.warn("last_review", "A last review that is still to come is kept in the notes only.")
        row.values["last_review"] = row.values["review_result"] = None
    start, end = row.value("contract_start"), row.value("contract_end")
    if start and end and end < start:
        row.note("Contract start", row.texts.get("contract_start", str(start)))
        row.warn("contract_start", "The contract would end before it starts; the start is kept in the notes.")
        row.values["contract_start"] = None


def _find_variant(row: PlannedRow, situation: Situation) -> None:
    """“CloudDocs Inc.” is the CloudDocs that is here: the row updates it instead of doubling it."""
    by_key = _by_name_key(situation)
    service = str(row.value("service") or "")
    twin = by_key.get(rules.name_key(own_name(row.title, service))) if service else None
    if twin is not None:
        row.record = twin
        row.values["title"] = twin.title
        return
    found = by_key.get(rules.name_key(row.title))
    if found is None:
        _ask_about_relatives(row, situation)
        return
    if plain(found.title) == plain(row.title):
        # Of the same name and yet unmatched: another row took it, this is the firm's second service.
        return
    row.record = found
    row.warn("title", f"Taken for {found.reference} “{found.title}”.")
    row.values["title"] = found.title


def _ask_about_relatives(row: PlannedRow, situation: Situation) -> None:
    """“AWS” beside “Amazon Web Services EMEA”, or two names at one domain: only a person can tell."""
    domain = _domain(str(row.value("website") or ""))
    own = _initials(row.title)
    likely = [
        record
        for record in situation.records
        if (domain and domain == _domain(str(record.values.get("website") or "")))
        or _stands_for(row.title, _initials(record.title))
        or _stands_for(record.title, own)
    ]
    if not likely:
        return
    answer = ask_which(row, likely[:5], situation.answers)
    chosen = next((record for record in likely if record.id == answer), None)
    if chosen is not None:
        row.record = chosen
        row.note("Also called", row.title)
        row.values["title"] = chosen.title


def _domain(address: str) -> str:
    """The host of a website without www; nothing for what is none."""
    host = re.sub(r"^[a-z]+://", "", address.strip().lower()).split("/")[0].split(":")[0].removeprefix("www.")
    return host if "." in host else ""


def _initials(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", name)
    return "".join(word[0] for word in words).upper() if len(words) > 2 else ""


def _stands_for(short: str, initials: str) -> bool:
    """Whether a name is the beginning of another's initials: AWS of AWSE (Amazon Web Services EMEA)."""
    return len(short) >= 3 and short.isalpha() and short.isupper() and initials.startswith(short)


def _by_name_key(situation: Situation) -> dict[str, Record]:
    """The inventory by the form in which variants of a name are one; names before other names."""
    held: dict[str, Record] | None = situation.memory.get("by_name_key")
    if held is None:
        held = {}
        for record in situation.records:
            held.setdefault(rules.name_key(record.title), record)
        for record in situation.records:
            for alias in record.aliases:
                held.setdefault(rules.name_key(alias), record)
        situation.memory["by_name_key"] = held
    return held


def own_name(title: str, service: str) -> str:
    """The name of a firm's second service: “Northwind (Payroll)”."""
    return f"{title} ({' '.join(service.split())[:80]})"[:200]
