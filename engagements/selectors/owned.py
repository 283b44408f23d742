"""What else a person of the directory looks after. Apps above register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engagements.models import Person


@dataclass(frozen=True)
class Owned:
    """One record, as people name it: “risk”, R-003, “Old paper records sit behind a single lock”."""

    kind: str
    reference: str
    title: str


Reader = Callable[[Person], Iterable[Owned]]
_READERS: list[Reader] = []


def register(reader: Reader) -> None:
    """Has what `reader` finds count as owned; the same one is never asked twice."""
    if reader not in _READERS:
        _READERS.append(reader)


def owned_by(person: Person) -> list[Owned]:
    """All that stays theirs until somebody else is named there."""
    return [one for reader in _READERS for one in reader(person)]
