"""The scales of a file's ratings, over all tabs that are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from vciso.imports import scales
from vciso.imports.cellreading import CellReader
from vciso.imports.levels import reading_of
from vciso.imports.mapping import SheetMapping
from vciso.imports.numbering import Numbering, Triple, number_words, numbering_of, triples_of
from vciso.imports.pairs import halves_of
from vciso.imports.registry import Field, FieldKind
from vciso.imports.tables import Table


@dataclass
class ScaleReader(CellReader):
    """Reads cells by the scales that their columns have together."""

    measured: Mapping[str, Callable[[str], int | None]] = field(default_factory=dict, kw_only=True)
    """What texts such as "once in five years" mean, by the word that fields of a rating begin with."""
    numberings: dict[str, Numbering] = field(default_factory=dict, init=False)
    """The numbers that the file has in mind for its words, by the fields of a score and of its halves."""

    def build_scales(self, tables: Sequence[tuple[SheetMapping, Table]]) -> None:
        """Settle the scale of every rating column over all tabs that are read."""
        texts: dict[str, list[str]] = {}
        headers: dict[str, str] = {}
        for sheet, table in tables:
            for item in self.kind.fields:
                if item.kind is FieldKind.PAIR:
                    self._add_halves(item, sheet, table, texts)
                if not item.rated:
                    continue
                for column in sheet.field_columns(item.key):
                    held = texts.setdefault(item.key, [])
                    if (named := table.column(column)) is not None:
                        headers.setdefault(item.key, f"{named.group} {named.header}")
                    held += [line.row.cell(column).text for line in table.lines if not line.row.cell(column).empty]
        together = [text for held in texts.values() for text in held]
        self._settle_numberings(tables)
        for key, held in texts.items():
            top = self.mapping.tops.get(key, 0)
            family = [
                text for other, held_there in texts.items() if _family(other) == _family(key) for text in held_there
            ]
            scale = scales.build(
                held,
                together=_alike(held, family, together),
                top=top,
                header=headers.get(key, ""),
                worst=self.mapping.worst.get(key, ""),
            )
            if (means := self.measured.get(key.split("_")[0])) is not None:
                scale.measure(means)
            number_words(self.numberings.get(key), scale)
            for form, level in self.mapping.scales.get(key, {}).items():
                scale.set(form, level)
            self.built[key] = scale

    def _settle_numberings(self, tables: Sequence[tuple[SheetMapping, Table]]) -> None:
        """Find which numbers the scores of the file give its words."""
        for item in self.kind.fields:
            if item.kind is not FieldKind.SCORE or not item.of:
                continue
            triples: list[Triple] = []
            for sheet, table in tables:
                halves = [index for key in item.of for index in sheet.field_columns(key)]
                for score in sheet.field_columns(item.key) if len(halves) == len(item.of) else ():
                    triples += triples_of(table, (halves[0], halves[1], score))
            if (numbering := numbering_of(triples)) is not None:
                self.numberings |= dict.fromkeys((item.key, *item.of), numbering)

    def _add_halves(self, item: Field, sheet: SheetMapping, table: Table, texts: dict[str, list[str]]) -> None:
        """The levels of a column of pairs, with those of the two fields they are made of."""
        for index in sheet.field_columns(item.key):
            column = table.column(index)
            header = f"{column.group} {column.header}" if column else ""
            held = halves_of([line.row.cell(index).text for line in table.lines], header)
            for half, found in zip(item.of or (), held, strict=True):
                texts.setdefault(half, []).extend(found)


def _family(key: str) -> str:
    """Likelihoods are of one family and impacts of another, one by one in a category too."""
    return key.rsplit("_", 1)[0].removesuffix("_each")


def _alike(own: list[str], family: list[str], together: list[str]) -> list[str]:
    """The texts that tell what scale a column is of.

    Numbers are of one scale over the whole file. Words are of one scale with
    the columns of their sort; only words that five-level scales alone have
    ("very low", "rare") speak for the whole file.
    """
    readings = [reading_of(text) for text in own]
    if sum(1 for reading in readings if reading.plain or reading.five) * 2 <= len(readings):
        return together
    finer = [text for text in together if (held := reading_of(text)).plain in ("vl", "xh") or held.five in (1, 2, 4)]
    return family + finer
