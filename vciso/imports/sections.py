"""Headings between the rows of a table, and the one above its header."""

from __future__ import annotations

from vciso.imports.reading.texts import shorten
from vciso.imports.tables import Header, Table

REPEATED = "the header once more"
SECTION = "a section heading, used as category below"
LONGEST = 110
"""A heading has no more characters."""


def head_first_part(table: Table, header: Header) -> None:
    """Where a heading stands above the header each time it is repeated, the one above the first heads its rows too."""
    again = {skipped.row for skipped in table.skipped if skipped.reason == REPEATED}
    sections = {skipped.row for skipped in table.skipped if skipped.reason == SECTION}
    if header.first < 1 or not any(row - 1 in sections for row in again):
        return
    above, first = table.sheet.rows[header.first - 1 : header.first + 1]
    texts = {cell.text for cell in above.cells.values() if cell.text}
    if above.number + 1 != first.number or len(texts) != 1:
        return
    heading = shorten(texts.pop().rstrip(":"), LONGEST)
    for line in table.lines:
        if line.row.number < min(again) and not line.category:
            line.category = heading
