"""Columns of one rating that are told apart by a sort: "Financial impact", "Impact on students"."""

from __future__ import annotations

import re

from vciso.imports.reading.texts import plain
from vciso.imports.registry import Field

SMALL = frozenset(
    """of the and or to for a an in on by per y is if any de du des la le el del di do da der die das van het""".split()
)
_LAST_A = re.compile(r"[\s(:–-]A[)\]\s]*$")
"""The letter and not the article: "Impact A" beside "Impact C"."""
_KNOWN, _UNKNOWN = 0.94, 0.87


class Sorts:
    """What tells the columns of a field that has one for each sort of something."""

    def __init__(self, field: Field) -> None:
        each = field.each
        if each is None:
            raise ValueError(f"the field {field.key} has no columns for each sort")
        self.field = field
        self.certain = {plain(word) for word in each.of}
        self.of = self.certain | {plain(word) for word in each.named_only}
        self.sorts = {token for word in each.sorts for token in plain(word).split()}
        self.marks = tuple(plain(word) for word in field.marks)
        marks = {token for mark in self.marks for token in mark.split() if len(token) > 1}
        self.aside = {plain(word) for word in each.aside} | marks | SMALL

    def marked(self, text: str) -> bool:
        """Whether a heading says which of the ratings is meant."""
        form = f" {plain(text)} "
        return any(f" {mark} " in form for mark in self.marks)

    def told(self, text: str) -> set[str]:
        """The words of a heading that name a sort; nothing where it does not name the rating."""
        tokens = set(plain(text).split())
        if not tokens & self.of:
            return set()
        rest = {token for token in tokens if not token.isdigit() and (len(token) > 1 or token in self.sorts)}
        rest -= self.of | self.aside
        if "a" in self.sorts and _LAST_A.search(text):
            rest.add("a")
        return rest if tokens & self.certain or rest <= self.sorts else set()

    def sure(self, text: str) -> float:
        """How surely a heading names a sort."""
        rest = self.told(text)
        return (_KNOWN if rest <= self.sorts else _UNKNOWN) if rest else 0.0
