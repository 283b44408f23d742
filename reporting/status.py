"""The status word of a client, computed from its records; the same word everywhere.

*Act now*: a risk is above its limit without an approved plan that still runs or an
acceptance in force. *Watch*: a risk is above its limit with one of them, or something
due within 30 days has nobody's name on it. *Inside your limits*: otherwise. Where no
risk has been rated, or no limit has been set, nobody can know, and the word says so.
A consultant may print a worse word with a reason, never a better one.
"""

from __future__ import annotations

from dataclasses import dataclass

from reporting import formats
from reporting.enums import Word

WITHOUT_OWNER_DAYS = 30


@dataclass(frozen=True)
class Inputs:
    """What the word is computed from, for one client on one day. All counts."""

    rated: int
    with_limit: int
    above_unplanned: int
    above_planned: int
    above_accepted: int
    due_without_owner: int

    @property
    def above(self) -> int:
        """Every risk above its limit. An acceptance does not take one out of the count."""
        return self.above_unplanned + self.above_planned + self.above_accepted


@dataclass(frozen=True)
class Status:
    """The word, and why in sentences."""

    word: Word
    reasons: tuple[str, ...]

    @property
    def label(self) -> str:
        """The word as people read it."""
        return str(self.word.label)

    @property
    def sentence(self) -> str:
        """Every reason, one after the other."""
        return " ".join(self.reasons)


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(n=formats.capital(formats.in_words(number)))


def compute(given: Inputs) -> Status:
    """The word for one client. Unknown is said as unknown, never as inside.

    >>> compute(Inputs(4, 4, 0, 1, 0, 0)).word.label
    'Watch'
    """
    reasons: list[str] = []
    if given.above_unplanned:
        reasons.append(
            _count(
                given.above_unplanned,
                "One risk above your limit has neither an approved plan nor an acceptance.",
                "{n} risks above your limit have neither an approved plan nor an acceptance.",
            )
        )
        return Status(Word.ACT_NOW, tuple(reasons))
    if given.above_planned:
        reasons.append(
            _count(
                given.above_planned,
                "One risk is above your limit; an approved plan is running.",
                "{n} risks are above your limit; approved plans are running.",
            )
        )
    if given.above_accepted:
        reasons.append(
            _count(
                given.above_accepted,
                "One risk above your limit has been accepted until a date.",
                "{n} risks above your limit have been accepted until a date.",
            )
        )
    if given.due_without_owner:
        reasons.append(
            _count(
                given.due_without_owner,
                "One thing is due within 30 days and has no owner.",
                "{n} things are due within 30 days and have no owner.",
            )
        )
    if reasons:
        return Status(Word.WATCH, tuple(reasons))
    if given.rated == 0:
        return Status(Word.NOT_KNOWN, ("No risk has been rated yet, so nobody can say.",))
    if given.with_limit == 0:
        return Status(Word.NOT_KNOWN, ("No limit has been agreed yet, so nobody can say.",))
    return Status(Word.INSIDE, ("No risk is above your limit.",))
