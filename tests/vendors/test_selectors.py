"""What the rest of the product reads of the vendor inventory."""

import datetime as dt

import pytest

from vciso.tenancy import context
from vendors import selectors, services

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_vendors_as_of_reads_reviews_tiers_and_ends_by_their_day(cast, vendor, as_alice, at):
    today = cast.acme.today(at)
    later = at + dt.timedelta(days=30)
    services.record_review(vendor=vendor, result="satisfactory", by=cast.alice, at=later)
    services.edit_vendor(vendor=vendor, criticality=1, by=cast.alice, at=later)
    services.end_vendor(vendor=vendor, reason="Left.", by=cast.alice, at=at + dt.timedelta(days=60))
    assert selectors.vendors_as_of(cast.acme, today - DAY) == []
    (first,) = selectors.vendors_as_of(cast.acme, today)
    assert (first.tier, first.state, first.review_due_on, first.never_reviewed) == (1, "never reviewed", today, True)
    (then,) = selectors.vendors_as_of(cast.acme, today + 30 * DAY)
    assert (then.tier, then.result_words, then.state, then.tier_reason) == (
        2,
        "Satisfactory",
        "current",
        "It holds personal data.",
    )
    assert selectors.vendors_as_of(cast.acme, today + 60 * DAY) == []


def test_vendors_as_of_costs_the_same_for_many(cast, vendor, as_alice, at, django_assert_num_queries):
    for number in range(10):
        services.add_vendor(client=cast.acme, name=f"Firm {number}", by=cast.alice, at=at)
    with django_assert_num_queries(5):
        assert len(selectors.vendors_as_of(cast.acme, cast.acme.today(at))) == 11


def test_coming_dates_lists_reviews_notices_and_ends(cast, vendor, as_alice, at):
    today = cast.acme.today(at)
    services.edit_vendor(
        vendor=vendor, contract_ends_on=today + 50 * DAY, notice_days=30, auto_renews=True, by=cast.alice, at=at
    )
    found = selectors.coming_dates(cast.acme, today + DAY)
    assert [(one.kind, one.what, one.days_late) for one in found] == [
        ("vendor review", "Review of Cloud Files, Inc.", 1),
        ("contract notice", "Last day to give Cloud Files, Inc. notice", 0),
        ("contract end", "Contract with Cloud Files, Inc. renews by itself", 0),
    ]


def test_attention_counts_and_find_cost_one_query_each(cast, vendor, as_alice, at, django_assert_num_queries):
    on = cast.acme.today(at) + DAY
    with django_assert_num_queries(1):
        (item,) = selectors.attention(on=on)
    assert (item.title, item.why, item.waiting_on) == ("Cloud Files, Inc.", "Never reviewed, tier 1", "practice")
    with django_assert_num_queries(1):
        counted = selectors.counts(on=on)[cast.acme.pk]
    assert (counted.total, counted.tier_1, counted.overdue, counted.never) == (1, 1, 1, 1)
    with django_assert_num_queries(1):
        (found,) = selectors.find(text="cloud")
    assert found.sub == "V-001, tier 1"


def test_a_consultant_of_another_client_finds_nothing(cast, vendor, at):
    with context.as_user(cast.charlie):
        on = cast.acme.today(at)
        assert selectors.attention(on=on) == []
        assert selectors.find(text="cloud") == []
        assert selectors.counts(on=on) == {}
        assert selectors.vendors_as_of(cast.acme, on) == []
