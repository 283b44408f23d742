"""Headings between rows, and names of tabs, that say a state: "Closed risks"."""

from __future__ import annotations

from vciso.imports.planning import PlannedRow
from vciso.imports.reading.texts import plain
from vciso.imports.registry import FieldKind, ImportKind
from vciso.imports.values import is_choice, read_choice


def take_state(row: PlannedRow, heading: str) -> None:
    """Give a row without a state of its own the one that its heading names."""
    key = row.kind.ended[0]
    if row.texts.get(key) or (state := state_named(row.kind, heading)) is None:
        return
    row.values[key], row.texts[key] = state, heading


def state_named(kind: ImportKind, heading: str) -> str | None:
    """The state a heading names beside the noun of the list, and nothing else; ``None`` for any other heading."""
    field = kind.by_key.get(kind.ended[0])
    if field is None or field.kind is not FieldKind.CHOICE:
        return None
    nouns = {plain(kind.noun), plain(kind.plural)}
    words = " ".join(word for word in plain(heading).split() if word not in nouns)
    return read_choice(field, words) if is_choice(field, words) else None
