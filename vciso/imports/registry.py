"""What an app declares so that its records can be imported and exported.

An app registers one ``ImportKind`` per list in ``AppConfig.ready``::

    registry.register(ImportKind(name="risks", fields=FIELDS, records=..., apply=..., remove=...))

``records`` is the heart of the agreement: it gives every record of a client as
plain values keyed by field. The same values are exported, compared with a file
(new, update or unchanged), remembered before an update and compared again
before an undo. Whatever ``records`` leaves out can be neither exported nor
imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from vciso.imports.planning import PlannedRow


Found = TypeVar("Found")


class FieldKind(StrEnum):
    """How the words in a column become a value."""

    TEXT = "text"
    SCALE = "scale"
    DATE = "date"
    PERSON = "person"
    CHOICE = "choice"
    MULTI = "multi"
    MONEY = "money"
    NUMBER = "number"
    BOOL = "bool"
    SCORE = "score"
    PAIR = "pair"
    """Two scales in one cell, as "5 x 4 = 20"; ``of`` names them."""
    LEVELS = "levels"
    """Several columns with a level each, as "Financial impact" and "Legal impact"; the text "heading level; …"."""


RATINGS = (FieldKind.SCALE, FieldKind.LEVELS, FieldKind.PAIR, FieldKind.SCORE)
"""Kinds whose cells say how a thing is rated."""


@dataclass(frozen=True, kw_only=True)
class Alone:
    """Where a column goes when its partner is not in the file and its header has one of the words."""

    partner: str
    words: tuple[str, ...]
    to: str


@dataclass(frozen=True, kw_only=True)
class Aimed:
    """Where columns with one of the words go when others of their field have a word of ``beside``."""

    words: tuple[str, ...]
    beside: tuple[str, ...]
    to: str


@dataclass(frozen=True, kw_only=True)
class Each:
    """How the headings of several columns of one field are told: what they share, and what stands beside it.

    "Financial impact" shares ``of`` and names one of the ``sorts``; any other word that is not ``aside`` names a
    sort too, though less surely.
    """

    rating: str
    """Key of the field that holds the rating as a whole."""
    of: tuple[str, ...]
    named_only: tuple[str, ...]
    """Words that head a column only together with one of the ``sorts``: "severity of the weakness" is no impact."""
    sorts: tuple[str, ...]
    aside: tuple[str, ...]
    aimed: Aimed | None = None
    assets: tuple[tuple[str, ...], ...] = ()
    """Sorts that together say what an asset is worth, where nothing beside them says how likely anything is."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column a list can be imported from and exported to.

    The Python type of a value follows the kind: ``str`` for text, ``int`` 1–5
    for scale, ``date``, ``str`` (the key of a ``PersonEntry``) for person, ``str``
    for choice, ``list[str]`` for multi, ``int`` in minor units for money, ``int``
    for number, ``bool`` for bool. A missing value is ``None`` and never erases
    what the register holds.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    synonyms: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    examples: tuple[str, ...] = ()
    max_length: int = 0
    """Longest text the record holds; 0 is no limit. Longer text is refused by cell."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stored value → words that mean it; the first word is the one exports write."""
    otherwise: str | None = None
    """The choice taken, with a warning, for a word nobody knows."""
    default: Any = None
    """Value of a new record when the file has none."""
    multiple: bool = False
    """Several columns may feed it; their texts are joined under their headers."""
    fallback: tuple[str, ...] = ()
    """Other fields whose text serves when no column of its own is found."""
    of: tuple[str, str] | None = None
    """The two scales of a score or of a pair; scores are checked, never stored, and pairs are taken apart."""
    instead: str = ""
    """The field meant when a file has only bare names for this one and its like."""
    appends: bool = False
    """An update adds to the text that is there instead of replacing it."""
    marks: tuple[str, ...] = ()
    """Words in a header that say this field is meant and not the one in ``instead``."""
    prose: str = ""
    """The text field that takes a column of this name when it holds sentences."""
    alone: Alone | None = None
    numbers: bool = False
    """A text that may well be a bare number, such as a reference."""
    asks: str = ""
    """Key of the other field the same header may mean; the guess then asks."""
    each: Each | None = None
    """Set for a field of kind ``LEVELS``: which headings mean one of its columns."""
    letters: tuple[str, ...] = ()
    """Abbreviations that mean it among its like under one heading, the likeliest first: L beside I."""
    group: str = ""
    still_to_do: bool = False
    """Whether it says what is yet to be done: ratings that a list repeats behind it are those aimed at."""
    ahead_of: str = ""
    """Key of the field of days that is meant where most days of this one, which have passed, are still to come."""
    only_checked: bool = False
    """Read for the kind's own check; it is no value of a record, and neither compared nor stored."""
    shown: bool = False
    """A field that is only checked, yet stands in every export for people to read; the record has it in ``more``."""

    @property
    def stored(self) -> bool:
        return self.kind is not FieldKind.SCORE and not self.only_checked

    @property
    def rated(self) -> bool:
        """Whether its cells hold levels of a scale."""
        return self.kind in (FieldKind.SCALE, FieldKind.LEVELS)

    @property
    def heading(self) -> str:
        """What our own files print above the column; ratings say their scale, so that few low ones are not taken
        for levels of another."""
        return f"{self.label} (1–5)" if self.kind is FieldKind.SCALE else self.label


@dataclass(frozen=True, kw_only=True)
class PersonEntry:
    """A person an owner's name in a file may mean."""

    key: str
    name: str
    email: str = ""
    job_title: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.name} <{self.email}>" if self.email else self.name


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record of the register as the import and the export see it."""

    id: str
    reference: str
    title: str
    values: Mapping[str, Any]
    aliases: tuple[str, ...] = ()
    """Other names of the same thing; a vendor may be known under four."""
    own: str = ""
    """Its number here, where the reference is one of somebody else."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What the kind's own check wants to know besides; neither exported nor compared."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The record a row became."""

    id: str
    reference: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)
    """What the app wants besides to take a change back; ``restore`` finds it in ``before["rest"]``."""


class UndoRefused(Exception):
    """The record can't be taken back; the sentence says why."""


def _iso(day: date, client: Any) -> str:
    return day.isoformat()


Records = Callable[[Any], Iterable[Record]]
People = Callable[[Any], Sequence[PersonEntry]]
Measured = Callable[[Any, date], Mapping[str, Callable[[str], int | None]]]
Prepare = Callable[[list["PlannedRow"]], Sequence[tuple["PlannedRow", str]]]
Check = Callable[["PlannedRow", "Situation"], None]
Apply = Callable[..., Applied]
Remove = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a check may want to know besides the row."""

    client: Any
    on: date
    mapped: frozenset[str] = frozenset()
    """Keys of the fields that have a column in this file."""
    records: Sequence[Record] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a person answered to questions about rows."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What a check wants to keep from one row to the next."""
    remarks: list[str] = field(default_factory=list)
    """Sentences about the file as a whole; a check adds what is true of every row once."""

    within: Callable[[], AbstractContextManager[None]] = nullcontext
    """Where the client's records may be read; the worker reads a long file outside any transaction."""

    def once(self, key: str, find: Callable[[Any], Found]) -> Found:
        """What the checks of a file look up once."""
        if key not in self.memory:
            with self.within():
                self.memory[key] = find(self.client)
        found: Found = self.memory[key]
        return found

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)


def _no_people(client: Any) -> Sequence[PersonEntry]:
    return ()


def _as_read(rows: list[PlannedRow]) -> Sequence[tuple[PlannedRow, str]]:
    return ()


def _nothing_measured(client: Any, on: date) -> Mapping[str, Callable[[str], int | None]]:
    return {}


def _no_check(row: PlannedRow, situation: Situation) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """A list that can be imported, exported and undone.

    ``records(client)`` gives every record in a stable order.
    ``apply(row, client=, by=, at=)`` writes one planned row through the app's
    own services and returns ``Applied``; ``row.record`` is ``None`` for a new
    one, else ``row.changes`` holds ``key → (before, after)``.
    ``apply_new(rows, client=, by=, at=)`` writes many new ones at once, where the
    app can; it answers one ``Applied`` a row, or raises and has written none.
    ``remove(id, client=, by=, at=)`` takes back a record an import made, and
    ``restore(id, before, client=, by=, at=)`` sets back the values an update
    changed; both raise ``UndoRefused`` with a sentence. ``remove_new(ids,
    client=, by=, at=)`` takes back many at once, where the app can; it answers
    why some stay, by id.
    ``prepare(rows)`` may correct what was read before rows are matched with
    records, and answers the rows to leave out, each with its reason.
    ``measured(client, on)`` reads texts that say what a level means, "once in five
    years", by what the levels of this client mean on a day: a function for each
    word that fields of such ratings begin with.
    ``check(row, situation)`` may warn, refuse or adjust ``row.values`` before
    the row is compared with its record.
    """

    name: str
    label: str
    noun: str
    plural: str
    fields: tuple[Field, ...]
    model: Any = None
    """The model of its records. An undo holds their rows, so that what it compares is what it takes back."""
    locked_by: str = "pk"
    """The order in which whoever holds several of them locks them; in another one the two could wait for each other."""
    records: Records
    apply: Apply
    remove: Remove
    restore: Callable[..., None]
    apply_new: Callable[..., list[Applied]] | None = None
    remove_new: Callable[..., Mapping[str, str]] | None = None
    people: People = _no_people
    measured: Measured = _nothing_measured
    prepare: Prepare = _as_read
    check: Check = _no_check
    day: Callable[[date, Any], str] = _iso
    """A day as the people of a client read it in a preview; files hold ISO days."""
    permission: str = ""
    key_field: str = "reference"
    title_field: str = "title"
    notes_field: str = "notes"
    """The private field that keeps what no column of ours could take."""
    section_field: str = "category"
    """Takes the headings that stand between rows, where the row itself says nothing."""
    ended: tuple[str, str] = ("status", "closed")
    """Field and value of a record that is over, for rows struck through in the file."""
    ours: str = ""
    """A field that only our own files have a column for, so that they rate on our scale whatever they hold."""
    handed: str = ""
    """The field that says in a workbook of ours what each cell of its row said when it was handed out."""
    longest: int = 0
    """The longest text its services take where a field names no limit of its own; 0 is no limit."""
    folders: bool = False
    """A ZIP of documents may stand for the list: one record per file, by its name."""

    def field(self, key: str) -> Field:
        return self.by_key[key]

    def day_of(self, client: Any) -> Callable[[date], str]:
        """How days are written for a client."""
        return lambda day: self.day(day, client)

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {item.key: item for item in self.fields}

    @property
    def stored(self) -> tuple[Field, ...]:
        """What makes up a record: imports write it, and an undo compares it."""
        return tuple(item for item in self.fields if item.stored)

    @property
    def exported(self) -> tuple[Field, ...]:
        return tuple(item for item in self.fields if item.stored or item.shown)


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make a kind known; registering a name twice replaces the first."""
    keys = [item.key for item in kind.fields]
    if len(set(keys)) != len(keys):
        raise ValueError(f"two fields of the import kind {kind.name} share a key")
    for needed in (kind.title_field, kind.notes_field):
        if needed not in keys:
            raise ValueError(f"the import kind {kind.name} has no field {needed!r}")
    _kinds[kind.name] = kind


def get(name: str) -> ImportKind:
    """The kind of that name; ``KeyError`` when no app registered it."""
    return _kinds[name]


def names() -> list[str]:
    return sorted(_kinds)


def with_choices(fields: tuple[Field, ...], **choices: Mapping[str, tuple[str, ...]]) -> tuple[Field, ...]:
    """The fields with the choices of some replaced, by key."""
    return tuple(replace(item, choices=choices[item.key]) if item.key in choices else item for item in fields)
