"""Which numbers a file has in mind for its words, by the scores beside them: twice "High" with 16 are four each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import prod

from vciso.imports.levels import Level, reading_of
from vciso.imports.scales import Scale
from vciso.imports.tables import Table

Numbering = Mapping[str, int]
_OF_FIVE: Numbering = {"vl": 1, "l": 2, "m": 3, "h": 4, "vh": 5, "xh": 5}
_NUMBERINGS: tuple[Numbering, ...] = (
    _OF_FIVE,
    {"l": 1, "m": 2, "h": 3},
    {"l": 1, "m": 2, "h": 3, "vh": 4, "xh": 4},
)
_FEWEST = 3
"""So many rows have to bear a numbering out."""
_SHARE = 0.8
Triple = tuple[Level, Level, float]


def triples_of(table: Table, columns: tuple[int, int, int]) -> Iterable[Triple]:
    """The words of both halves of each row of a table with the number of its score."""
    for line in table.lines:
        one, two, score = (reading_of(line.row.cell(index).text) for index in columns)
        if one.plain and two.plain and one.number is None and two.number is None and score.number:
            yield one, two, score.number


def numbering_of(triples: Collection[Triple]) -> Numbering | None:
    """The numbering whose products are the scores of the file; ``None`` where none is."""
    if len(triples) < _FEWEST:
        return None
    return next((numbering for numbering in _NUMBERINGS if _borne_out(numbering, triples)), None)


def _borne_out(numbering: Numbering, triples: Collection[Triple]) -> bool:
    right = sum(numbering.get(one.plain, 0) * numbering.get(two.plain, 0) == score for one, two, score in triples)
    return right >= _SHARE * len(triples)


def number_words(numbering: Numbering | None, scale: Scale) -> None:
    """Make words that the file numbers as those of five levels levels of five, however few of them it uses."""
    if numbering is not _OF_FIVE:
        return
    for form, text in scale.shown.items():
        if (name := reading_of(text).plain) and form in scale.levels:
            scale.levels[form] = numbering[name]


def product(numbering: Numbering | None, texts: Iterable[str]) -> float:
    """What the words of a row amount to in the numbers of the file; 0 where they are no words of its numbering."""
    return float(prod((numbering or {}).get(reading_of(text).plain, 0) for text in texts))
