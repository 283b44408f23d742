"""What a plan costs in a year, what it removes, and whether the one is worth the other.

Pure calculations, no database. Sums are in minor units of the client's currency (cents).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

LIFE_YEARS = 3
"""Years over which what is spent once is spread, where nobody says otherwise."""
LONGEST_LIFE = 20
MOST_HOURS = 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs: once, each year, and in the adviser's hours a year. A part not said is None."""

    once: int | None = None
    life_years: int = LIFE_YEARS
    yearly: int | None = None
    hours: int | None = None
    hour: int | None = None

    @property
    def is_known(self) -> bool:
        return not self.once is self.yearly is self.hours is None

    @property
    def a_year(self) -> int | None:
        """Once ÷ life in years + yearly + hours × rate, in whole minor units; None while nothing is said."""
        if not self.is_known:
            return None
        each_year = (self.yearly or 0) + (self.hours or 0) * (self.hour or 0)
        exact = Decimal(self.once or 0) / self.life_years + each_year
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))

    def covering(self, steps: int | None) -> Cost:
        """The cost with what its steps take together spent once, where that is more than is said."""
        return replace(self, once=steps) if steps is not None and steps > (self.once or 0) else self


@dataclass(frozen=True, slots=True)
class Effect:
    """What a plan does to the mean yearly loss of its risk, beside what the plan costs in a year.

    Both means come from the same random numbers, so that chance enters their difference only by the
    events that the plan spares or adds (docs/adr/0007-money.md).
    """

    before: int
    after: int
    a_year: int | None

    @property
    def removed(self) -> int:
        """Mean yearly loss before minus after; below nothing where the plan makes it worse."""
        return self.before - self.after

    @property
    def per_unit(self) -> float | None:
        """Loss removed for each unit of money spent; None where the cost is not known, or is nothing."""
        return self.removed / self.a_year if self.a_year else None

    @property
    def is_reasonable(self) -> bool | None:
        """Whether the burden is no greater than the risk it removes; None while the cost is not known.

        The balance of The Sedona Conference, Commentary on a Reasonable Security Test, 22 Sedona Conf.
        J. 345 (2021): a safeguard is called for where its added burden is below the fall in probability
        times harm, B₂ − B₁ < (P × H)₁ − (P × H)₂. Here the burden is the plan's yearly cost and P × H the
        mean yearly loss. At equality the burden is no greater, so it still counts as reasonable.
        """
        return None if self.a_year is None else self.a_year <= self.removed
