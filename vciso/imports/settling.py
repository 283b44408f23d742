"""Where the scales of a file end, by everything its ratings and scores say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vciso.imports import legends, scales
from vciso.imports.levels import reading_of
from vciso.imports.mapping import Mapping, Question
from vciso.imports.pairs import halves_of
from vciso.imports.registry import FieldKind, ImportKind
from vciso.imports.tables import cells_below

if TYPE_CHECKING:
    from vciso.imports.guessing import Guess, SheetGuess

OUTGROWN = "outgrown."
"""How the questions about scales begin that were remembered and do not hold for this file."""
_ENDS = tuple((str(end), name) for end, name in scales.SCALES.items())


def settle_scales(result: Guess, used: list[SheetGuess], kind: ImportKind) -> None:
    """Where each column's levels end: as its heading, the scores or the numbers of the whole file say, else asked."""
    labels = {field.key: field.label for field in kind.fields}
    texts: dict[str, list[str]] = {}
    for item in used:
        by_index = {column.index: column for column in item.header.columns}
        for index, key in item.columns.items():
            field = kind.field(key) if key else None
            if field is not None and field.kind is FieldKind.PAIR and field.of:
                header = f"{by_index[index].group} {by_index[index].header}"
                cells = cells_below(item.sheet, item.header, index)
                for half, held in zip(field.of, halves_of([cell.text for cell in cells], header), strict=True):
                    texts.setdefault(half, []).extend(held)
            if field is not None and field.rated:
                column = by_index[index]
                texts.setdefault(key, [])
                texts[key] += [cell.text for cell in cells_below(item.sheet, item.header, index)]
                stated = legends.hint(f"{column.group} {column.header}")
                if column.header == labels[key] or stated or (kind.ours and kind.ours in item.columns.values()):
                    parts_of_one = stated == 100 and _top_of(texts[key]).top == 1
                    # A header in percent over cells such as 0.3 means parts of one.
                    result.mapping.tops[key] = 1 if parts_of_one else stated or 5
        _take_tops_of_scores(result, item, kind)
    together = _top_of([text for held in texts.values() for text in held])
    for key, held in texts.items():
        result.ratings[key] = [number for text in held if (number := reading_of(text).number) is not None]
        if key in result.mapping.tops:
            continue
        top = _own_or_shared(_top_of(held), together)
        result.mapping.tops[key] = top.top
        if top.unsure:
            result.questions.append(
                Question(
                    f"top.{key}",
                    f"{_why_unsure(labels[key], held, top)} Where does the scale end?",
                    tuple(dict.fromkeys(held))[:3],
                    str(top.top),
                    _ENDS,
                )
            )


def _top_of(texts: list[str]) -> scales.Top:
    return scales.top_of([reading_of(text) for text in texts])


_WHOLE = 12
"""So many numbers that end at five make a column of five levels likely, whatever stands in the others."""


def _own_or_shared(own: scales.Top, together: scales.Top) -> scales.Top:
    """The scale of a column: that of the whole file, unless its own numbers speak against it."""
    if own.top == 1 or (together.top > 10 and own.top <= 10):
        # A percentage beside a 1–5 column is a scale of its own.
        return own
    if own.top >= together.top and own.top > 5 and not own.unsure and own.of >= _WHOLE:
        return own
    if own.top > together.top and own.top > 5 and len(own.beyond) != 1 and own.of > 1:
        return replace(own, unsure=True)
    if own.top == 5 and together.top == 10 and own.of >= _WHOLE and not own.unsure:
        return replace(own, unsure=True)
    return together if own.of else own


def _why_unsure(label: str, texts: list[str], top: scales.Top) -> str:
    if top.beyond:
        higher = ", ".join(f"{number:g}" for number in sorted(set(top.beyond))[:4])
        count = f"{len(top.beyond)} of {top.of} ratings"
        return f"{count} are higher than the others ({higher}), and {label.lower()} may go beyond 5."
    return f"{label} goes no higher than {_highest(texts)}."


def _take_tops_of_scores(result: Guess, item: SheetGuess, kind: ImportKind) -> None:
    """A score says how far its two scales reach: by its header, or by being higher than 4 × 4."""
    by_index = {column.index: column for column in item.header.columns}
    for index, key in item.columns.items():
        field = kind.field(key) if key else None
        if field is None or field.kind is not FieldKind.SCORE or not field.of:
            continue
        top = legends.product_hint(f"{by_index[index].group} {by_index[index].header}")
        readings = [reading_of(cell.text) for cell in cells_below(item.sheet, item.header, index)]
        scores = sorted(reading.number for reading in readings if reading.number is not None)
        # The product of a slip of a finger says nothing.
        scores = scores[: len(scores) - len(scores) // _SLIPS]
        if not top and scores and 16 < scores[-1] <= 25:
            top = 5
        for other in field.of:
            if top and other in item.columns.values() and _at_most(item, other, top):
                result.mapping.tops.setdefault(other, top)


def _highest(texts: list[str]) -> str:
    return f"{max((reading_of(text).number or 0 for text in texts), default=0):g}"


_SLIPS = 12
"""One number in so many may be mistyped."""


def _at_most(item: SheetGuess, key: str, top: int) -> bool:
    cells = [cell for index, held in item.columns.items() if held == key
             for cell in cells_below(item.sheet, item.header, index)]  # fmt: skip
    beyond = sum((reading_of(cell.text).number or 0) > top for cell in cells)
    return beyond <= len(cells) // _SLIPS


def keep_scales(result: Guess, remembered: Mapping, kind: ImportKind) -> None:
    """The remembered scales, but for those that the numbers of this file have outgrown: they are asked about."""
    result.mapping.scales = dict(remembered.scales)
    for key, top in remembered.tops.items():
        found = result.mapping.tops.get(key, 0)
        if found in (0, top) or not scales.outgrown(result.ratings.get(key, []), top):
            result.mapping.tops[key] = top
            continue
        result.mapping.scales.pop(key, None)
        before, now = scales.scale_name(top), scales.scale_name(found)
        text = f"{kind.field(key).label} was read as {before} in the last file with these headings. Here it goes up to "
        text += f"{max(result.ratings[key]):g}, so it is read as {now}. Where does the scale end?"
        result.questions.append(Question(f"{OUTGROWN}{key}", text, (), str(found), _ENDS))
