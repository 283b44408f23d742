"""When a row says the same as a record, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vciso.imports.reading.texts import clean, plain
from vciso.imports.registry import FieldKind, ImportKind


def changes_of(kind: ImportKind, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What an update would change. Empty cells never erase, and references stay."""
    found: dict[str, tuple[Any, Any]] = {}
    for item in kind.fields:
        new = after.get(item.key)
        if not item.stored or item.key == kind.key_field or new in (None, "", []):
            continue
        old = before.get(item.key)
        if item.appends:
            new = appended(str(old or ""), str(new))
        if comparable(item.kind, old) != comparable(item.kind, new):
            found[item.key] = (old, new)
    return found


def moved(kind: ImportKind, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What was there before of everything that an update changed, what followed from it included."""
    return {
        item.key: before.get(item.key)
        for item in kind.stored
        if item.key in after and comparable(item.kind, before.get(item.key)) != comparable(item.kind, after[item.key])
    }


def appended(old: str, new: str) -> str:
    return "\n".join(part for part in (old, added(old, new)) if part)


def added(old: str, new: str) -> str:
    """The lines that a text would bring to one that is there."""
    held = {plain(line) for line in old.splitlines()}
    return "\n".join(line for line in new.splitlines() if plain(line) and plain(line) not in held)


def comparable(kind: FieldKind, value: Any) -> Any:
    """Two values are the same when these are equal."""
    if value in (None, "", []):
        return None
    if kind is FieldKind.MULTI:
        return sorted({plain(str(entry)) for entry in value})
    if kind in (FieldKind.TEXT,):
        return " ".join(clean(str(value)).split())
    return value
