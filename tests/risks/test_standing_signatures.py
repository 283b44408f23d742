"""What keeps a signature, what ends it, and what has run out by itself."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone

from risks import columns, selectors, services
from risks.models import Acceptance
from risks.selectors import home
from risks.services import reminders
from tests.risks.conftest import NOW, raised, rated
from tests.risks.test_acceptance import UNTIL, ask, fresh, risk, sign
from vciso.jobs.models import OutboxMail

__all__ = ["risk"]
pytestmark = pytest.mark.django_db


def test_the_database_keeps_what_was_put_and_what_was_signed(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])

    def refused(words, verb):
        with entering(cast.alice, cast.acme), pytest.raises(DatabaseError, match=words):
            verb(Acceptance.objects.filter(pk=acceptance.pk))

    put = ({"frozen_text": "Less"}, {"until": dt.date(2027, 11, 20)}, {"conditions": "None"}, {"band_at_signing": 4})
    for change in put:
        refused("that is asked keeps what was written", lambda rows, change=change: rows.update(**change))
    sign(cast, entering, acceptance)
    for change in (*put, {"signer_name": "Carl"}, {"reason": "Other"}, {"signed_at": NOW + dt.timedelta(days=1)}):
        refused("that is live keeps what was written", lambda rows, change=change: rows.update(**change))
    refused("never change", lambda rows: rows.delete())
    assert fresh(entering, cast, acceptance).state == "live"


def test_what_has_run_out_does_not_lapse_as_well(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
    sign(cast, entering, acceptance)
    later = dt.datetime(2027, 4, 2, 15, tzinfo=dt.UTC)
    with entering(cast.alice, cast.acme):
        services.rate_risk(risk=risk, kind="now", rating=rated(5), reason="Worse", by=cast.alice, at=later)
        assert not OutboxMail.objects.filter(subject="An acceptance no longer holds").exists()
    assert fresh(entering, cast, acceptance).state == "live"


def test_a_request_that_is_withdrawn_leaves_the_signature_that_still_covers_the_risk(cast, people, entering):
    def judged(likelihood):
        with entering(cast.alice, cast.acme):
            services.rate_risk(risk=found, kind="now", rating=rated(likelihood), reason="So", by=cast.alice, at=NOW)

    with entering(cast.alice, cast.acme):
        found = raised(cast, "Everything stops", now=rated(5))
        signed = ask(cast, found, people["dora"])
    sign(cast, entering, signed, by=cast.dora)
    judged(2)
    with entering(cast.alice, cast.acme):
        renewal = ask(cast, found, people["bob"], until=dt.date(2027, 6, 30))
    judged(3)
    assert (fresh(entering, cast, renewal).state, fresh(entering, cast, signed).state) == ("withdrawn", "live")
    assert fresh(entering, cast, found).accepted_until == UNTIL


def test_what_has_run_out_is_nowhere_in_force(cast, people, entering, browse):
    now, day = timezone.now(), dt.timedelta(days=1)
    past, today = now - 30 * day, cast.acme.today(now)

    def asked(at, until):
        return services.ask_acceptance(risk=risk, asked_of=people["bob"], until=until, by=cast.alice, at=at)

    def told():
        return [item.why for item in home.attention(on=today) if item.kind == "acceptance"]

    with entering(cast.alice, cast.acme):
        risk = raised(cast, at=past)
        over = asked(past, today - 2 * day)
    sign(cast, entering, over, at=past)
    page = browse(cast.alice).get(f"/c/{cast.acme.key}/risks/{risk.reference}/").content.decode()
    assert page.count(f"/asks/{over.ask.reference}/signed.pdf") == 2, "beside the notice and in the history"
    with entering(cast.alice, cast.acme):
        assert told() == ["Its acceptance has run out, so the risk is open again"]
        (found,) = [one for one in selectors.find(text="acceptance R-001") if one.kind == "Acceptance"]
        assert found.sub == "Ran out"
        (record,) = columns.records(cast.acme)
        assert not record.values["accepted"] and record.values["accepted_until"] is None
        renewal = asked(now, today + 60 * day)
        assert told() == []
    sign(cast, entering, renewal, at=now)
    with entering(cast.alice, cast.acme):
        assert told() == []
    assert reminders.remind(at=now) == 0
    with entering(cast.alice, cast.acme):
        services.close_risk(risk=risk, by=cast.alice, at=now, reason="Gone")
    assert (fresh(entering, cast, over).ended_at, fresh(entering, cast, renewal).state) == (None, "ended")


def test_an_acceptance_lapses_when_the_band_rises_and_both_are_told(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
    sign(cast, entering, acceptance)
    with entering(cast.alice, cast.acme):
        services.rate_risk(risk=risk, kind="now", rating=rated(5), reason="Worse", by=cast.alice, at=NOW)
        told = OutboxMail.objects.filter(subject="An acceptance no longer holds")
        assert set(told.values_list("user__name", flat=True)) == {"Alice", "Bob"}
    assert fresh(entering, cast, acceptance).state == "lapsed"
    assert fresh(entering, cast, risk).accepted_until is None


def test_a_request_is_withdrawn_when_the_band_rises_and_both_are_told(cast, people, risk, entering):
    with entering(cast.alice, cast.acme):
        acceptance = ask(cast, risk, people["bob"])
        services.rate_risk(risk=risk, kind="now", rating=rated(5), reason="Worse", by=cast.alice, at=NOW)
        acceptance.refresh_from_db()
        told = set(OutboxMail.objects.filter(subject__contains="withdrawn").values_list("user__name", "subject"))
    assert (acceptance.state, acceptance.ended_reason) == ("withdrawn", "The risk rose from high to critical.")
    assert told == {("Alice", "Your question is withdrawn"), ("Bob", "A question to you is withdrawn")}
