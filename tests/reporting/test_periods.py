"""Months and quarters, and the day a draft makes itself."""

from __future__ import annotations

from datetime import date

import pytest

from reporting import periods
from reporting.periods import BadPeriod, parse


def test_a_month_and_a_quarter_know_their_days() -> None:
    assert (parse("2026-02").start, parse("2026-02").end) == (date(2026, 2, 1), date(2026, 2, 28))
    assert (parse("2026-q3").start, parse("2026-Q3").end) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (str(parse("2026-q3")), parse("2026-Q3").slug) == ("2026-Q3", "2026-q3")


def test_neighbours_cross_the_year() -> None:
    assert str(parse("2026-01").previous()) == "2025-12"
    assert str(parse("2025-Q4").following()) == "2026-Q1"
    assert str(periods.last_over(periods.QUARTERLY, on=date(2026, 1, 1))) == "2025-Q4"


def test_titles_are_what_people_say() -> None:
    assert parse("2026-10").title == "October 2026"
    assert parse("2026-Q3").title == "July to September 2026"


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-Q5", "26-10", "2026-10\x00", "２０２６-10", "9" * 9000])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadPeriod, match="2026-10 or a quarter as 2026-Q3"):
        parse(text)


def test_a_quarter_is_no_monthly_period() -> None:
    with pytest.raises(BadPeriod, match="a month such as 2026-10"):
        parse("2026-Q3", kind="monthly")


@pytest.mark.parametrize(
    ("period", "monthly_day", "pack_days", "due", "draft"),
    [
        # Due on the 3rd: five days before would be in the period itself, so the day after its end.
        ("2026-10", 3, 15, date(2026, 11, 3), date(2026, 11, 1)),
        ("2026-10", 20, 15, date(2026, 11, 20), date(2026, 11, 15)),
        ("2026-01", 28, 15, date(2026, 2, 28), date(2026, 2, 23)),
        ("2026-Q3", 5, 15, date(2026, 10, 15), date(2026, 10, 10)),
        ("2025-Q4", 5, 2, date(2026, 1, 2), date(2026, 1, 1)),
    ],
)
def test_a_draft_is_made_five_days_before_it_is_due_but_after_the_end(
    period: str, monthly_day: int, pack_days: int, due: date, draft: date
) -> None:
    days = {"monthly_day": monthly_day, "pack_days": pack_days}
    assert (parse(period).due_on(**days), parse(period).draft_on(**days)) == (due, draft)


def test_the_figures_of_a_running_period_stand_for_today() -> None:
    assert parse("2026-11").data_day(on=date(2026, 11, 20)) == date(2026, 11, 20)
    assert parse("2026-11").data_day(on=date(2027, 5, 1)) == date(2026, 11, 30)
