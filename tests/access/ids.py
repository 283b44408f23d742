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
TRIES = 50
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
    methods: tuple[str, ...] = ("GET", "POST"),
    addresses: Collection[Address] = ALL.values(),
) -> Iterator[str]:
    """What answers otherwise for a record of `foreign` than for one that does not exist, in words."""
    for address, there, nowhere in pairs(world, asker.someone.client, foreign):
        if address not in addresses:
            continue
        for method in methods:
            found, missing = asker.ask(there, method), asker.ask(nowhere, method)
            if seen(found) != seen(missing) or not (found.refuses or found.not_allowed):
                yield (
                    f"{method} {address.name} of {foreign}: {found.status} after {found.queries} queries, "
                    f"unknown {missing.status} after {missing.queries}"
                )


def _median(asker: Asker, first: str, second: str) -> tuple[float, float]:
    """Medians of interleaved requests, in seconds."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(TRIES):
        for path, times in zip((first, second), taken, strict=True):
            begun = time.perf_counter()
            asker.ask(path)
            times.append(time.perf_counter() - begun)
    return statistics.median(taken[0]), statistics.median(taken[1])


def takes_longer(asker: Asker, there: str, nowhere: str) -> bool:
    """Whether one of the two takes measurably longer; a first difference is measured once more."""
    for _ in range(2):
        one, other = _median(asker, there, nowhere)
        if abs(one - other) <= APART * min(one, other):
            return False
    return True
