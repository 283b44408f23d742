"""Rows that their file calls something else than a risk are told, and imported all the same."""

import pytest

from risks import columns
from risks.columns.sorts import check_sort
from vciso.imports.planning import PlannedRow


@pytest.mark.parametrize(
    ("heading", "text", "told"),
    [
        ("Type", "Issue", True),
        ("Category", "Assumptions", True),
        ("RAID type", "Dependency", True),
        ("Risk or opportunity", "Opportunity", True),
        ("Typ", "Annahme", True),
        ("Type", "Risk", False),
        ("Type", "Operational", False),
        ("Status", "Issue", False),
    ],
)
def test_what_is_no_risk_is_told(heading: str, text: str, told: bool) -> None:
    row = PlannedRow(columns.KIND, "List", 2, read={"Risk": "The kiln fails", heading: text})
    check_sort(row)
    assert [remark.field for remark in row.warnings] == (["category"] if told else []) and not row.refused
