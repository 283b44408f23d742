"""The cells of the matrix: each address × person × method, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.access import expected
from tests.access.addresses import ALL, Address
from tests.access.asking import Answer, Asker
from tests.access.world import CLIENTS, PRACTICES, Someone, World
from vciso.tenancy.permissions import PUBLIC

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPENS, OWN, PUBLICLY, REFUSES, SIGN_IN, SENT_ON, UNKNOWN = (
    "opens", "opens their own", "opens for all", "refuses", "asks to sign in", "sends on", "is unknown",
)  # fmt: skip


def permission_of(address: Address, method: str = "GET") -> str:
    """The permission that a view declares, the interface's for each method; sign-in has rows of its own."""
    if address.name in expected.SIGN_IN:
        return expected.SIGN_IN[address.name]
    by_method: dict[str, str] = getattr(address.view, "permissions", {})
    declared: str = by_method.get(method) or getattr(address.view, "permission", "")
    return declared


def practice_of(letter: str) -> str:
    return PRACTICES[CLIENTS[letter][0]]


def verdict(address: Address, someone: Someone, letter: str, method: str) -> str:
    """What the agreed rows say of this address at client `letter`, for this person."""
    permission = permission_of(address, method)
    if permission == PUBLIC:
        return PUBLICLY
    if permission == expected.BETWEEN:
        return SENT_ON
    if someone.user is None:
        return SIGN_IN
    if address.name in expected.SIGN_IN:
        return OWN
    at_home = letter in someone.hears
    if address.of_a_client and not at_home:
        return UNKNOWN
    if address.name in expected.IN_PERSON:
        return REFUSES
    roles = expected.ONE_PERSONS.get(address.name, expected.PERMISSIONS[permission])
    if method != "GET":
        roles = expected.ANSWERED_BY.get(address.name, roles)
    if someone.role not in {expected.LETTERS[role] for role in roles}:
        return REFUSES
    return OPENS if at_home or not address.records else UNKNOWN


def fits(answer: Answer, wanted: str) -> bool:
    """Whether the answer is what the verdict means."""
    if answer.not_allowed:  # said of the address, before anybody looks at who asks for what
        return True
    if wanted == UNKNOWN:
        return answer.status == 404
    if wanted == PUBLICLY:  # a link that nobody sent may be unknown
        return answer.status < 500
    if wanted == OWN:  # a factor that the person does not have is unknown
        return answer.status < 500 and not answer.to_sign_in
    if wanted == SENT_ON:
        return answer.status == 302
    if wanted == OPENS:
        return not answer.refuses and answer.status < 500
    if wanted == SIGN_IN:
        return answer.to_sign_in or answer.status == 401
    return answer.status in {403, 404}


@dataclass
class Run:
    """Asks cells and keeps what did not fit."""

    world: World
    cells: int = 0

    def of(
        self, asker: Asker, letter: str, *, methods: Iterable[str] = METHODS, addresses: Iterable[Address] | None = None
    ) -> Iterator[str]:
        """What is wrong for one person at one client, in words; asks every address with every method."""
        examples = self.world.examples[letter]
        for address in addresses if addresses is not None else ALL.values():
            hears = asker.someone.hears | ({practice_of(letter)} if address.name in expected.LINKS else set())
            for method in methods:
                self.cells += 1
                wanted = verdict(address, asker.someone, letter, method)
                answer = asker.ask(address.path(examples), method)
                cell = f"{method} {address.name} as {asker.someone.key}"
                if not fits(answer, wanted):
                    yield f"{cell}: {wanted}, says the row; got {answer.status} {answer.broke}"
                if strange := answer.foreign(hears):
                    yield f"{cell} shows what is others’: {strange}"
