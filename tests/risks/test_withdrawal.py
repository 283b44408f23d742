"""Whoever signed an acceptance takes it back: who may, what ends, what stays on record."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from engagements.models import AnswerWithdrawal, Ask
from engagements.services import asks
from engagements.services import people as directory
from engagements.views import signed
from risks import services
from risks.selectors import history
from risks.selectors.frame import scales_of
from tests.conftest import owning
from tests.risks.conftest import limited, raised, rated
from vciso.audit.models import Event
from vciso.jobs.models import OutboxMail
from vciso.tenancy.models import Membership

pytestmark = pytest.mark.django_db
KEY = "acme-a1b2c3"
WHY = "The tenant next door was burgled."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def accepted(cast, people, entering, now):
    """An acceptance of a medium risk that Bob signed today, for a hundred days."""
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        acceptance = asked(cast, raised(cast), people["bob"], now)
    return signed_by(cast.bob, cast, entering, acceptance, now)


def asked(cast, risk, person, now):
    until = cast.acme.today(now) + dt.timedelta(days=100)
    return services.ask_acceptance(risk=risk, asked_of=person, until=until, by=cast.alice, at=now)


def signed_by(user, cast, entering, acceptance, now, choice="accept"):
    with entering(user, cast.acme):
        asks.answer(ask=acceptance.ask, choice=choice, reason="Until spring", by=user, at=now)
    with entering(cast.alice, cast.acme):
        acceptance.refresh_from_db()
        acceptance.ask.refresh_from_db()
    return acceptance


def withdraw(acceptance, by, now, reason=WHY):
    return asks.withdraw_answer(ask=acceptance.ask, reason=reason, by=by, at=now)


def test_the_owner_withdraws_on_the_page_and_both_sides_see_it(cast, accepted, entering, browse, now):
    bob, page = browse(cast.bob), f"/my/{KEY}/asks/{accepted.ask.reference}/"
    before = bob.get(page).content.decode()
    assert "It holds until" in before and "Sign: I withdraw my answer" in before
    assert "Holds until" in bob.get(f"/my/{KEY}/decisions/").content.decode()
    refused = bob.post(f"{page}withdraw/", {"reason": "  "})
    assert refused.status_code == 422 and "Why you withdraw it" in refused.content.decode()

    assert bob.post(f"{page}withdraw/", {"reason": WHY}).status_code == 303

    with entering(cast.alice, cast.acme):
        accepted.refresh_from_db()
        risk = accepted.risk
        assert (accepted.state, accepted.ended_by, accepted.ended_reason) == ("ended", cast.bob, WHY)
        assert (risk.accepted_until, Ask.objects.get(pk=accepted.ask_id).holds_until) == (None, None)
        lines = history.timeline(history.sources(risk), scales_of(cast.acme), cast.acme)
        line = next(line for line in lines if line.what == "Acceptance withdrawn")
        assert (line.who, line.why) == ("Bob", WHY)
        assert Event.objects.filter(verb="ask.answer_withdrawn", object_id=accepted.ask_id, reason=WHY).exists()
        mails = OutboxMail.objects.filter(subject="An answer to you was withdrawn")
        assert [mail.to for mail in mails] == ["alice@example.test"]
        record = accepted.ask.answers.get()
        assert WHY in signed.words(cast.acme, accepted.ask, record)
    after = bob.get(page).content.decode()
    assert "Withdrawn by Bob" in after and "I withdraw my answer" not in after
    assert "Withdrawn" in bob.get(f"/my/{KEY}/decisions/").content.decode()
    alice = browse(cast.alice)
    assert WHY in alice.get(f"/c/{KEY}/asks/{accepted.ask.reference}/").content.decode()
    assert bob.post(f"{page}withdraw/", {"reason": WHY}).status_code == 409


def test_a_director_withdraws_without_reading_the_register(cast, people, entering, browse, now):
    with entering(cast.alice, cast.acme):
        acceptance = asked(cast, raised(cast, "Everything stops", now=rated(5)), people["dora"], now)
    signed_by(cast.dora, cast, entering, acceptance, now)
    dora, page = browse(cast.dora), f"/board/{KEY}/asks/{acceptance.ask.reference}/"
    assert "Sign: I withdraw my answer" in dora.get(page).content.decode()
    assert dora.post(f"{page}withdraw/", {"reason": WHY}).status_code == 303
    assert WHY in dora.get(page).content.decode()
    with entering(cast.alice, cast.acme):
        acceptance.refresh_from_db()
        assert (acceptance.state, acceptance.risk.accepted_until) == ("ended", None)


def test_the_wrong_person_never_withdraws(cast, accepted, entering, now):
    for user in (cast.alice, cast.dora):
        with entering(user, cast.acme), pytest.raises(PermissionDenied, match="Only they can withdraw"):
            withdraw(accepted, user, now)
    for user, signer in (
        (cast.alice, cast.bob),
        (cast.alice, cast.alice),
        (cast.dora, cast.dora),
        (cast.dora, cast.bob),
    ):
        forged = AnswerWithdrawal(client=cast.acme, ask_id=accepted.ask_id, reason=WHY, by=signer, at=now)
        with entering(user, cast.acme), pytest.raises(DatabaseError) as refusal, transaction.atomic():
            forged.save(force_insert=True)
        assert refusal.value.__cause__.sqlstate == "23514"
    with entering(cast.alice, cast.acme):
        accepted.refresh_from_db()
        assert accepted.state == "live"


def test_only_what_is_in_force_is_withdrawn_and_once(cast, people, accepted, entering, now):
    late = dt.datetime.combine(accepted.until + dt.timedelta(days=2), dt.time(12), dt.UTC)
    with entering(cast.bob, cast.acme):
        with pytest.raises(ValidationError, match="holds no longer"):
            withdraw(accepted, cast.bob, late)
        with pytest.raises(DatabaseError, match="holds no longer"), transaction.atomic():
            AnswerWithdrawal(client=cast.acme, ask_id=accepted.ask_id, reason=WHY, by=cast.bob, at=late).save()
        with pytest.raises(DatabaseError), transaction.atomic():
            AnswerWithdrawal(client=cast.acme, ask_id=accepted.ask_id, reason="", by=cast.bob, at=now).save()
        stale = Ask.objects.get(pk=accepted.ask_id)
        withdraw(accepted, cast.bob, now)
        with pytest.raises(ValidationError, match="cannot be withdrawn now"):
            asks.withdraw_answer(ask=stale, reason=WHY, by=cast.bob, at=now)
    with entering(cast.alice, cast.acme):
        other = asked(cast, raised(cast, "Another"), people["bob"], now)
    declined = signed_by(cast.bob, cast, entering, other, now, choice="decline")
    with entering(cast.bob, cast.acme), pytest.raises(ValidationError, match="nothing to withdraw"):
        withdraw(declined, cast.bob, now)


def test_what_was_written_down_is_confirmed_before_it_is_withdrawn(cast, people, entering, browse, now):
    with entering(cast.alice, cast.acme):
        given = services.record_acceptance(
            risk=raised(cast), asked_of=people["bob"], until=cast.acme.today(now) + dt.timedelta(days=90),
            reason="Said so", witness="Amir", by=cast.alice, at=now,
        )  # fmt: skip
    with entering(cast.bob, cast.acme):
        with pytest.raises(ValidationError, match="Say first whether"):
            withdraw(given, cast.bob, now)
        with pytest.raises(DatabaseError, match="holds no longer"), transaction.atomic():
            AnswerWithdrawal(client=cast.acme, ask_id=given.ask_id, reason=WHY, by=cast.bob, at=now).save()
    assert "I withdraw my answer" not in browse(cast.bob).get(f"/my/{KEY}/asks/{given.ask.reference}/").content.decode()


@pytest.mark.parametrize("how", ["ended", "closed", "merged", "renewed"])
def test_whoever_signed_hears_and_reads_how_it_ended(cast, people, accepted, entering, browse, now, how):
    with entering(cast.alice, cast.acme):
        if how == "ended":
            services.end_acceptance(acceptance=accepted, reason="It was sold.", by=cast.alice, at=now)
        elif how == "closed":
            services.close_risk(risk=accepted.risk, reason="It was sold.", by=cast.alice, at=now)
        elif how == "merged":
            services.merge_risk(risk=accepted.risk, into=raised(cast, "Another"), by=cast.alice, at=now)
        else:
            second = asked(cast, accepted.risk, people["bob"], now)
    if how == "renewed":
        signed_by(cast.bob, cast, entering, second, now)
    reason = {"merged": "Merged into R-002", "renewed": "Replaced by a newer acceptance."}.get(how, "It was sold.")
    page = browse(cast.bob).get(f"/my/{KEY}/asks/{accepted.ask.reference}/").content.decode()
    assert "It ended on" in page and reason in page and "I withdraw my answer" not in page
    assert "Ended" in browse(cast.bob).get(f"/my/{KEY}/decisions/").content.decode()
    with entering(cast.alice, cast.acme):
        accepted.ask.refresh_from_db()
        assert reason in signed.words(cast.acme, accepted.ask, accepted.ask.answers.get())
        told = OutboxMail.objects.filter(subject="An acceptance was ended").values_list("to", flat=True)
        assert list(told) == ([] if how == "renewed" else ["bob@example.test"])


def test_a_deputy_signs_in_their_own_name(cast, people, entering, browse, now):
    today = cast.acme.today(now)
    with owning():
        Membership.objects.create(user=cast.carl, practice=cast.northwind, client=cast.acme, role="owner")
    with entering(cast.alice, cast.acme):
        directory.set_deputy(
            person=people["bob"], deputy=people["carl"], first=today, last=today + dt.timedelta(days=9),
            by=cast.alice, at=now,
        )  # fmt: skip
        acceptance = asked(cast, raised(cast), people["bob"], now)
    signed_by(cast.carl, cast, entering, acceptance, now)
    assert acceptance.signer_name == "Carl for Bob"
    with entering(cast.alice, cast.acme):
        assert OutboxMail.objects.get(subject="Your question was answered").body.startswith("Carl for Bob answered")
        lines = history.timeline(history.sources(acceptance.risk), scales_of(cast.acme), cast.acme)
        assert next(line.who for line in lines if line.what.startswith("Accepted until")) == "Carl for Bob"
    with entering(cast.bob, cast.acme):
        withdraw(acceptance, cast.bob, now)
    with entering(cast.alice, cast.acme):
        lines = history.timeline(history.sources(acceptance.risk), scales_of(cast.acme), cast.acme)
        assert next(line.who for line in lines if line.what == "Acceptance withdrawn") == "Bob"


def test_the_home_of_the_signer_says_what_ends_within_a_month(cast, people, entering, browse, now):
    with entering(cast.alice, cast.acme):
        risk = raised(cast)
        until = cast.acme.today(now) + dt.timedelta(days=30)
        soon = services.ask_acceptance(risk=risk, asked_of=people["bob"], until=until, by=cast.alice, at=now)
    signed_by(cast.bob, cast, entering, soon, now)
    bob = browse(cast.bob)
    assert "What you signed ends soon." in bob.get(f"/my/{KEY}/").content.decode()
    with entering(cast.bob, cast.acme):
        withdraw(soon, cast.bob, now)
    assert "ends soon" not in bob.get(f"/my/{KEY}/").content.decode()


def test_a_reason_that_nobody_can_see_is_none(cast, accepted, browse):
    refused = browse(cast.bob).post(f"/my/{KEY}/asks/{accepted.ask.reference}/withdraw/", {"reason": "\u200b \u2060"})
    assert refused.status_code == 422


def test_an_answer_holds_as_long_as_what_it_put_in_force(cast, people, accepted, entering, now):
    """Ended by the practice, or replaced by a newer signature, it is nothing to withdraw."""
    ask = accepted.ask
    assert ask.holds_until == accepted.until
    with entering(cast.alice, cast.acme):
        second = asked(cast, accepted.risk, people["bob"], now)
        with pytest.raises(DatabaseError, match="told by its record alone"), transaction.atomic():
            Ask.objects.filter(pk=ask.pk).update(holds_until=accepted.until + dt.timedelta(days=1))
    signed_by(cast.bob, cast, entering, second, now)
    with entering(cast.alice, cast.acme):
        assert Ask.objects.get(pk=ask.pk).holds_until is None
        assert second.ask.holds_until == second.until
        services.end_acceptance(acceptance=second, reason="Sold", by=cast.alice, at=now)
        assert Ask.objects.get(pk=second.ask_id).holds_until is None
        second.refresh_from_db()
        assert second.ended_reason == "Sold"
