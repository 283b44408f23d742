"""One record over several tabs: matched, joined where the tabs agree, asked about where they do not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from vciso.imports.comparing import comparable
from vciso.imports.planning import Choice, PlannedRow, alike, same_reference
from vciso.imports.reading.texts import plain, shorten
from vciso.imports.registry import FieldKind

BOTH = "both"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPELLED = 80
"""Two words so much alike are one, in another spelling or form."""


def join_tabs(rows: list[PlannedRow], *, prefer: str, answers: Mapping[str, str]) -> list[tuple[PlannedRow, str]]:
    """Fold the rows that name one record in several tabs into the first of them.

    Answers the rows left out, with the reason. Where tabs disagree, the tab in ``prefer`` counts,
    else the answer given for the row, else the row waits. What does not count stays in the notes
    and in ``earlier``, so that a history of ratings keeps both.
    """
    if len({row.sheet for row in rows}) < 2:
        return []
    left: list[tuple[PlannedRow, str]] = []
    by_reference: dict[str, PlannedRow] = {}
    by_title: dict[str, PlannedRow] = {}
    for row in rows:
        if row.refused:
            continue
        reference, title = same_reference(row.reference), plain(row.title)
        first = _same(row, by_reference.get(reference) if reference else None, by_title.get(title))
        if first is None:
            by_title.setdefault(title, row)
            if reference:
                by_reference.setdefault(reference, row)
            continue
        if not _join(first, row, prefer, answers):
            continue
        left.append((row, f"the same {row.kind.noun} as row {first.number} of “{first.sheet}”"))
    return left


def _same(row: PlannedRow, by_reference: PlannedRow | None, by_title: PlannedRow | None) -> PlannedRow | None:
    """The earlier row of another tab that names the same record, if any."""
    if by_reference is not None and by_reference.sheet != row.sheet and _one_thing(by_reference, row):
        return by_reference
    if by_title is not None and by_title.sheet != row.sheet:
        told_apart = row.reference and by_title.reference and row.reference != by_title.reference
        return None if told_apart else by_title
    return None


def _one_thing(first: PlannedRow, row: PlannedRow) -> bool:
    """Whether two rows under one number name one record.

    Each tab of a site may count from 1, so the titles have to agree; a tab of a later year is a later copy, in
    which a title may have been put in other words.
    """
    years = [set(_YEAR.findall(tab)) for tab in (first.sheet, row.sheet)]
    if years[0] and years[1] and years[0] != years[1]:
        return alike(first.title, row.title)
    return agree(first.title, row.title)


def agree(one: str, other: str) -> bool:
    """Whether two titles say the same: neither has a word, a place or a number that the other contradicts."""
    shorter, longer = sorted((plain(one).split(), plain(other).split()), key=len)
    rest = [word for word in longer if word not in shorter]
    if 2 * (len(longer) - len(rest)) < len(longer):
        return False
    for word in (word for word in shorter if word not in longer):
        same = next((found for found in rest if not word.isdigit() and fuzz.ratio(word, found) >= _SPELLED), None)
        if same is None:
            return False
        rest.remove(same)
    return True


def _join(first: PlannedRow, row: PlannedRow, prefer: str, answers: Mapping[str, str]) -> bool:
    """Fold ``row`` into ``first``; false when a person said that they are two records."""
    differing = _differing(first, row)
    if differing:
        choice = Choice(
            f"tabs.{row.sheet}",
            f"“{first.sheet}” and “{row.sheet}” (row {row.number}) say different things. Which counts?",
            (
                (first.sheet, f"{first.sheet}: {_words(first, differing)}"),
                (row.sheet, f"{row.sheet}: {_words(row, differing)}"),
                (BOTH, f"They are two {row.kind.plural}"),
            ),
        )
        answer = answers.get(first.answer_key(choice.key), "")
        if answer == BOTH:
            return False
        if answer not in (first.sheet, row.sheet):
            answer = prefer if prefer in (first.sheet, row.sheet) else ""
        first.ask(choice, answer)
        first.earlier.append((row.sheet if answer != row.sheet else first.sheet, {
            key: (row if answer != row.sheet else first).values.get(key) for key in differing
        }))  # fmt: skip
        if answer == row.sheet:
            first.note(f"In “{first.sheet}”, row {first.number}", _words(first, differing))
            first.values |= {key: row.values[key] for key in differing}
            first.texts |= {key: row.texts[key] for key in differing if key in row.texts}
        else:
            first.note(f"In “{row.sheet}”, row {row.number}", _words(row, differing))
    else:
        first.note(f"Also in “{row.sheet}”", f"row {row.number}")
    if plain(first.title) != plain(row.title):
        first.note(f"Title in “{row.sheet}”, row {row.number}", row.title)
    _fill(first, row)
    return True


def _differing(first: PlannedRow, row: PlannedRow) -> list[str]:
    skipped = {first.kind.key_field, first.kind.notes_field, first.kind.title_field}
    return [
        item.key
        for item in first.kind.fields
        if item.key not in skipped
        and item.kind is not FieldKind.SCORE
        and not item.appends
        and (one := comparable(item.kind, first.values.get(item.key))) is not None
        and (two := comparable(item.kind, row.values.get(item.key))) is not None
        and one != two
    ]


def _fill(first: PlannedRow, row: PlannedRow) -> None:
    """What only the later tab says, and its notes."""
    for key, value in row.values.items():
        if value not in (None, "", []) and first.values.get(key) in (None, "", []):
            first.values[key] = value
            first.texts.setdefault(key, row.texts.get(key, ""))
    own = str(row.values.get(row.kind.notes_field) or "")
    if own and own != first.values.get(row.kind.notes_field):
        first.note(f"Notes in “{row.sheet}”", own)
    for header, text in row.notes:
        first.note(header, text)
    for header, text in row.read.items():
        first.read.setdefault(f"{row.sheet}: {header}", text)


def _words(row: PlannedRow, keys: list[str]) -> str:
    said = [f"{row.kind.field(key).label} {shorten(row.texts.get(key) or str(row.values[key]), 40)}" for key in keys]
    return "; ".join(said[:6])


def said_of_tabs(joined: list[tuple[PlannedRow, str]], rows: list[PlannedRow]) -> list[str]:
    """What was joined over the tabs, and what only shares a number."""
    said = []
    gone = {id(row) for row, _ in joined}
    first: dict[str, PlannedRow] = {}
    apart = 0
    for row in rows:
        number = same_reference(row.reference)
        if not number or id(row) in gone:
            continue
        apart += first.setdefault(number, row).sheet != row.sheet
    if joined:
        noun = rows[0].kind.noun
        count = "1 row names" if len(joined) == 1 else f"{len(joined)} rows name"
        said.append(f"{count} a {noun} of an earlier tab: joined with it, and listed under the rows left out.")
    if apart:
        count = "1 row bears" if apart == 1 else f"{apart} rows bear"
        kind = rows[0].kind
        said.append(
            f"{count} the number of a row in another tab under another {kind.field(kind.title_field).label.lower()}: "
            f"each stays a {kind.noun} of its own."
        )
    return said
