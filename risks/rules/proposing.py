"""Which scenarios of the library concern a client, and why. Pure: facts in, reasons out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

EVERYBODY = "all"
MANY_PEOPLE, FEW_PEOPLE = 50, 25
"""From so many people on a business counts as large here, below so many as small."""
SOON_HOURS = 24
"""What has to be back within so many hours counts as work that cannot stop."""
LEVELS = {"low": 2, "medium": 3, "high": 4}
"""The likelihood that a word of the library begins with, before controls."""
EXACT = 3
"""Words of so many letters name a sector only as they stand: “IT” is not the beginning of “Italian”."""

SECTOR, DATA, PROFILE, ALL = 4, 3, 2, 1
"""How much each kind of reason weighs in the order of proposals."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One entry of the library. `hints` ask about an impact category, by its key.

    `edition` counts the practice's changes; the entries that come with the portal have 0. `was` holds
    the words before the last change, part by part.
    """

    key: str
    title: str
    cause: str
    event: str
    consequence: str
    likelihood: str
    categories: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    edition: int = 0
    was: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> int:
        return LEVELS[self.likelihood]

    @property
    def is_own(self) -> bool:
        """Whether the practice wrote it, or its words."""
        return self.edition > 0


@dataclass(frozen=True, slots=True)
class Sector:
    """A line of business and the words by which people call it."""

    key: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a client where proposals are made.

    `data` holds each kind of data by its label, `run_by` the names of what each side runs, `urgent`
    the name and hours of what must be back soonest.
    """

    sectors: tuple[Sector, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    people: int | None = None
    run_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    urgent: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Why a scenario concerns a client, the strongest reason first; without one it may not."""

    reasons: tuple[str, ...]
    weight: int


def sectors_of(text: str, known: tuple[Sector, ...]) -> tuple[Sector, ...]:
    """The sectors that a profile's own words name, narrower ones first."""
    words = re.findall(r"[\w’'-]+", text.lower())
    return tuple(sector for sector in known if any(_names(word, sector) for word in words))


def _names(word: str, sector: Sector) -> bool:
    return any(word == one if len(one) <= EXACT else word.startswith(one) for one in sector.words)


def weigh(scenario: Scenario, facts: Facts) -> Weighed:
    """The reasons from sector, data held and profile, and their weight together.

    The profile alone proposes nothing that is about certain sectors' data: any plant has something
    that must be back within hours, and no patients.
    """
    found: list[tuple[int, str]] = []
    if sector := next((one for one in facts.sectors if one.key in scenario.industries), None):
        found.append((SECTOR, f"Common in {sector.label}"))
    if held := [facts.data[kind] for kind in scenario.data if kind in facts.data]:
        found.append((DATA + len(held) - 1, f"Holds {_listed(held)}"))
    if found or EVERYBODY in scenario.industries or not scenario.data:
        found += [(PROFILE, words) for one in scenario.when if (words := WHEN[one](facts))]
    if EVERYBODY not in scenario.industries:
        return Weighed(tuple(words for _, words in found), sum(weight for weight, _ in found))
    # What concerns everybody needs no saying beside a reason of this client's own.
    reasons = tuple(words for _, words in found) or ("Concerns every business",)
    return Weighed(reasons, ALL + sum(weight for weight, _ in found))


def _listed(labels: list[str]) -> str:
    words = [label[0].lower() + label[1:] for label in labels]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _runs(facts: Facts, side: str, who: str) -> str:
    names = facts.run_by.get(side, ())
    if not names:
        return ""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{who} {names[0]}{more}"


def _many(facts: Facts) -> str:
    return f"{facts.people:,} people work there" if facts.people and facts.people >= MANY_PEOPLE else ""


def _few(facts: Facts) -> str:
    return f"Only {facts.people} people work there" if facts.people and facts.people < FEW_PEOPLE else ""


def _urgent(facts: Facts) -> str:
    if facts.urgent is None or facts.urgent[1] > SOON_HOURS:
        return ""
    name, hours = facts.urgent
    return f"{name} must be back within {hours} hours" if hours > 1 else f"{name} must be back within an hour"


WHEN = {
    "it_provider": lambda facts: _runs(facts, "it_provider", "The IT provider runs"),
    "vendor_run": lambda facts: _runs(facts, "vendor", "A vendor runs"),
    "own_systems": lambda facts: _runs(facts, "client", "The business itself runs"),
    "no_stop": _urgent,
    "many_people": _many,
    "few_people": _few,
}
"""The facts of a profile that a scenario may name, each with the words of its reason."""
