"""Sums as people of two halves of the world type them: read in the one way they can mean, or asked about."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from engagements.forms.base import MoneyField
from vciso.web import formats


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("38,400", 3_840_000), ("38400.50", 3_840_050), ("38,400.5", 3_840_050), ("$1,234,567", 123_456_700),
        ("1.234.567", 123_456_700), ("1.234,56", 123_456), ("38400,50", 3_840_050), ("900,5", 90_050),
        ("USD 12", 1_200), ("12 000", 1_200_000), ("12\u202f000,50", 1_200_050), ("1'200", 120_000), (".5", 50),
        ("0", 0), ("7.", 700),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_it_is_meant(typed: str, minor: int) -> None:
    assert MoneyField(currency="USD").clean(typed) == minor


@pytest.mark.parametrize(
    "typed", ["1,23,456", "38,4000", "1.2.3", "1,234.567", "0.005", "12.3456", "1e5", ".", "-", "a lot"]
)
def test_what_can_mean_nothing_is_no_sum(typed: str) -> None:
    with pytest.raises(ValidationError, match="is no sum"):
        MoneyField(currency="USD").clean(typed)


@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [
        ("GBP", "£80,000", 8_000_000), ("GBP", "80,000 GBP", 8_000_000), ("GBP", "GBP80,000", 8_000_000),
        ("EUR", "80.000,00 €", 8_000_000), ("CAD", "CA$80,000", 8_000_000), ("CAD", "$80,000", 8_000_000),
        ("JPY", "¥80,000", 80_000), ("CHF", "chf 80'000", 8_000_000), ("USD", "-$0", 0),
    ],
)  # fmt: skip
def test_the_currency_may_stand_beside_a_sum(currency: str, typed: str, minor: int) -> None:
    assert MoneyField(currency=currency).clean(typed) == minor


@pytest.mark.parametrize(
    ("currency", "typed"),
    [("GBP", "€80,000"), ("GBP", "80,000 $"), ("GBP", "EUR 80,000"), ("USD", "CA$80,000"), ("CAD", "USD 80,000"),
     ("CHF", "$ 80,000"), ("EUR", "£80,000 EUR")],
)  # fmt: skip
def test_a_sum_in_another_currency_is_not_taken_for_ours(currency: str, typed: str) -> None:
    with pytest.raises(ValidationError, match=f"is in another currency. Sums are kept in {currency} here"):
        MoneyField(currency=currency).clean(typed)


def test_three_digits_after_a_point_are_asked_about() -> None:
    """900.000 was once taken as nine hundred by a person who meant nine hundred thousand."""
    with pytest.raises(ValidationError, match=r"“900\.000” can be read as 900 or as 900,000\. Write 900 or 900,000\."):
        MoneyField(currency="EUR").clean("900.000")
    assert MoneyField(currency="KWD").clean("900.000") == 900_000


def test_a_currency_without_small_coins_takes_none() -> None:
    assert MoneyField(currency="JPY").clean("38,400") == 38_400
    with pytest.raises(ValidationError, match="is no sum"):
        MoneyField(currency="JPY").clean("38400,50")


def test_less_than_nothing_is_too_small() -> None:
    with pytest.raises(ValidationError, match="too small"):
        MoneyField(currency="USD").clean("−5")


@given(minor=st.integers(0, formats.LARGEST_MINOR), currency=st.sampled_from(["USD", "JPY", "KWD"]))
def test_what_a_field_shows_it_reads_back(minor: int, currency: str) -> None:
    field = MoneyField(currency=currency)
    assert field.clean(field.prepare_value(minor)) == minor
