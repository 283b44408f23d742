"""The plain values every report is made of: figures that can be traced, words, and who made it.

Nothing here knows Django. A document is frozen when it is prepared and is never
recomputed: a figure carries the id of the formula that made it and the records,
with their versions, that it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Movement = Literal["better", "worse", "same", "first", "not comparable"]
Kind = Literal["monthly", "quarterly"]

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a figure: what kind, its reference on screen, its id and version."""

    kind: str
    reference: str
    id: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as printed, the formula that made it and the records it was made from.

    `value` is None when the figure is not known; `text` is what is printed.
    """

    value: int | float | None
    text: str
    formula: str
    records: tuple[Record, ...] = ()
    was: str = ""
    movement: Movement = "first"

    @property
    def known(self) -> bool:
        return self.value is not None

    @classmethod
    def count(cls, formula: str, records: tuple[Record, ...] | list[Record]) -> Figure:
        """A count of records, which are the ones it can be opened to."""
        return cls(value=len(records), text=f"{len(records):,}", formula=formula, records=tuple(records))

    @classmethod
    def unknown(cls, formula: str, text: str = NOT_KNOWN) -> Figure:
        """Said in words, never drawn as zero or fine."""
        return cls(value=None, text=text, formula=formula, movement="not comparable")

    def since(self, previous: Figure | None, *, lower_is_better: bool = True, tolerance: float = 0.0) -> Figure:
        """The same figure compared with the one in the last published report of this kind.

        `tolerance` is the dead band as a share of the earlier value (money: 0.05).
        A changed formula, or a value not known on either side, is not comparable.
        """
        if previous is None:
            return replace(self, was="", movement="not comparable" if not self.known else "first")
        movement: Movement = "not comparable"
        if self.value is not None and previous.value is not None and self.formula == previous.formula:
            movement = movement_of(self.value, previous.value, lower_is_better, tolerance)
        return replace(self, was=previous.text, movement=movement)


def movement_of(now: float, was: float, lower_is_better: bool = True, tolerance: float = 0.0) -> Movement:
    """Better, worse, or the same within a dead band around the earlier value."""
    if abs(now - was) <= abs(was) * tolerance:
        return "same"
    return "better" if (now < was) == lower_is_better else "worse"


@dataclass(frozen=True, slots=True)
class Band:
    """One band of scores; `step` 1 to 4 is its place from light to dark."""

    label: str
    low: int
    high: int
    step: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The client's bands and the words for each level, as they stood on the day.

    `means` says what each likelihood means, `costs` the most that each of the first four impacts
    costs, in minor units; both are empty where nothing was agreed.
    """

    bands: tuple[Band, ...] = (
        Band("Low", 1, 5, 1),
        Band("Medium", 6, 10, 2),
        Band("High", 12, 16, 3),
        Band("Critical", 20, 25, 4),
    )
    likelihood: tuple[str, ...] = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
    impact: tuple[str, ...] = ("Minor", "Modest", "Serious", "Major", "Severe")
    means: tuple[str, ...] = ()
    costs: tuple[int, ...] = ()

    def band(self, score: int) -> Band:
        """The highest band whose lower edge the score reaches."""
        reached = [band for band in self.bands if band.low <= score]
        return max(reached, key=lambda band: band.low) if reached else self.bands[0]

    def cost(self, impact: int) -> tuple[int | None, int | None]:
        """From which sum to which an impact costs; an open end is None."""
        if not self.costs:
            return None, None
        low = self.costs[impact - 2] if impact > 1 else None
        return low, self.costs[impact - 1] if impact <= len(self.costs) else None

    def top_of(self, label: str) -> int | None:
        """The highest score a band still holds, where a limit's tick is drawn."""
        return next((band.high for band in self.bands if band.label == label), None)


@dataclass(frozen=True, slots=True)
class Previous:
    """The last published report of the same kind, which every trend compares with."""

    reference: str
    period_label: str
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose report this is, for which days, and when its data was read."""

    kind: Kind
    client_name: str
    period: str
    period_label: str
    period_from: date
    period_to: date
    data_as_of: date
    language: str = "en-GB"
    currency: str = "USD"
    time_zone: str = "UTC"
    scale: Scale = Scale()
    previous: Previous | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """How this revision is presented: who prepared it, for whose approval, in whose look.

    `approver` is the second consultant; empty means the practice prepares and approves
    with one consultant, and the report says so. `logo` names an asset handed to the
    renderer as bytes. `prepared_on` is the day it was handed in, or asked for: the approved
    bytes are the published ones, so no page can know the day of publication. `state`
    "draft" and "preview" are printed on every page.
    """

    reference: str
    practice_name: str
    prepared_by: str
    prepared_role: str = "Virtual CISO"
    approver: str = ""
    prepared_on: date | None = None
    issued: date | None = None
    revision: int = 1
    restated: tuple[str, ...] = ()
    state: Literal["draft", "preview", "final"] = "final"
    classification: str = "Confidential"
    audience: str = "leadership team"
    meeting: str = ""
    paper: Literal["a4", "letter"] = "a4"
    accent: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A section's heading, a sentence, and its body in markdown; both may be edited."""

    key: str
    heading: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means, for the glossary and the definitions."""

    word: str
    meaning: str
