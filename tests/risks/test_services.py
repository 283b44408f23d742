"""Raising, rating, limiting, closing: what each does, and what it refuses."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from engagements.services import asks
from risks import services
from risks.columns.impacts import Categories
from risks.models import Risk, RiskEvent, RiskRating, RiskReview
from risks.rules import scoring
from risks.selectors import history
from risks.selectors.frame import frame, scales_of
from tests.risks.conftest import NOW, TODAY, limited, raised, rated
from vciso.audit.models import Event

pytestmark = pytest.mark.django_db


def verbs(client):
    return list(Event.objects.filter(client=client).order_by("seq").values_list("verb", flat=True))


def test_raise_risk_gives_the_next_reference_and_keeps_rating_and_event(alices):
    risk = raised(alices)
    second = raised(alices, "Phishing")
    assert (risk.reference, second.reference) == ("R-001", "R-002")
    assert (risk.now_score, risk.now_band, risk.position) == (15, 3, "no_limit")
    assert RiskRating.objects.filter(risk=risk).count() == 1
    assert RiskEvent.objects.get(risk=risk).kind == "raised"
    assert risk.next_review_on == dt.date(2027, 2, 20)
    assert verbs(alices.acme) == ["risk.raised", "risk.raised"]


def test_raise_risk_refuses_one_without_a_title(alices):
    with pytest.raises(services.Refused, match="needs a title"):
        raised(alices, "  \x00 ")


def test_raise_risk_refuses_a_day_to_come(alices):
    with pytest.raises(services.Refused, match="day to come"):
        raised(alices, raised_on=TODAY + dt.timedelta(days=1))


def test_raise_risk_keeps_a_free_reference_of_ours_and_remembers_a_foreign_one(alices):
    assert raised(alices, reference="R-007").reference == "R-007"
    taken = raised(alices, reference="R-007")
    assert (taken.reference, taken.source_reference) == ("R-008", "R-007")
    foreign = raised(alices, reference="HR/12")
    assert (foreign.reference, foreign.source_reference) == ("R-009", "HR/12")


def test_an_owner_cannot_raise_a_risk(cast, people, entering):
    with (
        entering(cast.bob, cast.acme),
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
    ):
        raised(cast, by=cast.bob)


def test_edit_risk_refuses_to_overwrite_what_somebody_saved_meanwhile(alices):
    risk = raised(alices)
    services.edit_risk(risk=risk, by=alices.alice, at=NOW, version=1, wording=services.Wording(title="One"))
    with pytest.raises(services.EditConflict) as caught:
        services.edit_risk(risk=risk, by=alices.amir, at=NOW, version=1, wording=services.Wording(title="Two"))
    assert caught.value.current.title == "One"


def test_edit_risk_keeps_private_notes_out_of_the_trail(alices):
    risk = raised(alices)
    services.edit_risk(
        risk=risk,
        by=alices.alice,
        at=NOW,
        wording=services.Wording(private_notes="They quarrel about money"),
    )
    last = Event.objects.filter(client=alices.acme).order_by("-seq")[0]
    assert "quarrel" not in str([last.before, last.after])


def test_rate_risk_adds_to_the_history_and_counts_as_a_review(alices):
    risk = raised(alices)
    limited(alices, operational=2)
    risk = services.rate_risk(
        risk=risk, kind="now", rating=rated(5), reason="It happened twice", by=alices.alice, at=NOW
    )
    assert (risk.now_score, risk.now_band, risk.is_above, risk.bands_above) == (25, 4, True, 2)
    assert RiskRating.objects.filter(risk=risk).count() == 2
    assert RiskReview.objects.get(risk=risk).outcome == "up"
    assert risk.last_reviewed_on == TODAY


@pytest.mark.parametrize(("reason", "likelihood"), [("", 4), ("Looked again", 3)])
def test_rate_risk_refuses_no_reason_and_no_change(alices, reason, likelihood):
    risk = raised(alices)
    with pytest.raises(services.Refused):
        services.rate_risk(risk=risk, kind="now", rating=rated(likelihood), reason=reason, by=alices.alice, at=NOW)


def test_set_appetite_compares_the_whole_register_anew(alices):
    risk = raised(alices)
    limited(alices, operational=2)
    risk.refresh_from_db()
    assert (risk.is_above, risk.limit_category, risk.limit_band) == (True, "operational", 2)
    limited(alices, operational=3)
    risk.refresh_from_db()
    assert (risk.is_above, risk.position) == (False, "near")
    limited(alices, operational=None)
    risk.refresh_from_db()
    assert risk.position == "no_limit"


def test_set_appetite_refuses_an_unknown_category_by_naming_the_known(alices):
    with pytest.raises(services.Refused, match="Financial, Operational, Legal"):
        limited(alices, weather=2)


def test_a_category_added_by_mistake_is_renamed_or_switched_off(alices, browse):
    by = {"client": alices.acme, "by": alices.alice, "at": NOW}
    page = f"/c/{alices.acme.key}/risks/limits/"
    wrong = services.add_category(**by, name="Patient saftey")
    alice = browse(alices.alice)
    assert "Switch it off" in alice.get(f"{page}{wrong.key}/").content.decode()
    for name, words in (("Category to confirm", "uses itself"), ("legal!", "a category “Legal”"), ("…", "a name")):
        answer = alice.post(f"{page}{wrong.key}/rename/", {"name": name})
        assert answer.status_code == 422 and words in answer.content.decode(), name
    assert alice.post(f"{page}{wrong.key}/rename/", {"name": "Patient safety"}).status_code == 303
    again = services.add_category(**by, name="Patient saftey")
    assert (again.key, frame(alices.acme, TODAY).names[wrong.key]) == ("patient-saftey-2", "Patient safety")
    services.set_appetite(**by, category=again.key, band_limit=2)
    with pytest.raises(services.Refused, match="Take the limit away first"):
        services.retire_category(**by, category=again)
    services.set_appetite(**by, category=again.key, band_limit=None)
    risk = raised(alices, now=scoring.Rating(3, {again.key: 4, "legal": 1}))
    answer = alice.post(f"{page}{again.key}/off/")
    assert (
        answer.status_code == 422 and f"1 risk is rated by Patient saftey: {risk.reference}." in answer.content.decode()
    )
    services.rate_risk(risk=risk, kind="now", rating=rated(3), reason="By its own", by=alices.alice, at=NOW)
    assert alice.post(f"{page}{again.key}/off/").status_code == 303
    assert again.key not in {row.key for row in frame(alices.acme, TODAY).active}
    assert alice.get(f"{page}{again.key}/off/").status_code == 404
    assert services.add_category(**by, name="Patient Saftey").key == again.key


def test_a_category_has_a_name_in_any_script(alices, browse):
    by = {"client": alices.acme, "by": alices.alice, "at": NOW}
    names = ["安全", "Безопасность", "की", "का", "Sécurité 安全", "Scale 1"]
    made = [services.add_category(**by, name=name) for name in names]
    assert [row.name for row in made] == names
    assert [row.key for row in made] == ["category-2", "category-3", "category-4", "category-5", "securite", "scale-1"]
    for again, words in (
        ("安全。", "a category “安全”"),
        ("БЕЗОПАСНОСТЬ", "a category “Безопасность”"),
        ("。", "Give the category a name"),
        ("Scale", "uses itself"),
    ):
        with pytest.raises(services.Refused, match=words):
            services.add_category(**by, name=again)
    page = browse(alices.alice).get(f"/c/{alices.acme.key}/risks/limits/{made[0].key}/")
    assert "Limit for 安全" in page.content.decode()
    assert Categories.of(alices.acme).named("安全") == made[0].key


def test_set_scale_bands_the_register_anew(alices):
    risk = raised(alices)
    services.set_scale(
        client=alices.acme,
        low_to=4,
        medium_to=15,
        high_to=20,
        likelihood_words=["a", "b", "c", "d", "e"],
        impact_words=["a", "b", "c", "d", "e"],
        by=alices.alice,
        at=NOW,
        stand_by=True,
    )
    risk.refresh_from_db()
    assert risk.now_band == 2


SCALE = {
    "low_to": 5, "medium_to": 10, "high_to": 16, "likelihood_words": list("abcde"), "impact_words": list("vwxyz"),
}  # fmt: skip


def test_a_changed_scale_keeps_old_ratings_readable(alices):
    risk = raised(alices, at=NOW - dt.timedelta(days=30))
    services.set_scale(client=alices.acme, by=alices.alice, at=NOW, stand_by=True, **SCALE | {"high_to": 14})
    services.rate_risk(risk=risk, kind="now", rating=rated(4), reason="Worse", by=alices.alice, at=NOW)
    lines = history.timeline(history.sources(risk), scales_of(alices.acme), alices.acme)
    said = [line.what for line in lines if "ated" in line.what]
    assert said == [
        "Re-rated from 15 to 20, critical (d, z), now",
        "Rated 15, high (possible, severe), now",
    ]


def test_a_rating_is_read_by_the_scale_it_was_given_in_though_another_began_that_day(alices):
    risk = raised(alices)
    services.set_scale(client=alices.acme, by=alices.alice, at=NOW, stand_by=True, **SCALE | {"medium_to": 15})
    rate = {"risk": risk, "kind": "now", "reason": "Worse", "by": alices.alice}
    services.rate_risk(**rate, rating=rated(4), at=NOW + dt.timedelta(minutes=9))
    services.set_scale(client=alices.acme, by=alices.alice, at=NOW, stand_by=True, **SCALE | {"high_to": 22})
    scales = scales_of(alices.acme)
    lines = history.timeline(history.sources(risk), scales, alices.acme)
    said = [line.what for line in lines if "ated" in line.what]
    assert said == ["Re-rated from 15 to 20, critical (d, z), now", "Rated 15, high (possible, severe), now"]
    assert scales.on(TODAY).high_to == 22


@pytest.mark.parametrize(("ratings", "due"), [("keep", dt.date(2027, 2, 20)), ("review", TODAY)])
def test_a_changed_scale_asks_what_becomes_of_the_ratings(alices, ratings, due):
    risk, closed = raised(alices), raised(alices, "Gone")
    services.close_risk(risk=closed, by=alices.alice, at=NOW, reason="Gone")
    services.set_scale(client=alices.acme, by=alices.alice, at=NOW, ratings=ratings, **SCALE)
    risk.refresh_from_db()
    closed.refresh_from_db()
    assert (risk.next_review_on, closed.next_review_on) == (due, dt.date(2027, 2, 20))


def test_levels_mean_a_frequency_and_a_sum(alices):
    money = [1_000_00, 5_000_00, 20_000_00, 80_000_00]
    means = ["Once a lifetime", "Each decade", "Each year", "Each month", "Each week"]
    drawn = {"client": alices.acme, "by": alices.alice, "at": NOW, "likelihood_means": means, "impact_money": money}
    services.set_scale(**drawn, **SCALE)
    with pytest.raises(services.Refused, match="The scale is so already"):
        services.set_scale(**drawn, **SCALE)
    services.set_scale(**drawn, **SCALE, ratings="review")
    scale = frame(alices.acme, TODAY).scale
    assert (scale.meaning(1), scale.meaning(5)) == ("Once a lifetime", "Each week")
    assert [scale.cost(level) for level in range(1, 6)] == [
        (None, 1_000_00), (1_000_00, 5_000_00), (5_000_00, 20_000_00), (20_000_00, 80_000_00), (80_000_00, None),
    ]  # fmt: skip
    assert scoring.Scale().cost(3) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"impact_money": [100, 200, 200, 400]}, "each above the one before"),
        ({"impact_money": [100, None, 300, 400]}, "each above the one before"),
        ({"impact_money": [-5, 1, 2, 3]}, "each above the one before"),
        ({"impact_money": [1, 2, 3, 10**15]}, "each above the one before"),
        ({"likelihood_means": ["Once", "", "", "", ""]}, "or for none"),
        ({"ratings": "forget"}, "becomes of the ratings"),
    ],
)
def test_set_scale_refuses_what_cannot_be_read(alices, wrong, words):
    with pytest.raises(services.Refused, match=words):
        services.set_scale(client=alices.acme, by=alices.alice, at=NOW, **SCALE, **wrong)


def test_close_and_reopen_keep_the_reference_and_the_reasons(alices):
    risk = raised(alices)
    closed = services.close_risk(risk=risk, by=alices.alice, at=NOW, reason="Spare in place")
    assert (closed.status, closed.closed_on) == ("closed", TODAY)
    again = services.reopen_risk(risk=closed, by=alices.alice, at=NOW, reason="Spare was sold")
    assert (again.reference, again.status, again.closed_on) == ("R-001", "open", None)
    kinds = list(RiskEvent.objects.filter(risk=risk).order_by("recorded_at").values_list("kind", "reason"))
    assert kinds[1:] == [("closed", "Spare in place"), ("reopened", "Spare was sold")]
    assert raised(alices, "Another").reference == "R-002"


def test_close_risk_refuses_without_a_reason_and_twice(alices):
    risk = raised(alices)
    with pytest.raises(services.Refused, match="Say why"):
        services.close_risk(risk=risk, by=alices.alice, at=NOW, reason=" ")
    services.close_risk(risk=risk, by=alices.alice, at=NOW, reason="Done")
    with pytest.raises(services.Refused, match="closed already"):
        services.close_risk(risk=risk, by=alices.alice, at=NOW, reason="Done")


def test_review_unchanged_dates_each_risk_with_one_event_in_the_trail(alices):
    risks = [raised(alices, f"Risk {n}") for n in range(3)]
    later = NOW + dt.timedelta(days=40)
    services.review_unchanged(risks=risks, by=alices.alice, at=later)
    assert RiskReview.objects.filter(outcome="unchanged").count() == 3
    assert set(Risk.objects.values_list("last_reviewed_on", flat=True)) == {later.date()}
    assert verbs(alices.acme).count("risk.reviewed") == 1


def approved(cast, people, *risks):
    """The owner approves their plans."""
    for risk in risks:
        plan = services.ask_plan_approval(risk=risk, asked_of=people["bob"], by=cast.alice, at=NOW)
        asks.record_answer(
            ask=plan.ask, choice="approve", reason="", witness="Zoe Young", recorded_by=cast.alice, at=NOW
        )


def test_redate_takes_an_approval_away_and_keeps_the_history(alices, people):
    risk = raised(alices, treatment="reduce", plan="Buy", target_on=TODAY)
    approved(alices, people, risk)
    with pytest.raises(IntegrityError, match="rows are a record"), transaction.atomic():
        risk.plans.all().delete()
    services.redate(risks=[risk], target_on=dt.date(2027, 1, 31), by=alices.alice, at=NOW)
    risk.refresh_from_db()
    assert (risk.target_on, risk.plan_approved_on) == (dt.date(2027, 1, 31), None)
    assert risk.plans.count() == 2


def test_redate_leaves_what_has_the_date_already(alices, people):
    day = dt.date(2027, 1, 31)
    kept, moved = (raised(alices, f"Risk {n}", treatment="reduce", plan="Buy", target_on=on) for n, on in
                   enumerate((day, TODAY)))  # fmt: skip
    approved(alices, people, kept, moved)
    assert services.redate(risks=[kept, moved], target_on=day, by=alices.alice, at=NOW) == [moved]
    assert list(Risk.objects.order_by("number").values_list("plan_approved_on", flat=True)) == [TODAY, None]
    with pytest.raises(services.Refused, match="Each of them has this date already"):
        services.redate(risks=[kept, moved], target_on=day, by=alices.alice, at=NOW)


def test_reassign_moves_many_at_once(alices, people):
    risks = [raised(alices, f"Risk {n}") for n in range(2)]
    services.reassign(risks=risks, owner=people["carl"], by=alices.alice, at=NOW)
    assert set(Risk.objects.values_list("owner__name", flat=True)) == {"Carl"}


def test_an_owner_of_another_client_is_refused_by_the_database(alices, people):
    risk = raised(alices)
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(owner_id=people["gina"].pk)


def test_raise_many_writes_one_event_for_all(alices):
    new = [
        services.NewRisk(wording=services.Wording(title=f"Risk {n}"), ratings={"now": rated(n % 5 + 1)})
        for n in range(7)
    ]
    made = services.raise_many(client=alices.acme, by=alices.alice, at=NOW, risks=new)
    assert [risk.reference for risk in made][-1] == "R-007"
    assert Risk.objects.get(reference="R-005").now_score == 25
    assert verbs(alices.acme) == ["risk.raised"]
