"""What a plan may cost, and how it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from risks.rules.treating import LIFE_YEARS, LONGEST_LIFE, MOST_HOURS, Cost
from risks.services.errors import Refused
from vciso.web import formats


def columns(cost: Cost) -> dict[str, Any]:
    """A cost as the columns of a plan."""
    return {
        "once_minor": cost.once, "life_years": cost.life_years, "yearly_minor": cost.yearly, "hours": cost.hours,
        "hour_minor": cost.hour,
    }  # fmt: skip


def checked(cost: Cost) -> Cost:
    """The cost as it is kept: a life without a sum, and a rate without hours, are none. Refuses what no plan costs."""
    sums = {"once_minor": cost.once, "yearly_minor": cost.yearly, "hour_minor": cost.hour}
    for field, minor in sums.items():
        if minor is not None and not 0 <= minor <= formats.LARGEST_MINOR:
            raise Refused("A cost is nothing or more. Leave it empty while nobody knows.", field=field)
    if not 1 <= cost.life_years <= LONGEST_LIFE:
        raise Refused(f"{cost.life_years} years cannot be. Give 1 to {LONGEST_LIFE}.", field="life_years")
    if cost.once is None:
        cost = replace(cost, life_years=LIFE_YEARS)
    if not cost.hours:
        return replace(cost, hours=None, hour=None)
    if not 0 < cost.hours <= MOST_HOURS:
        raise Refused(f"{cost.hours:,} hours a year cannot be. Give up to {MOST_HOURS:,}.", field="hours")
    if cost.hour is None:
        raise Refused("Say what one hour costs, or leave the hours out.", field="hour_minor")
    return cost
