"""The register as of a day, what changed, and what needs somebody."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.services import asks
from risks import selectors, services
from risks.models import Acceptance
from tests.risks.conftest import NOW, TODAY, limited, raised, rated
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


def days(number):
    return NOW + dt.timedelta(days=number)


def test_register_as_of_shows_what_stood_that_day_and_nothing_later(alices):
    risk = raised(alices, at=days(-60))
    limited(alices, operational=2)
    services.rate_risk(risk=risk, kind="now", rating=rated(1), reason="Tested", by=alices.alice, at=days(-10))
    services.close_risk(risk=risk, by=alices.alice, at=days(-5), reason="Done")
    raised(alices, "Later", at=days(-1))

    then = selectors.register_as_of(alices.acme, days(-30).date())
    assert [(row.reference, row.score, row.status) for row in then.rows] == [("R-001", 15, "open")]
    between = selectors.register_as_of(alices.acme, days(-7).date())
    assert [row.score for row in between.rows] == [5]
    now = selectors.register_as_of(alices.acme, TODAY)
    assert [(row.reference, row.status) for row in now.rows] == [("R-002", "open"), ("R-001", "closed")]
    assert now.get("R-001").closed_reason == "Done"
    assert selectors.register_as_of(alices.acme, days(-90).date()).rows == ()


def test_limits_count_from_the_day_they_were_set(alices):
    raised(alices, at=days(-60))
    services.set_appetite(
        client=alices.acme, category="operational", band_limit=2, by=alices.alice, at=NOW,
        from_on=days(-20).date(),
    )  # fmt: skip
    assert selectors.register_as_of(alices.acme, days(-30).date()).above == ()
    assert len(selectors.register_as_of(alices.acme, days(-20).date()).above) == 1


def test_rank_and_its_sentence(alices):
    limited(alices, operational=3, people=1)
    raised(alices, "Inside", now=rated(1, operational=1))
    raised(alices, "Two above", now=rated(3, people=4))
    raised(alices, "Critical", now=rated(5, operational=5))
    raised(alices, "Unrated", now=None)
    rows = selectors.register_as_of(alices.acme, TODAY).rows
    assert [(row.rank, row.title) for row in rows] == [
        (1, "Two above"), (2, "Critical"), (3, "Inside"), (4, "Unrated"),
    ]  # fmt: skip
    assert rows[0].rank_sentence == (
        "2 levels above your limit for people: high, where the limit is low. Score 12."
    ).replace("2 levels", "Two levels")
    assert rows[3].rank_sentence.startswith("Not rated yet")


def test_sql_ranks_as_python_does(alices):
    limited(alices, operational=3, people=1, legal=2)
    for likelihood in range(1, 6):
        for impact in (1, 3, 5):
            category = ("operational", "people", "legal")[(likelihood + impact) % 3]
            raised(alices, f"{likelihood} {impact}", now=rated(likelihood, **{category: impact}))
    from risks.models import Risk

    in_sql = list(Risk.objects.open().ranked().values_list("reference", flat=True))
    in_python = [row.reference for row in selectors.register_as_of(alices.acme, TODAY).open]
    assert in_sql == in_python


def test_register_costs_the_same_for_few_and_many(alices):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as found:
            selectors.register_as_of(alices.acme, TODAY)
        return len(found)

    limited(alices, operational=2)
    for number in range(5):
        raised(alices, f"Risk {number}")
    few = cost()
    for number in range(30):
        raised(alices, f"More {number}")
    assert cost() == few <= 10


def test_changes_between_names_what_moved_and_which_way(alices, people):
    risk = raised(alices, at=days(-60))
    new = raised(alices, "New", at=days(-8))
    services.rate_risk(risk=risk, kind="now", rating=rated(5), reason="Twice", by=alices.alice, at=days(-3))
    services.close_risk(risk=new, by=alices.alice, at=days(-1), reason="Sold")
    found = selectors.changes_between(alices.acme, days(-10).date(), TODAY)
    assert [(change.reference, change.kind, change.movement) for change in found] == [
        ("R-002", "closed", "better"),
        ("R-001", "rose", "worse"),
        ("R-002", "raised", "new"),
    ]
    assert found[1].words == "rose from high to critical"
    assert selectors.changes_between(alices.acme, days(-50).date(), days(-40).date()) == ()


def test_an_acceptance_expires_by_its_date_alone(cast, people, entering):
    until = days(30).date()
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        acceptance = services.ask_acceptance(
            risk=raised(cast), asked_of=people["bob"], until=until, by=cast.alice, at=NOW
        )
    with entering(cast.bob, cast.acme):
        asks.answer(ask=acceptance.ask, choice="accept", reason="Yes", by=cast.bob, at=NOW)
    with entering(cast.alice, cast.acme):
        before, last, after = (
            selectors.acceptances_as_of(cast.acme, day)[0] for day in (TODAY, until, until + dt.timedelta(days=1))
        )
        assert (before.is_live, before.days_left) == (True, 30)
        assert last.is_live
        assert (after.is_live, after.state) == (False, "expired")
        register = selectors.register_as_of(cast.acme, until + dt.timedelta(days=1))
        assert register.rows[0].calls_for_action
        ended = selectors.changes_between(cast.acme, until, until + dt.timedelta(days=5))
        assert [change.kind for change in ended] == ["acceptance_ended"]


def test_only_what_is_asked_while_the_former_holds_renews_it(cast, people, entering):
    with entering(cast.alice, cast.acme):
        risk = raised(cast, at=days(-100))

    def accepted(day, lasts):
        with entering(cast.alice, cast.acme):
            asked = services.ask_acceptance(
                risk=risk, asked_of=people["bob"], until=days(day + lasts).date(), by=cast.alice, at=days(day)
            )
        with entering(cast.bob, cast.acme):
            asks.answer(ask=asked.ask, choice="accept", reason="Yes", by=cast.bob, at=days(day + 1))

    accepted(-90, 30)
    accepted(-70, 20)
    accepted(-60, 20)
    accepted(-30, 20)
    accepted(-20, 20)
    with entering(cast.alice, cast.acme):
        live = Acceptance.objects.order_by("-requested_at").first()
        services.end_acceptance(acceptance=live, reason="Not any more", by=cast.alice, at=days(-15))
    accepted(-10, 20)
    with entering(cast.alice, cast.acme):
        rows = selectors.acceptances_as_of(cast.acme, TODAY)
        spans = [selectors.changes_between(cast.acme, days(first).date(), days(last).date()) for first, last in
                 ((-95, -65), (-65, -35), (-25, -12), (-18, 0))]  # fmt: skip
    assert [row.renewals for row in reversed(rows)] == [0, 1, 2, 0, 1, 0]
    told = [[change.words.split(" by ")[0] for change in span] for span in spans]
    assert told == [
        ["accepted"],
        ["acceptance ran out; the risk is open again"],
        ["acceptance ended early"],
        ["accepted"],
    ]


def test_attention_and_counts_cover_the_context_and_only_it(cast, people, entering):
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        raised(cast)
        raised(cast, "Second", target_on=days(-3).date(), plan="x", recorded=True)
        items = selectors.attention(on=TODAY)
        assert {(item.title, item.verb) for item in items} == {
            ("2 risks above the limit have nothing agreed", "Decide"),
            ("R-002 Second", "Update"),
            ("The limits are not approved", "Ask"),
        }
        counted = selectors.counts(on=TODAY)[cast.acme.pk]
        assert (counted.open, counted.above, counted.calling_for_action, counted.late) == (2, 2, 2, 1)
    with context.as_user(cast.charlie):
        assert selectors.attention(on=TODAY) == []
        assert selectors.counts(on=TODAY) == {}
        assert selectors.find(text="Second") == []


def test_find_needs_every_word(alices):
    raised(alices, "Imaging server is old")
    assert [found.title for found in selectors.find(text="server imaging")] == ["R-001 Imaging server is old"]
    assert selectors.find(text="server phishing") == []
    assert selectors.find(text="\x00") == []
    assert len(selectors.find(text="r-001")) == 1
