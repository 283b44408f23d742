"""Duplicates folded into one risk, one risk split into two, and what their pages and histories say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from engagements.models import System
from engagements.services import asks, business, work
from risks import services
from risks.models import Risk, RiskEvent
from risks.rules.treating import Cost
from risks.selectors import facts, history, links
from risks.selectors.change import recent
from risks.selectors.frame import frame, scales_of
from risks.selectors.kin import alike, kin
from risks.selectors.steps import work_of
from risks.services.treatment import latest_plan
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, limited, raised, rated
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
    with context.as_user(alices.charlie, client_id=alices.globex.pk):
        theirs = services.Wording(title="Theirs")
        foreign = services.raise_risk(client=alices.globex, by=alices.charlie, at=NOW, wording=theirs)
    with owning():
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


def furnished(cast, people):
    """A risk that stays, and a duplicate with two links, an open step, a done one and a plan that was asked about."""
    for name in ("Server", "Store"):
        business.add_estate(System, values={"name": name}, client=cast.acme, by=cast.amir, at=NOW)
    kept = raised(cast)
    double = raised(cast, "Backups never tried", raised_from=links.find(cast.acme, "SYS-001"))
    services.link_risk(risk=kept, found=links.find(cast.acme, "SYS-002"), by=cast.alice, at=NOW)
    services.link_risk(risk=double, found=links.find(cast.acme, "SYS-002"), by=cast.alice, at=NOW)
    for title in ("Rent a store", "Ask for offers"):
        task = {"title": title, "side": "client", "assignee": people["carl"]}
        step = services.add_step(risk=double, task=task, cost_minor=9_00, by=cast.alice, at=NOW)
    work.finish_task(task=step.task, by=cast.alice, at=NOW)
    services.plan_treatment(
        risk=double, treatment="reduce", words="Copy off site.", target_on=dt.date(2027, 2, 28),
        cost=Cost(yearly=300_00), by=cast.alice, at=NOW,
    )  # fmt: skip
    services.ask_plan_approval(risk=double, asked_of=people["bob"], by=cast.alice, at=NOW)
    return kept, double


def holds(risk):
    """References of links and steps, and the plan that counts."""
    risk = Risk.objects.get(pk=risk.pk)
    linked = sorted(row.record.reference for row in links.rows_of(risk.links.all()))
    return linked, sorted(step.task.reference for step in risk.steps.all()), risk.plan, risk.treatment


def test_the_risk_that_stays_takes_over_links_open_steps_and_the_plan_and_reopening_takes_them_back(alices, people):
    kept, double = furnished(alices, people)
    done = merged(alices, double, kept)
    assert holds(kept) == (["SYS-001", "SYS-002"], ["T-001"], "Copy off site.", "reduce")
    assert holds(double) == (["SYS-001", "SYS-002"], ["T-002"], "Copy off site.", "reduce")
    copy = kept.links.get(system__reference="SYS-001")
    first = double.links.get(system__reference="SYS-001")
    assert (copy.by, copy.happened_at, copy.is_origin, first.is_origin) == (first.by, NOW, False, True)
    plan = latest_plan(kept)
    assert (plan.state, plan.cost.yearly, plan.target_on) == ("drafted", 300_00, dt.date(2027, 2, 28))
    assert latest_plan(double).state == "withdrawn", "nobody answers about the plan of a closed risk"
    event = Event.objects.get(verb="risk.merged")
    assert {key: event.after[key] for key in ("links", "steps", "plan")} == {
        "links": ["SYS-001 Server"], "steps": ["T-001"], "plan": "Copy off site.",
    }  # fmt: skip
    assert [task.reference for task in work_of(kept).others] == ["T-002"], "what was done about it is seen there too"

    work.finish_task(task=kept.steps.get().task, by=alices.alice, at=LATER)
    services.reopen_risk(risk=done, by=alices.alice, at=LATER + dt.timedelta(hours=1), reason="Another server")
    assert holds(kept) == (["SYS-002"], [], "", "undecided")
    assert holds(double) == (["SYS-001", "SYS-002"], ["T-001", "T-002"], "Copy off site.", "reduce")
    assert not double.steps.filter(came_with__isnull=False).exists()


def test_a_plan_of_its_own_stays_and_the_steps_of_the_duplicate_join_it(alices, people):
    kept, double = furnished(alices, people)
    services.plan_treatment(risk=kept, treatment="transfer", words="Insure it.", by=alices.alice, at=NOW)
    done = merged(alices, double, kept)
    assert holds(kept) == (["SYS-001", "SYS-002"], ["T-001"], "Insure it.", "transfer")
    services.reopen_risk(risk=done, by=alices.alice, at=LATER, reason="Another server")
    assert holds(kept)[1:] == ([], "Insure it.", "transfer")


def test_a_plan_that_came_and_was_changed_stays_when_the_duplicate_is_open_again(alices, people):
    kept, double = furnished(alices, people)
    done = merged(alices, double, kept)
    services.plan_treatment(
        risk=kept, treatment="reduce", words="Copy off site, each night.", by=alices.alice, at=LATER
    )
    services.reopen_risk(risk=done, by=alices.alice, at=LATER + dt.timedelta(hours=1), reason="Another server")
    assert holds(kept) == (["SYS-002"], [], "Copy off site, each night.", "reduce")


def test_what_came_through_two_merges_goes_back_to_the_one_it_came_from(alices, people):
    last = raised(alices, "All backups")
    middle, double = furnished(alices, people)
    first = merged(alices, double, middle)
    second = merged(alices, middle, last, at=LATER + dt.timedelta(hours=1))
    assert holds(last)[:2] == (["SYS-001", "SYS-002"], ["T-001"])
    services.reopen_risk(risk=second, by=alices.alice, at=LATER + dt.timedelta(hours=2), reason="Not the same")
    assert (holds(last)[:2], holds(middle)[:2]) == (([], []), (["SYS-001", "SYS-002"], ["T-001"]))
    services.reopen_risk(risk=first, by=alices.alice, at=LATER + dt.timedelta(hours=3), reason="Not the same")
    assert holds(middle)[:2] == (["SYS-002"], []) and holds(double)[1] == ["T-001", "T-002"]


def test_a_link_of_two_duplicates_stays_while_one_of_them_is_merged(alices, people):
    kept, double = furnished(alices, people)
    other = raised(alices, "Backups are old")
    services.link_risk(risk=other, found=links.find(alices.acme, "SYS-001"), by=alices.alice, at=NOW)
    done = merged(alices, double, kept)
    merged(alices, other, kept, at=LATER + dt.timedelta(hours=1))
    services.reopen_risk(risk=done, by=alices.alice, at=LATER + dt.timedelta(hours=2), reason="Another server")
    assert holds(kept)[0] == ["SYS-001", "SYS-002"]
    assert kept.links.get(system__reference="SYS-001").came_with == other


def test_the_page_says_what_a_merge_brings_before_it_is_done(cast, people, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        kept, _ = furnished(cast, people)
    page = browse(cast.alice)
    shown = page.get(url(cast, "merge", "R-002") + "?into=R-001").content.decode()
    for words in ("SYS-001 Server", "T-001 Rent a store", "Goes to R-001, which has none", "Question about its plan"):
        assert words in shown
    assert "SYS-002" not in shown and "T-002" not in shown
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.plan_treatment(risk=kept, treatment="transfer", words="Insure it.", by=cast.alice, at=NOW)
    assert "R-001 keeps its own" in page.get(url(cast, "merge", "R-002") + "?into=R-001").content.decode()


def test_the_page_says_what_ends_with_a_merge_and_which_rating_stays(cast, people, browse, entering):
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        kept = raised(cast, "Backups are old", now=rated(2))
        services.plan_treatment(
            risk=kept, treatment="reduce", words="Renew.", target_on=dt.date(2099, 1, 1), cost=Cost(once=100_00),
            by=cast.alice, at=NOW,
        )  # fmt: skip
        plan = services.ask_plan_approval(risk=kept, asked_of=people["bob"], by=cast.alice, at=NOW)
        double = raised(cast, "Backups cannot be restored", now=rated(3))
        step = {"title": "Rent a store", "due_on": dt.date(2099, 2, 1)}
        services.add_step(risk=double, task=step, cost_minor=300_00, by=cast.alice, at=NOW)
        until = cast.acme.today(timezone.now()) + dt.timedelta(days=90)
        held = services.ask_acceptance(
            risk=double, asked_of=people["bob"], until=until, by=cast.alice, at=timezone.now()
        )
    at = url(cast, "merge", double.reference) + f"?into={kept.reference}"
    page = browse(cast.alice)
    assert "Withdraw that request first." in page.get(at).content.decode()
    with entering(cast.bob, cast.acme):
        asks.answer(ask=held.ask, choice="accept", reason="For now", by=cast.bob, at=timezone.now())
    shown = page.get(at).content.decode()
    assert "Signed by Bob until" in shown and "does not come back when the risk is reopened" in shown
    assert f"R-002 is rated {double.now_score}; R-001 is rated {kept.now_score}, and keeps that." in shown
    assert "Is to be approved anew" in shown and "undoes the merge" not in shown
    with entering(cast.alice, cast.acme):
        done = merged(cast, double, kept, at=timezone.now())
        plan.refresh_from_db()
        assert (plan.state, latest_plan(kept).once_minor) == ("withdrawn", 300_00)
        services.reopen_risk(risk=done, by=cast.alice, at=timezone.now(), reason="Another server")
        held.refresh_from_db()
        assert (held.state, latest_plan(kept).state) == ("ended", "drafted")
