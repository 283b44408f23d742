"""Headings between the rows of a table, and the one above its header."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vciso.imports.reading.book import Row
from vciso.imports.reading.texts import shorten
from vciso.imports.tables import Header, Table

REPEATED = "the header once more"
SECTION = "a section heading, used as category below"
LONGEST = 110
"""A heading has no more characters."""


def outlined(rows: Sequence[tuple[int, str, bool]]) -> set[int]:
    """Rows with a number and a title alone whose number the row below goes on from: "1 Governance" above 1.1.

    Each row is given with its place, its number, and whether nothing but number and title is filled in.
    """
    numbers = [(place, number.strip().rstrip("."), alone) for place, number, alone in rows]
    return {
        place
        for (place, number, alone), (_, below, below_alone) in pairwise(numbers)
        if number and alone and not below_alone and below.startswith(f"{number}.")
    }


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


def blocks(rows: list[Row]) -> list[list[Row]]:
    """Rows in groups with no empty row inside. A skipped total or hidden row makes no gap of its own."""
    found: list[list[Row]] = []
    for row in rows:
        if found and row.number <= found[-1][-1].number + 1:
            found[-1].append(row)
        else:
            found.append([row])
    return found
