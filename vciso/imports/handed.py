"""What a workbook of ours said when it was handed out: each row carries it, in a column of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from vciso.imports.dates import read_day
from vciso.imports.registry import FieldKind, ImportKind
from vciso.imports.tables import rows_below

if TYPE_CHECKING:
    from vciso.imports.guessing import SheetGuess

ORDERS = ("dmy", "mdy")


def said_then(text: str | None) -> dict[str, Any] | None:
    """What the cells of a row said, by field; nothing where the cell is gone or was written over."""
    try:
        said = json.loads(text or "")
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def order_as_handed_out(used: Iterable[SheetGuess], kind: ImportKind) -> str:
    """The order of day and month in which dates say what they said then; empty when no date tells.

    A spreadsheet program writes the dates of a workbook in its own country's order when it saves
    them as text. Dates nobody touched show which order that is.
    """
    votes: Counter[str] = Counter()
    for item in used:
        stamps = [index for index, key in item.columns.items() if key and key == kind.handed]
        dates = [(index, key) for index, key in item.columns.items() if key and kind.field(key).kind is FieldKind.DATE]
        for row in rows_below(item.sheet, item.header) if stamps and dates else ():
            said = said_then(row.cell(stamps[0]).text) or {}
            for index, key in dates:
                days = {order: read_day(row.cell(index), order).day for order in ORDERS}
                told = [order for order, day in days.items() if day is not None and day.isoformat() == said.get(key)]
                votes.update(told if len(told) == 1 else ())
    return votes.most_common(1)[0][0] if votes else ""
