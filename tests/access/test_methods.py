"""Each address with its real records, asked in ways that no page and no program asks.

That reading changes nothing is asked in the matrix, of every address and person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from tests.access.addresses import ALL, Address
from tests.access.matrix import OPENS, verdict
from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
# Browsers report refused scripts there, without a form.
TOKENLESS = {"web:policy-report"}
PEOPLE = ("consultant", "owner", "board", "contributor", "practice_admin", "auditor")
METHODS = {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"}


class Visitors:
    """Browsers of the world's people; each address is asked by somebody for whom it opens.

    `tokens`: whether they show the form's token with what they send.
    """

    def __init__(self, world: World, *, tokens: bool) -> None:
        self.world, self.tokens = world, tokens
        self.browsers: dict[str, Browser] = {}

    def of(self, person: str) -> Browser:
        if person not in self.browsers:
            browser = Browser(enforce_csrf_checks=not self.tokens, raise_request_exception=False)
            user = self.world.people[person].user
            assert user is not None
            browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            self.browsers[person] = browser
        return self.browsers[person]

    def ask(self, address: Address, method: str, **extra: Any) -> Any:
        fitting = (name for name in PEOPLE if self._opens(address, name, method))
        browser = self.of(next(fitting, PEOPLE[0]))
        return browser.generic(method, address.path(self.world.examples["A"]), **extra)

    def _opens(self, address: Address, person: str, method: str) -> bool:
        someone = self.world.people[person]
        return any(verdict(address, someone, "A", asked) == OPENS for asked in (method, "GET"))


def _told(address: Address, answer: Any) -> str:
    return f"{address.name}: {answer.status_code}"


def test_no_address_takes_a_post_without_the_forms_token(world: World) -> None:
    """C5: 403 before anything is looked at, at every address and with the id of a real record."""
    visitors = Visitors(world, tokens=False)
    answers = [
        (address, visitors.ask(address, "POST", HTTP_ORIGIN="https://evil.example"))
        for address in ALL.values()
        if address.name not in TOKENLESS
    ]
    wrong = [_told(address, one) for address, one in answers if one.status_code not in {403, 405}]
    assert wrong == []
    assert sum(one.status_code == 403 for _, one in answers) >= 200


def _unknown(address: Address) -> Iterator[str]:
    yield from sorted(METHODS - set(address.takes))


def test_methods_that_an_address_does_not_know_are_405(world: World) -> None:
    """C7: TRACE too; a page knows GET and POST, an address of the interface what it declares."""
    visitors = Visitors(world, tokens=True)
    wrong = [
        f"{method} {_told(address, answer)}"
        for address in ALL.values()
        for method in _unknown(address)
        if (answer := visitors.ask(address, method)).status_code != 405
    ]
    assert wrong == []
