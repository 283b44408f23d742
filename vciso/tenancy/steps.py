"""Which state of a record may follow which; the database holds every writer to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Steps:
    """The way of a kind of record, said once beside its states.

    The migration spells the same out (`KeepSteps`, `OnlyByAnswer`), since a migration never
    changes; a test tries every pair of states in the database and compares.
    """

    begins: frozenset[str]
    follow: Mapping[str, frozenset[str]]
    # States that only the answer of the person asked gives, and the choice that it takes (“*”: any).
    by_answer: Mapping[str, str] = field(default_factory=dict)

    def allows(self, before: str, after: str) -> bool:
        """Whether a record may go from one state to the other."""
        return after in self.follow.get(before, frozenset())

    def ends(self) -> Iterator[str]:
        """States that nothing follows."""
        return (state for states in self.follow.values() for state in sorted(states) if state not in self.follow)
