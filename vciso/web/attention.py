"""What needs somebody: the rows that Today, overviews and owners' homes are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from vciso.web import formats

WaitingOn = Literal["practice", "client"]


@dataclass(frozen=True)
class Item:
    """One thing that needs somebody, with the one verb that deals with it.

    `url` is a path made with `reverse`; `waiting_on` says whose move it is, and `person_id` who of
    them has to make it, if it is one person's. `call` is the verb with what it is about, as a page
    of one client has it on its button: “Check October report”.
    """

    client_id: UUID
    kind: str
    icon: str
    title: str
    why: str
    due_on: date | None
    verb: str
    url: str
    waiting_on: WaitingOn = "practice"
    person_id: UUID | None = None
    call: str = ""

    def is_for(self, person_id: UUID) -> bool:
        """Whether this person of the practice has to make the move, or anybody may."""
        return self.waiting_on == "practice" and self.person_id in (None, person_id)

    @property
    def order(self) -> tuple[bool, date, str]:
        """Soonest first; what has no date comes last."""
        return (self.due_on is None, self.due_on or date.max, self.title)


@dataclass(frozen=True)
class Row:
    """An item with its client and its date in words, ready for `{% queue_row %}`."""

    item: Item
    client: Any
    due: str
    tone: str


@dataclass(frozen=True)
class Group:
    """A heading of the queue and its rows."""

    label: str
    tone: str
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)


def grouped(items: Iterable[Item], *, on: date, clients: Mapping[UUID, Any] | None = None) -> list[Group]:
    """The items as Late, Today, This week, Later and Without a date; empty groups are left out."""
    names = ("Late", "Today", "This week", "Later", "Without a date")
    buckets: dict[str, list[Row]] = {name: [] for name in names}
    for item in sorted(items, key=lambda item: item.order):
        due = formats.due(item.due_on, on=on)
        row = Row(item, (clients or {}).get(item.client_id), due, formats.due_tone(item.due_on, on=on, soon=0))
        buckets[_bucket(item.due_on, on)].append(row)
    return [Group(name, "late" if name == "Late" else "", tuple(rows)) for name, rows in buckets.items() if rows]


def _bucket(due_on: date | None, on: date) -> str:
    if due_on is None:
        return "Without a date"
    if due_on < on:
        return "Late"
    if due_on == on:
        return "Today"
    return "This week" if due_on <= on + timedelta(days=7) else "Later"
