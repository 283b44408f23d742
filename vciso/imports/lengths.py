"""Texts longer than a register takes: what is kept where, and said before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vciso.imports.comparing import added
from vciso.imports.registry import FieldKind, ImportKind

if TYPE_CHECKING:
    from vciso.imports.planning import PlannedRow

SHORTEST = 80
"""Less than so many characters of a note say nothing."""


def shorten_texts(row: PlannedRow, kind: ImportKind) -> None:
    """Texts longer than the register takes end there; the rest goes on in the notes."""
    for item in kind.fields:
        text = row.values.get(item.key)
        limit = kind.longest if item.max_length == 0 and item.key != kind.notes_field else 0
        if not limit or item.kind is not FieldKind.TEXT or not isinstance(text, str) or len(text) <= limit:
            continue
        row.values[item.key] = head = cut(text, limit)
        row.note(f"{item.label}, continued", text[len(head) - 1 :].strip())
        row.warn(
            item.key,
            f"{item.label} has {len(text):,} characters and takes {limit:,}; the rest is kept in the notes.",
        )


def shorten_notes(row: PlannedRow, kind: ImportKind) -> None:
    """Notes that would grow beyond what the register takes end there, which is said."""
    text = row.values.get(kind.notes_field) or ""
    item = kind.field(kind.notes_field)
    known = str(row.record.values.get(item.key) or "") if row.record and item.appends else ""
    more = added(known, text) if known else text
    room = kind.longest - len(known) - bool(known)
    over = len(more) - max(room, 0)
    if not kind.longest or over <= 0:
        return
    row.values[item.key] = cut(more, room) if room >= SHORTEST else None
    row.warn(
        item.key,
        f"The notes take {kind.longest:,} characters, so {over:,} are left out of them. The whole text is in the file, "
        "which is kept with the import.",
    )


def cut(text: str, limit: int) -> str:
    """The text up to a limit, at the end of a word, with a mark that it goes on."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if " " in head[-SHORTEST:]:
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(" ,;:.") + "…"
