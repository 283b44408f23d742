"""What a preview shows of the file itself: tabs, first rows, columns with examples, scales."""

from __future__ import annotations

from typing import Any

from vciso.imports.previewing import Preview
from vciso.imports.reading.book import Sheet
from vciso.imports.reading.texts import shorten
from vciso.imports.registry import ImportKind
from vciso.imports.scales import Scale
from vciso.imports.tables import Table

FIRST_ROWS = 5
EXAMPLES = 3
MOST_PEOPLE = 80


def shape_of(seen: Preview, kind: ImportKind) -> dict[str, Any]:
    """The file in a form that a page can show without reading it again."""
    order = [item.key for item in kind.fields]
    tables = {table.sheet.name: (table, mapped.field_columns(kind.handed)) for mapped, table in seen.tables}
    return {
        "form": seen.book.form,
        "people": seen.people[:MOST_PEOPLE],
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "rows": len(sheet.rows),
                "first_rows": _first_rows(sheet),
                "columns": _columns(tables.get(sheet.name), seen.sure.get(sheet.name, {})),
            }
            for sheet in seen.book.sheets
            if sheet.rows
        ],
        "scales": {
            key: {
                "top": scale.top,
                "turned": scale.turned,
                "texts": _levels(scale),
            }
            for key, scale in sorted(seen.scales.items(), key=lambda pair: order.index(pair[0]))
        },
    }


def _levels(scale: Scale) -> list[list[Any]]:
    """Text as compared, text as shown and level; what is not understood comes first."""
    found = [[form, shorten(scale.shown[form], 60), scale.levels.get(form)] for form in scale.shown]
    return sorted(found, key=lambda entry: (entry[0] in scale.levels, entry[2] or 0, entry[0]))[:60]


def _first_rows(sheet: Sheet) -> list[dict[str, Any]]:
    width = min(sheet.width, 12)
    return [
        {"row": row.number, "cells": [shorten(row.cell(index).text, 40) for index in range(1, width + 1)]}
        for row in sheet.rows[:FIRST_ROWS]
    ]


def _columns(found: tuple[Table, list[int]] | None, sure: dict[int, float]) -> list[dict[str, Any]]:
    """The columns with examples; what a workbook of ours was handed out with is for no person to read."""
    if found is None:
        return []
    table, handed = found
    shown = []
    for column in table.columns:
        lines = [] if column.index in handed else table.lines[:60]
        texts = [line.row.cell(column.index).text for line in lines]
        examples = list(dict.fromkeys(shorten(text, 60) for text in texts if text))[:EXAMPLES]
        if column.header or examples:
            shown.append(
                {
                    "index": column.index,
                    "letter": column.letter,
                    "name": column.name,
                    "examples": examples,
                    "hidden": column.hidden,
                    "sure": sure.get(column.index, 0),
                }
            )
    return shown
