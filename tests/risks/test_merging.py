"""Duplicates folded into one risk, one risk split into two, and what their pages and histories say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from risks import services
from risks.models import Risk, RiskEvent
from risks.selectors import facts, history
from risks.selectors.change import recent
from risks.selectors.frame import frame, scales_of
from risks.selectors.kin import alike, kin
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, raised, rated
from vciso.audit.models import Event
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)


def verbs(client):
    return list(Event.objects.filter(client=client).values_list("verb", flat=True))


def merged(cast, risk, into, **given):
    return services.merge_risk(risk=risk, into=into, by=cast.alice, at=given.pop("at", LATER), **given)


def split(cast, risk, **given):
    return services.split_risk(
        risk=risk,
        stays=services.Wording(title=given.pop("stays", "Backups of the server cannot be restored")),
        wording=services.Wording(title=given.pop("title", "Backups of mail cannot be restored")),
        owner=None,
        stays_rating=given.pop("stays_rating", rated(4)),
        rating=given.pop("rating", rated(2)),
        by=cast.alice,
        at=LATER,
    )


def said(cast, risk):
    lines = history.timeline(history.sources(risk), scales_of(cast.acme), cast.acme)
    return [(line.what, line.why) for line in lines]


def test_a_duplicate_is_closed_and_points_to_the_risk_that_stays(alices):
    kept, double = raised(alices), raised(alices, "Backups never tried")
    done = merged(alices, double, kept, note="Same server")
    assert (done.status, done.closed_on, done.merged_into) == ("closed", LATER.date(), kept)
    assert said(alices, double)[0] == ("Closed", "Merged into R-001: Same server")
    assert said(alices, kept)[0] == ("Took in a duplicate", "R-002 Backups never tried")
    assert list(Risk.objects.open()) == [kept] and raised(alices, "Another").reference == "R-003"
    assert kin(kept).duplicates == [double] and kin(done).merged_into == kept
    assert verbs(alices.acme).count("risk.merged") == 1 and "risk.closed" not in verbs(alices.acme)
    standing = {row.reference: row.status for row in facts.register_as_of(alices.acme, LATER.date()).rows}
    assert (standing["R-001"], standing["R-002"]) == ("open", "closed")
    latest = recent(alices.acme, TODAY, LATER.date(), frame(alices.acme, LATER.date()).scale)
    assert (latest[0].reference, latest[0].kind) == ("R-002", "closed")


def test_reopening_a_duplicate_undoes_the_merge_even_when_the_other_is_closed(alices):
    kept, double = raised(alices), raised(alices, "Backups never tried")
    done = merged(alices, double, kept)
    services.close_risk(risk=kept, by=alices.alice, at=LATER + dt.timedelta(hours=1), reason="Gone")
    again = services.reopen_risk(risk=done, by=alices.alice, at=LATER + dt.timedelta(hours=2), reason="Another server")
    assert (again.status, again.merged_into, kin(kept).duplicates) == ("open", None, [])
    assert said(alices, kept)[0] == ("A duplicate is open again", "R-002 Backups never tried")
    # What is told on a closed risk of its like opens nothing.
    standing = {row.reference: row.status for row in facts.register_as_of(alices.acme, LATER.date()).rows}
    assert (standing["R-001"], standing["R-002"]) == ("closed", "open")


def test_what_cannot_be_merged_is_refused_in_words(alices):
    kept, double, gone = raised(alices), raised(alices, "Double"), raised(alices, "Gone")
    services.close_risk(risk=gone, by=alices.alice, at=NOW, reason="Done")
    for risk, into, words in (
        (kept, kept, "into itself"),
        (kept, gone, "R-003 is closed"),
        (gone, kept, "closed already"),
    ):
        with pytest.raises(services.Refused, match=words):
            merged(alices, risk, into)
    merged(alices, double, kept)
    with pytest.raises(services.Refused, match="R-002 is closed"):
        merged(alices, kept, double)


def test_the_database_keeps_an_open_risk_from_being_a_duplicate_and_clients_apart(alices, people):
    kept, double = raised(alices), raised(alices, "Double")
    with pytest.raises(IntegrityError, match="duplicate_is_closed"), transaction.atomic():
        Risk.objects.filter(pk=double.pk).update(merged_into=kept)
    merged(alices, double, kept)
    with owning():
        foreign = Risk.objects.create(
            client=alices.globex, reference="R-009", number=9, title="Theirs", raised_on=TODAY
        )
        for column in ("merged_into", "split_from"):
            with pytest.raises(IntegrityError, match="same_client"), transaction.atomic():
                Risk.objects.filter(pk=double.pk).update(**{column: foreign})


def test_one_risk_becomes_two_with_words_and_ratings_of_their_own(alices, people):
    risk = raised(alices, owner=people["bob"])
    part = split(alices, risk)
    risk.refresh_from_db()
    assert (part.reference, part.split_from, part.now_score, part.origin) == ("R-002", risk, 10, "Split from R-001")
    assert (risk.title, risk.now_score, risk.owner) == ("Backups of the server cannot be restored", 20, people["bob"])
    assert ("Split in two", "R-002 Backups of mail cannot be restored") in said(alices, risk)
    assert ("Added", "Split from R-001") in said(alices, part)
    assert kin(risk).parts == [part] and kin(part).split_from == risk
    assert verbs(alices.acme).count("risk.split") == 1


def test_a_split_needs_an_open_risk_two_titles_and_takes_an_unchanged_rating(alices):
    risk = raised(alices)
    with pytest.raises(services.Refused, match="same title"):
        split(alices, risk, title="backups of the  SERVER cannot be restored")
    assert Risk.objects.count() == 1
    split(alices, risk, stays_rating=rated(3), rating=None)
    assert RiskEvent.objects.filter(kind="split").count() == 1 and risk.ratings.filter(kind="now").count() == 1
    services.close_risk(risk=risk, by=alices.alice, at=LATER, reason="Done")
    with pytest.raises(services.Refused, match="Only an open risk"):
        split(alices, risk)


def test_alike_titles_are_offered_and_closed_ones_are_not(alices):
    risk, near = raised(alices), raised(alices, "Backups can never be restored")
    gone = raised(alices, "Backups cannot be restored at all")
    raised(alices, "A flood reaches the server room")
    services.close_risk(risk=gone, by=alices.alice, at=NOW, reason="Done")
    assert alike(risk) == [near] and alike(raised(alices, "5 %")) == []


def url(cast, name, ref):
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, "ref": ref})


def test_merge_and_split_by_their_pages(cast, people, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(cast), raised(cast, "Backups never tried")
    page = browse(cast.alice)
    offered = page.get(url(cast, "merge", "R-002"))
    assert b"?into=R-001" in offered.content
    shown = page.get(url(cast, "merge", "R-002") + "?into=R-001").content.decode()
    assert "Is closed as a duplicate" in shown and 'value="R-001"' in shown
    for wrong, words in (("R-099", "no risk R-099 here"), ("R-002", "into itself"), ("", "required")):
        answer = page.post(url(cast, "merge", "R-002"), {"into": wrong})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert page.post(url(cast, "merge", "R-002"), {"into": " r-001 "}).status_code == 303
    assert "Merged into" in page.get(url(cast, "detail", "R-002")).content.decode()
    assert "Also stands for" in page.get(url(cast, "detail", "R-001")).content.decode()
    form = {"stays_title": "Backups of the server", "title": "Backups of the server", "stays_likelihood": "4"}
    answer = page.post(url(cast, "split", "R-001"), form)
    assert answer.status_code == 422 and "Give an impact" in answer.content.decode()
    form |= {"title": "Backups of mail", "stays_impact_operational": "5", "now_likelihood": "1"}
    answer = page.post(url(cast, "split", "R-001"), form | {"now_impact_legal": "2"})
    assert (answer.status_code, answer["Location"]) == (303, url(cast, "detail", "R-003"))
    assert "Split from" in page.get(url(cast, "detail", "R-003")).content.decode()
    assert "was part of it" in page.get(url(cast, "detail", "R-001")).content.decode()
