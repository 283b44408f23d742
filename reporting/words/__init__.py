"""Default words of a report: a heading per section as a sentence, computed from its figures.

The consultant may edit heading and body; what is left alone keeps the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from reporting.documents import BoardPack, Document, MonthlyReport, Words
from reporting.words import board, monthly

D = TypeVar("D", MonthlyReport, BoardPack)
Overrides = Mapping[str, Mapping[str, str]]

SHORT = {
    "status": "Status in one sentence",
    "needs": "What we need from you",
    "changes": "What changed",
    "coming": "Next month",
    "risks": "Top risks",
    "plan": "Plan",
    "dates": "Coming dates",
    "hours": "Hours and money",
    "incidents": "Incidents",
    "accepted": "Accepted risks",
    "words": "Words and method",
    "answers": "Four questions",
    "decisions": "Decisions",
    "bad-year": "A bad year",
    "policies": "Policies and obligations",
    "suppliers": "Suppliers",
    "readiness": "Readiness",
    "method": "How the figures were made",
}


def sections(document: Document) -> tuple[str, ...]:
    """The keys of the sections in the order they are read."""
    return tuple(monthly.HEADINGS if isinstance(document, MonthlyReport) else board.HEADINGS)


def defaults(document: Document) -> tuple[Words, ...]:
    """Heading and body of every section, before anybody edits them."""
    if isinstance(document, MonthlyReport):
        return tuple(
            Words(key, make(document), monthly.BODIES.get(key, _nothing)(document))
            for key, make in monthly.HEADINGS.items()
        )
    return tuple(
        Words(key, make(document), board.BODIES.get(key, _nothing)(document)) for key, make in board.HEADINGS.items()
    )


def apply(document: D, overrides: Overrides | None = None) -> D:
    """The document with its words filled in; an empty override keeps the default heading."""
    given = overrides or {}
    return replace(document, words=tuple(_merged(words, given) for words in defaults(document)))


def _merged(words: Words, given: Overrides) -> Words:
    edit = given.get(words.key, {})
    return Words(words.key, edit.get("heading", "").strip() or words.heading, edit.get("body", words.body))


def _nothing(document: object) -> str:
    return ""
