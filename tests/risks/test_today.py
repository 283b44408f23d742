"""Whatever of the register needs somebody stands where that person begins the day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from engagements import selectors as engagements
from engagements.enums import AskRole
from engagements.services import asks
from risks import selectors, services
from risks.enums import Band
from risks.models import Risk
from risks.selectors import library
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, raised, rated
from tests.risks.test_assessments import assessed
from tests.risks.test_estimates import estimated
from tests.risks.test_library import values
from vciso.home.selectors import portfolio
from vciso.tenancy import context
from vciso.tenancy.models import Client

pytestmark = pytest.mark.django_db
YEAR_AGO = NOW - dt.timedelta(days=360)


@pytest.fixture
def restless(cast, people):
    """Acme: limits approved a year ago, and one risk for each thing that can wait."""
    by = {"by": cast.alice, "at": NOW}
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.set_appetite(
            client=cast.acme, category="operational", band_limit=Band.HIGH, money_limit_minor=100_00, by=cast.alice,
            at=YEAR_AGO,
        )  # fmt: skip
        statement = services.ask_statement(client=cast.acme, asked_of=people["bob"], by=cast.alice, at=YEAR_AGO)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=statement.ask, choice="approve", reason="", by=cast.bob, at=YEAR_AGO)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        low = rated(1, operational=2)
        estimated(cast, raised(cast, "Dearer than its limit", now=low))
        late = raised(cast, "The plan is late", now=low, at=YEAR_AGO)
        services.plan_treatment(
            risk=late, treatment="reduce", words="Do it", target_on=TODAY - dt.timedelta(days=3), by=cast.alice,
            at=YEAR_AGO,
        )  # fmt: skip
        accepted = raised(cast, "Accepted for a while", now=low)
        question = services.ask_acceptance(
            risk=accepted, asked_of=people["bob"], until=TODAY + dt.timedelta(days=20), **by
        ).ask
        planned = raised(cast, "A plan to be approved", now=low)
        services.plan_treatment(
            risk=planned, treatment="reduce", words="Buy it", target_on=TODAY + dt.timedelta(days=90), **by
        )
        services.ask_plan_approval(risk=planned, asked_of=people["bob"], **by)
        row = services.add_scenario(practice=cast.northwind, values=values("Unheard of"), **by)
        services.offer_scenario(scenario=library.own(row), clients=[cast.acme], why="New", **by)
        assessment = services.draft_assessment(client=cast.acme, assessed=assessed(cast, people), **by)
        services.ask_assessment(assessment=assessment, asked_of=people["dora"], **by)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=question, choice="accept", reason="It is small", by=cast.bob, at=NOW)
    return cast


def test_the_consultant_meets_everything_that_waits_and_where_it_is_dealt_with(restless):
    with context.as_user(restless.alice):
        items = [*selectors.attention(on=TODAY), *engagements.attention(on=TODAY)]
        references = dict(Risk.objects.values_list("title", "reference"))

    def risk(title: str) -> str:
        return reverse("risks:detail", kwargs={"client_key": restless.acme.key, "ref": references[title]})

    found = {(item.why.split(":")[0], item.verb, item.waiting_on): item for item in items}
    for why, verb, whose, url in (
        ("Above the limit, without an approved plan or a signed acceptance", "Decide", "practice",
         risk("Dearer than its limit")),
        ("The target date has passed", "Update", "practice", risk("The plan is late")),
        ("Its acceptance runs out", "Renew", "practice", risk("Accepted for a while")),
        ("The business looks at its limits once a year", "Review", "practice", "limits/"),
        ("The register stays as it is until somebody compares", "Compare", "practice", "library/changes/"),
        ("Approval of a plan", "Remind", "client", "/asks/"),
        ("Risk assessment", "Remind", "client", "/asks/"),
    ):  # fmt: skip
        item = found.get((why, verb, whose))
        assert item is not None, (why, sorted(found))
        assert url in item.url and item.client_id == restless.acme.pk, why


def test_owner_and_director_meet_what_is_asked_of_them_and_others_nothing(restless, entering):
    for user, role, nouns in (
        (restless.bob, AskRole.OWNER, {"Approval of a plan"}), (restless.dora, AskRole.BOARD, {"Risk assessment"}),
    ):  # fmt: skip
        with entering(user, restless.acme):
            waiting = engagements.waiting_for(restless.acme, user, on=TODAY, role=role)
        assert {one.noun for one in waiting} == nouns
    for other in (restless.charlie, restless.xenia):
        with context.as_user(other):
            assert selectors.attention(on=TODAY) == []


@pytest.mark.parametrize(("zone", "over"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)])
def test_across_clients_an_acceptance_runs_out_by_the_day_where_its_client_is(alices, people, zone, over):
    """At noon in London it is the 21st on Kiritimati and the 20th still in Pago Pago."""
    services.set_appetite(client=alices.acme, category="operational", band_limit=2, by=alices.alice, at=YEAR_AGO)
    risk = raised(alices, now=rated(3), at=YEAR_AGO)
    services.record_acceptance(
        risk=risk, asked_of=people["bob"], until=TODAY, reason="Fine.", witness="Zoe Young", by=alices.alice,
        at=YEAR_AGO,
    )  # fmt: skip
    with owning():
        Client.objects.filter(pk=alices.acme.pk).update(time_zone=zone)
    alices.acme.refresh_from_db()
    noon = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    # The day is worked out here where it is the same for all clients, else in the database: no difference.
    assert isinstance(selectors.day_there(noon, [alices.acme]), dt.date)
    for there in (selectors.day_there(noon, [alices.acme]), selectors.day_there(noon)):
        with context.as_user(alices.alice):
            items = portfolio.attention(on=TODAY, there=there)
            (row,) = portfolio.client_rows([alices.acme], items, on=TODAY, there=there)
            told = [item.why for item in items if item.title == str(risk)]
        assert (row.risks.accepted, row.risks.calling_for_action) == ((0, 1) if over else (1, 0))
        assert ("Its acceptance has run out, so the risk is open again" in told) == over
        assert ("Above the limit, without an approved plan or a signed acceptance" in told) == over
