"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz, process

from vciso.imports import lengths
from vciso.imports.comparing import changes_of
from vciso.imports.reading.texts import plain, shorten
from vciso.imports.registry import ImportKind, Record, Situation
from vciso.imports.tables import Skipped


class Outcome(StrEnum):
    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    WAITING = "waiting"
    """A person has to choose first; nothing is written and nothing is guessed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something only a person can tell about a row: value and label of each answer."""

    key: str
    question: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know about one cell."""

    field: str
    cell: str
    value: str
    reason: str
    refused: bool = False


@dataclass(slots=True)
class PlannedRow:
    """One row of the file: what was read, what it means and what would become of it."""

    kind: ImportKind
    sheet: str
    number: int
    read: dict[str, str] = field(default_factory=dict)
    """Header → text as it stands in the file."""
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    record: Record | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    outcome: Outcome = Outcome.NEW
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """What the changes bring besides, for the preview: label, before and after, in words."""
    choices: list[tuple[Choice, str]] = field(default_factory=list)
    """Questions about the row with their answers; one without an answer keeps the row waiting."""
    earlier: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Values of other tabs that do not count, by the tab's name."""
    own: str = ""
    """The number of ours that the row names its record by, before any other, where the titles agree."""
    own_title: str = ""
    """What that record was called when the file was handed out."""
    number_guessed: bool = False
    """The title came from a file's name, so rows of one title may be versions of one thing."""

    def value(self, key: str) -> Any:
        return self.values.get(key)

    def warn(self, key: str, reason: str) -> None:
        """Tell the person something about a field; the row is imported all the same."""
        self.remarks.append(Remark(key, self.cell(key), shorten(self.texts.get(key, ""), 120), reason))

    def refuse(self, key: str, reason: str) -> None:
        """Keep the row out; the reason names the remedy."""
        value = shorten(self.texts.get(key, ""), 120)
        self.remarks.append(Remark(key, self.cell(key), value, reason, refused=True))
        self.outcome = Outcome.REFUSED

    def ask(self, choice: Choice, answer: str) -> str:
        """Put a question to a person; an answer that is none of the options counts as none."""
        held = answer if answer in dict(choice.options) else ""
        self.choices.append((choice, held))
        return held

    def answer_key(self, key: str) -> str:
        """Under which the mapping keeps the answer to a question about this row."""
        return f"{self.sheet}|{self.number}|{key}"

    @property
    def waits(self) -> bool:
        return any(not answer for _, answer in self.choices)

    def tell(self, label: str, before: str, after: str) -> None:
        """Show something that follows from what the row changes."""
        self.said.append((label, before, after))

    def note(self, header: str, text: str) -> None:
        """Keep a text in the private notes under its header."""
        if text and (header, text) not in self.notes:
            self.notes.append((header, text))

    def keep(self, header: str, text: str) -> None:
        """Keep a cell that is not read in the private notes, also where another of that heading says the same."""
        self.notes.append((header, text))

    def cell(self, key: str) -> str:
        return self.cells.get(key) or f"A{self.number}"

    def changes_from_record(self) -> dict[str, tuple[Any, Any]]:
        """What an update would change, as the row stands now; everything for a new record."""
        return changes_of(self.kind, self.record.values if self.record else {}, self.values)

    @property
    def refused(self) -> bool:
        return any(remark.refused for remark in self.remarks)

    @property
    def warnings(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.refused]

    @property
    def title(self) -> str:
        return str(self.values.get(self.kind.title_field) or "")

    @property
    def reference(self) -> str:
        return str(self.values.get(self.kind.key_field) or "")


@dataclass
class Plan:
    """The outcome of every row, and what was left out."""

    rows: list[PlannedRow] = field(default_factory=list)
    skipped: list[tuple[str, Skipped]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        outcomes = Counter(row.outcome for row in self.rows)
        made = {outcome.value: outcomes[outcome] for outcome in Outcome}
        return {
            "new": made["new"],
            "update": made["update"],
            "unchanged": made["unchanged"],
            "warning": sum(1 for row in self.rows if row.warnings),
            "refused": made["refused"],
            "waiting": made["waiting"],
            "skipped": len(self.skipped),
        }


def same_reference(text: str) -> str:
    """References that differ only in case, blanks and dashes are one."""
    return "".join(character for character in text.casefold() if character.isalnum())


class Register:
    """The records there are, ready to be found by reference, title or another name."""

    def __init__(self, records: Sequence[Record], history: Mapping[str, str]) -> None:
        self.by_id = {record.id: record for record in records}
        self.by_own = {same_reference(record.own): record for record in records if record.own}
        self.by_reference: dict[str, Record] = {}
        self.by_title: dict[str, list[Record]] = {}
        for record in records:
            for name in (record.reference, *record.aliases):
                if name:
                    self.by_reference.setdefault(same_reference(name), record)
            for name in (record.title, *record.aliases):
                if form := plain(name):
                    self.by_title.setdefault(form, []).append(record)
        # In the order of the alphabet, so that a changed order of words makes no other title.
        self.titles = {" ".join(sorted(form.split())): form for form in self.by_title}
        self.history = {reference: self.by_id[key] for reference, key in history.items() if key in self.by_id}

    def with_reference(self, reference: str) -> Record | None:
        return self.by_reference.get(same_reference(reference)) if reference else None

    def with_own(self, row: PlannedRow) -> Record | None:
        """The record a row names by our number; another client's file has the same numbers for other things."""
        found = self.by_own.get(same_reference(row.own)) if row.own else None
        return found if found is not None and alike(row.own_title or row.title, found.title) else None

    def with_title(self, title: str) -> list[Record]:
        """The records of that title; more than one when the register has it twice."""
        return list({record.id: record for record in self.by_title.get(plain(title), [])}.values())

    def like(self, title: str) -> Record | None:
        """A record whose title is nearly this one; numbers that differ tell two things apart."""
        if len(self.titles) > 1500 or len(title) < 12:
            return None
        form = plain(title)
        ordered = " ".join(sorted(form.split()))
        found = process.extractOne(ordered, self.titles.keys(), scorer=fuzz.ratio, score_cutoff=90)
        if found is None or _numbers(found[0]) != _numbers(form):
            return None
        return self.by_title[self.titles[found[0]]][0]


def _numbers(form: str) -> list[str]:
    return sorted(word for word in form.split() if word.isdigit())


NEW = "new"
FEW = 2
"""So many records of a file of ours may all be called otherwise, and are still those of their numbers."""


def alike(one: str, other: str) -> bool:
    return fuzz.token_set_ratio(plain(one), plain(other)) >= 60


def plan_rows(
    rows: list[PlannedRow],
    *,
    kind: ImportKind,
    records: Sequence[Record],
    situation: Situation,
    history: Mapping[str, str],
    trust_references: bool,
    answers: Mapping[str, str] | None = None,
) -> None:
    """Settle the outcome of every row against the records there are."""
    register = Register(records, history)
    hits = [(row, register.with_reference(row.reference)) for row in rows]
    known = [(row, record) for row, record in hits if record is not None]
    good = sum(1 for row, record in known if alike(row.own_title or row.title, record.title))
    if not trust_references:
        trust_references = bool(known) and good * 2 >= len(known) and good >= 2
    elif len(known) > FEW and good * 2 < len(known):
        trust_references = False
        situation.remarks.append(
            f"Most of the numbers in this file stand for other {kind.plural} here, so none is gone by. If the file was "
            "made for another client, bring it there."
        )
    taken: dict[str, PlannedRow] = {}
    seen: dict[tuple[str, str], PlannedRow] = {}
    for row in rows:
        if not row.refused:
            _match(row, register, trust=trust_references, taken=taken, answers=answers or {})
        if not row.refused:
            _refuse_twin(row, seen)
        if row.record is not None and not row.refused:
            taken.setdefault(row.record.id, row)
        _finish(row, kind, situation)


def _match(
    row: PlannedRow, register: Register, *, trust: bool, taken: dict[str, PlannedRow], answers: Mapping[str, str]
) -> None:
    candidates = [] if trust and register.with_own(row) else _candidates(row, register, trust=trust)
    if candidates and (answer := ask_which(row, candidates, answers)) != "":
        row.record = register.by_id.get(answer)
        return
    found = None if candidates else _find(row, register, trust=trust)
    if found is not None and found.id in taken:
        first = taken[found.id]
        if plain(first.title) == plain(row.title):
            row.refuse(
                row.kind.title_field,
                f"The same {row.kind.noun} stands in row {first.number}{_of_tab(first, row)} already. "
                "Delete one of the two.",
            )
            return
        # A row that was copied and called otherwise is what bears that title, if anything does.
        named = [record for record in register.with_title(row.title) if record.id not in taken]
        if len(named) > 1:
            row.record = register.by_id.get(ask_which(row, named, answers))
            return
        found = named[0] if named else None
    row.record = found
    if candidates or found is not None:
        return
    near = register.like(row.title)
    if near is not None and near.id not in taken and not row.reference:
        row.record = register.by_id.get(ask_which(row, [near], answers))
    elif near is not None and near.id not in taken:
        label = near.reference or near.title
        row.warn(
            row.kind.title_field,
            f"Much like {label} “{shorten(near.title, 70)}”. It is added as a new {row.kind.noun}; "
            "give it that reference in the file to update instead.",
        )


def _candidates(row: PlannedRow, register: Register, *, trust: bool) -> list[Record]:
    """The records a row may be, when there is more than one."""
    by_reference = register.with_reference(row.reference)
    if by_reference is not None and trust:
        return []
    by_title = register.with_title(row.title)
    if by_reference is not None and alike(row.title, by_reference.title):
        same = plain(row.title) == plain(by_reference.title)
        return [by_reference, *by_title] if by_title and not same and by_reference not in by_title else []
    return by_title if len(by_title) > 1 else []


def ask_which(row: PlannedRow, candidates: Sequence[Record], answers: Mapping[str, str]) -> str:
    """The id of the record meant, ``NEW``, or nothing while nobody has said."""
    options = [(record.id, f"{record.reference} {shorten(record.title, 70)}".strip()) for record in candidates]
    several = "may be one of several" if len(options) > 1 else "may be one that is"
    choice = Choice(
        "match", f"This row {several} in the {row.kind.label.lower()}. Which is it?",
        (*options, (NEW, f"A new {row.kind.noun}")),
    )  # fmt: skip
    return row.ask(choice, answers.get(row.answer_key("match"), ""))


def _find(row: PlannedRow, register: Register, *, trust: bool) -> Record | None:
    if trust and (ours := register.with_own(row)) is not None:
        return ours
    by_reference = register.with_reference(row.reference)
    if by_reference is not None and (trust or alike(row.title, by_reference.title)):
        return by_reference
    if by_reference is None and row.reference:
        remembered = register.history.get(same_reference(row.reference))
        if remembered is not None:
            return remembered
    if found := register.with_title(row.title):
        return found[0]
    if by_reference is not None:
        remembered = register.history.get(same_reference(row.reference))
        if remembered is not None and alike(row.title, remembered.title):
            return remembered
        key = row.kind.key_field
        row.warn(
            key,
            f"{row.reference} is already “{shorten(by_reference.title, 70)}” here. "
            f"This row becomes a new {row.kind.noun} with a number of its own.",
        )
        row.note(row.kind.field(key).label, row.reference)
        row.values[key] = None
    return None


def _refuse_twin(row: PlannedRow, seen: dict[tuple[str, str], PlannedRow]) -> None:
    """Two equal rows of one file would become two equal records."""
    reference, title = same_reference(row.reference), plain(row.title)
    first = seen.get((reference, title))
    if first is not None and _says_more(row, first) is False:
        row.refuse(
            row.kind.title_field,
            f"Row {first.number}{_of_tab(first, row)} holds the same reference and title. "
            "Delete one of the two, or tell them apart.",
        )
        return
    if reference:
        other = seen.get((reference, ""))
        if other is not None and plain(other.title) != title and row.record is not None:
            row.values[row.kind.key_field] = None
        elif other is not None and plain(other.title) != title:
            key = row.kind.key_field
            row.warn(
                key,
                f"{row.reference} stands in row {other.number}{_of_tab(other, row)} too, with another title. "
                f"This row gets a number of its own.",
            )
            row.note(row.kind.field(key).label, row.reference)
            row.values[key] = None
        seen.setdefault((reference, ""), row)
    seen.setdefault((reference, title), row)


def _of_tab(other: PlannedRow, row: PlannedRow) -> str:
    return f" of “{other.sheet}”" if other.sheet != row.sheet else ""


def _says_more(row: PlannedRow, first: PlannedRow) -> bool:
    """Without references, two rows with one title may still be two records: other place, other asset."""
    if row.reference or first.reference:
        return False
    telling = ("asset", "description", "cause", "service", "category", "location", "type")
    return any(row.values.get(key) and row.values.get(key) != first.values.get(key) for key in telling)


def _finish(row: PlannedRow, kind: ImportKind, situation: Situation) -> None:
    if not row.refused:
        if row.record is None:
            for item in kind.fields:
                if item.default is not None and row.values.get(item.key) is None:
                    row.values[item.key] = item.default
        kind.check(row, situation)
    if row.refused:
        row.outcome = Outcome.REFUSED
        return
    lengths.shorten_texts(row, kind)
    _write_notes(row, kind)
    lengths.shorten_notes(row, kind)
    if row.waits:
        row.outcome = Outcome.WAITING
        return
    if row.record is None:
        row.outcome = Outcome.NEW
        return
    row.changes = changes_of(kind, row.record.values, row.values)
    row.outcome = Outcome.UPDATE if row.changes else Outcome.UNCHANGED


def _write_notes(row: PlannedRow, kind: ImportKind) -> None:
    """Fold what had no column of ours into the private notes, one line per header."""
    own = row.values.get(kind.notes_field) or ""
    held = {plain(line) for line in own.splitlines()}
    lines = [f"{header}: {text}" for header, text in row.notes]
    lines = [line for line in lines if plain(line) not in held]
    row.values[kind.notes_field] = "\n".join([own, *lines] if own else lines)
