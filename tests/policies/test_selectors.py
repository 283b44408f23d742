"""What the rest of the product reads of the written programme."""

import datetime as dt

import pytest

from policies import selectors, services
from policies.selectors import comparison, library
from tests.policies.conftest import approve
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def as_alice(cast):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        yield


def test_policies_as_of_reads_each_day_as_it_was(cast, owner, policy, at):
    today = cast.acme.today(at)
    approve(cast, policy, at)
    later = at + dt.timedelta(days=40)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        draft = services.start_draft(policy=policy, by=cast.alice, at=later)
        services.save_draft(version=draft, body="# New", change_summary="All.", by=cast.alice, at=later)
    approve(cast, policy, later)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert selectors.policies_as_of(cast.acme, today - DAY) == []
        (then,) = selectors.policies_as_of(cast.acme, today + 39 * DAY)
        (now,) = selectors.policies_as_of(cast.acme, cast.acme.today(later))
    assert (then.version, then.approved_by, then.status) == ("1.0", "Bob Acme", "in_force")
    assert (now.version, now.effective_on) == ("1.1", cast.acme.today(later))
    assert now.next_review_on > then.next_review_on


def test_policies_as_of_shows_what_waits_until_it_is_answered(cast, policy, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.send_for_approval(version=policy.versions.get(), by=cast.alice, at=at)
        (row,) = selectors.policies_as_of(cast.acme, cast.acme.today(at))
        assert (row.status, row.awaiting_version, row.awaiting_of) == ("awaiting", "1.0", "Bob Acme")
        (coming,) = selectors.coming_dates(cast.acme, cast.acme.today(at))
        assert (coming.kind, coming.what) == ("policy approval", "Approval of Access control policy 1.0")


def test_attention_lists_late_reviews_and_what_was_sent_back(cast, in_force, as_alice, at, django_assert_num_queries):
    on = cast.acme.today(at) + dt.timedelta(days=400)
    with django_assert_num_queries(1):
        (item,) = selectors.attention(on=on)
    assert (item.title, item.why, item.verb) == ("Access control policy", "Version 1.0 is past its review", "Review")


def test_attention_tells_of_a_draft_that_was_sent_back(cast, policy, at):
    approve(cast, policy, at, choice="send_back", reason="No.")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        (item,) = selectors.attention(on=cast.acme.today(at))
    assert item.why == "The owner sent version 1.0 back"


def test_counts_and_find_cost_one_query(cast, in_force, as_alice, at, django_assert_num_queries):
    on = cast.acme.today(at)
    with django_assert_num_queries(1):
        counted = selectors.counts(on=on)[cast.acme.pk]
    assert (counted.total, counted.in_force, counted.overdue, counted.awaiting) == (1, 1, 0, 0)
    with django_assert_num_queries(1):
        (found,) = selectors.find(text="access")
    assert found.title == "Access control policy"


def test_selectors_of_another_consultant_find_nothing(cast, in_force, at):
    with context.as_user(cast.charlie):
        on = cast.acme.today(at)
        assert selectors.attention(on=on + dt.timedelta(days=900)) == []
        assert selectors.find(text="access") == []
        assert selectors.counts(on=on) == {}


@pytest.mark.parametrize(
    ("old", "new", "html", "changes"),
    [
        ("a b c", "a b c", "<p>a b c</p>\n", 0),
        ("a b c", "a x c", "<p>a <del>b</del><ins>x</ins> c</p>\n", 1),
        ("- one", "- one\n- two", "<ul>\n<li>one</li>\n<li><ins>two</ins></li>\n</ul>\n", 1),
        ("# Old words here", "# New words here", "<h2><del>Old</del><ins>New</ins> words here</h2>\n", 1),
        ("x z <b>y</b>", "x z y", "<p>x z <del>&lt;b&gt;</del>y<del>&lt;/b&gt;</del></p>\n", 2),
        ("", "new", "<p><ins>new</ins></p>\n", 1),
    ],
)
def test_compare_marks_words(old, new, html, changes):
    found = comparison.compare(old, new)
    assert (found.html, found.changes) == (html, changes)


def test_compare_lets_no_mark_or_script_of_the_writer_through():
    found = comparison.compare("a", "a \ue000<script>alert(1)</script>\ue001 [x](javascript:alert(1))")
    assert "<script" not in found.html
    assert "javascript:alert" not in found.html.replace("[x](javascript:alert(1))", "")
    assert found.html.count("<ins>") == found.html.count("</ins>")


def test_the_library_has_a_start_for_every_title():
    assert len(library.starters()) == 26
    assert all(one.body.startswith("# 1. ") and one.opening for one in library.starters())
    openings = [one.opening for one in library.starters()]
    assert len(set(openings)) == len(openings)
