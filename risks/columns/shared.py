"""Names and words that every direction uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risks.services import register

UNTREATED = "untreated"
WORDS = ("title", "cause", "event", "consequence", "description", "category", "controls")
SIGNATURE = ("accepted", "accepted_by", "accepted_on", "accepted_until")
COST = {
    "cost_once": "once",
    "cost_years": "life_years",
    "cost_yearly": "yearly",
    "cost_hours": "hours",
    "cost_hour": "hour",
}
"""The parts of a plan's cost by their columns."""
REASON = "From the imported register"
RATED_NOW = frozenset({"likelihood_now", "impact_now", "impacts_now"})
"""The columns of the rating now, which is a review of its day."""
WHY = "why_changed"
"""The column that says why a rating was changed."""


def wording(values: Mapping[str, Any]) -> register.Wording:
    """The words of a risk that a row gives."""
    given = {name: values[name] for name in WORDS if values.get(name) is not None}
    if values.get("asset") is not None:
        given["affects"] = values["asset"]
    if values.get("notes") is not None:
        given["private_notes"] = values["notes"]
    return register.Wording(**given)
