"""The programme as plain values, and a look at each row before it is compared with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from engagements.models import Person
from policies import rules
from policies.columns.names import from_name
from policies.enums import VersionState
from policies.models import Policy, PolicyReview, PolicyVersion
from vciso.imports.planning import PlannedRow
from vciso.imports.reading.texts import plain
from vciso.imports.registry import PersonEntry, Record, Situation
from vciso.tenancy.models import Client
from vciso.web import formats

TEXTS = ("approved_by", "location")
DAYS = ("approved_on", "last_reviewed", "document_date")
VERSION = ("version", "status", "effective_on")
"""What only a version without words, brought in by a list, may be changed in."""

_EVERY = (
    (re.compile(r"semi|half|twice a year|halbjähr|semestr|6 ?m", re.IGNORECASE), 6),
    (re.compile(r"bi-?ann|bienn|two years|alle zwei|tous les deux|cada dos|2 ?y", re.IGNORECASE), 24),
    (re.compile(r"trienn|three years|3 ?y", re.IGNORECASE), 36),
    (re.compile(r"quarter|trimest|quartal|kwartaal", re.IGNORECASE), 3),
    (re.compile(r"month|mensu|monatlich|maand|mensal", re.IGNORECASE), 1),
    (re.compile(r"ann|year|jähr|jaar|anual", re.IGNORECASE), 12),
)
_COUNTED = re.compile(r"(\d{1,2})\s*(month|m\b|mois|monat|mes|maand|year|y\b|an|jahr|año|ann|jaar)", re.IGNORECASE)


def records(client: Client) -> Iterable[Record]:
    """Every policy of the client by reference, retired ones too. Three queries."""
    newest: dict[Any, PolicyVersion] = {}
    versions: dict[Any, int] = {}
    for version in PolicyVersion.objects.filter(client=client).select_related("approved_by").order_by("major", "minor"):
        newest[version.policy_id] = version
        versions[version.policy_id] = versions.get(version.policy_id, 0) + 1
    reviewed = dict(
        PolicyReview.objects.filter(client=client).order_by("reviewed_on").values_list("policy_id", "reviewed_on")
    )
    for policy in Policy.objects.filter(client=client).order_by("reference", "pk"):
        latest = newest.get(policy.pk)
        values = values_of(policy, latest)
        if policy.pk in reviewed:
            values["last_reviewed"] = reviewed[policy.pk]
        listed = latest is not None and versions[policy.pk] == 1 and not latest.body
        listed = listed and latest is not None and latest.approved_by_id is None and policy.pk not in reviewed
        yield Record(
            id=str(policy.pk),
            reference=values["reference"],
            title=policy.title,
            values=values,
            aliases=(policy.reference,) if policy.extras.get("source_reference") else (),
            more={"listed": listed, "number": latest.number if latest else ""},
        )


def values_of(policy: Policy, latest: PolicyVersion | None) -> dict[str, Any]:
    """What a policy says under each column; the same is exported and compared."""
    extras = policy.extras
    status = "draft"
    if policy.retired_on is not None:
        status = "retired"
    elif latest is not None and latest.state in (VersionState.APPROVED, VersionState.SUPERSEDED):
        status = "in_force"
    values: dict[str, Any] = {
        "reference": extras.get("source_reference") or policy.reference,
        "title": policy.title,
        "kind": str(policy.kind),
        "purpose": policy.purpose,
        "owner": str(policy.owner_id) if policy.owner_id else None,
        "version": latest.number if latest else "",
        "status": status,
        "effective_on": latest.effective_on if latest else None,
        "review_every": f"{policy.review_months} months",
        "next_review": policy.next_review_on,
        "notes": policy.private_notes,
        **{key: extras.get(key, "") for key in TEXTS},
        **{key: rules.day_of(extras.get(key)) for key in DAYS},
    }
    if latest is not None and latest.approved_by is not None:
        values["approved_by"] = latest.approved_by.name
        values["approved_on"] = latest.effective_on
    return values


def people(client: Client) -> Sequence[PersonEntry]:
    """Everybody in the client's directory, also those who left: a list may still name them."""
    found = Person.objects.filter(client=client).order_by("name", "pk")
    return [PersonEntry(key=str(one.pk), name=one.name, email=one.email, job_title=one.job_title) for one in found]


def prepare(rows: list[PlannedRow]) -> list[tuple[PlannedRow, str]]:
    """Titles and versions out of file names; of several versions of one document the newest stays."""
    for row in rows:
        _read_name(row)
        _read_version(row)
    newest: dict[str, PlannedRow] = {}
    left: list[tuple[PlannedRow, str]] = []
    for row in rows:
        key = plain(row.title)
        first = newest.get(key)
        if row.refused or not key or first is None or not (row.number_guessed or first.number_guessed):
            newest.setdefault(key, row)
            continue
        older, newer = (row, first) if _number(first) >= _number(row) else (first, row)
        newest[key] = newer
        newer.note("Also there", older.texts.get("title", older.title))
        left.append((older, f"an older file of “{newer.title}” in row {newer.number}"))
    return left


def _number(row: PlannedRow) -> tuple[int, int]:
    try:
        return rules.parse_number(str(row.value("version") or ""))
    except ValueError:
        return (0, 0)


def _read_name(row: PlannedRow) -> None:
    text = row.texts.get("title") or row.title
    found = from_name(row.title)
    if not found.guessed or row.refused:
        return
    row.number_guessed = True
    row.values["title"] = found.title
    if plain(found.title) != plain(text):
        row.note("File", text)
    if found.version and not row.value("version"):
        row.values["version"] = found.version
        row.warn("title", f"Title and version {found.version} are read from the file's name. Correct them if need be.")


def _read_version(row: PlannedRow) -> None:
    """“Rev. 3”, “v2.1.4”, “FINAL” → 3.0, 2.1, nothing; the words stay in the notes."""
    said = str(row.value("version") or "").strip()
    if not said:
        return
    found = re.search(r"(\d{1,3})(?:\.(\d{1,3}))?", said)
    if found is None:
        row.note("Version", said)
        row.warn("version", f"“{said[:40]}” holds no number, so the version is kept in the notes.")
        row.values["version"] = None
        return
    row.values["version"] = f"{int(found[1])}.{int(found[2] or 0)}"
    if not re.fullmatch(r"(?i)\s*(?:v|ver|version|rev|revision)?[\s.]*\d{1,3}(\.\d{1,3})?\s*", said):
        row.note("Version", said)


def check(row: PlannedRow, situation: Situation) -> None:
    """A list approves nothing: what it calls approved is in force with the approval not recorded."""
    _read_rhythm(row)
    since = row.value("effective_on")
    if since is None and row.value("approved_on") and not (row.record and row.record.values.get("effective_on")):
        since = row.values["effective_on"] = row.value("approved_on")
    if since is not None and since > situation.on:
        said = formats.client_day(since, situation.client)
        row.note("In force since", said)
        row.warn("effective_on", f"{said} is still to come; it is kept in the notes.")
        since = row.values["effective_on"] = None
    _settle_status(row, since, situation.client)
    _keep_own_version(row)
    if row.value("status") == "in_force" and (row.record is None or "status" in row.changes_from_record()):
        row.warn("status", "In force, approval not recorded: a list is no approval, so it does not count as approved.")


def _read_rhythm(row: PlannedRow) -> None:
    said = str(row.value("review_every") or "")
    if not said:
        return
    months = months_of(said)
    row.values["review_every"] = f"{months} months" if months else None
    if months is None:
        row.note("Reviewed every", said)
        row.warn("review_every", f"“{said[:40]}” is no rhythm of 1 to 60 months; it is kept in the notes.")


def months_of(words: str) -> int | None:
    """The months between reviews that words mean: “Annual” → 12, “2 years” → 24, “18” → 18."""
    if words.strip().isdigit():
        number = int(words)
        return number if 1 <= number <= 60 else None
    if (counted := _COUNTED.search(words)) is not None:
        number = int(counted[1]) * (1 if counted[2].lower().startswith("m") else 12)
        return number if 1 <= number <= 60 else None
    return next((months for pattern, months in _EVERY if pattern.search(words)), None)


def _settle_status(row: PlannedRow, since: Any, client: Client) -> None:
    status = row.value("status")
    held = row.record.values if row.record else {}
    since = since or held.get("effective_on")
    if status == "in_force" and since is None:
        row.warn("status", "No day says since when it is in force, so it is kept as a draft.")
        row.values["status"] = "draft"
    elif status is None and row.record is None:
        row.values["status"] = "in_force" if since else "draft"
    if row.value("status") == "draft":
        if row.value("effective_on"):
            row.note("In force since", formats.client_day(row.values["effective_on"], client))
        row.values["effective_on"] = None


def _keep_own_version(row: PlannedRow) -> None:
    """A version that has words or went through the portal is not changed by a list."""
    if row.record is None or row.record.more.get("listed"):
        return
    held = row.record.values
    differing = [key for key in VERSION if row.value(key) not in (None, "", held.get(key))]
    if row.value("status") == "retired" and held.get("status") != "retired":
        differing = [key for key in differing if key != "status"]
    for key in differing:
        row.note(f"{row.kind.field(key).label} in the list", row.texts.get(key) or str(row.value(key)))
        row.values.pop(key)
    if differing:
        row.warn(differing[0], f"Version {row.record.more['number']} here has words of its own; the list is a note.")
