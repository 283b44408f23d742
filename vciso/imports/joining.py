"""One record over several tabs: matched, joined where the tabs agree, asked about where they do not."""

from __future__ import annotations

from collections.abc import Mapping

from vciso.imports.planning import Choice, PlannedRow, alike, comparable, same_reference
from vciso.imports.reading.texts import plain, shorten
from vciso.imports.registry import FieldKind

BOTH = "both"


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
    if by_reference is not None and by_reference.sheet != row.sheet and alike(by_reference.title, row.title):
        return by_reference
    if by_title is not None and by_title.sheet != row.sheet:
        told_apart = row.reference and by_title.reference and row.reference != by_title.reference
        return None if told_apart else by_title
    return None


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
