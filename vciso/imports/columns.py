"""What each column of a table is: by its heading, by what it holds, and by what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from vciso.imports.amounts import is_measured, points_of_estimates
from vciso.imports.dates import read_day
from vciso.imports.dictionary import Dictionary, Match
from vciso.imports.evidence import fit, holds_levels, holds_sums
from vciso.imports.groups import asset_values, older, stem
from vciso.imports.mapping import NOTE
from vciso.imports.pairs import holds_pairs, rating_named
from vciso.imports.reading.book import Cell, Sheet
from vciso.imports.reading.texts import plain
from vciso.imports.registry import Field, FieldKind, ImportKind
from vciso.imports.tables import Column, Header, cells_below
from vciso.imports.values import is_choice

ACCEPT = 0.5
_PARTS = re.compile(r"\s*(?:[/×&+,|]|\bx\b|\band\b)\s*", re.I)
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def is_own(header: Header, kind: ImportKind) -> bool:
    """Whether the headings are those our exports write."""
    labels = {field.heading for field in kind.fields} | {field.label for field in kind.fields}
    headed = [column for column in header.columns if column.header]
    return len(headed) >= 5 and sum(c.header in labels for c in headed) >= 0.8 * len(headed)


Offer = tuple[float, int, Match]
"""How surely a column is a field."""


def guess_columns(
    sheet: Sheet, header: Header, dictionary: Dictionary, *, on: date
) -> tuple[dict[int, str], dict[int, float]]:
    """Field keys by column, and how sure each is; a column nobody knows becomes a note."""
    kind = dictionary.kind
    contents = {column.index: cells_below(sheet, header, column.index) for column in header.columns}
    own_file = is_own(header, kind)
    told_apart = _told_apart(header, dictionary)
    left = older(header.columns, contents, on) | points_of_estimates(header.columns, contents)
    offers = [
        offer
        for column in header.columns
        if column.header and column.index not in left
        for offer in (
            *_offers(column, contents[column.index], dictionary, own_file=own_file),
            *(_offers_of_sorts(column, contents[column.index], dictionary) if column.index in told_apart else ()),
        )
    ]
    columns, sure = _assign(offers)
    _move_to_come(columns, contents, kind, on)
    _prefer_title(offers, columns, sure, kind.title_field)
    for column in header.columns:
        if column.header or contents[column.index]:
            columns.setdefault(column.index, NOTE)
    _name_sorts(header, columns, sure, contents, dictionary)
    _leave_scores(header, columns, kind)
    for column in asset_values(header.columns, columns, dictionary):
        columns[column.index] = NOTE
        sure.pop(column.index, None)
    _price_sorts(header, columns, sure, contents, dictionary)
    _aim(header, columns, kind)
    _move_bare(header, columns, kind)
    _move_lonely(header, columns, kind)
    _ensure_reference(header, columns, sure, contents, dictionary)
    _ensure_title(columns, sure, contents, kind)
    return columns, sure


_AMOUNTS = (FieldKind.MONEY, FieldKind.NUMBER)


def _offers(column: Column, cells: list[Cell], dictionary: Dictionary, *, own_file: bool) -> Iterator[Offer]:
    """The fields a column may be, by its heading as far as its cells fit."""
    if holds_pairs(cells, f"{column.group} {column.header}"):
        yield from _offers_of_pairs(column, dictionary)
        return
    if _names_two_scales(column, dictionary):
        return
    matches = dictionary.matches(column.asked, column.above)[:8]
    if is_measured(column, cells):
        matches = [match for match in matches if match.field.kind in _AMOUNTS]
    rating = max((match.confidence for match in matches if match.field.rated), default=0.0)
    for match in matches:
        if match.confidence < ACCEPT or match.field.kind is FieldKind.PAIR:
            continue
        if match.field.each and _stands_whole(column, dictionary):
            continue
        if match.field.kind is FieldKind.SCORE and match.confidence < min(rating, _WORD_FOR_WORD):
            # "Final impact rating" is one of the two halves, and no product.
            continue
        if not match.own and (choice := _choice_of(match.field, cells, dictionary.kind)) is not None:
            yield match.confidence, column.index, Match(choice, match.confidence)
            continue
        quality = fit(match.field, cells, own=match.own and own_file)
        if quality > 0 and match.confidence * quality >= ACCEPT:
            bonus = 0.002 if cells else -0.2
            yield match.confidence * quality + bonus, column.index, match
        if match.field.prose in ("", dictionary.kind.notes_field):
            # In the notes a column stands under its heading, as any that has no field.
            continue
        if quality == 0 or (quality < 1 and match.field.kind in (FieldKind.DATE, FieldKind.CHOICE)):
            prose = Match(dictionary.kind.field(match.field.prose), match.confidence * 0.8)
            if fit(prose.field, cells, own=False) and prose.confidence >= ACCEPT:
                yield prose.confidence, column.index, prose


def _choice_of(field: Field, cells: list[Cell], kind: ImportKind) -> Field | None:
    """The field whose words are all that a column of texts holds: a "treatment plan" of nothing but "Mitigate"."""
    if field.kind is not FieldKind.TEXT or not cells:
        return None
    choices = [item for item in kind.fields if item.kind is FieldKind.CHOICE and item.prose == field.key]
    return next((item for item in choices if all(is_choice(item, cell.text) for cell in cells)), None)


def _move_to_come(columns: dict[int, str], contents: dict[int, list[Cell]], kind: ImportKind, on: date) -> None:
    """Days that have passed by their nature, and lie ahead in most cells, are those that something else is due."""
    for index, key in list(columns.items()):
        field = kind.field(key)
        if not field.ahead_of:
            continue
        days = [read.day for cell in contents[index] if (read := read_day(cell, "dmy")).day is not None]
        if 2 * sum(day > on for day in days if day) > len(days):
            columns[index] = field.ahead_of if field.ahead_of not in columns.values() else NOTE


def _told_apart(header: Header, dictionary: Dictionary) -> set[int]:
    """Columns of a rating that only a word tells apart, "Impact (Cyber)" and "Impact (Ethics)", or a known one."""
    sorts = {column.index: dictionary.sort_of(column.asked, column.above) for column in header.columns}
    whole = {column.index for column in header.columns if _stands_whole(column, dictionary)}
    named = {index: sort for index, sort in sorts.items() if sort and index not in whole}
    if len(set(named.values())) > 1:
        return set(named)
    return {index for index, sort in named.items() if dictionary.knows_sort(sort)}


def _stands_whole(column: Column, dictionary: Dictionary) -> bool:
    """Whether a rating is no sort of one: "Board" and "Works council", each with a likelihood too, are two ratings."""
    return bool(column.spelled) and not dictionary.knows_sort(dictionary.sort_of(column.asked, column.above))


def _offers_of_sorts(column: Column, cells: list[Cell], dictionary: Dictionary) -> Iterator[Offer]:
    if is_measured(column, cells):
        return
    for match in dictionary.each_of(column.asked, column.above, whole=True):
        if (quality := fit(match.field, cells, own=False)) and match.confidence * quality >= ACCEPT:
            # Before what a heading means without its brackets, "Impact".
            yield match.confidence * quality + 0.1, column.index, match


def _offers_of_pairs(column: Column, dictionary: Dictionary) -> Iterator[Offer]:
    """What heads a score heads a pair as well."""
    pairs = {field.of: field for field in dictionary.kind.fields if field.kind is FieldKind.PAIR}
    for match in dictionary.matches(rating_named(column.asked), column.above):
        pair = pairs.get(match.field.of)
        if pair is not None and match.confidence >= ACCEPT:
            yield match.confidence, column.index, Match(pair, match.confidence)


def _names_two_scales(column: Column, dictionary: Dictionary) -> bool:
    """Whether one column holds likelihood and impact in one and its cells are no pairs; they stay in the notes."""
    parts = [dictionary.names_field(part) for part in _PARTS.split(_IN_BRACKETS.sub("", column.header)) if part.strip()]
    sorts = {match.field.key.split("_")[0] for match in parts if match and match.field.rated}
    return len(sorts) > 1


def _assign(offers: list[Offer]) -> tuple[dict[int, str], dict[int, float]]:
    """Give columns to fields, surest first; a field takes a second column only if it may have several."""
    columns: dict[int, str] = {}
    sure: dict[int, float] = {}
    taken: set[str] = set()
    for confidence, index, match in sorted(offers, key=lambda offer: (-offer[0], offer[1])):
        if index in columns or (match.field.key in taken and not match.field.multiple):
            continue
        if match.field.key in taken and confidence < 0.6 and match.field.each is None:
            continue
        columns[index] = match.field.key
        sure[index] = round(min(confidence, 1.0), 3)
        taken.add(match.field.key)
    return columns, sure


def _prefer_title(offers: list[Offer], columns: dict[int, str], sure: dict[int, float], title: str) -> None:
    """A column that names the title word for word is the title where no other is, whatever else it may mean."""
    named = [(confidence, -index) for confidence, index, match in offers if match.field.key == title]
    confidence, index = max(named, default=(0.0, 0))
    if title not in columns.values() and confidence >= _WORD_FOR_WORD:
        columns[-index], sure[-index] = title, round(min(confidence, 1.0), 3)


_WORD_FOR_WORD = 0.9


def _marked(column: Column, words: tuple[str, ...]) -> bool:
    form = f" {plain(f'{column.group} {column.header}')} "
    return any(f" {plain(word)} " in form for word in words)


def _name_sorts(
    header: Header,
    columns: dict[int, str],
    sure: dict[int, float],
    contents: dict[int, list[Cell]],
    dictionary: Dictionary,
) -> None:
    """Columns headed with nothing but a sort, two or more of them and full of levels: "Financial", "Legal", "Safety".

    What stands between two of them is one more. The letters C, I and A are sorts only all three together, and where
    no impact stands beside them.
    """
    kind = dictionary.kind
    rated = {key for key in columns.values() if key and kind.field(key).rated}
    if not dictionary.sorted or not rated:
        return
    full = [column for column in header.columns if column.header and holds_levels(contents[column.index])]
    alone = [column for column in full if dictionary.sort_alone(column.asked)]
    letters = [column for column in alone if len(plain(column.asked)) == 1]
    whole = {item.each.rating for item in kind.fields if item.each}
    overall = {key for index, key in columns.items() if key in whole} - {columns.get(c.index) for c in letters}
    if {plain(column.asked) for column in letters} != set("cia") or overall:
        alone = [column for column in alone if column not in letters]
    free = [column for column in alone if columns.get(column.index) == NOTE or column in letters]
    each = [column for column in header.columns if (key := columns.get(column.index)) and kind.field(key).each]
    places = [column.index for column in (*free, *each)]
    if len(places) < 2:
        return
    between = range(min(places), max(places))
    free += [column for column in full if column.index in between and columns.get(column.index) == NOTE
             and column not in free and _runs_on(column.index, places, full)]  # fmt: skip
    for column in free:
        if (key := _sort_key(column, header, columns, dictionary)) is not None:
            columns[column.index], sure[column.index] = key, 0.7


def _runs_on(index: int, places: Sequence[int], full: Sequence[Column]) -> bool:
    """Whether nothing but columns of levels stands between a column and sorts on both its sides."""
    levels = {column.index for column in full}
    left = max(place for place in places if place < index)
    right = min(place for place in places if place > index)
    return all(place in levels for place in range(left, right))


def _sort_key(column: Column, header: Header, columns: dict[int, str], dictionary: Dictionary) -> str | None:
    """The field of a column headed with a sort: as the heading above says, else that of the only rating there is."""
    fields = [one.field for one in dictionary.sorted]
    if said := [field.key for field in fields if _marked(column, field.marks)]:
        return said[0]
    rated = {index: key for index, key in columns.items() if key and dictionary.kind.field(key).rated}
    if column.group and column.group not in {other.group for other in header.columns if other.index in rated}:
        return None
    endings = {field.key.rsplit("_", 1)[1]: field for field in fields}
    present = {key.rsplit("_", 1)[1] for key in rated.values()}
    return endings[present.pop()].key if len(present) == 1 else None


def _price_sorts(
    header: Header,
    columns: dict[int, str],
    sure: dict[int, float],
    contents: dict[int, list[Cell]],
    dictionary: Dictionary,
) -> None:
    """A sort that is given in money beside others that are rated: without it the worst of them is not known."""
    rated = {key for key in columns.values() if key and dictionary.kind.field(key).each}
    for column in header.columns:
        if columns.get(column.index) != NOTE or not holds_sums(contents[column.index]):
            continue
        for match in dictionary.each_of(column.asked, column.above):
            each = match.field.each
            if each and match.field.key in rated and each.rating not in columns.values():
                columns[column.index], sure[column.index] = match.field.key, 0.6


def _aim(header: Header, columns: dict[int, str], kind: ImportKind) -> None:
    """Of "current" and "residual" columns of one sort the residual is the one aimed at, as with other ratings."""
    for item in kind.fields:
        aimed = item.each.aimed if item.each else None
        mine = [column for column in header.columns if columns.get(column.index) == item.key]
        later = [column for column in mine if aimed and _marked(column, aimed.words)]
        if aimed and later and any(_marked(column, aimed.beside) for column in mine if column not in later):
            columns.update({column.index: aimed.to for column in later})


def _move_bare(header: Header, columns: dict[int, str], kind: ImportKind) -> None:
    """One bare pair of ratings says how the risk stands now; two pairs are before and now."""
    bare = {index: kind.field(key).instead for index, key in columns.items() if key and kind.field(key).instead}
    if not bare or _with_halves(bare.values(), kind) & _with_halves(columns.values(), kind):
        return
    by_index = {column.index: column for column in header.columns}
    if any(_marked(by_index[index], kind.field(columns[index]).marks) for index in bare):
        return
    columns.update(bare)


def _with_halves(keys: Iterable[str], kind: ImportKind) -> set[str]:
    """The fields, and what those of pairs are made of."""
    pairs_of = [kind.field(key).of or () for key in keys if key and kind.field(key).kind is FieldKind.PAIR]
    return {key for key in keys if key} | {half for of in pairs_of for half in of}


def _move_lonely(header: Header, columns: dict[int, str], kind: ImportKind) -> None:
    for column in header.columns:
        key = columns.get(column.index)
        alone = kind.field(key).alone if key else None
        if alone is None or alone.partner in columns.values() or alone.to in columns.values():
            continue
        if set(plain(column.asked).split()) & set(alone.words):
            columns[column.index] = alone.to


_NUMBERED = frozenset("id no nr number num ref key nummer numero code".split())
_FIRST = 2
"""A list bears its numbers in one of so many first columns."""


def _leave_scores(header: Header, columns: dict[int, str], kind: ImportKind) -> None:
    """A score below a heading whose likelihood and impact are not read belongs to them, and to no others."""
    scores = {index: kind.field(key) for index, key in columns.items() if key and kind.field(key).of}
    for column in header.columns:
        score = scores.get(column.index)
        if score is None or not column.group or not score.of:
            continue
        halves = {stem(half) for half in score.of}
        beside = [other.index for other in header.columns if other.group == column.group and other.asked in halves]
        if beside and not any(columns.get(index) for index in beside):
            columns[column.index] = NOTE


def _ensure_reference(
    header: Header,
    columns: dict[int, str],
    sure: dict[int, float],
    contents: dict[int, list[Cell]],
    dictionary: Dictionary,
) -> None:
    """Where no heading names the reference, one of the first columns whose heading ends so and that tells all apart."""
    kind = dictionary.kind
    if kind.key_field in columns.values():
        return
    longest = max(map(len, contents.values()), default=0)
    for column in [column for column in header.columns if column.header][:_FIRST]:
        texts = {cell.text for cell in contents[column.index]}
        words = plain(column.header.replace("#", " no ")).split()
        tells = len(texts) == len(contents[column.index]) == longest > 0
        if columns.get(column.index) != NOTE or not tells or not words or words[-1] not in _NUMBERED:
            continue
        other = dictionary.names_field(" ".join(words[:-1]))
        if other is not None and other.field.key != kind.title_field:
            # "Asset ID" is the number of something else.
            continue
        if fit(kind.field(kind.key_field), contents[column.index], own=False):
            columns[column.index], sure[column.index] = kind.key_field, 0.6
            return


def _ensure_title(
    columns: dict[int, str], sure: dict[int, float], contents: dict[int, list[Cell]], kind: ImportKind
) -> None:
    """Where no header names the title, the column with the longest different texts is proposed."""
    title = kind.field(kind.title_field)
    if {title.key, *title.fallback} & set(columns.values()):
        return
    best, most = 0, 12.0
    for index, cells in contents.items():
        words = [cell.text for cell in cells if isinstance(cell.value, str)]
        if columns.get(index) or len(words) < 1 or len(set(words)) < 0.7 * len(words):
            continue
        length = sum(map(len, words)) / len(words)
        if length > most:
            best, most = index, length
    if best:
        columns[best], sure[best] = title.key, 0.3
