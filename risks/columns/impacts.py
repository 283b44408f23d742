"""Impact by category, as files give it: a column for each, or one cell that lists them, beside an overall impact."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from risks.enums import DEFAULT_CATEGORIES, UNCONFIRMED
from risks.models import ImpactCategory
from vciso.imports.cellreading import UNREAD
from vciso.imports.reading.texts import plain, without_brackets
from vciso.imports.registry import Situation
from vciso.imports.sorts import Sorts
from vciso.imports.words.ratings import SORTS
from vciso.tenancy.models import Client

LEVEL = re.compile(r"^(?P<name>.+?)\s*[:=]?\s*(?P<level>[1-5?])$", re.S)
TO_CONFIRM = "Category to confirm"
_PARTS = re.compile(r"[;|\n]")
_SORT_OF = {plain(word): sort for sort, words in SORTS.items() for word in words}


def words_of(impacts: Mapping[str, int], names: Mapping[str, str]) -> str:
    """Impacts by the key of their category, as the register writes them in one cell."""
    return "; ".join(
        f"{names.get(key, TO_CONFIRM if key == UNCONFIRMED else key)} {value}" for key, value in sorted(impacts.items())
    )


def parts_of(text: str | None) -> list[tuple[str, int | None]]:
    """What a cell lists, "Financial 3; People 5": each name with its level, ``None`` where it has none that counts."""
    found = []
    for part in (part.strip() for part in _PARTS.split(text or "")):
        match = LEVEL.match(part)
        if match:
            found.append((match["name"].strip(), None if match["level"] == UNREAD else int(match["level"])))
        elif part:
            found.append((part, None))
    return found


@dataclass(frozen=True)
class Categories:
    """The client's ways to be hurt, ready to be found by what a file calls them."""

    names: Mapping[str, str]
    """Every category, those switched off too, by its key."""
    active: frozenset[str]

    @classmethod
    def of(cls, client: Client) -> Categories:
        rows = [(row.key, row.name, row.active) for row in ImpactCategory.objects.filter(client=client)]
        rows = rows or [(key, name, True) for key, name, _ in DEFAULT_CATEGORIES]
        return cls({key: name for key, name, _ in rows}, frozenset(key for key, _, active in rows if active))

    def named(self, name: str) -> str | None:
        """The category of exactly that name, or what stands for none yet."""
        form = plain(name)
        if form == plain(TO_CONFIRM):
            return UNCONFIRMED
        return next((key for key, held in self.names.items() if form in (plain(held), plain(key))), None)

    def meant(self, heading: str, of: Sorts) -> str | None:
        """The category that a column's heading means: by its name, else by what is commonly said for it."""
        told = of.told(heading) or {word for word in plain(heading).split() if word not in of.aside}
        tokens = [word for word in plain(heading).split() if word in told]
        form = " ".join(tokens)
        if (key := self.named(form)) in self.active:
            return key
        sorts = _sorts(tokens)
        fitting = [key for key in self.active if sorts & _sorts(plain(self.names[key]).split())]
        return fitting[0] if len(fitting) == 1 else None


def _sorts(words: Sequence[str]) -> set[str]:
    pairs = [" ".join(pair) for pair in pairwise(words)]
    return {_SORT_OF[word] for word in (*words, *pairs) if word in _SORT_OF}


def settle(row: Any, kind: str, situation: Situation) -> None:
    """Bring what a row says of impacts to one impact and one list by category; what has no place stays in the notes."""
    categories = situation.once("categories", Categories.of)
    each = row.values.pop(f"impact_each_{kind}", None)
    if row.values.get(f"impacts_{kind}"):
        _tidy(row, kind, categories)
    if each:
        _take_columns(row, kind, parts_of(each), categories, situation)


def _tidy(row: Any, kind: str, categories: Categories) -> None:
    """A list in one cell in the order and with the names of the register; a name nobody knows is told and kept."""
    key = f"impacts_{kind}"
    known: dict[str, int] = {}
    for name, level in parts_of(row.values[key]):
        found = categories.named(name)
        if found and level:
            known[found] = level
        else:
            row.note(row.headers.get(key, row.kind.field(key).label), f"{name} {level or ''}".strip())
            row.warn(key, f"“{name}” is no impact category of this client with its level; it is kept in the notes.")
    row.values[key] = words_of(known, categories.names) or None


def _take_columns(
    row: Any, kind: str, parts: list[tuple[str, int | None]], categories: Categories, situation: Situation
) -> None:
    """A level in each of several columns: the categories of the client are filled, and the worst of all counts.

    An overall impact of the file goes before; where it is below a category, the categories stay in the notes.
    """
    single, several = f"impact_{kind}", f"impacts_{kind}"
    overall = row.values.get(single)
    known = row.record.values if row.record else {}
    if (row.values.get(f"likelihood_{kind}") or known.get(f"likelihood_{kind}")) is None:
        _keep(row, parts)
        if overall is None:
            row.warn(f"impact_each_{kind}", "Impacts stand without a likelihood, so they are kept in the notes.")
        return
    placed, strange = _placed(row, kind, parts, categories, situation)
    levels = [level for _, level in parts if level]
    if overall is None and (len(levels) < len(parts) or not levels):
        _keep(row, parts)
        row.warn(
            f"impact_each_{kind}",
            "Of the impacts by category not every one is understood, so the worst is not known and the rating stays "
            f"{'as it is' if known.get(single) else '“not rated”'}. They are kept in the notes.",
        )
        return
    if strange:
        _keep(row, strange)
        for name, _ in strange:
            situation.remark(
                f"“{name}” is no impact category of this client: it stays in the notes, and counts as "
                f"“{TO_CONFIRM}” where it is the worst."
            )
    worst = overall or max(levels)
    held = {found: level for name, level in parts_of(known.get(several)) if (found := categories.named(name)) and level}
    merged = {key: min(level, worst) for key, level in held.items() if key != UNCONFIRMED} | placed
    if placed and max(placed.values()) > worst:
        _keep(row, parts)
        row.warn(single, f"The file's overall impact, {worst}, is below its worst category. The overall impact counts; "
                 "the categories are kept in the notes.")  # fmt: skip
        merged = {}
    elif placed and max(merged.values()) < worst:
        merged[UNCONFIRMED] = worst
    row.values[single] = worst
    row.values[several] = words_of(merged, categories.names) if placed and merged else None


def _placed(
    row: Any, kind: str, parts: list[tuple[str, int | None]], categories: Categories, situation: Situation
) -> tuple[dict[str, int], list[tuple[str, int | None]]]:
    """Levels by category, and what none of them takes; of two columns for one category the worse counts."""
    meant: dict[str, str | None] = situation.memory.setdefault(f"meant_{kind}", {})
    placed: dict[str, int] = {}
    strange: list[tuple[str, int | None]] = []
    columns: dict[str, list[tuple[str, int | None]]] = {}
    for name, level in parts:
        if level is None:
            # The reader has told it and kept it.
            continue
        if name not in meant:
            sorts = Sorts(row.kind.field(f"impact_each_{kind}"))
            meant[name] = categories.meant(without_brackets(name), sorts) or categories.meant(name, sorts)
        if (key := meant[name]) is None:
            strange.append((name, level))
            continue
        placed[key] = max(level, placed.get(key, 0))
        columns.setdefault(key, []).append((name, level))
    for same in columns.values():
        if len(same) > 1:
            _keep(row, same)
    return placed, strange


def _keep(row: Any, parts: Sequence[tuple[str, int | None]]) -> None:
    for name, level in parts:
        # Where tabs were joined, the cells as read are those of the one that does not count.
        text = "" if row.earlier else row.read.get(name)
        if text or level:
            row.note(name, text or str(level))
