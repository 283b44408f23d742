"""Where the scales of a file end, by everything its ratings and scores say together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from vciso.imports import legends, scales
from vciso.imports.groups import halves_of_scores, of_several_times, stem
from vciso.imports.levels import Level, reading_of
from vciso.imports.mapping import Mapping, Question
from vciso.imports.pairs import halves_of
from vciso.imports.reading.book import Cell
from vciso.imports.registry import Field, FieldKind, ImportKind
from vciso.imports.tables import Column, cells_below

if TYPE_CHECKING:
    from vciso.imports.guessing import Guess, SheetGuess

OUTGROWN = "outgrown."
"""How the questions about scales begin that were remembered and do not hold for this file."""
WORST = "worst."
"""How those about the worst end of a scale begin."""
_ENDS = tuple((str(end), name) for end, name in scales.SCALES.items())


@dataclass
class _Ratings:
    """What the columns of one rating hold, over all tabs that are read."""

    texts: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    explained: list[Level] = field(default_factory=list)
    """The levels that a legend of the file explains."""

    @property
    def explained_end(self) -> int:
        """Where the scale ends that a legend explains from 1 on, if no number lies above it; else 0."""
        steps = {level.number for level in self.explained}
        end = len(steps)
        whole = steps == set(range(1, end + 1)) and end in (3, 4, 5, 10)
        return end if whole and max(self.numbers, default=0) <= end else 0

    @cached_property
    def readings(self) -> list[Level]:
        return [reading_of(text) for text in self.texts]

    @property
    def numbers(self) -> list[float]:
        return [reading.number for reading in self.readings if reading.number is not None]

    @cached_property
    def facing(self) -> int:
        """1 where the highest number is the worst, -1 where 1 is; 0 where neither heading nor words say."""
        by_heading = next((found for header in self.headers if (found := legends.direction(legends.legend(header)))), 0)
        return by_heading or legends.direction(self.readings)


def settle_scales(result: Guess, used: list[SheetGuess], kind: ImportKind, explained: dict[str, list[Level]]) -> None:
    """Where each column's levels end: as its heading, the scores or the numbers of the whole file say, else asked.

    ``explained`` are the levels that a legend of the file explains, by the word that fields of their rating begin with.
    """
    held = _ratings(result, used, kind)
    for key, ratings in held.items():
        ratings.explained = explained.get(stem(key).removesuffix("_each"), [])
        if (end := ratings.explained_end) and key not in result.mapping.tops:
            result.mapping.tops[key] = end
    _settle_tops(result, held, kind)
    _settle_directions(result, held, kind)


def _ratings(result: Guess, used: list[SheetGuess], kind: ImportKind) -> dict[str, _Ratings]:
    """The ratings by field, those in pairs too; what a heading states of its scale is settled on the way."""
    found: dict[str, _Ratings] = {}
    for item in used:
        by_index = {column.index: column for column in item.header.columns}
        earlier = {alike[-1].index: alike[:-1] for alike in _told_of_several_times(item)}
        ours = bool(kind.ours) and kind.ours in item.columns.values()
        for index, key in item.columns.items():
            field_ = kind.by_key.get(key)
            if field_ is None:
                continue
            column = by_index[index]
            header = f"{column.group} {column.header}"
            texts = [cell.text for cell in cells_below(item.sheet, item.header, index)]
            if field_.kind is FieldKind.PAIR and field_.of:
                for half, part in zip(field_.of, halves_of(texts, header), strict=True):
                    found.setdefault(half, _Ratings()).texts.extend(part)
            if not field_.rated:
                continue
            held = found.setdefault(key, _Ratings())
            held.texts += texts
            held.texts += [cell.text for before in earlier.get(index, ()) for cell in _cells(item, before)]
            held.headers.append(header)
            stated = legends.hint(header)
            if column.header == field_.label or stated or ours:
                parts_of_one = stated == 100 and scales.top_of(held.readings).top == 1
                # A header in percent over cells such as 0.3 means parts of one.
                result.mapping.tops[key] = 1 if parts_of_one else stated or 5
        _take_tops_of_scores(result, item, kind)
    return found


def _told_of_several_times(item: SheetGuess) -> list[list[Column]]:
    """Columns of one meaning that a later one says anew, with that one as the last: they are of one scale."""
    found = []
    for alike in of_several_times(item.header.columns):
        read = [column for column in alike if item.columns.get(column.index)]
        if len(read) == 1:
            found.append([*(column for column in alike if column not in read), *read])
    return found


def _cells(item: SheetGuess, column: Column) -> list[Cell]:
    return cells_below(item.sheet, item.header, column.index)


def _settle_tops(result: Guess, held: dict[str, _Ratings], kind: ImportKind) -> None:
    even = [ratings for ratings in held.values() if not scales.steps_of(ratings.numbers)]
    together = scales.top_of([reading for ratings in even for reading in ratings.readings])
    for key, ratings in held.items():
        result.ratings[key] = ratings.numbers
        if key in result.mapping.tops:
            continue
        top = _own_or_shared(scales.top_of(ratings.readings), together)
        result.mapping.tops[key] = top.top
        if top.unsure and not scales.steps_of(ratings.numbers) and not _lacks_likelihood(kind.field(key), held, kind):
            why = _why_unsure(kind.field(key).label, ratings.texts, top)
            examples = tuple(dict.fromkeys(ratings.texts))[:3]
            result.questions.append(
                Question(f"top.{key}", f"{why} Where does the scale end?", examples, str(top.top), _ENDS)
            )


def _lacks_likelihood(field: Field, held: dict[str, _Ratings], kind: ImportKind) -> bool:
    """Whether sorts of an impact stand in a file without anything to rate them with: they are not read."""
    partners = halves_of_scores(kind) - {stem(field.each.rating)} if field.each else frozenset()
    return bool(partners) and not any(stem(key) in partners for key in held)


def _settle_directions(result: Guess, held: dict[str, _Ratings], kind: ImportKind) -> None:
    """Which end is the worst is asked where words contradict numbers, and of bare numbers beside a turned column.

    Bare numbers are read like the columns of their family, else turned like the other.
    """
    facing = result.facing = {key: ratings.facing for key, ratings in held.items()}
    told = {key: legends.direction(ratings.explained) for key, ratings in held.items()}
    if -1 not in (*facing.values(), *told.values()) and not any(
        legends.contradicts(ratings.readings) for ratings in held.values()
    ):
        return
    for key, ratings in held.items():
        if not any(ratings.numbers):
            continue
        label = kind.field(key).label
        family = [way for other, way in facing.items() if way and other.split("_")[0] == key.split("_")[0]]
        if not facing[key] and legends.contradicts(ratings.readings):
            way = legends.leaning(ratings.readings)
            why = f"The words of {label.lower()} rise with their numbers in some cells and fall in others."
        elif not facing[key] and told[key]:
            if told[key] > 0:
                continue
            way, why = -1, f"A legend in the file has 1 for the worst, and {label.lower()} holds bare numbers."
        elif not facing[key] and -1 in facing.values():
            way = (family or [-1])[0]
            why = f"Another column has 1 for the worst, and {label.lower()} holds bare numbers."
        elif facing[key] < 0 and 1 in facing.values():
            way, why = -1, f"{label} has 1 for the worst, and another column the highest number."
        else:
            continue
        result.mapping.worst[key] = answer = scales.LOW if way < 0 else scales.HIGH
        examples = tuple(dict.fromkeys(ratings.texts))[:4]
        options = tuple(scales.ENDS.items())
        result.questions.append(Question(f"{WORST}{key}", f"{why} Which end is the worst?", examples, answer, options))


_WHOLE = 12
"""So many numbers that end at five make a column of five levels likely, whatever stands in the others."""


def _own_or_shared(own: scales.Top, together: scales.Top) -> scales.Top:
    """The scale of a column: that of the whole file, unless its own numbers speak against it."""
    if own.top == 1 or own.by_words or (together.top > 10 and own.top <= 10):
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
    _keep_directions(result, remembered)
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


def _keep_directions(result: Guess, remembered: Mapping) -> None:
    """Which end was said to be the worst, unless the words of this file say otherwise; what nobody said is asked."""
    said = {key: end for key, end in remembered.worst.items() if not result.facing.get(key)}
    result.mapping.worst |= said
    result.questions = [
        replace(question, key=f"{OUTGROWN}{question.key}")
        if question.key.startswith(WORST) and question.key.removeprefix(WORST) not in said
        else question
        for question in result.questions
    ]
