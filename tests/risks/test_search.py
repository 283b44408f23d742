"""Finding risks by their words, and who finds nothing by the practice's notes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from risks.models import Risk
from risks.selectors import home
from tests.api.conftest import Program, make_token
from tests.risks.conftest import raised
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


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
)
def test_words_beginnings_phrases_and_exclusions_are_found(cast, register, text, found):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert set(Risk.objects.matching(text).values_list("reference", flat=True)) == found
        assert Risk.objects.filter(pk__in=Risk.objects.matching(text).values("pk")).count() == len(found)


def test_private_notes_are_searched_for_the_practice_in_its_list_alone(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert Risk.objects.matching("zwis", private=True).count() == 1
        assert home.find(text="zwist") == [] and len(home.find(text="backups")) == 1
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
