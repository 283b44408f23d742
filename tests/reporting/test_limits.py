"""A report states the limits in force in the client's words, and whose they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from engagements.models import Person
from engagements.services import asks
from reporting import documents, render, unknown, words
from risks import services as risk_services
from risks.models import Appetite, AppetiteStatement, LossTolerance
from tests.factories.cast import Cast
from tests.reporting import example_parts, examples
from tests.reporting.conftest import IN_OCTOBER, LONG_AGO, NOW, OCTOBER, QUARTER, as_alice
from tests.reporting.test_facts import gathered
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
SIGNED = "approved by"


def limits_of(document: documents.Document) -> documents.Limits:
    assert document.limits is not None
    return document.limits


def says(document: documents.Document) -> str:
    """What the pages print about the risks, as one line."""
    page = " ".join(render.html(words.apply(document)).split())
    return page.split('id="s-risks"')[1].split("<section")[0]


def put(cast: Cast, bob: Person, at: dt.datetime) -> AppetiteStatement:
    with as_alice(cast):
        return risk_services.ask_statement(client=cast.acme, asked_of=bob, by=cast.alice, at=at)


def approve(cast: Cast, statement: AppetiteStatement, at: dt.datetime) -> None:
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=statement.ask, choice="approve", reason="", by=cast.bob, at=at)


def set_again(cast: Cast, at: dt.datetime) -> None:
    with as_alice(cast):
        risk_services.set_appetite(
            client=cast.acme, category="financial", band_limit=1, words="No surprise.", by=cast.alice, at=at
        )


def test_limits_are_approved_once_somebody_signed_them_and_from_that_day(programme: Cast, bob: Person) -> None:
    """Set, asked, signed in October: the quarter before still says that nobody approved them."""
    never = gathered(programme, OCTOBER)
    assert limits_of(never).approval is None
    assert unknown.NOT_APPROVED in unknown.of(never)["risks"]
    statement = put(programme, bob, IN_OCTOBER)
    asked = gathered(programme, OCTOBER)
    assert f"{unknown.NOT_APPROVED} Bob has been asked." in unknown.of(asked)["risks"]
    for document in (never, asked):
        assert unknown.NOT_APPROVED in says(document) and SIGNED not in says(document)

    approve(programme, statement, IN_OCTOBER + dt.timedelta(hours=2))
    signed, before = gathered(programme, OCTOBER), gathered(programme, QUARTER)
    assert limits_of(before).approval is None and SIGNED not in says(before)
    assert limits_of(signed).approval == documents.Approval(
        documents.Record("statement", "Version 1", str(statement.pk), "1"), 1, "Bob", IN_OCTOBER.date()
    )
    assert f"Version 1, {SIGNED} Bob on" in says(signed) and unknown.NOT_APPROVED not in says(signed)
    assert documents.from_json(documents.to_json(signed)) == signed


def test_what_was_set_since_is_named_as_not_approved(programme: Cast, bob: Person) -> None:
    approve(programme, put(programme, bob, LONG_AGO), LONG_AGO)
    set_again(programme, NOW)
    assert limits_of(gathered(programme, OCTOBER)).changed == ()
    set_again(programme, IN_OCTOBER)
    document = gathered(programme, OCTOBER)
    assert limits_of(document).changed == ("Financial",)
    assert "Set since, and not approved: Financial." in says(document)
    assert {row.category: row.approved for row in limits_of(document).rows if row.approved} == {"Financial": "high"}
    set_again(programme, LONG_AGO + dt.timedelta(days=1))
    assert "Proposed by your adviser, not approved yet. Approved is: high." in says(gathered(programme, QUARTER))


def test_an_answer_written_down_for_the_signer_says_so_until_they_confirm_it(programme: Cast, bob: Person) -> None:
    statement = put(programme, bob, LONG_AGO)
    with as_alice(programme):
        asks.record_answer(
            ask=statement.ask, choice="approve", reason="By phone", witness="Amir", recorded_by=programme.alice,
            at=LONG_AGO,
        )  # fmt: skip
    assert "as written down for them; they have not confirmed it yet." in says(gathered(programme, QUARTER))


def test_every_limit_opens_to_its_row_and_stands_in_the_clients_words(programme: Cast, bob: Person) -> None:
    with as_alice(programme):
        risk_services.set_appetite(
            client=programme.acme, category="legal", band_limit=None, money_limit_minor=5_000_000,
            words="A bad week, not a bad quarter.", approved_by=bob, by=programme.alice, at=LONG_AGO,
        )  # fmt: skip
        risk_services.set_tolerance(
            client=programme.acme, sum_minor=30_000_000, words="The new surgery waits.", set_by=bob,
            by=programme.alice, at=LONG_AGO,
        )  # fmt: skip
        rows = {str(pk): name for pk, name in Appetite.objects.values_list("pk", "category__name")}
        tolerance = LossTolerance.objects.get()
    document = gathered(programme, QUARTER)
    found = limits_of(document)
    assert {record.id: record.reference for record in found.set.records} == rows
    assert found.tolerance is not None and found.tolerance.record is not None
    assert found.tolerance.record.id == str(tolerance.pk)
    page = says(document)
    for said in ("$50,000", "A bad week, not a bad quarter.", "$300,000", "The new surgery waits.", "no limit set"):
        assert said in page, said
    assert "The owner signs for every accepted risk, since nobody is on the board." in page


def test_without_a_limit_a_report_says_so_and_prints_no_table(cast: Cast) -> None:
    for period in (OCTOBER, QUARTER):
        document = gathered(cast, period)
        assert unknown.NO_LIMITS in unknown.of(document)["risks"]
        assert unknown.NO_LIMITS in says(document) and "The limits you set" not in says(document)


def test_a_report_from_before_limits_were_kept_says_nothing_of_them() -> None:
    for document in (examples.monthly(), examples.board()):
        old = replace(document, limits=None)
        assert unknown.limits(old.limits) == () and SIGNED not in says(old)


def test_what_the_levels_mean_is_printed_where_it_was_agreed() -> None:
    page = render.html(words.apply(examples.board()))
    assert "What each level means at your business" in page
    for said in ("Once in three to ten years", "up to $10,000", "$50,000 to $250,000", "above $1,000,000"):
        assert said in page, said
    document = examples.board()
    plain = replace(document, about=replace(document.about, scale=documents.Scale()))
    assert "What each level means" not in render.html(words.apply(plain))
    assert example_parts.SCALE.cost(1) == (None, 10_000_00) and documents.Scale().cost(3) == (None, None)


def test_one_year_in_fifty_stands_on_a_line_of_its_own_and_counts_once(programme: Cast, bob: Person) -> None:
    counted = limits_of(gathered(programme, OCTOBER)).set.value
    with as_alice(programme):
        risk_services.set_appetite(
            client=programme.acme, category="financial", band_limit=1, money_limit_minor=50_000_00,
            fifty_limit_minor=400_000_00, words="No surprise.", by=programme.alice, at=LONG_AGO,
        )  # fmt: skip
    document = gathered(programme, OCTOBER)
    found = {row.category: row for row in limits_of(document).rows}
    assert (found["Financial"].money_minor, found["Financial"].words) == (50_000_00, "No surprise.")
    fifty = found["Financial, once in fifty years"]
    assert (fifty.money_minor, fifty.band, fifty.words) == (400_000_00, "", "")
    assert limits_of(document).set.value == counted, "one record, however many sums it names"
    assert "Financial, once in fifty years" in says(gathered(programme, QUARTER))
