"""Entries of a list that are no risks: issues, assumptions, dependencies, opportunities."""

from __future__ import annotations

from typing import Any

from vciso.imports.reading.texts import plain, shorten

_HEADINGS = frozenset(map(plain, (
    "type", "raid type", "entry type", "record type", "item type", "log type", "kind", "category", "risk type",
    "risk issue", "risk opportunity", "opportunity risk", "threat opportunity", "opportunity threat", "raid",
    "raid category", "typ", "art",
    "tipo", "soort", "nature", "catégorie", "kategorie", "categoría", "categorie", "categoria",
)))  # fmt: skip
_NO_RISKS = frozenset(map(plain, (
    "issue", "assumption", "dependency", "opportunity", "upside", "positive", "positive risk",
    "action", "decision", "lesson learned", "change request",
    "problème", "hypothèse", "dépendance", "opportunité", "décision",
    "problem", "annahme", "abhängigkeit", "chance", "gelegenheit", "entscheidung",
    "problema", "suposición", "supuesto", "dependencia", "oportunidad", "decisión",
    "probleem", "aanname", "afhankelijkheid", "besluit", "assunzione", "dipendenza", "opportunità",
    "premissa", "dependência", "oportunidade",
)))  # fmt: skip


_OR = frozenset({"or", "ou", "oder", "of", "o"})


def _bare(heading: str) -> str:
    """A heading without its "or": "Risk or opportunity" and "Risk / opportunity" are one."""
    return " ".join(word for word in plain(heading).split() if word not in _OR)


def check_sort(row: Any) -> None:
    """Tell of a row that its file does not call a risk; it is imported all the same."""
    for heading, text in row.read.items():
        if _bare(heading) in _HEADINGS and plain(text) in _NO_RISKS:
            row.warn(
                "category",
                f"The file says “{shorten(text, 40)}”, which is no risk. It is imported as one; take the row out of "
                "the file if it should not be.",
            )
            return
