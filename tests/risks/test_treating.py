"""What a plan costs and removes: the arithmetic by hand, and what is kept, refused and shown of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risks.rules.treating import Cost, Effect


@pytest.mark.parametrize(
    ("cost", "a_year"),
    [
        (Cost(), None),
        (Cost(life_years=5), None),
        (Cost(once=0), 0),
        (Cost(once=12_000_00), 4_000_00),
        (Cost(once=10_000_00, life_years=4, yearly=500_00), 3_000_00),
        (Cost(once=12_000_00, yearly=3_000_00, hours=20, hour=150_00), 10_000_00),
        (Cost(hours=3, hour=101), 303),
        (Cost(once=100), 33),
    ],
)
def test_a_year_of_a_plan_is_once_by_its_life_and_what_it_takes_each_year(cost, a_year):
    assert cost.a_year == a_year
    assert cost.is_known is (a_year is not None)


@pytest.mark.parametrize(
    ("before", "after", "a_year", "per_unit", "reasonable"),
    [
        (90_000_00, 30_000_00, 15_000_00, 4.0, True),
        (90_000_00, 30_000_00, 60_000_00, 1.0, True),  # no greater: at equality it still is
        (90_000_00, 30_000_00, 60_000_01, 60_000_00 / 60_000_01, False),
        (90_000_00, 90_000_00, 1, 0.0, False),
        (30_000_00, 90_000_00, 15_000_00, -4.0, False),
        (90_000_00, 30_000_00, 0, None, True),
        (90_000_00, 30_000_00, None, None, None),
    ],
)
def test_loss_removed_for_each_unit_and_the_burden_beside_it(before, after, a_year, per_unit, reasonable):
    effect = Effect(before, after, a_year)
    assert effect.removed == before - after
    assert effect.per_unit == (pytest.approx(per_unit) if per_unit is not None else None)
    assert effect.is_reasonable is reasonable


SUMS = st.integers(0, 10**12)


@given(SUMS, SUMS, st.integers(1, 10**12))
def test_a_reasonable_plan_removes_at_least_what_it_costs(before, after, a_year):
    effect = Effect(before, after, a_year)
    assert effect.is_reasonable is (effect.per_unit >= 1)


@given(st.none() | SUMS, st.integers(1, 20), st.none() | SUMS)
def test_a_longer_life_never_costs_more_a_year(once, life, yearly):
    short, long = Cost(once, life, yearly), Cost(once, life + 1, yearly)
    assert short.a_year is None or short.a_year >= long.a_year
