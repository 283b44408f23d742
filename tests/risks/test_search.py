"""Finding risks by their words, and who finds nothing by the practice's notes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from risks import selectors, services
from risks.enums import IMPACT_WORDS, LIKELIHOOD_WORDS, Band
from risks.models import Risk
from risks.selectors.library import own
from tests.api.conftest import Program, make_token
from tests.risks.conftest import TODAY, raised
from tests.risks.test_library import values
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2026, 8, 3, 14, 0, tzinfo=dt.UTC)


@pytest.fixture
def register(cast, people):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        notes = "Zwist der Erben"
        raised(cast, "Backups of the server cannot be restored", plan="Rent a second line", private_notes=notes)
        raised(
            cast, "Phishing takes an account", cause="Nobody tests", event="Somebody clicks",
            consequence="Money leaves", category="People",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("backup", {"R-001"}),
        ("BACK serv", {"R-001"}),
        ("second line", {"R-001"}),
        ("restor phish", set()),
        ("restored or phishing", {"R-001", "R-002"}),
        ('"an account"', {"R-002"}),
        ('"account an"', set()),
        ("nobody -phishing", set()),
        ("peop", {"R-002"}),
        ("R-002", {"R-002"}),
        ("r-00", {"R-001", "R-002"}),
        ("  ", {"R-001", "R-002"}),
        ("!!! ' & | ( ) :* <-> \\ \x00", set()),
        ("it's", set()),
        ("zwist", set()),
    ],
)  # fmt: skip
def test_words_beginnings_phrases_and_exclusions_are_found(cast, register, text, found):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert set(Risk.objects.matching(text).values_list("reference", flat=True)) == found
        assert Risk.objects.filter(pk__in=Risk.objects.matching(text).values("pk")).count() == len(found)


ODD = {
    "found": (
        "o'brien", "O’Brien", "zurich cafe", "ZÜRICH", "orders", "“orders”", "lodz", "Łódź", "and more", "加密", "病人",
        "ลูกค้า", "“zürich leaks”", '"zurich leaks"',
    ),
    "not": ("人病", "“leaks zürich”", "o’connor"),
}  # fmt: skip


def test_accents_and_marks_do_not_matter_and_scripts_without_blanks_have_words(cast, people):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(
            cast, "O’Brien’s café in Zürich leaks “orders”—and more", category="Łódź", cause="病人记录被加密",
            event="ข้อมูลลูกค้ารั่วไหล", consequence="",
        )  # fmt: skip
        found = {typed: Risk.objects.matching(typed).exists() for typed in (*ODD["found"], *ODD["not"])}
    assert found == dict.fromkeys(ODD["found"], True) | dict.fromkeys(ODD["not"], False)


def test_private_notes_are_searched_for_the_practice_in_its_list_alone(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert Risk.objects.matching("zwis", private=True).count() == 1
        assert selectors.find(text="zwist") == [] and len(selectors.find(text="backups")) == 1
    page = browse(cast.alice).get(f"/c/{cast.acme.key}/risks/?q=zwist").content.decode()
    assert 'value="R-001"' in page and 'value="R-002"' not in page
    path = f"c/{cast.acme.key}/risks/?q="
    for reader, seen in ((cast.alice, 1), (cast.bob, 0)):
        program = Program(make_token(reader, cast.acme, may_write=False))
        found = [len(program.get(path + text).json()["results"]) for text in ("backups", "zwist")]
        assert found == [1, seen], reader


def test_a_changed_note_is_found_at_once_and_no_query_carries_the_words(cast, register):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        Risk.objects.filter(reference="R-002").update(private_notes="Später")
        with CaptureQueriesContext(connection) as queries:
            assert Risk.objects.matching("spät", private=True).get().reference == "R-002"
        selected, _, condition = queries.captured_queries[-1]["sql"].partition(" WHERE ")
        assert "words" in condition and "words" not in selected


@pytest.fixture
def furnished(cast, register, people, at):
    """Acme with one of each of the smaller records around its register; Globex has them in other words."""
    for user, client, signer, mark in (
        (cast.alice, cast.acme, "bob", "harbour"), (cast.charlie, cast.globex, "gina", "orchard"),
    ):  # fmt: skip
        person = people[signer]
        with context.as_user(user, client_id=client.pk):
            services.set_appetite(
                client=client, category="legal", band_limit=2, words=f"No {mark} lost.", by=user, at=LONG_AGO
            )
            services.set_appetite(client=client, category="legal", band_limit=1, words=f"Each {mark}.", by=user, at=at)
            services.set_tolerance(client=client, sum_minor=100, words=f"One {mark}.", by=user, at=at)
            services.set_authority(client=client, owner_up_to=Band.CRITICAL, approved_by=person, by=user, at=at)
            services.set_scale(
                client=client, low_to=4, medium_to=9, high_to=16, by=user, at=at, impact_words=list(IMPACT_WORDS),
                likelihood_words=list(LIKELIHOOD_WORDS), likelihood_means=[f"{mark} {n}" for n in range(5)],
                stand_by=True,
            )  # fmt: skip
            services.ask_statement(client=client, asked_of=person, by=user, at=at)
            services.save_view(
                client=client, name=f"My {mark}", query="sev=3", known=["sev"], everywhere=False, by=user, at=at
            )
            if client == cast.acme:
                risk = Risk.objects.first()
                services.ask_acceptance(
                    risk=risk, asked_of=people["bob"], until=TODAY + dt.timedelta(days=30),
                    conditions=f"Only at the {mark}", by=user, at=at,
                )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("each harbour", ["Limit"]),
        ("lost harbour", []),
        ("legal limit", ["Limit"]),
        ("appetite", ["Limit", "Statement of limits"]),
        ("statement 1", ["Statement of limits"]),
        ("tolerance", ["Tolerance"]),
        ("who signs bob", ["Who signs"]),
        ("harbour 3", ["Scale"]),
        ("only harbour", ["Acceptance"]),
        ("my harbour", ["View"]),
        ("orchard", []),
        ("100%", []),
    ],
)
def test_the_records_around_the_register_are_found_by_what_they_say(cast, furnished, text, kinds):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert [found.kind for found in selectors.find(text=text) if found.kind != "Risk"] == kinds


def test_what_is_found_opens_and_costs_three_queries_and_nobody_else_finds_it(cast, furnished, browse):
    with context.as_user(cast.alice), CaptureQueriesContext(connection) as asked:
        found = selectors.find(text="harbour")
    assert len(asked) == 3
    assert {one.kind for one in found} == {"Limit", "Tolerance", "Scale", "Acceptance", "View"}
    browser = browse(cast.alice)
    assert {browser.get(one.url).status_code for one in found} == {200}
    for other in (cast.charlie, cast.xenia):
        with context.as_user(other):
            assert selectors.find(text="harbour") == []


def test_the_practices_library_and_what_it_offers_are_found(cast, people, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        scenario = services.add_scenario(
            practice=cast.northwind, by=cast.alice, at=at,
            values=values("A drone reads the wireless"),
        )  # fmt: skip
        services.offer_scenario(scenario=own(scenario), clients=[cast.acme], why="New", by=cast.alice, at=at)
        found = selectors.find(text="drone")
        assert [(one.kind, one.client_id) for one in found] == [("Library change", cast.acme.pk), ("Library", None)]
    with context.as_user(cast.xenia):
        assert selectors.find(text="drone") == []
