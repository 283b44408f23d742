"""Every address × every role × every client, and every method: what the agreed rows say, and no stranger's word."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from tests.access import expected, markers
from tests.access.addresses import ALL
from tests.access.asking import Asker
from tests.access.matrix import METHODS, Run, permission_of
from tests.access.world import World, standing
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import REGISTRY

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
# At client A: everybody there, and who has no business there.
OF_A = ["anonymous", "practice_admin", "consultant", "owner", "board", "contributor", "auditor"]
OTHERS = [
    "consultant of B", "owner of B", "board of B", "contributor of B", "auditor of B",
    "practice_admin of X", "consultant of X", "owner of X", "board of X", "contributor of X", "auditor of X",
]  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    files = tmp_path_factory.mktemp("files")
    plenty = {"API_READS": 10**6, "API_WRITES": 10**6}
    with django_db_blocker.unblock(), override_settings(FILES_ROOT=files, **plenty), standing(files, settings) as found:
        yield found


@pytest.fixture(scope="module")
def run(world: World) -> Iterator[Run]:
    found = Run(world)
    logging.disable(logging.ERROR)  # thousands of refusals are meant
    yield found
    logging.disable(logging.NOTSET)
    print(f"\nThe access matrix asked {found.cells} cells.")


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


@pytest.mark.parametrize("person", OF_A)
def test_each_address_of_a_client_answers_each_role_as_agreed(run: Run, person: str) -> None:
    wrong = list(run.of(Asker(run.world.people[person]), "A"))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", OTHERS)
def test_a_client_does_not_exist_for_people_of_another(run: Run, person: str) -> None:
    # The line that stops them looks at no method; one of them asks with each.
    methods = METHODS if person == "consultant of X" else ("GET", "POST")
    wrong = list(run.of(Asker(run.world.people[person]), "A", methods=methods))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", ["practice_admin", *OTHERS])
def test_people_of_other_clients_see_their_own_after_all_the_others(run: Run, person: str) -> None:
    """Asked last, in the same process: what a cache kept for others would show here."""
    letter = "X" if person.endswith("X") else "B"
    wrong = list(run.of(Asker(run.world.people[person]), letter, methods=("GET",)))
    assert not wrong, "\n".join(wrong)
