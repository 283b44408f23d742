"""The cells of the matrix: each address × person × method, and what must come of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.access import expected, mails, queries
from tests.access.addresses import ALL, Address
from tests.access.asking import TRAIL, Answer, Asker
from tests.access.world import CLIENTS, PRACTICES, Someone, World
from vciso.tenancy.permissions import PUBLIC

PAGE_METHODS = ("GET", "POST")
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
    if answer.not_allowed:
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
    return answer.status in {403, 404, 409}


def _opened(address: Address, someone: Someone) -> tuple[str, ...]:
    """The methods with which the address is open to this person at home."""
    return tuple(method for method in PAGE_METHODS if verdict(address, someone, someone.client, method) == OPENS)


def open_pages(asker: Asker, world: World) -> Iterator[tuple[Address, str, bytes]]:
    """Each page that is open to this person at home, but those of sign-in: its address, path and content."""
    for address in ALL.values():
        if not (address.of_interface or address.route.startswith("account/")) and "GET" in _opened(
            address, asker.someone
        ):
            path = address.path(world.examples[asker.someone.client])
            yield address, path, world.kept.page(asker, path)


def written_by_reading(address: Address, answer: Answer) -> Iterator[str]:
    """What a GET changed: nothing, but that it was refused, and a download where the trail tells of it."""
    allowed = {"access.denied"} if answer.refuses else {expected.TOLD_READING.get(address.name, "")}
    if tables := answer.wrote - TRAIL:
        yield f"is read, and wrote to {sorted(tables)}"
    if verbs := answer.told - allowed:
        yield f"is read, and the trail tells of {sorted(verbs)}"


def wrong_with(answer: Answer, asker: Asker, world: World, hears: frozenset[str] = frozenset()) -> Iterator[str]:
    """What no answer may show or do, whatever was asked; `hears`: whom this address lets hear of more."""
    hears = hears | asker.someone.hears
    if strange := answer.foreign(hears):
        yield f"shows what is others’: {strange}"
    client_side = asker.someone.role in {expected.LETTERS[letter] for letter in expected.CLIENT_SIDE}
    if client_side and (kept := answer.private()):
        yield f"shows what the practice keeps to itself: {kept}"
    if answer.refuses and (tables := answer.wrote - TRAIL):
        yield f"refused ({answer.status}), and wrote to {sorted(tables)}"
    yield from mails.wrong_with(answer.mails, world.letters)


@dataclass
class Run:
    """Asks cells, and counts them by kind."""

    world: World
    cells: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    told: defaultdict[str, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))
    # Who asked every address of which client.
    walked: set[tuple[str, str]] = field(default_factory=set)

    def of(
        self,
        asker: Asker,
        letter: str,
        *,
        methods: tuple[str, ...] = (),
        addresses: Iterable[Address] | None = None,
    ) -> Iterator[str]:
        """What is wrong for one person at one client, in words; asks every address with every method it takes.

        `methods`: these alone, where the address takes them. That all others are 405 is in test_methods.
        """
        examples = self.world.examples[letter]
        for address in addresses if addresses is not None else ALL.values():
            hears = frozenset({practice_of(letter)} if address.name in expected.LINKS else ())
            for method in address.takes:
                if methods and method not in methods:
                    continue
                self.cells["address, person and method"] += 1
                wanted = verdict(address, asker.someone, letter, method)
                answer = asker.ask(address.path(examples), method)
                if method == "GET" and wanted == OPENS:
                    self.world.kept.keep(asker, answer)
                cell = f"{method} {address.name} as {asker.someone.key}"
                if not fits(answer, wanted):
                    yield f"{cell}: {wanted}, says the row; got {answer.status} {answer.broke}"
                yield from (f"{cell} {what}" for what in wrong_with(answer, asker, self.world, hears))
                if method == "GET":
                    self.told[address.name] |= answer.told
                    yield from (f"{cell} {what}" for what in written_by_reading(address, answer))
        if addresses is None:
            self.walked.add((asker.someone.key, letter))

    def of_lists(self, asker: Asker) -> Iterator[str]:
        """What is wrong with the answers to every question that this person's pages offer, and to some they do not."""
        found = dict(queries.unlinked(asker, self.world))
        for _, page, content in open_pages(asker, self.world):
            found |= {kind: path for kind, path in queries.offered(content, page) if kind not in found}
        for kind, path in found.items():
            self.cells["question to a list"] += 1
            answer = asker.ask(path)
            self.formats[answer.response.get("Content-Type", "").split(";")[0]] += 1
            if answer.status >= 500:
                yield f"{path} as {asker.someone.key}: {answer.status} {answer.broke}"
            yield from (
                f"{path} ({kind}) as {asker.someone.key} {what}" for what in wrong_with(answer, asker, self.world)
            )
