"""Tier, dates and names of vendors, by hand."""

import datetime as dt

import pytest

from vendors import rules

DAY = dt.date


@pytest.mark.parametrize(
    ("criticality", "data", "tier"),
    [
        (4, "", 1),
        (4, "none", 1),
        (3, "sensitive", 1),
        (3, "personal", 2),
        (3, "none", 2),
        (3, "", None),
        (2, "sensitive", 2),
        (1, "personal", 2),
        (2, "internal", 3),
        (1, "none", 3),
        (1, "", None),
        (None, "sensitive", None),
        (None, "", None),
    ],
)
def test_tier_of_follows_from_two_answers(criticality, data, tier):
    assert rules.tier_of(criticality, data).tier == tier


def test_tier_of_says_what_is_missing():
    assert rules.tier_of(3, "").reason == "Say what data it holds: with sensitive data it is tier 1."


@pytest.mark.parametrize(
    ("last", "tier", "own", "due"),
    [
        (DAY(2026, 1, 31), 1, None, DAY(2027, 1, 31)),
        (DAY(2024, 2, 29), 1, None, DAY(2025, 2, 28)),
        (DAY(2026, 1, 31), 2, None, DAY(2028, 1, 31)),
        (DAY(2026, 1, 31), 3, None, DAY(2029, 1, 31)),
        (DAY(2026, 1, 31), 3, 6, DAY(2026, 7, 31)),
        (DAY(2026, 1, 31), None, None, None),
        (None, 1, None, DAY(2026, 1, 1)),
        (None, None, None, None),
    ],
)
def test_next_review_comes_from_the_tier_or_the_vendors_own_rhythm(last, tier, own, due):
    assert rules.next_review(last=last, added=DAY(2026, 1, 1), tier=tier, own=own) == due


def test_notice_day_is_counted_from_the_end():
    assert rules.notice_day(ends_on=DAY(2026, 12, 31), days=30, given=None) == DAY(2026, 12, 1)
    assert rules.notice_day(ends_on=None, days=30, given=DAY(2026, 5, 1)) == DAY(2026, 5, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The CloudDocs, Inc.", "clouddocs"),
        ("Société Générale S.A.", "Societe Generale"),
        ("A & B Ltd", "a and b limited"),
    ],
)
def test_name_key_is_the_same_for_names_written_differently(one, other):
    assert rules.name_key(one) == rules.name_key(other)


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.Books.example/x?y", "books.example"),
        ("books.example", "books.example"),
        ("sam@books.example", "books.example"),
        ("not a site", ""),
    ],
)
def test_domain_of(website, domain):
    assert rules.domain_of(website) == domain
