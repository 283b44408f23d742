"""Each layout is read in general ways and becomes what a consultant would expect, with nothing lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.imports.layouts import LAYOUTS, Layout
from tests.imports.official import OFFICIAL
from tests.imports.sheets import look
from vciso.imports.previewing import Preview
from vciso.imports.reading.texts import clean


def told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("layout", [*LAYOUTS, *OFFICIAL], ids=lambda layout: layout.name)
def test_a_layout_becomes_records(layout: Layout) -> None:
    seen = look(layout.content(), name=layout.file_name, of=layout.of)
    assert len(seen.plan.rows) == len(layout.expected), [row.title for row in seen.plan.rows]
    for row, expected in zip(seen.plan.rows, layout.expected, strict=True):
        assert row.outcome == "new", row.remarks
        found = {key: told(row.values.get(key)) for key in expected}
        assert found == expected
    assert len(seen.plan.skipped) == layout.skipped, seen.plan.skipped
    notes = "\n".join(str(row.values.get("notes") or "") for row in seen.plan.rows)
    for text in layout.notes:
        assert text in notes
    assert lost(seen) == []


def lost(seen: Preview) -> list[str]:
    """Texts of the tabs read that stand in no row, no list of rows left out, no heading."""
    kept = " ".join(text for row in seen.plan.rows for text in row.read.values())
    kept += " ".join(f"{item.text} {item.reason}" for _, item in seen.plan.skipped)
    gone = []
    for sheet_mapping, table in seen.tables:
        for line in table.sheet.rows:
            if line.number <= max(sheet_mapping.last_header, 0):
                continue
            gone += [
                cell.text
                for cell in line.cells.values()
                if isinstance(cell.value, str) and clean(cell.text) not in kept and not cell.filled
            ]
    return gone
