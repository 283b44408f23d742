"""Reviews: when they are due, the walk through them, and what is kept of each look."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from risks import services
from risks.enums import Band
from risks.migrations import _sql
from risks.models import Risk, RiskReview
from risks.rules import reviewing, scoring
from risks.selectors import due
from risks.services.wording import keep_words
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, raised, rated
from vciso.tenancy.models import Client

KEY = "acme-a1b2c3"
BANDS = [Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL]


@given(st.dates(dt.date(2024, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 60))
def test_the_more_serious_a_risk_the_sooner_it_is_looked_at_again(last, own):
    days = [reviewing.next_review(last, band=band, own=own) for band in BANDS]
    assert days == sorted(days, reverse=True)
    assert all(day > last for day in days)
    assert own == 0 or len(set(days)) == 1
    assert reviewing.interval(Band.NOT_RATED, 0) == 1


levels = st.integers(1, 5)


@given(levels, st.dictionaries(st.sampled_from(["legal", "people", "financial"]), levels, min_size=1), st.booleans())
def test_a_step_goes_one_way_and_stays_on_the_scale(likelihood, impacts, up):
    now = scoring.Rating(likelihood, impacts)
    then = scoring.stepped(now, up=up)
    assert all(1 <= level <= 5 for level in (then.likelihood, *then.impacts.values()))
    at_the_end = now.score == (25 if up else 1)
    assert (then.score == now.score) == at_the_end
    assert at_the_end or (then.score > now.score) == up


@pytest.mark.parametrize(("level", "months"), [(1, 12), (2, 6), (3, 3), (5, 1)])
def test_a_new_risk_is_due_by_its_level_and_a_new_rating_moves_it(alices, level, months):
    found = raised(alices, now=rated(level))
    assert (found.next_review_on.year - TODAY.year) * 12 + found.next_review_on.month - TODAY.month == months
    services.rate_risk(risk=found, kind="now", rating=rated(4), reason="Worse", by=alices.alice, at=NOW)
    found.refresh_from_db()
    assert found.next_review_on == (dt.date(2026, 12, 20) if found.now_band == Band.CRITICAL else dt.date(2027, 2, 20))


def test_a_rhythm_of_its_own_holds_until_it_is_given_up(alices):
    found = raised(alices)
    for months, day in ((2, dt.date(2027, 1, 20)), (0, dt.date(2027, 2, 20))):
        services.edit_risk(risk=found, by=alices.alice, at=NOW, wording=services.Wording(review_months=months))
        found.refresh_from_db()
        assert found.next_review_on == day


def test_a_new_scale_moves_a_review_with_the_level_and_leaves_days_chosen_by_hand(alices):
    by_level, by_hand, own = raised(alices), raised(alices), raised(alices)
    chosen = dt.date(2027, 1, 5)
    edits = {"by": alices.alice, "at": NOW}
    services.edit_risk(risk=by_hand, wording=services.Wording(), next_review_on=chosen, **edits)
    services.edit_risk(risk=own, wording=services.Wording(review_months=3), **edits)
    words = {"likelihood_words": list("abcde"), "impact_words": list("vwxyz")}
    services.set_scale(client=alices.acme, low_to=2, medium_to=5, high_to=10, stand_by=True, **words, **edits)
    for risk, band, due_on in (
        (by_level, Band.CRITICAL, dt.date(2026, 12, 20)), (by_hand, Band.CRITICAL, chosen),
        (own, Band.CRITICAL, dt.date(2027, 2, 20)),
    ):  # fmt: skip
        risk.refresh_from_db()
        assert (risk.now_band, risk.next_review_on) == (band, due_on)


def test_risks_from_before_levels_said_when_follow_them_and_rhythms_chosen_by_hand_stay(alices, as_owner):
    rows = [raised(alices, now=rated(level)) for level in (1, 5, 1, 1, 1)]
    quarter = dt.date(2027, 2, 20)
    for risk in rows:
        services.edit_risk(risk=risk, by=alices.alice, at=NOW, wording=services.Wording(title=f"{risk} of before"))
    Risk.objects.update(review_months=3, next_review_on=quarter)
    low, critical, by_hand, chosen, later = rows
    services.edit_risk(risk=chosen, by=alices.alice, at=NOW, wording=services.Wording(review_months=4))
    services.edit_risk(risk=chosen, by=alices.alice, at=NOW, wording=services.Wording(review_months=3))
    Risk.objects.filter(pk=by_hand.pk).update(next_review_on=TODAY)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT max(recorded_at) FROM risks_riskevent")
        cursor.execute(
            "UPDATE django_migrations SET applied = %s WHERE app = 'risks' AND name = '0008_reviews_by_level'",
            [max(cursor.fetchone()) + dt.timedelta(seconds=1)],
        )
        cursor.execute(
            "UPDATE risks_riskevent SET recorded_at = recorded_at + interval '1 hour' WHERE risk_id = %s", [later.pk]
        )
        cursor.execute(_sql.FOLLOW_LEVELS)
    keep_words(Risk.objects.all(), by=alices.alice, at=NOW)
    found = {risk.pk: (risk.review_months, risk.next_review_on) for risk in Risk.objects.all()}
    assert [found[risk.pk] for risk in (low, critical, by_hand, chosen, later)] == [
        (0, dt.date(2027, 11, 20)), (0, dt.date(2026, 12, 20)), (0, TODAY), (3, quarter), (3, quarter),
    ]  # fmt: skip


@pytest.fixture
def waiting(alices):
    """Three risks whose review is due, the longest overdue first."""
    long_ago = NOW - dt.timedelta(days=400)
    return [raised(alices, f"Risk {number}", at=long_ago + dt.timedelta(days=number)) for number in range(3)]


def test_the_walk_goes_on_until_every_review_is_done(cast, people, waiting, browse):
    alice = browse(cast.alice)

    def shown(query=""):
        return alice.get(f"/c/{KEY}/risks/review/walk/{query}").content.decode()

    first, second, third = (risk.reference for risk in waiting)
    one, two, _ = places = [due.place_of(risk) for risk in waiting]
    assert f">{first}<" in shown() and "3 reviews left" in shown()
    assert f">{second}<" in shown(f"?after={one}") and "2 reviews left" in shown(f"?after={one}")
    assert all(
        f"?after={place}" in shown(f"?after={before}") for before, place in zip(["", *places], places, strict=False)
    )
    assert "Still due: 3 reviews, left for later." in shown(f"?after={places[-1]}")
    gone = alice.post(f"/c/{KEY}/risks/{first}/reviewed/?walk=-")
    assert (gone.status_code, gone.headers["Location"]) == (303, f"/c/{KEY}/risks/review/walk/")
    rate = f"/c/{KEY}/risks/{second}/rate/?kind=now&step=up&walk={one}"
    page = alice.get(rate)
    form = page.context["form"]
    assert form["now_likelihood"].value() == 4
    answer = {"seen_version": form["seen_version"].value(), "now_likelihood": "4", "now_impact_operational": "5"}
    assert alice.post(rate, answer).status_code == 422
    gone = alice.post(rate, answer | {"reason": "A new tool makes it easy"})
    assert (gone.status_code, gone.headers["Location"]) == (303, f"/c/{KEY}/risks/review/walk/?after={one}")
    alice.post(f"/c/{KEY}/risks/{first}/reviewed/")
    assert f">{third}<" in shown(f"?after={two}"), "a place holds when its risk was reviewed meanwhile"
    gone = alice.post(f"/c/{KEY}/risks/{third}/close/?walk=-", {"reason": "Sold"})
    assert gone.headers["Location"] == f"/c/{KEY}/risks/review/walk/"
    assert "Every review is done" in shown()
    log = alice.get(f"/c/{KEY}/risks/review/log/").content.decode()
    for words in ("Reviewed, unchanged", "Worse than before", "A new tool makes it easy", "Closed", "Sold"):
        assert words in log, words


def test_a_risk_without_a_rating_is_rated_first_and_in_the_first_field(cast, alices, people, browse):
    risk = raised(alices, now=None, at=NOW - dt.timedelta(days=400))
    alice = browse(cast.alice)
    page = " ".join(alice.get(f"/c/{KEY}/risks/review/walk/").content.decode().split())
    keys = page.split('<section class="walk"')[1].split("</section>")[0].split("data-press=")[1:]
    assert [key[1] for key in keys if "primary" in key] == ["u"] and "Rate it" in keys[0]
    form = alice.get(f"/c/{KEY}/risks/{risk.reference}/rate/?kind=now&walk=-").context["form"]
    assert [name for name, field in form.fields.items() if field.widget.attrs.get("autofocus")] == ["now_likelihood"]


def test_each_look_is_kept_with_what_it_found(alices, people):
    found = raised(alices)
    for rating, outcome in ((rated(4), "up"), (rated(2), "down"), (scoring.Rating(2, {"legal": 5}), "changed")):
        services.rate_risk(risk=found, kind="now", rating=rating, reason="Looked", by=alices.alice, at=NOW)
        assert RiskReview.objects.filter(risk=found, outcome=outcome).count() == 1
    services.review_unchanged(risks=[found], by=alices.alice, at=NOW)
    services.close_risk(risk=found, by=alices.alice, at=NOW, reason="Gone")
    assert due.log(alices.acme).count() == 5


def test_the_review_log_is_a_file_too(cast, alices, people, browse):
    found = raised(alices, "=1+1 in a title")
    services.rate_risk(risk=found, kind="now", rating=rated(4), reason="Looked", by=alices.alice, at=NOW)
    address = f"/c/{KEY}/risks/review/log/export/"
    alice = browse(cast.alice)
    assert f"{address}?format=csv" in alice.get(f"/c/{KEY}/risks/review/log/").content.decode()
    told = b"".join(alice.get(f"{address}?format=csv")).decode("utf-8-sig").splitlines()
    assert told[0] == "Day,Risk,Title,Found,Note,By"
    assert told[1] == f"{TODAY.isoformat()},{found.reference},'=1+1 in a title,Worse than before,Looked,Alice"
    assert b"".join(alice.get(address))[:2] == b"PK"
    assert alice.get(f"{address}?format=doc").status_code == 404
    assert browse(cast.bob).get(address).status_code == 403


def test_what_was_reviewed_at_a_client_that_is_archived_can_still_be_read(cast, alices, people, browse):
    found = raised(alices, at=NOW - dt.timedelta(days=400))
    services.review_unchanged(risks=[raised(alices)], by=alices.alice, at=NOW)
    alice, root = browse(cast.alice), f"/c/{KEY}/risks/review/"
    assert "Unchanged" in alice.get(root).content.decode()
    with owning():
        Client.objects.filter(pk=cast.acme.pk).update(status="archived")
    due_now = alice.get(root).content.decode()
    assert found.reference in due_now and "Review log" in due_now
    for verb in ("Unchanged", "Re-rate", "Walk through them", "One click"):
        assert verb not in due_now, verb
    assert "Reviewed, unchanged" in alice.get(f"{root}log/").content.decode()
    assert alice.get(f"{root}walk/").status_code == 403


def test_nothing_due_and_an_unknown_reference_are_answered(cast, people, browse):
    alice = browse(cast.alice)
    assert "Every review is done" in alice.get(f"/c/{KEY}/risks/review/walk/").content.decode()
    for after in ("X-9", "R-001", "2026-99-99.1", "2026-01-01.1"):
        page = alice.get(f"/c/{KEY}/risks/review/walk/", {"after": after})
        assert page.status_code == 200 and "Every review is done" in page.content.decode(), after
