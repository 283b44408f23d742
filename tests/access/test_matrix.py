"""Every address × every role × every client, and every method: what the agreed rows say, and no stranger's word."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse

from tests.access import expected, formwork, ids, mails, markers, reading
from tests.access.addresses import ALL
from tests.access.asking import Asker
from tests.access.matrix import OPENS, Run, permission_of, verdict
from tests.access.world import World
from tests.conftest import owning
from vciso.jobs.models import OutboxMail
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import REGISTRY, anybody
from vciso.web.context_processors import Shell

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
# At client A: everybody there, and who has no business there.
OF_A = ["anonymous", "practice_admin", "consultant", "owner", "board", "contributor", "auditor"]
OTHERS = [
    "consultant of B", "owner of B", "board of B", "contributor of B", "auditor of B",
    "practice_admin of X", "consultant of X", "owner of X", "board of X", "contributor of X", "auditor of X",
]  # fmt: skip


@pytest.fixture(scope="module")
def run(world: World) -> Iterator[Run]:
    found = Run(world)
    logging.disable(logging.ERROR)  # thousands of refusals are meant
    yield found
    logging.disable(logging.NOTSET)
    print(f"\nThe access matrix asked {found.cells.total()} cells: {dict(found.cells)}")


def test_every_address_permission_role_and_field_has_its_row() -> None:
    """What is new fails here until somebody says who may open it, and with which record."""
    without = [address.name for address in ALL.values() if not permission_of(address)]
    assert not without, f"declare a permission, or add a row to expected.SIGN_IN: {without}"
    assert set(expected.PERMISSIONS) == set(REGISTRY), "expected.PERMISSIONS and the permission tables differ"
    assert set(expected.LETTERS.values()) == set(Role), "a role has no letter in expected.LETTERS"
    assert {"anonymous", *Role} <= {*OF_A}, "a role is nobody’s at client A"
    rows = {*expected.ONE_PERSONS, *expected.ANSWERED_BY, *expected.SIGN_IN, *expected.LINKS}
    assert rows <= set(ALL), "expected.py names addresses that are gone"
    assert markers.unplaced() == [], "say what these JSON fields hold: JSON_WORDS or JSON_SHAPED"
    for address in ALL.values():
        assert address.records is not None  # each parameter has its example


def test_every_text_of_each_client_carries_its_marker(run: Run) -> None:
    with owning():
        missing = markers.Marking(run.world.letters).missing()
    assert missing == set(markers.UNFILLED)


@pytest.mark.parametrize("person", OF_A)
def test_each_address_of_a_client_answers_each_role_as_agreed(run: Run, person: str) -> None:
    wrong = list(run.of(Asker(run.world.people[person]), "A"))
    assert not wrong, "\n".join(wrong)


def test_the_trail_told_of_every_download(run: Run) -> None:
    """Else the list of what reading may leave behind could grow old unseen."""
    for person in OF_A:
        if (person, "A") not in run.walked:
            assert not list(run.of(Asker(run.world.people[person]), "A", methods=("GET",)))
    assert {name for name, verbs in run.told.items() if verbs - {"access.denied"}} == set(expected.TOLD_READING)


LISTED = {"text/html", "text/csv", "application/json", reading.SPREADSHEET}


@pytest.mark.parametrize("person", ["consultant", "practice_admin", "owner", "board", "contributor", "consultant of B"])
def test_lists_searches_and_exports_tell_own_alone(run: Run, person: str) -> None:
    """Every filter, order, page, format and search that the pages offer, and the palette's and the interface's."""
    wrong = list(run.of_lists(Asker(run.world.people[person])))
    assert not wrong, "\n".join(wrong)
    assert person != "consultant" or set(run.formats) >= LISTED


def test_the_search_finds_what_is_ones_own(run: Run) -> None:
    """Without this, a search that finds nothing would pass the one above."""
    answer = Asker(run.world.people["consultant"]).ask("/find/?q=MARKA")
    assert ("A", "engagements.Task.title") in answer.marks


@pytest.mark.parametrize("person", OTHERS)
def test_a_client_does_not_exist_for_people_of_another(run: Run, person: str) -> None:
    wrong = list(run.of(Asker(run.world.people[person]), "A"))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", ["practice_admin", "consultant of B", "owner of B", "board of B", "consultant of X"])
def test_people_of_other_clients_see_their_own_after_all_the_others(run: Run, person: str) -> None:
    """Asked last, in the same process: what a cache kept for others would show here."""
    letter = "X" if person.endswith("X") else "B"
    wrong = list(run.of(Asker(run.world.people[person]), letter, methods=("GET",)))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("person", "foreign"), [(person, letter) for person in ("consultant", "practice_admin", "owner") for letter in "BX"]
)
def test_a_foreign_id_answers_as_an_unknown_one(run: Run, person: str, foreign: str) -> None:
    """Same status, same bytes, same number of queries, at every address that names a record."""
    asker = Asker(run.world.people[person])
    apart = list(ids.told_apart(asker, run.world, foreign))
    run.cells["foreign id in an address"] += len(list(ids.pairs(run.world, "A", foreign))) * 2
    assert not apart, "\n".join(apart)


def test_a_foreign_id_takes_no_longer_than_an_unknown_one(run: Run) -> None:
    """One address of each room and parameter, since the look-up is the same for all of them."""
    asker = Asker(run.world.people["consultant"])
    asked = ids.one_of_each(asker, run.world, "B")
    slower = [kind for kind, (there, nowhere) in asked.items() if ids.takes_longer(asker, there, nowhere)]
    assert len(asked) >= 14
    assert not slower


CHANGES = {
    "removed": lambda user: user.memberships.all().delete(),
    "deactivated": lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False),
    "downgraded": lambda user: user.memberships.exclude(client=None).update(role=Role.AUDITOR),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("person", ["consultant", "owner", "board", "contributor"])
def test_whoever_loses_access_is_out_at_the_next_request(run: Run, person: str, change: str) -> None:
    """In an open session, at every address that the person's role opened; only what is everybody's stays."""
    someone = run.world.people[person]
    asker = Asker(someone)
    opened = [
        address for address in ALL.values()
        if address.of_a_client and verdict(address, someone, "A", "GET") == OPENS
    ]  # fmt: skip
    with owning():
        CHANGES[change](someone.user)
    answers = {address.name: asker.ask(address.path(run.world.examples["A"])) for address in opened}
    still = [name for name, answer in answers.items() if not (answer.refuses or answer.not_allowed)]
    assert opened
    assert not still


def _drop_a_permission(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setitem(REGISTRY, "risks.view", anybody)


def _print_another_clients_name(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(Shell, "brand_url", property(lambda shell: f"/{world.clients['B'].name}"))


def _tell_foreign_clients_apart(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr("vciso.tenancy.middleware.not_found", lambda request: HttpResponse("not yours", status=403))


@pytest.mark.parametrize(
    "weaken",
    [_drop_a_permission, _print_another_clients_name, _tell_foreign_clients_apart],
)
def test_the_matrix_notices_a_weakening(run: Run, monkeypatch: pytest.MonkeyPatch, weaken: Any) -> None:
    """Without one, these few cells are fine; with it, at least one of them is told."""

    def told() -> list[str]:
        asked = [ALL["risks:list"], ALL["engagements:person"]]
        people = {name: Asker(run.world.people[name]) for name in ("consultant", "owner", "consultant of X")}
        cells = [what for asker in people.values() for what in run.of(asker, "A", methods=("GET",), addresses=asked)]
        apart = ids.told_apart(people["consultant"], run.world, "B", methods=("GET",), addresses=asked)
        return [*cells, *apart]

    assert told() == []
    weaken(monkeypatch, run.world)
    assert told()


def test_there_is_no_admin_site() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not [address.route for address in ALL.values() if address.route.startswith("admin")]


def test_every_mail_of_the_world_tells_its_reader_their_own(run: Run) -> None:
    with owning():
        rows = list(OutboxMail.objects.select_related("client", "user"))
        wrong = list(mails.wrong_with(mails.read(rows), run.world.letters))
    run.cells["mail"] += len(rows)
    assert not wrong, "\n".join(wrong)
    assert {run.world.letters.get(row.client_id) for row in rows} >= {"A", "B", "X"}


@pytest.mark.parametrize("person", ["consultant", "practice_admin", "owner", "board", "contributor"])
def test_an_id_of_somebody_else_in_a_form_is_refused_as_a_random_one(run: Run, person: str) -> None:
    """Each field of each form that takes an id, with one of B and one of X in it."""
    told = list(formwork.swapped(Asker(run.world.people[person]), run.world))
    run.cells["form, as it stands or with a foreign id"] += len(told)
    wrong = [what for _, what in told if what]
    assert told
    assert not wrong, "\n".join(wrong)
