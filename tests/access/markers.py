"""A marker in every text of every model, which names whose row it is and which field.

`MARKA01F` is field 31 of client A. Markers are letters and digits alone, so that no line break,
escaping or capital letters of a style sheet take them apart. What is not marked stands in
`SHAPED` with its reason; a text field that stands nowhere is marked by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

MARKER = re.compile(r"MARK([A-Z])([0-9A-F]{3})", re.IGNORECASE)
LONGEST = len("MARKA000 ")

# Fields of text that hold no words of anybody: their shape means something to the program.
SHAPED: dict[str, str] = {
    "password": "a hash", "reference": "the reference itself, R-014; clients differ in their numbers",
    "accent": "a colour", "time_zone": "a zone", "verb": "a verb of the program", "acting_as": "a door's name",
    "object_type": "a model", "kind": "a word of the program", "key": "a key of the program", "token_hash": "a hash",
    "choice": "the key of an option", "subject": "the id of a record, except in mails", "period": "a period",
    "signature": "a hash", "cell": "a cell", "logo_key": "a generated name", "file_key": "a generated name",
    "job_id": "an id", "limit_category": "a category's key", "chain": "a chain's name", "name_key": "made of the name",
    "domain": "made of the website", "raised_from": "the reference of a record", "sheet": "a sheet of the file",
    "query": "filters of a list, as an address has them",
    "ratings": "a word of the program", "method": "a word of the program", "numpy_version": "a version",
    "scenario": "a key of the library",
    "changed": "a time, kept to the microsecond", "record_reference": "a reference",
}  # fmt: skip
EXCEPT = {"jobs.OutboxMail.subject", "tenancy.Client.key"}
HASH = re.compile(r"(sha256|_hash|^hash)$")
# JSON: which parts hold words. `*` is every text in it.
JSON_WORDS: dict[str, tuple[str, ...]] = {
    "audit.Event.before": ("*",),
    "audit.Event.after": ("*",),
    "engagements.Ask.facts": ("*",),
    "engagements.Ask.options": ("label", "result", "detail"),
    "risks.Risk.extras": ("*",),
    "vendors.Vendor.extras": ("*",),
    "policies.Policy.extras": ("*",),
    "risks.RiskAssessment.participants": ("name", "role"),
    "risks.AppetiteStatement.lines": ("name", "words"),
    "risks.OwnScenario.hints": ("*",),
    "risks.OwnScenario.was": ("*",),
    "risks.LibraryChange.was": ("*",),
    "risks.RiskScale.likelihood_words": ("*",),
    "risks.RiskScale.impact_words": ("*",),
    "risks.RiskScale.likelihood_means": ("*",),
}
JSON_SHAPED: dict[str, str] = {
    "jobs.Job.args": "arguments of the program: ids and numbers",
    "imports.ImportBatch.mapping": "columns and fields; the import reads it again",
    "imports.ImportBatch.counts": "numbers by outcome",
    "imports.ImportBatch.skipped": "numbers of rows with a reason of the program",
    "imports.ImportBatch.remarks": "sentences of the program",
    "imports.ImportBatch.questions": "what the program asks",
    "imports.ImportBatch.shape": "numbers of rows and columns",
    "imports.ImportRow.read": "read from the file, whose every cell carries its own marker",
    "imports.ImportRow.remarks": "made of what was read",
    "imports.ImportRow.changes": "made of what was read",
    "imports.ImportRow.choices": "made of what was read",
    "imports.Reading.headings": "compared with the next file's",
    "imports.Reading.mapping": "columns and fields; the import reads it again",
    "imports.PracticeReading.headings": "compared with the next file's",
    "imports.PracticeReading.mapping": "columns and fields; the import reads it again",
    "accounts.ApiReply.headers": "headers of an answer",
    "imports.ImportRow.before": "made of what was read",
    "imports.ImportRow.after": "made of what was read",
    "engagements.Profile.data_kinds": "words of the program",
    "engagements.System.holds": "words of the program",
    "engagements.Process.holds": "words of the program",
    "risks.OwnScenario.categories": "keys of categories",
    "risks.OwnScenario.industries": "keys of sectors",
    "risks.OwnScenario.data": "words of the program",
    "risks.AppetiteStatement.terms": "frozen from the marked scale",
    "risks.RiskScale.impact_money": "sums of money",
    "risks.RiskRating.impacts": "numbers by category",
    "risks.Risk.now_impacts": "numbers by category",
    "risks.RiskAssessment.facts": "frozen from marked records, with a hash",
    "reporting.Report.facts": "frozen from marked records, with a hash",
    "reporting.Report.words": "frozen from marked records, with a hash",
    "mfa.Authenticator.data": "a secret of the person, shown to nobody",
    "usersessions.UserSession.data": "unused",
}
# Filled only where a record's state filled it; in any other row it would say what did not happen.
STATEFUL = re.compile(
    r"(reason|closed_note|undo_refused|dropped|error|restated|approval_note|message|witness|file_name|note)$"
)
# Of those, what may stand in any row.
STATELESS = {
    "engagements.TimeEntry.note", "vendors.Vendor.contract_note", "vendors.Vendor.override_reason",
    "reporting.Report.approval_note",
}  # fmt: skip
# The program's own sentences and addresses: nobody's words, and no row of the world is in the state that fills them.
UNFILLED: dict[str, str] = {
    "jobs.Job.message": "a sentence of the program", "jobs.Job.error": "a sentence of the program",
    "jobs.OutboxMail.error": "an answer of a mail server", "jobs.OutboxMail.dropped": "a sentence of the program",
    "accounts.ApiReply.body": "kept for a repeated request alone, under the key of its token",
    "imports.ImportRow.undo_refused": "a sentence of the program",
    "web.Submission.location": "an address, kept under the key of one form",
}  # fmt: skip
# Tables of the framework: people's sign-in, and the program's own lists.
FRAMEWORK = {"auth", "contenttypes", "sessions", "account", "mfa", "usersessions"}


def _label(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


def is_shaped(field: Any) -> bool:
    """Whether the text means something to the program, so that no marker may stand in it."""
    if _label(field) in EXCEPT:
        return False
    short = (field.max_length or 10_000) < LONGEST
    return bool(field.choices) or field.primary_key or short or field.name in SHAPED or bool(HASH.search(field.name))


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


@cache
def fields() -> dict[str, int]:
    """Every field that carries a marker, with its number; the order is that of the models."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in FRAMEWORK:
            continue
        for field in model._meta.concrete_fields:
            is_json = isinstance(field, models.JSONField) and _label(field) in JSON_WORDS
            if is_json or (_is_text(field) and not is_shaped(field)):
                found[_label(field)] = len(found)
    return found


def unplaced() -> list[str]:
    """JSON fields that nobody said anything about."""
    every = [
        _label(field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.JSONField)
    ]
    return sorted(set(every) ^ (JSON_WORDS.keys() | JSON_SHAPED.keys()))


def marker(letter: str, label: str) -> str:
    return f"MARK{letter}{fields()[label]:03X}"


def named(number: str) -> str:
    """The field behind the three digits of a marker; empty for a number no field has."""
    labels = list(fields())
    index = int(number, 16)
    return labels[index] if index < len(labels) else ""


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Every marker of a text: letter of the client, and the field it stood in."""
    for letter, number in MARKER.findall(text):
        yield letter.upper(), named(number)


# --- Marking the rows of a world ------------------------------------------------------------------


def marked(value: str, mark: str, field: Any) -> str:
    """The text with its marker in front, no longer than the field."""
    if isinstance(field, models.EmailField):
        return f"{mark}.{value}".lower()[: field.max_length]
    if isinstance(field, models.SlugField):
        return f"{mark}-{value}".lower()[: field.max_length]
    if value.startswith(("http://", "https://")):
        return value.replace("://", f"://{mark.lower()}.", 1)[: field.max_length]
    return f"{mark} {value}".strip()[: field.max_length]


def marked_json(value: Any, mark: str, keys: tuple[str, ...], *, inside: bool = False) -> Any:
    """The value with its words marked: all, or those under the given keys."""
    if isinstance(value, dict):
        return {key: marked_json(part, mark, keys, inside="*" in keys or key in keys) for key, part in value.items()}
    if isinstance(value, list):
        return [marked_json(part, mark, keys, inside=inside or "*" in keys) for part in value]
    if isinstance(value, str) and inside and value and not MARKER.search(value):
        return f"{mark} {value}"
    return value


def _defer_again() -> None:
    """What begins each transaction deferred is so again, as it is where people work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(DISTINCT quote_ident(conname), ', ') FROM pg_constraint WHERE condeferred")
        (names,) = cursor.fetchone()
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


class Marking:
    """Writes markers into the rows of a world, past triggers, as the owner of the tables."""

    def __init__(self, letters: dict[Any, str]) -> None:
        """`letters` by the id of each client, practice and person."""
        self.letters = letters

    def run(self) -> None:
        """Marks what has no marker yet. May be run again when there are more rows."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in apps.get_models():
            chosen = [f for f in model._meta.concrete_fields if _label(f) in fields()]
            if chosen:
                self._mark(model, chosen)
        _defer_again()

    def _mark(self, model: Any, chosen: list[Any]) -> None:
        table = connection.ops.quote_name(model._meta.db_table)
        changes = []
        for row in model._base_manager.all():
            letter = self.letter_of(row)
            values = {field.attname: self._value(row, field, letter) for field in chosen} if letter else {}
            values = {name: value for name, value in values.items() if value != getattr(row, name)}
            if values:
                changes.append((row.pk, values))
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for pk, values in changes:
                model._base_manager.filter(pk=pk).update(**values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def letter_of(self, row: Any) -> str:
        """The letter of the client, else of the practice, else of the person; none for neither."""
        for name in ("pk", "client_id", "practice_id", "user_id", "actor_id"):
            if found := self.letters.get(getattr(row, name, None)):
                return found
        return ""

    @staticmethod
    def _value(row: Any, field: Any, letter: str) -> Any:
        value, mark = getattr(row, field.attname), marker(letter, _label(field))
        if isinstance(field, models.JSONField):
            empty = field.name == "extras" and not value
            return {"Remark": mark} if empty else marked_json(value, mark, JSON_WORDS[_label(field)])
        if value is None or MARKER.search(value):
            return value
        addressed = isinstance(field, models.EmailField | models.SlugField)
        stateful = STATEFUL.search(field.name) and _label(field) not in STATELESS
        if not value and (addressed or stateful or not field.blank):
            return value
        return marked(value, mark, field)

    # --- What has none ----------------------------------------------------------------------------

    def missing(self) -> set[str]:
        """Fields without a marker of each client, or of each practice, in any row: a record is missing there."""
        seen: dict[str, set[str]] = {label: set() for label in fields()}
        for model in apps.get_models():
            chosen = [f for f in model._meta.concrete_fields if _label(f) in fields()]
            for row in model._base_manager.all() if chosen else ():
                for field in chosen:
                    text = getattr(row, field.attname)
                    text = text if isinstance(text, str) else json.dumps(text, default=str)
                    seen[_label(field)] |= {letter for letter, label in found_in(text) if label == _label(field)}
        return {label for label, found in seen.items() if not (found >= set("ABX") or found >= set("PQ"))}
