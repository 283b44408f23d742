"""Estimates in money: what is kept, refused, questioned and shown, and what they move."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.services import asks
from risks import columns, services
from risks.enums import Band
from risks.models import Appetite, EstimatedLoss, LossTolerance, Risk, RiskEstimate
from risks.rules import money
from risks.selectors import estimates, register_as_of, wording
from risks.selectors.frame import frame
from risks.selectors.losses import losses
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, limited, raised, rated
from tests.risks.test_columns import bring
from vciso.audit.models import Event
from vciso.imports import export
from vciso.imports.registry import UndoRefused
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

SELDOM = services.Given(Decimal("0.2"), Decimal("0.5"), Decimal(2))
DEAR = services.Given(Decimal(20_000_00), Decimal(60_000_00), Decimal(200_000_00))


def estimated(cast, risk, **given):
    given = {"frequency": SELDOM, "losses": {"downtime": DEAR}, "basis": "Two outages since 2019.", **given}
    return services.estimate_risk(risk=risk, by=cast.alice, at=given.pop("at", NOW), **given)


def limited_in_money(cast, minor, category="operational", **given):
    services.set_appetite(
        client=cast.acme, category=category, band_limit=4, money_limit_minor=minor, by=cast.alice,
        **{"at": NOW, **given},
    )  # fmt: skip


def refusals(cast, risk, **given):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        estimated(cast, risk, **given)
    assert not RiskEstimate.objects.exists()
    return {field: messages[0] for field, messages in caught.value.message_dict.items()}


def test_an_estimate_keeps_its_numbers_its_figures_and_what_makes_them_again(alices):
    risk = raised(alices)
    kept = estimated(alices, risk, losses={"downtime": DEAR, "fines": services.Given(*[Decimal(9_000_00)] * 3,
                     chance=Decimal("0.25"))}, stand_by=True)  # fmt: skip
    again = money.Estimate(
        money.Range(0.2, 0.5, 2.0),
        (
            money.Loss("downtime", money.Range(20_000_00, 60_000_00, 200_000_00)),
            money.Loss("fines", money.Range(9_000_00, 9_000_00, 9_000_00), chance=0.25),
        ),
    )
    figures = money.figures(again, money.simulate(again, kept.seed))
    stored = RiskEstimate.objects.get()
    assert (stored.mean_minor, stored.one_in_ten_minor, stored.one_in_fifty_minor, stored.per_event_minor) == (
        figures.mean, figures.one_in_ten, figures.one_in_fifty, figures.per_event,
    )  # fmt: skip
    assert (stored.method, stored.numpy_version) == (money.METHOD, money.NUMPY)
    assert Risk.objects.get().one_in_ten_minor == figures.one_in_ten
    event = Event.objects.filter(client=alices.acme, verb="risk.estimated").get()
    assert event.after["one_in_ten_minor"] == figures.one_in_ten
    assert event.after["stood_by"] == [
        "Low and high are almost the same. Would you bet nine to one that it falls between them?"
    ]


def test_a_later_estimate_joins_the_history_under_the_same_seed(alices):
    risk = raised(alices)
    first = estimated(alices, risk)
    second = estimated(
        alices, risk, losses={"downtime": services.Given(*(value / 2 for value in (DEAR.low, DEAR.likely, DEAR.high)))},
        at=NOW + dt.timedelta(days=1),
    )  # fmt: skip
    assert second.seed == first.seed
    assert second.one_in_ten_minor == pytest.approx(first.one_in_ten_minor / 2, rel=1e-4)
    assert estimates.latest(risk) == second
    assert RiskEstimate.objects.count() == 2


def test_what_cannot_be_estimated_with_is_refused_at_its_field_with_the_value_and_the_remedy(alices):
    risk = raised(alices)
    turned = services.Given(Decimal(500_00), Decimal(300_00), Decimal(200_00))
    assert refusals(alices, risk, losses={"downtime": turned}) == {
        "downtime_high": "Low is $500 and high is $200. Swap them, or correct one."
    }
    assert refusals(alices, risk, frequency=services.Given(Decimal(3), Decimal(2), Decimal("0.5"))) == {
        "frequency_high": "Low is 3 and high is 0.5. Swap them, or correct one."
    }
    outside = services.Given(Decimal(100_00), Decimal(900_00), Decimal(300_00))
    assert refusals(alices, risk, losses={"fines": outside}) == {
        "fines_likely": "$900 is not between $100 and $300. Give a value between them."
    }
    nothing = services.Given(Decimal(0), Decimal(100), Decimal(200))
    assert refusals(alices, risk, losses={"fines": nothing})["fines_low"].startswith("$0 cannot be estimated with.")
    assert "leave the form of loss out" in refusals(
        alices, risk, losses={"downtime": DEAR, "other": services.Given(high=Decimal(5))}
    )["other_low"]  # fmt: skip
    wide = services.Given(Decimal(1), Decimal(100), Decimal(10_001))
    assert refusals(alices, risk, losses={"other": wide})["other_high"].startswith("The high is 10,001 times the low.")
    daily = services.Given(Decimal(300), Decimal(400), Decimal(900))
    assert "events a year on average" in refusals(alices, risk, frequency=daily)["frequency_high"]
    sure = services.Given(DEAR.low, DEAR.likely, DEAR.high, chance=Decimal("1.01"))
    assert refusals(alices, risk, losses={"fines": sure}) == {"fines_percent": "101 % is no chance. Give 0 to 100."}
    never = services.Given(DEAR.low, DEAR.likely, DEAR.high, chance=Decimal(0))
    assert refusals(alices, risk, losses={"fines": never}) == {
        "fines_percent": "At 0 % no event costs anything. Give a form of loss a chance above 0."
    }
    assert set(refusals(alices, risk, frequency=services.Given(), losses={}, basis=" \x00 ")) == {
        "frequency_low", "downtime_low", "basis",
    }  # fmt: skip


def test_the_database_refuses_what_the_service_refuses(alices):
    kept = estimated(alices, raised(alices))
    loss = EstimatedLoss.objects.get()
    for wrong in ({"low_minor": 0}, {"high_minor": 1}, {"likely_minor": 1}, {"chance": Decimal("1.1")}, {"chance": -1}):
        row = {name: getattr(loss, name) for name in ("low_minor", "likely_minor", "high_minor", "chance")} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            EstimatedLoss.objects.create(client=alices.acme, estimate=kept, form="other", **row)
    for wrong in ({"frequency_low": 0}, {"frequency_high": Decimal("0.1")}, {"mean_minor": -1}):
        row = {field.attname: getattr(kept, field.attname) for field in RiskEstimate._meta.concrete_fields}
        del row["id"]
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskEstimate.objects.create(**(row | wrong))


def test_an_estimate_cannot_be_changed_or_taken_away(alices):
    estimated(alices, raised(alices))
    for model, change in ((RiskEstimate, {"mean_minor": 1}), (EstimatedLoss, {"low_minor": 1})):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_unlikely_ranges_are_questioned_and_kept_on_the_estimators_word(alices):
    risk = raised(alices)
    far = services.Given(Decimal(1_000), Decimal(90_000), Decimal(100_000))
    asked = refusals(alices, risk, losses={"downtime": far})
    assert asked["downtime_likely"].startswith("Downtime: the most likely value is far from the middle of the range.")
    assert set(asked) == {"downtime_likely", "stand_by"}
    assert estimated(alices, risk, losses={"downtime": far}, stand_by=True).per_event_minor > 0


def test_an_import_cannot_be_undone_under_an_estimate(alices):
    risk = raised(alices)
    estimated(alices, risk)
    with pytest.raises(UndoRefused, match="estimate in money since the import"):
        columns.remove(str(risk.pk), client=alices.acme, by=alices.alice, at=NOW)


def test_a_closed_risk_is_not_estimated(alices):
    risk = raised(alices)
    services.close_risk(risk=risk, by=alices.alice, at=NOW, reason="Sold.")
    with pytest.raises(services.Refused, match="closed. Reopen it"):
        estimated(alices, risk)


def test_a_loss_above_its_limit_puts_the_risk_above_and_ranks_it_by_the_distance(alices):
    limited_in_money(alices, 50_000_00)
    little, much = raised(alices, "Little", now=rated(5)), raised(alices, "Much", now=rated(1))
    rest = raised(alices, "Rest", now=rated(4))
    estimated(alices, little)
    estimated(alices, much, losses={"downtime": services.Given(*(value * 3 for value in (DEAR.low, DEAR.likely,
              DEAR.high)))})  # fmt: skip
    ranked = list(Risk.objects.open().ranked())
    assert ranked == [much, little, rest]
    assert [risk.is_above for risk in ranked] == [True, True, False]
    view = register_as_of(alices.acme, TODAY)
    assert [row.reference for row in view.open] == [risk.reference for risk in ranked]
    first = view.open[0]
    assert first.is_above
    assert first.rank_sentence.startswith("One year in ten would cost about $")
    assert first.rank_sentence.endswith(" or more, where the limit for operational is $50,000. Score 5.")
    assert first.limit_sentence == first.rank_sentence.removesuffix(" Score 5.")


def test_yesterdays_register_knows_no_estimate_of_today(alices):
    limited_in_money(alices, 50_000_00)
    risk = raised(alices, at=NOW - dt.timedelta(days=3))
    estimated(alices, risk)
    assert register_as_of(alices.acme, TODAY).open[0].is_above
    assert not register_as_of(alices.acme, TODAY - dt.timedelta(days=1)).open[0].is_above


def test_a_new_limit_in_money_moves_what_is_estimated(alices):
    risk = raised(alices)
    estimated(alices, risk)
    assert not Risk.objects.get().is_above
    limited_in_money(alices, 10_000_00)
    found = Risk.objects.get()
    assert (found.is_above, found.loss_over_limit) == (True, found.one_in_ten_minor - 10_000_00)
    limited_in_money(alices, 10**12)
    assert not Risk.objects.get().is_above


def test_a_loss_above_its_limit_exposes_at_least_to_high(alices):
    limited_in_money(alices, 10_000_00)
    low = raised(alices, now=rated(1))
    estimated(alices, low)
    worst = raised(alices, now=rated(5))
    estimated(alices, worst)
    assert [Risk.objects.get(pk=risk.pk).exposure for risk in (low, worst)] == [Band.HIGH, Band.CRITICAL]
    free = raised(alices, now=rated(1))
    assert Risk.objects.get(pk=free.pk).exposure == Band.LOW


def test_an_acceptance_lapses_when_the_loss_newly_passes_its_limit(cast, people, entering):
    with entering(cast.alice, cast.acme):
        limited_in_money(cast, 10_000_00)
        risk = raised(cast, now=rated(1))
        accepted = services.ask_acceptance(
            risk=risk, asked_of=people["bob"], until=dt.date(2027, 3, 31), by=cast.alice, at=NOW
        )
    with entering(cast.bob, cast.acme):
        asks.answer(ask=accepted.ask, choice="accept", reason="We carry it", by=cast.bob, at=NOW)
    with entering(cast.alice, cast.acme):
        estimated(cast, risk)
        accepted.refresh_from_db()
        risk.refresh_from_db()
    assert (accepted.state, risk.accepted_until) == ("lapsed", None)


def test_one_year_in_fifty_has_a_limit_of_its_own(cast, people, entering):
    """It costs about $197,000 once in ten years and $390,000 once in fifty."""
    with entering(cast.alice, cast.acme):
        risk = raised(cast, now=rated(1))
        estimated(cast, risk)
        limited_in_money(cast, 300_000_00, fifty_limit_minor=500_000_00)
        accepted = services.ask_acceptance(
            risk=risk, asked_of=people["bob"], until=dt.date(2027, 3, 31), by=cast.alice, at=NOW
        )
    with entering(cast.bob, cast.acme):
        asks.answer(ask=accepted.ask, choice="accept", reason="We carry it", by=cast.bob, at=NOW)
    with entering(cast.alice, cast.acme):
        assert not Risk.objects.get().is_above
        later = NOW + dt.timedelta(days=1)
        limited_in_money(cast, 300_000_00, fifty_limit_minor=350_000_00, at=later, stand_by=True)
        found, day = Risk.objects.select_related("client").get(), later.date()
        assert (found.is_above, found.exposure) == (True, Band.HIGH)
        assert found.loss_over_limit == found.one_in_fifty_minor - 350_000_00
        said = wording.limit_sentence(found, frame(cast.acme, day))
        assert said.startswith("One year in fifty would cost about $")
        assert "or more, where the limit for operational is $350,000." in said
        (row,) = register_as_of(cast.acme, day).open
        assert (row.position.standing, row.position.over, row.rank_sentence) == ("above", found.loss_over_limit, said)
        accepted.refresh_from_db()
        assert (accepted.state, found.accepted_until) == ("lapsed", None)
        assert [row.position.over for row in register_as_of(cast.acme, TODAY).open] == [0], "as it was the day before"
        limited_in_money(cast, 300_000_00, at=later + dt.timedelta(hours=1))
        assert not Risk.objects.get().is_above


def test_one_year_in_fifty_never_has_less_room_than_one_in_ten(alices):
    with pytest.raises(services.Refused, match="One year in fifty costs at least what one in ten does") as caught:
        limited_in_money(alices, 300_000_00, fifty_limit_minor=299_999_99)
    assert caught.value.field == "fifty_limit"
    limited_in_money(alices, 300_000_00, fifty_limit_minor=300_000_00)
    for column, sum_ in (("fifty_limit_minor", 1), ("money_limit_minor", 0), ("fifty_limit_minor", -1)):
        with pytest.raises(IntegrityError, match="risks_appetite_money"), owning(), transaction.atomic():
            Appetite.objects.update(**{column: sum_})


def address(cast, name="estimate"):
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, "ref": "R-001"})


TYPED = {
    "frequency_low": "0.2", "frequency_likely": "0.5", "frequency_high": "2", "downtime_low": "20,000",
    "downtime_likely": "60,000", "downtime_high": "200,000", "basis": "Two outages since 2019.",
}  # fmt: skip


@pytest.fixture
def page_of(cast, people, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(cast)
    return browse(cast.alice)


def test_the_form_keeps_an_estimate_and_the_page_shows_it_in_round_words(cast, page_of):
    assert "Not estimated yet." in page_of.get(address(cast, "detail")).content.decode()
    assert page_of.post(address(cast), TYPED).status_code == 303
    shown = page_of.get(address(cast, "detail")).content.decode()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        kept = RiskEstimate.objects.get()
    two = f"{kept.one_in_ten_minor / 100:.1e}"
    assert f"about ${int(float(two)):,} or more" in shown
    assert "0.2 to 2 times a year" in shown
    assert "Two outages since 2019." in shown
    form = page_of.get(address(cast)).content.decode()
    assert 'value="60,000"' in form
    assert 'value="0.5"' in form


def test_a_loss_that_meets_no_limit_is_said_to_meet_none_beside_what_a_year_may_cost(cast, people, page_of, entering):
    at = reverse("risks:estimate", kwargs={"client_key": cast.acme.key, "ref": "R-001"})
    page = at.removesuffix("estimate/")
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        risk = Risk.objects.get()
        estimated(cast, risk)
        services.set_tolerance(client=cast.acme, sum_minor=600_000_00, by=cast.alice, at=NOW)
    asked = page_of.get(at).content.decode()
    assert "No limit in money is set for operational, so what comes of this is compared with none." in asked
    said = (
        "once in ten years is compared with no limit: none is set in money for operational. "
        "A year may cost $600,000 in all."
    )
    assert said in page_of.get(page).content.decode().replace("\u00a0", " ")
    with entering(cast.alice, cast.acme):
        held = services.ask_acceptance(
            risk=risk, asked_of=people["bob"], until=TODAY + dt.timedelta(days=90), by=cast.alice, at=NOW
        )
        assert said in held.ask.text.replace("\u00a0", " ")
        assert held.ask.facts[1]["note"].endswith("once in ten years, compared with no limit")
        limited_in_money(cast, 900_000_00, category="legal")
        assert "compared with no limit" in page_of.get(page).content.decode(), "of a category it does not touch"
        limited_in_money(cast, 900_000_00)
    assert "compared with no limit" not in page_of.get(page).content.decode()


def test_a_year_without_loss_is_said_as_that(cast, page_of):
    rare = {**TYPED, "frequency_low": "0.01", "frequency_likely": "0.02", "frequency_high": "0.04"}
    assert page_of.post(address(cast), rare).status_code == 303
    shown = page_of.get(address(cast, "detail")).content.decode()
    assert "no loss in 9 years of 10" in shown
    assert "$0" not in shown


def test_the_form_refuses_with_422_and_asks_before_it_keeps_the_unlikely(cast, page_of):
    answer = page_of.post(address(cast), {**TYPED, "downtime_low": "300,000"})
    assert answer.status_code == 422
    assert "Low is $300,000 and high is $200,000. Swap them, or correct one." in answer.content.decode()
    assert "stand_by" not in answer.content.decode()
    missing = page_of.post(address(cast), {**TYPED, "frequency_low": ""}).content.decode()
    assert "How often, low: this is missing." in missing
    unlikely = {**TYPED, "downtime_low": "1,000", "downtime_likely": "199,000"}
    asked = page_of.post(address(cast), unlikely)
    assert asked.status_code == 422
    assert "Downtime: the high is 200 times the low." in asked.content.decode()
    assert "far from the middle of the range" in asked.content.decode()
    page = asked.content.decode()
    assert 'name="stand_by"' in page
    assert "Look at this again before it is saved" in page and "to fix" not in page
    assert page_of.post(address(cast), {**unlikely, "stand_by": "on"}).status_code == 303


def test_of_two_estimates_from_one_page_the_second_is_shown_what_changed(cast, page_of):
    seen = page_of.get(address(cast)).content.decode().split('name="seen_version" value="')[1].split('"')[0]
    assert page_of.post(address(cast), {**TYPED, "seen_version": seen}).status_code == 303
    second = page_of.post(address(cast), {**TYPED, "basis": "Another view", "seen_version": seen})
    assert second.status_code == 409
    assert "Two outages since 2019." in second.content.decode()


def test_a_register_is_its_estimated_risks_year_by_year(alices):
    first, second, rest = raised(alices, "One"), raised(alices, "Two"), raised(alices, "Three")
    estimated(alices, first)
    estimated(alices, second)
    whole = losses(alices.acme, TODAY)
    each = [losses(alices.acme, TODAY, reference=risk.reference) for risk in (first, second)]
    assert (len(whole.risks), whole.open) == (2, 3)
    assert whole.years.tolist() == pytest.approx((each[0].years + each[1].years).tolist())
    assert {one.one_in_ten for one in whole.risks} == {one.one_in_ten for one in each}
    assert losses(alices.acme, TODAY, reference=rest.reference).risks == ()
    services.close_risk(risk=second, by=alices.alice, at=NOW, reason="Sold.")
    assert losses(alices.acme, TODAY).years.tolist() == each[0].years.tolist()


def test_the_newest_estimate_of_a_day_counts(alices):
    risk = raised(alices, at=NOW - dt.timedelta(days=9))
    earlier = estimated(alices, risk, at=NOW - dt.timedelta(days=5))
    half = services.Given(*(value / 2 for value in (DEAR.low, DEAR.likely, DEAR.high)))
    later = estimated(alices, risk, losses={"downtime": half})
    ago = TODAY - dt.timedelta(days=3)
    found = [losses(alices.acme, day).risks for day in (TODAY, ago, ago - dt.timedelta(days=3))]
    assert [[one.one_in_ten for one in risks] for risks in found] == [
        [later.one_in_ten_minor], [earlier.one_in_ten_minor], [],
    ]  # fmt: skip


def test_a_tolerance_of_nothing_is_refused(alices):
    with pytest.raises(services.Refused, match="above nothing"):
        services.set_tolerance(client=alices.acme, sum_minor=0, by=alices.alice, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        LossTolerance.objects.create(client=alices.acme, sum_minor=0, from_on=TODAY)


def money_address(cast, name="money"):
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key})


def test_the_page_in_money_says_what_is_added_up_and_how(cast, page_of):
    page = page_of.get(money_address(cast)).content.decode()
    assert "No risk is estimated yet" in page
    page_of.post(address(cast), TYPED)
    page = page_of.get(money_address(cast)).content.decode()
    assert "The one open risk is estimated. Risks are taken as independent of each other" in page
    assert "independent of each other" in page
    assert "No tolerance is set" in page
    assert page_of.post(money_address(cast, "tolerance"), {"sum": "0"}).status_code == 422
    assert page_of.post(money_address(cast, "tolerance"), {"sum": "1", "words": "Not a cent."}).status_code == 303
    page = page_of.get(money_address(cast)).content.decode()
    assert "A year above $1" in page
    assert "of years" in page or "1 in " in page
    assert "Tolerance: $1." in page
    assert "Not a cent." in page
    assert "The business set the tolerance on" in page
    assert page_of.get(money_address(cast) + "?risk=R-001").status_code == 200
    assert page_of.get(money_address(cast) + "?risk=R-999").status_code == 404


def test_the_page_in_money_costs_the_same_queries_with_one_risk_and_with_ten(cast, page_of):
    page_of.post(address(cast), TYPED)
    page_of.get(money_address(cast))

    def counted():
        with CaptureQueriesContext(connection) as asked:
            assert page_of.get(money_address(cast)).status_code == 200
        return len([one for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])

    few = counted()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for number in range(9):
            estimated(cast, raised(cast, f"Another {number}"))
    assert counted() == few
    assert few <= 12


def test_another_clients_estimates_are_in_no_sum(cast, page_of, entering):
    page_of.post(address(cast), TYPED)
    with entering(cast.charlie, cast.globex):
        assert losses(cast.globex, TODAY).risks == ()
        assert not RiskEstimate.objects.exists()


def test_an_estimate_goes_out_with_the_register_and_no_file_brings_one(alices, tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    risk = raised(alices)
    found = estimated(alices, risk)
    (record,) = columns.KIND.records(alices.acme)
    figures = {"loss_mean": found.mean_minor, "loss_one_in_ten": found.one_in_ten_minor}
    assert record.more.items() >= figures.items()
    for fmt in ("csv", "xlsx"):
        out = io.BytesIO()
        export.write(columns.KIND, alices.acme, fmt, out)
        batch = bring(alices.acme, alices.alice, out.getvalue(), f"register.{fmt}")
        assert (batch.counts["unchanged"], batch.counts["warning"]) == (1, 0), fmt
    batch = bring(alices.acme, alices.alice, b"ID,Risk,Estimated average year\nR-001,Backups,12345\n")
    assert "kept in the notes" in str(list(batch.rows.values_list("remarks", flat=True)))
    risk.refresh_from_db()
    assert "Estimated average year: 12345" in risk.private_notes
    assert RiskEstimate.objects.count() == 1
