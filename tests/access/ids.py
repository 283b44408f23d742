"""Foreign and unknown ids: one answer, byte for byte, after the same number of queries."""

from __future__ import annotations

import re
import statistics
import time
import uuid
from collections.abc import Collection, Iterator

from tests.access import expected
from tests.access.addresses import ALL, Address
from tests.access.asking import Answer, Asker
from tests.access.world import World

# Words that every client has: a month, and the portal's own categories of impact.
COMMON = {"period", "category"}
# So many pairs of requests, and again with more while the two seem apart: a busy moment passes, a leak does not.
TRIES = (15, 50, 100)
# The most by which two medians may differ, as a share of the smaller (checklist A5).
APART = 0.2


def unknown_like(example: str) -> str:
    """A word of the same shape that names nothing: a random id, a number nobody has, another slug."""
    if re.fullmatch(r"[0-9a-f-]{36}", example):
        return str(uuid.uuid4())
    if found := re.fullmatch(r"([A-Z]+)-(\d+)", example):
        return f"{found[1]}-{'9' * len(found[2])}"
    return "z" * len(example)


def pairs(world: World, home: str, foreign: str) -> Iterator[tuple[Address, str, str]]:
    """For each address with a record: its path with another client's record, and with an unknown one."""
    own, others = world.examples[home], world.examples[foreign]
    for address in ALL.values():
        words = {address.word(name) for name in address.records}
        the_practices = not address.of_a_client or "reading_shared" in words
        known = bool(COMMON & set(address.records)) or address.name in expected.LINKS  # a link tells whoever holds it
        if not words or known or (the_practices and {home, foreign} == {"A", "B"}):
            continue
        there = {name: others[address.word(name)] for name in address.records}
        nowhere = {name: unknown_like(word) for name, word in there.items()}
        yield address, address.path(own, **there), address.path(own, **nowhere)


def seen(answer: Answer) -> tuple[int, bytes, int]:
    return answer.status, answer.response.content, answer.queries


def told_apart(
    asker: Asker,
    world: World,
    foreign: str,
    *,
    methods: tuple[str, ...] = (),
    addresses: Collection[Address] = ALL.values(),
) -> Iterator[str]:
    """What answers otherwise for a record of `foreign` than for one that does not exist, in words."""
    for address, there, nowhere in pairs(world, asker.someone.client, foreign):
        if address not in addresses:
            continue
        for method in methods or address.takes:
            found, missing = asker.ask(there, method), asker.ask(nowhere, method)
            if seen(found) != seen(missing) or not (found.refuses or found.not_allowed):
                yield (
                    f"{method} {address.name} of {foreign}: {found.status} after {found.queries} queries, "
                    f"unknown {missing.status} after {missing.queries}"
                )


def _apart(asker: Asker, first: str, second: str, tries: int) -> bool:
    """Whether the medians of interleaved requests differ by more than APART; each goes first every other time."""
    taken: dict[str, list[float]] = {first: [], second: []}
    for number in range(tries):
        for path in (first, second) if number % 2 else (second, first):
            begun = time.perf_counter()
            asker.ask(path)
            taken[path].append(time.perf_counter() - begun)
    one, other = (statistics.median(times) for times in taken.values())
    return abs(one - other) > APART * min(one, other)


def takes_longer(asker: Asker, there: str, nowhere: str) -> bool:
    """Whether one of the two takes measurably longer, each time it is measured."""
    return all(_apart(asker, there, nowhere, tries) for tries in TRIES)


def one_of_each(asker: Asker, world: World, foreign: str) -> dict[tuple[str, str], tuple[str, str]]:
    """By room and parameter, an address that looks for its record when it is read, as in `pairs`."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for address, there, nowhere in pairs(world, asker.someone.client, foreign):
        kind = address.name.partition(":")[0], address.records[0]
        if kind not in found and asker.ask(there).status == 404:
            found[kind] = there, nowhere
    return found
