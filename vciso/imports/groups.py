"""Columns under one heading: ratings abbreviated to a letter, and the same ratings for several days."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby, product
from typing import TYPE_CHECKING

from vciso.imports.dates import MONTHS
from vciso.imports.reading.texts import plain, without_brackets
from vciso.imports.registry import RATINGS, FieldKind, ImportKind

if TYPE_CHECKING:
    from vciso.imports.dictionary import Dictionary
    from vciso.imports.tables import Column

_MOST = 6
"""So many columns under one heading may be a rating; more are a table of something else."""
_WORD = 3
"""Shorter headers are letters: all below one heading are of a rating, or none; M, S, C, W is something else."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<=\bFY)\s?\d\d(?!\d)|(?<=[QHTS][1-4])\s*[’'/ ]\s*\d\d(?!\d)", re.I)
_QUARTER = re.compile(
    r"\b[QTK][.\s]?([1-4])(?!\d)|(?<!\d)([1-4])\.?\s*(?:q|quarter|quartal|trimestre|trim|kwartaal)\b", re.I
)
_HALF = re.compile(r"\b[HS][.\s]?([12])(?!\d)", re.I)
_DAY = re.compile(r"(?<!\d)(?:(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))(?!\d)")
_MONTH = re.compile(r"[^\W\d_]+")
_ASIDE = re.compile(r"\bFY\b", re.I)

Period = tuple[int, int, int]
"""Year, month and day up to which a heading speaks; 0 where it does not say."""


def period_of(heading: str) -> tuple[Period | None, str]:
    """The time a heading speaks of, "Q3 2026" or "March 2026", and what is left of it."""
    if match := _DAY.search(heading):
        numbers = [int(number or 0) for number in match.groups()]
        day = (numbers[0], numbers[1], numbers[2]) if numbers[0] else (numbers[5], numbers[4], numbers[3])
        return day, _rest(heading, match[0])
    year = _YEAR.search(heading)
    month, said = 0, ""
    if match := _QUARTER.search(heading):
        month, said = 3 * int(match[1] or match[2]), match[0]
    elif year and (match := _HALF.search(heading)):
        month, said = 6 * int(match[1]), match[0]
    else:
        named = [word for word in _MONTH.findall(heading) if word.casefold() in MONTHS]
        if named:
            month, said = MONTHS[named[0].casefold()], named[0]
    if year is None and (not month or (said.casefold() in MONTHS and _rest(heading, said))):
        # "Set by" is no September.
        return None, heading
    found = int(re.sub(r"\D", "", year[0])) if year else 0
    return (found + 2000 if 0 < found < 100 else found, month, 0), _rest(heading, said, year[0] if year else "")


def _rest(heading: str, *said: str) -> str:
    for text in said:
        heading = heading.replace(text, " ", 1) if text else heading
    return " ".join(_ASIDE.sub(" ", heading).split()).strip(" -–—:/,.()[]'’")


def settle(columns: Sequence[Column], dictionary: Dictionary) -> None:
    """Say of each column in which words a dictionary is to be asked about it."""
    for group, run in groupby(columns, key=lambda column: column.group):
        if group:
            _spell(list(run), dictionary)
            continue
        for (before, short), alike in groupby(run, key=_abbreviates):
            if short:
                _spell(list(alike), dictionary, before)
    _part_periods(columns, dictionary)
    _part_repeats(columns, dictionary)


def _part_repeats(columns: Sequence[Column], dictionary: Dictionary) -> None:
    """Ratings that a list repeats word for word, one block after the other: before controls and now.

    Behind what is still to be done stand those aimed at; three blocks are all three.
    """
    held: dict[str, dict[str, list[Column]]] = defaultdict(lambda: defaultdict(list))
    for column in columns:
        if (
            column.header
            and not column.group
            and column.period is None
            and (name := dictionary.names_bare(column.asked))
        ):
            held[name][plain(column.header)].append(column)
    blocks = {name: alike for name, words in held.items() for alike in words.values() if len(alike) > 1}
    counts = {len(blocks[half]) for half in dictionary.halves if half in blocks}
    if (
        not dictionary.halves
        or not dictionary.halves <= blocks.keys()
        or len(counts) != 1
        or (count := counts.pop()) > 3
    ):
        return
    halves = [blocks[half] for half in dictionary.halves]
    first = [min(alike[number].index for alike in halves) for number in range(count)]
    last = [max(alike[number].index for alike in halves) for number in range(count)]
    if any(end >= start for end, start in zip(last, first[1:], strict=False)):
        return
    named = (dictionary.names_field(column.asked) for column in columns if last[0] < column.index < first[1])
    planned = count == 2 and any(match is not None and match.field.still_to_do for match in named)
    for name, alike in blocks.items():
        fields = [field for field in dictionary.kind.fields if stem(field.key) == name and field.marks]
        if len(alike) != count or len(fields) < count:
            continue
        for number, column in enumerate(alike):
            field = fields[number + planned]
            column.spelled, column.block = f"{field.marks[0]} {column.asked}", number + 1


def _parted(column: Column) -> tuple[str, str]:
    """What a header without a heading above begins with, and its last word: "Brutto" and "EW"."""
    before, _, last = column.header.rpartition(" ")
    return before, last


def _abbreviates(column: Column) -> tuple[str, bool]:
    """What a header begins with, and whether letters follow."""
    before, last = _parted(column)
    return before, 0 < len(plain(last)) <= _WORD


def _spell(run: Sequence[Column], dictionary: Dictionary, before: str = "") -> None:
    """Letters under one heading, or behind one word, are ratings where both halves of a score are among them.

    So are L, I, S and EW, SH, RZ.
    """
    if not 2 <= len(run) <= _MOST:
        return
    words = [column.header if column.group else _parted(column)[1] for column in run]
    options = [dictionary.abbreviated(word) for word in words]
    wanted = dictionary.halves
    if not wanted or not wanted <= {name for names in options for name in names}:
        return
    best: tuple[int, tuple[str, ...]] | None = None
    for picked in product(*([*enumerate(names), (_MOST, "")] for names in options)):
        names = tuple(name for _, name in picked)
        if sorted(name for name in names if name in wanted) != sorted(wanted):
            continue
        if any(len(plain(word)) < _WORD for word, name in zip(words, names, strict=True) if not name):
            continue
        cost = sum(place for place, _ in picked)
        if best is None or cost < best[0]:
            best = cost, names
    for column, name in zip(run, best[1] if best else (), strict=False):
        column.spelled = f"{before} {name}".strip() if name else ""


def _part_periods(columns: Sequence[Column], dictionary: Dictionary) -> None:
    """Ratings that a table holds for several times have their time taken out of their names."""
    held: dict[str, list[tuple[Column, Period, str, str]]] = defaultdict(list)
    for column in columns:
        if not column.header:
            continue
        period, under = period_of(column.group) if column.group else (None, "")
        asked = column.asked
        if period is None:
            period, asked = period_of(column.asked)
        if period is None:
            continue
        if not asked:
            under, asked = "", under
        if asked:
            held[plain(f"{under} {asked}")].append((column, period, under, asked))
    for alike in held.values():
        match = dictionary.names_field(alike[0][3], alike[0][2])
        if len({period for _, period, _, _ in alike}) < 2 or match is None or match.field.kind not in RATINGS:
            continue
        for column, period, under, asked in alike:
            column.period, column.under, column.spelled = period, under, asked


def of_several_times(columns: Sequence[Column]) -> list[list[Column]]:
    """The columns that say the same for several times, those of one meaning together, the earliest first."""
    held: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        if column.period is not None:
            held[plain(f"{column.under} {column.asked}")].append(column)
    return [sorted(alike, key=lambda column: column.period or (0, 0, 0)) for alike in held.values()]


def older(columns: Sequence[Column], contents: Mapping[int, Collection[object]], on: date) -> set[int]:
    """Columns of ratings that another column of the same table says for a later time, though none to come.

    One that is hardly filled in yet says nothing anew.
    """
    found: set[int] = set()
    for alike in of_several_times(columns):
        most = max(len(contents.get(column.index, ())) for column in alike)
        filled = [column for column in alike if 2 * len(contents.get(column.index, ())) >= most]
        begun = [column for column in filled if column.period and _has_begun(column.period, on)]
        latest = (begun or filled[:1])[-1].period
        found |= {column.index for column in alike if column.period != latest}
    return found


def _has_begun(period: Period, on: date) -> bool:
    """Whether a time has begun by a day; a quarter has in its first month, and one without a year always has."""
    year, month, _ = period
    return (year, max(month - 2, 0)) <= (on.year, on.month)


def said_of_times(columns: Sequence[Column], keys: Mapping[int, str]) -> list[str]:
    """Which of several times of one rating is read."""
    read: dict[str, list[str]] = {}
    for alike in of_several_times(columns):
        times = {column.index: _time(column) for column in alike}
        taken = [times[column.index] for column in alike if keys.get(column.index)]
        left = [times[column.index] for column in alike if not keys.get(column.index)]
        if taken and left:
            held = read.setdefault(taken[-1], [])
            held += [time for time in left if time not in held]
    return [
        f"Of several times “{time}” is read as the rating; {', '.join(f'“{other}”' for other in left)} "
        f"{'stays' if len(left) == 1 else 'stay'} in the notes."
        for time, left in read.items()
    ]


def _time(column: Column) -> str:
    """The heading that says the time of a column."""
    return column.group if column.group and period_of(column.group)[0] else column.header


def said_of_twins(columns: Sequence[Column], keys: Mapping[int, str], dictionary: Dictionary) -> list[str]:
    """Columns under another heading that say once more what is read: which of them counts only a person knows."""
    read = {plain(column.asked): column for column in columns if keys.get(column.index) and column.group}
    held: dict[tuple[str, str], None] = {}
    for column in columns:
        twin = read.get(plain(column.asked))
        if twin is None or keys.get(column.index) or column.period or column.group in ("", twin.group):
            continue
        match = dictionary.names_field(column.asked, column.above)
        if match is not None and match.field.kind in RATINGS:
            held[twin.group, column.group] = None
    return [
        f"“{one}” and “{other}” head the same ratings. “{one}” is read and “{other}” stays in the notes; choose its "
        "columns if they count."
        for one, other in held
    ]


def said_of_repeats(columns: Sequence[Column], keys: Mapping[int, str], kind: ImportKind) -> list[str]:
    """As what ratings are read that a list heads twice with the same words."""
    labels: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        field = kind.by_key.get(keys.get(column.index, ""))
        if column.block and field is not None:
            labels[column.header].append(f"“{field.label}”")
    said = [f"“{header}” as {' and then as '.join(named)}" for header, named in labels.items() if len(named) > 1]
    return [
        f"Headed more than once with the same words: {'; '.join(said)}. Choose the columns if it is otherwise."
    ] * bool(said)


def asset_values(columns: Sequence[Column], keys: Mapping[int, str], dictionary: Dictionary) -> list[Column]:
    """Columns that say what an asset is worth: C, I and A all three, where nothing says how likely anything is."""
    each = next((one.field.each for one in dictionary.sorted if one.field.each and one.field.each.assets), None)
    if each is None:
        return []
    partners = dictionary.halves - {stem(each.rating)}
    fields = [dictionary.kind.field(key) for key in keys.values() if key in dictionary.kind.by_key]
    if any(field.kind is FieldKind.PAIR or stem(field.key) in partners for field in fields):
        return []
    found = []
    for words in each.assets:
        forms = {plain(word) for word in words}
        held = [column for column in columns if plain(without_brackets(column.header)) in forms]
        if not held:
            return []
        found += held
    return sorted(found, key=lambda column: column.index)


def halves_of_scores(kind: ImportKind) -> frozenset[str]:
    """What the scores of a list are made of, by the words that their fields begin with."""
    scores = [field for field in kind.fields if field.kind is FieldKind.SCORE and field.of]
    return frozenset(stem(half) for field in scores for half in field.of or ())


def stem(key: str) -> str:
    """ "likelihood" of "likelihood_now"."""
    return key.rsplit("_", 1)[0]
