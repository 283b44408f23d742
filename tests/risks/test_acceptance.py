"""Acceptances: who may ask, who signs, when it ends."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.services import asks
from risks import services
from risks.enums import Band
from risks.models import Acceptance, Appetite, Risk, RiskScale
from risks.rules.signing import signing_role
from risks.selectors import history
from risks.selectors.frame import scales_of
from tests.api.conftest import Program, make_token
from tests.risks.conftest import NOW, TODAY, asked_again, limited, raised, rated
from tests.risks.test_estimates import estimated
from vciso.jobs.models import OutboxMail

pytestmark = pytest.mark.django_db
UNTIL = dt.date(2027, 3, 31)
KEY = "acme-a1b2c3"


@pytest.fixture
def risk(cast, people, entering):
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        return raised(cast)


def ask(cast, risk, person, **given):
    return services.ask_acceptance(
        risk=risk, asked_of=person, until=given.pop("until", UNTIL), by=given.pop("by", cast.alice),
        at=NOW, **given,
    )  # fmt: skip


def sign(cast, entering, acceptance, choice="accept", by=None, at=NOW):
    with entering(by or cast.bob, cast.acme):
        asks.answer(ask=acceptance.ask, choice=choice, reason="We carry it till spring", by=by or cast.bob, at=at)


def ended_line(cast, risk):
    lines = history.timeline(history.sources(risk), scales_of(cast.acme), cast.acme)
    return next(line for line in lines if line.what.startswith("Acceptance:"))


def fresh(entering, cast, row):
    with entering(cast.alice, cast.acme):
        row.refresh_from_db()
    return row


def test_the_owner_signs_and_the_risk_is_accepted_until_the_day(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"], advice="Replace it")
    sign(cast, entering, acceptance)
    fresh(entering, cast, acceptance)
    fresh(entering, cast, risk)
    assert (acceptance.state, acceptance.signer_name) == ("live", "Bob")
    assert acceptance.reason == "We carry it till spring"
    assert (risk.accepted_until, risk.is_above) == (UNTIL, True)
    assert risk.is_accepted(on=UNTIL) and not risk.is_accepted(on=UNTIL + dt.timedelta(days=1))


def test_what_is_asked_is_frozen(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"], advice="Replace it")
        services.edit_risk(risk=risk, by=cast.alice, at=NOW, wording=services.Wording(event="Nothing at all"))
    assert "The server fails" in acceptance.frozen_text or "the server fails" in acceptance.frozen_text
    assert "Replace it" in acceptance.frozen_text
    assert "above your limit for operational" in acceptance.frozen_text


def test_declining_leaves_the_risk_open(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
    with entering(cast.bob, cast.acme), pytest.raises(ValidationError, match="needs a reason"):
        asks.answer(ask=acceptance.ask, choice="decline", reason=" ", by=cast.bob, at=NOW)
    sign(cast, entering, acceptance, "decline")
    assert fresh(entering, cast, acceptance).state == "declined"
    with entering(cast.alice, cast.acme):
        last = ended_line(cast, risk)
    assert (last.what, last.who, last.why) == ("Acceptance: declined", "Bob", "We carry it till spring")
    assert fresh(entering, cast, risk).accepted_until is None


def test_ask_acceptance_refuses_a_person_who_is_no_owner(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        with pytest.raises(ValidationError, match="accepted by the owner"):
            ask(cast, risk, people["dora"])
        with pytest.raises(ValidationError, match="does not hold the role"):
            ask(cast, risk, people["carl"])


def test_a_director_signs_for_a_critical_risk_and_the_owner_does_not(cast, people, entering):
    with entering(cast.alice, cast.acme):
        critical = raised(cast, "Everything stops", now=rated(5))
        with pytest.raises(services.Refused, match="by a director; the owner signs up to high"):
            ask(cast, critical, people["bob"])
        acceptance = ask(cast, critical, people["dora"], measure="Two people watch it")
        assert acceptance.ask.role == "board"
        assert "Two people watch it" in acceptance.frozen_text
    sign(cast, entering, acceptance, by=cast.dora)
    assert fresh(entering, cast, acceptance).signer_name == "Dora"
    assert fresh(entering, cast, critical).accepted_until == UNTIL


def test_with_nobody_on_the_board_the_owner_signs_for_a_critical_risk(cast, people, entering):
    with entering(cast.alice, cast.acme):
        people["dora"].active = False
        people["dora"].save()
        critical = raised(cast, "Everything stops", now=rated(5))
        assert ask(cast, critical, people["bob"]).ask.role == "owner"


def test_the_client_says_up_to_which_level_the_owner_signs(cast, people, risk, entering, browse):
    with entering(cast.alice, cast.acme):
        waiting = ask(cast, risk, people["bob"])
    alice, page = browse(cast.alice), f"/c/{KEY}/risks/limits/signing/"
    typed = {"owner_up_to": str(int(Band.MEDIUM)), "approved_by": str(people["bob"].pk)}
    assert "stand_by" not in alice.get(page).content.decode()
    asked = alice.post(page, typed)
    assert asked.status_code == 422
    for words in (f"withdraws an open request: {waiting.ask.reference}, asked of Bob", "stand_by"):
        assert words in asked.content.decode(), words
    assert alice.post(page, {**typed, "stand_by": "on"}).status_code == 303
    with entering(cast.alice, cast.acme):
        waiting.refresh_from_db()
        assert (waiting.state, "has changed" in waiting.ended_reason) == ("withdrawn", True)
        with pytest.raises(services.Refused, match="the owner signs up to medium"):
            ask(cast, risk, people["bob"])
        assert ask(cast, risk, people["dora"]).ask.role == "board"
        with pytest.raises(services.Refused, match="level from low to critical"):
            services.set_authority(client=cast.acme, owner_up_to=0, by=cast.alice, at=NOW)


@given(
    st.sampled_from([Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL]),
    st.sampled_from([Band.LOW, Band.MEDIUM, Band.HIGH, Band.CRITICAL]),
    st.booleans(),
)
def test_more_exposure_never_needs_less_authority(band, owner_up_to, any_director):
    role = signing_role(band, owner_up_to=owner_up_to, any_director=any_director)
    assert (role == "board") == (any_director and band > owner_up_to)
    below = [signing_role(b, owner_up_to=owner_up_to, any_director=any_director) for b in Band if b < band]
    assert role == "board" or "board" not in below


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"until": TODAY}, "within 12 months"),
        ({"until": dt.date(2027, 11, 21)}, "within 12 months"),
        ({"until": None}, "within 12 months"),
        ({"band_at_signing": 4}, "accepted by somebody else"),
        ({"requested_by_id": "bob"}, "never signs it"),
        ({"requested_by_id": None}, "never signs it"),
        ({"ask_id": None}, "asked of a named person"),
    ],
)
def test_the_database_refuses_an_acceptance_nobody_could_sign(cast, people, risk, entering, change, words):
    with entering(cast.alice, cast.acme):
        other = raised(cast, "Another", now=rated(4, financial=5))
        asked = Acceptance.objects.filter(pk=ask(cast, risk, people["bob"]).pk).values().get()
        row = asked | {"id": uuid4(), "risk_id": other.pk, "until": dt.date(2027, 11, 20)}
        row["ask_id"] = asked_again(asked["ask_id"]).pk

        def written(**values):
            with transaction.atomic():
                Acceptance.objects.create(**row | values)

        values = {key: cast.bob.pk if value == "bob" else value for key, value in change.items()}
        with pytest.raises(DatabaseError, match=words):
            written(**values)
        written()


def test_an_answer_after_the_last_day_is_refused(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
    late = dt.datetime(2027, 4, 2, 15, tzinfo=dt.UTC)
    with pytest.raises(ValidationError, match="last day has passed"):
        sign(cast, entering, acceptance, at=late)
    assert fresh(entering, cast, acceptance).state == "asked"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(dt.date(2024, 1, 1), dt.date(2040, 12, 31)))
def test_twelve_months_are_the_same_here_and_in_the_database(db, today):
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::date + interval '12 months')::date", [today])
        assert cursor.fetchone()[0] == services.longest_until(today)


def test_accept_risk_refuses_the_person_who_asked(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
        with pytest.raises(PermissionDenied, match="somebody else"):
            asks.answer(ask=acceptance.ask, choice="accept", reason="x", by=cast.alice, at=NOW)


@pytest.mark.parametrize(
    ("until", "words"),
    [(dt.date(2027, 11, 21), "at most 12 months"), (TODAY, "not in the future")],
)
def test_ask_acceptance_refuses_an_end_too_far_or_past(cast, people, risk, entering, until, words):
    with entering(cast.alice, cast.acme), pytest.raises(services.Refused, match=words):
        ask(cast, risk, people["bob"], until=until)


def test_what_nobody_could_sign_for_is_refused_before_a_form_is_filled_in(cast, people, risk, entering, browse):
    with entering(cast.alice, cast.acme):
        unknown = raised(cast, "Unknown", now=None)
        ask(cast, risk, people["bob"])
    alice = browse(cast.alice)
    for reference, page, status, words in (
        (unknown.reference, "accept/", 422, "is not rated yet. Rate it first."),
        (unknown.reference, "accept/record/", 422, "is not rated yet. Rate it first."),
        (risk.reference, "accept/", 422, "waits for an answer already. Withdraw that request first."),
        (risk.reference, "accept/record/", 200, "Record the answer"),
    ):
        answer = alice.get(f"/c/{KEY}/risks/{reference}/{page}")
        assert (answer.status_code, words in answer.content.decode()) == (status, True), (reference, page)


def test_ask_acceptance_refuses_a_second_request_and_a_risk_not_rated(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        ask(cast, risk, people["bob"])
        with pytest.raises(services.Refused, match="waits for an answer already"):
            ask(cast, risk, people["bob"])
        with pytest.raises(services.Refused, match="not rated yet"):
            ask(cast, raised(cast, "Unknown", now=None), people["bob"])


def test_recorded_from_a_call_counts_at_once_and_is_confirmed_by_the_signer(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = services.record_acceptance(
            risk=risk, asked_of=people["bob"], until=UNTIL, reason="Said on the phone",
            witness="Amir", by=cast.alice, at=NOW,
        )  # fmt: skip
        assert (acceptance.state, acceptance.witness, acceptance.recorded_by) == (
            "live", "Amir", cast.alice,
        )  # fmt: skip
        assert not acceptance.is_confirmed
    with entering(cast.bob, cast.acme):
        services.confirm_acceptance(acceptance=acceptance, agrees=True, by=cast.bob, at=NOW)
    assert fresh(entering, cast, acceptance).is_confirmed


def test_a_disputed_record_ends_the_acceptance_and_is_no_acceptance_of_before(cast, people, risk, entering, browse):
    with entering(cast.alice, cast.acme):
        acceptance = services.record_acceptance(
            risk=risk, asked_of=people["bob"], until=UNTIL, reason="Said so",
            witness="Amir", by=cast.alice, at=NOW,
        )  # fmt: skip
    with entering(cast.bob, cast.acme):
        services.confirm_acceptance(acceptance=acceptance, agrees=False, note="I did not", by=cast.bob, at=NOW)
    assert fresh(entering, cast, acceptance).state == "ended"
    assert fresh(entering, cast, risk).accepted_until is None
    with entering(cast.alice, cast.acme):
        line = ended_line(cast, risk)
        again = ask(cast, risk, people["bob"])
    assert (line.what, line.who, line.signed) == ("Acceptance: ended early", "Bob", True)
    assert line.why.startswith("The signer says")
    page = f"/my/{KEY}/asks/{again.ask.reference}/"
    assert "accepted it before" not in browse(cast.bob).get(page).content.decode()
    with entering(cast.bob, cast.acme):
        asks.answer(ask=again.ask, choice="accept", reason="Now yes", by=cast.bob, at=NOW)
    with entering(cast.alice, cast.acme):
        services.end_acceptance(acceptance=again, reason="Mended", by=cast.alice, at=NOW)
        third = ask(cast, risk, people["bob"])
    program = Program(make_token(cast.alice, cast.acme))
    kept = program.get(f"c/{KEY}/risks/{risk.reference}/acceptances/").told["results"]
    assert sorted((row["state"], row["witness"], row["signer_name"], row["ended_reason"]) for row in kept) == [
        ("asked", "", "", ""), ("ended", "", "Bob", "Mended"),
        ("ended", "Amir", "Bob", "The signer says that what was recorded is not right."),
    ]  # fmt: skip
    told = browse(cast.alice).get(f"/c/{KEY}/asks/{third.ask.reference}/").content.decode()
    assert "Bob accepted it before, until " in told and "; that ended " in told


def test_what_was_said_on_an_earlier_day_is_recorded_with_the_mail_that_shows_it(cast, people, risk, entering, browse):
    alice, url = browse(cast.alice), f"/c/{KEY}/risks/{risk.reference}/accept/record/"
    today = cast.acme.today(timezone.now())
    said = {"asked_of": str(people["bob"].pk), "reason": "Till the lease ends"}
    said |= {"on": today - dt.timedelta(days=3), "until": today + dt.timedelta(days=90)}
    refused = [
        alice.post(url, said),
        alice.post(url, said | {"on": today + dt.timedelta(days=1), "witness": "Amir"}),
        alice.post(url, said | {"until": today + dt.timedelta(days=365), "witness": "Amir"}),
        alice.post(url, said | {"witness": " alíce\u202e and another"}),
        alice.post(url, said | {"on": "2019-05-06", "witness": "Amir"}),
    ]
    reasons = (
        "attach the mail or note",
        "Give the day it was said",
        "at most 12 months",
        "“alíce and another” names Alice",
        "said on May 6, 2019 holds until May 6, 2020 at most. Ask anew.",
    )
    for answer, words in zip(refused, reasons, strict=True):
        assert answer.status_code == 422 and words in answer.content.decode(), words
    note = SimpleUploadedFile("mail.txt", b"We carry it.\n", content_type="text/plain")
    assert alice.post(url, said | {"file": note}).status_code == 303
    with entering(cast.alice, cast.acme):
        given = Acceptance.objects.get().ask.answers.get()
    assert (given.file_name, given.on, given.witness) == ("mail.txt", said["on"], "")


def test_a_recorded_answer_to_a_request_is_chosen_and_a_refusal_has_its_reason(cast, people, risk, entering, browse):
    with entering(cast.alice, cast.acme):
        now = timezone.now()
        services.ask_acceptance(
            risk=risk, asked_of=people["bob"], until=now.date() + dt.timedelta(days=90), by=cast.alice, at=now
        )
    alice, url = browse(cast.alice), f"/c/{KEY}/risks/{risk.reference}/accept/record/"
    assert re.search(r'<input[^>]*value="accept"(?![^>]*checked)[^>]*>', alice.get(url).content.decode())
    said = {"on": cast.acme.today(timezone.now()), "witness": "Amir", "reason": "Too dear"}
    assert alice.post(url, said).status_code == 422
    assert alice.post(url, said | {"answer": "decline"}).status_code == 303
    with entering(cast.alice, cast.acme):
        last = ended_line(cast, risk)
    assert (last.who, last.why) == ("Bob, recorded by Alice", "Too dear")


def test_record_acceptance_refuses_without_a_witness(cast, people, risk, entering):
    with entering(cast.alice, cast.acme), pytest.raises(ValidationError, match="Name who else"):
        services.record_acceptance(
            risk=risk, asked_of=people["bob"], until=UNTIL, reason="x", witness="", by=cast.alice, at=NOW
        )


def test_withdrawing_leaves_nothing_waiting(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
        services.withdraw_acceptance(acceptance=acceptance, reason="Fixed", by=cast.alice, at=NOW)
        assert (acceptance.state, acceptance.ended_by) == ("withdrawn", cast.alice)
        line = ended_line(cast, risk)
        assert (line.what, line.who, line.why) == ("Acceptance: request withdrawn", "Alice", "Fixed")
        assert (line.ask, line.signed) == (acceptance.ask.reference, False)
        ask(cast, risk, people["bob"])


def test_a_newer_signature_ends_the_one_that_runs(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        first = ask(cast, risk, people["bob"])
    sign(cast, entering, first)
    later = NOW + dt.timedelta(days=30)
    with entering(cast.alice, cast.acme):
        second = services.ask_acceptance(
            risk=risk, asked_of=people["bob"], until=dt.date(2027, 6, 30), by=cast.alice, at=later
        )
    sign(cast, entering, second, at=later)
    assert fresh(entering, cast, first).state == "ended"
    assert fresh(entering, cast, risk).accepted_until == dt.date(2027, 6, 30)


def test_a_renewal_shows_what_it_renews_and_a_no_leaves_that_in_force(cast, people, risk, entering, browse):
    with entering(cast.alice, cast.acme):
        first = ask(cast, risk, people["bob"], advice="Wait", conditions="No new site", measure="Two watch it")
    sign(cast, entering, first)
    alice, to = browse(cast.alice), f"/c/{KEY}/risks/{risk.reference}/"
    form = alice.get(f"{to}accept/").context["form"]
    assert [form[name].value() for name in ("advice", "conditions", "measure")] == [
        "Wait",
        "No new site",
        "Two watch it",
    ]
    with entering(cast.alice, cast.acme):
        second = ask(cast, risk, people["bob"], until=dt.date(2027, 6, 30))
    text = " ".join(second.frozen_text.split())
    assert "Bob accepted it until March 31, 2027" in text
    assert "We carry it till spring" in text and "No new site" in text and "Two watch it" in text
    no = second.ask.options[-1]
    assert no["label"] == "Do not extend it"
    assert no["result"] == "It stays accepted until March 31, 2027, as signed before, and is open again after that day."
    page = " ".join(alice.get(to).content.decode().split())
    assert page.index("Bob accepted this risk as") < page.index("End it now") < page.index("Renew the acceptance until")
    assert "Signed record" in page and "Waiting for the owner to decide" in page
    sign(cast, entering, second, "decline")
    assert fresh(entering, cast, risk).accepted_until == UNTIL
    assert "Bob accepted this risk as" in alice.get(to).content.decode()


def test_an_answer_is_wanted_before_the_acceptance_would_end(cast, people, risk, entering):
    with entering(cast.alice, cast.acme), pytest.raises(ValidationError, match="Ask for an answer by then"):
        ask(cast, risk, people["bob"], due_on=dt.date(2100, 1, 1))


def test_an_acceptance_lapses_when_the_bands_are_drawn_anew(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
    sign(cast, entering, acceptance)
    words = {"likelihood_words": list("abcde"), "impact_words": list("abcde")}
    with entering(cast.alice, cast.acme):
        drawn = {"client": cast.acme, "low_to": 3, "medium_to": 6, "high_to": 12, "by": cast.alice, "at": NOW, **words}
        with pytest.raises(services.Doubted) as asked:
            services.set_scale(**drawn)
        assert asked.value.message_dict["stand_by"] == [
            "With this scale 1 risk changes its level (R-001 from high to critical); 1 signed acceptance "
            "ends, for good. Tick this if that is meant."
        ]
        assert not RiskScale.objects.exists()
        services.set_scale(**drawn, stand_by=True)
        told = OutboxMail.objects.filter(subject="An acceptance no longer holds")
        assert set(told.values_list("user__name", flat=True)) == {"Alice", "Bob"}
    ended = fresh(entering, cast, acceptance)
    assert (ended.state, ended.ended_reason) == (
        "lapsed",
        "The scale was set anew: what counted as high counts as critical now. The risk itself is as it was.",
    )
    assert fresh(entering, cast, risk).accepted_until is None


def test_a_loss_above_its_limit_counts_as_at_least_high(cast, people, entering, browse):
    with entering(cast.alice, cast.acme):
        services.set_authority(client=cast.acme, owner_up_to=Band.MEDIUM, by=cast.alice, at=NOW)
        dear = raised(cast, "Rare and dear", now=rated(2))
        assert (dear.now_band, dear.exposure) == (Band.MEDIUM, Band.MEDIUM)
        acceptance = ask(cast, dear, people["bob"])
    sign(cast, entering, acceptance)
    with entering(cast.alice, cast.acme):
        estimated(cast, dear)
        twin = raised(cast, "Rare and as dear", now=rated(2))
        estimated(cast, twin)
        waiting = ask(cast, twin, people["bob"])
        limit = {"client": cast.acme, "category": "operational", "money_limit_minor": 1_000_00, "by": cast.alice}
        with pytest.raises(services.Doubted) as asked:
            services.set_appetite(**limit, band_limit=3, at=NOW)
        assert asked.value.message_dict["stand_by"] == [
            "With this limit 1 signed acceptance ends, for good; 1 request to accept a risk is withdrawn. "
            "Tick this if that is meant."
        ]
        assert not Appetite.objects.exists() and fresh(entering, cast, acceptance).state == "live"
    alice, page = browse(cast.alice), f"/c/{KEY}/risks/limits/operational/"
    assert 'name="stand_by"' not in alice.get(page).content.decode()
    typed = {"band_limit": "3", "money_limit": "1,000", "from_on": f"{TODAY:%Y-%m-%d}"}
    questioned = alice.post(page, typed)
    assert questioned.status_code == 422 and "1 signed acceptance ends, for good" in questioned.content.decode()
    assert alice.post(page, typed | {"stand_by": "on"}).status_code == 303
    assert fresh(entering, cast, waiting).state == "withdrawn"
    with entering(cast.alice, cast.acme):
        dear.refresh_from_db()
        assert (dear.now_band, dear.exposure) == (Band.MEDIUM, Band.HIGH)
        with pytest.raises(services.Refused, match="by a director; the owner signs up to medium"):
            ask(cast, dear, people["bob"])
        services.set_authority(client=cast.acme, owner_up_to=Band.HIGH, by=cast.alice, at=NOW + dt.timedelta(hours=1))
    shown = browse(cast.alice).get(f"/c/{KEY}/risks/{dear.reference}/accept/record/").content.decode()
    assert "This one is rated medium, and counted as high since" in shown
    with entering(cast.alice, cast.acme):
        again = ask(cast, dear, people["bob"]).ask
    said = again.option("accept")["understand"]
    assert "this risk is rated medium, and counted as high since one year in ten would cost about $" in said
    assert "where the limit for operational is $1,000, and that the business" in said
    assert again.facts[0]["value"] == "Medium, counted as high"
    assert fresh(entering, cast, acceptance).state == "lapsed"


def test_a_request_is_withdrawn_when_the_band_rises_before_it_is_signed(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
        services.rate_risk(risk=risk, kind="now", rating=rated(5), reason="Worse", by=cast.alice, at=NOW)
        acceptance.refresh_from_db()
        assert acceptance.state == "withdrawn"


def test_close_risk_refuses_while_a_request_waits_and_ends_a_live_acceptance(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
        with pytest.raises(services.Refused, match="Withdraw the request first"):
            services.close_risk(risk=risk, by=cast.alice, at=NOW, reason="Gone")
    sign(cast, entering, acceptance)
    with entering(cast.alice, cast.acme):
        services.close_risk(risk=risk, by=cast.alice, at=NOW, reason="Gone")
    assert fresh(entering, cast, acceptance).state == "ended"


def test_an_imported_acceptance_is_a_gap_and_never_counts(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        services.import_unsigned_acceptance(risk=risk, words="Accepted: Y", by=cast.alice, at=NOW)
        risk.refresh_from_db()
        assert risk.acceptance_gap
        assert not Acceptance.objects.live(on=TODAY).exists()
        assert not Risk.objects.accepted(on=TODAY).exists()
