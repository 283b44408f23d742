"""Likelihood and impact written into one cell: "5 x 5 = 25", "4×4 (16)", "L3 I4"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vciso.imports.reading.book import Cell
from vciso.imports.reading.texts import plain
from vciso.imports.values import is_nothing

_LIKELIHOOD = (
    r"(?:likelihood|probability|prob|kans|waarschijnlijkheid|(?:eintritts)?wahrscheinlichkeit|vraisemblance|probabilité|"
    r"probabilidad|probabilità|probabilidade|lh|l|p|k|e|w)"
)
_IMPACT = (
    r"(?:impact|severity|consequence|gevolg|auswirkung|schaden|gravité|impacto|gravedad|impatto|gravità|imp|sev|"
    r"i|s|c|g)"
)
_TIMES = r"[x×✕*/]"
_LIKELIHOOD_FIRST = re.compile(rf"[(\[]?\b{_LIKELIHOOD}\s*{_TIMES}\s*{_IMPACT}\b[)\]]?", re.I)
_IMPACT_FIRST = re.compile(rf"[(\[]?\b{_IMPACT}\s*{_TIMES}\s*{_LIKELIHOOD}\b[)\]]?", re.I)
_PAIR = re.compile(
    rf"^[(\[]?\s*(?P<a>{_LIKELIHOOD}|{_IMPACT})?\s*[:=]?\s*(?P<one>\d{{1,2}})\s*(?P<by>[x×✕*·,;/&+]|\s)\s*"
    rf"(?P<b>{_LIKELIHOOD}|{_IMPACT})?\s*[:=]?\s*(?P<two>\d{{1,2}})\s*[)\]]?"
    r"\s*(?:(?:=|→|->|:)?\s*[(\[]?\s*(?P<score>\d{1,3})\s*[)\]]?)?\s*[-–,(]?\s*[^\W\d]*(?:\s[^\W\d]+)?\s*\)?$",
    re.I,
)
_WRAPPED = re.compile(r"^(?:(?P<score>\d{1,3})|[^\W\d]+(?: [^\W\d]+)?)\s*[-–:=]?\s*[(\[](?P<pair>[^()\[\]]+)[)\]]$")
"""The score or a word before the pair: "20 (5 x 4)", "High (3x4)"."""
_MOST = 0.5
"""From such a share of its cells on, a column is one of pairs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two halves as they are written, likelihood first, and the product if the cell states it."""

    likelihood: str
    impact: str
    score: str = ""


def read_pair(text: str, header: str = "") -> Pair | None:
    """The pair in a cell; letters in it say which half is which, else the header, else likelihood comes first."""
    bare = " ".join(text.split())
    wrapped = _WRAPPED.match(bare)
    match = _PAIR.match(wrapped["pair"] if wrapped else bare)
    if match is None:
        return None
    labels = [bool(re.fullmatch(_IMPACT, match[name] or "", re.I)) for name in ("a", "b")]
    labelled = match["a"] is not None and match["b"] is not None and labels[0] != labels[1]
    if match["by"] not in "xX×✕*·" and not labelled:
        return None
    turned = labels[0] if labelled else impact_first(header)
    one, two = (match["two"], match["one"]) if turned else (match["one"], match["two"])
    return Pair(one, two, (wrapped and wrapped["score"]) or match["score"] or "")


def halves_of(texts: Iterable[str], header: str) -> tuple[list[str], list[str]]:
    """The likelihoods and the impacts of a column of pairs."""
    found = [pair for text in texts if (pair := read_pair(text, header)) is not None]
    return [pair.likelihood for pair in found], [pair.impact for pair in found]


def holds_pairs(cells: Sequence[Cell]) -> bool:
    """Whether most cells of a column are pairs."""
    cells = [cell for cell in cells if cell.text and not is_nothing(cell.text)][:200]
    return bool(cells) and sum(read_pair(cell.text) is not None for cell in cells) >= _MOST * len(cells)


def impact_first(header: str) -> bool:
    return bool(_IMPACT_FIRST.search(header)) and not _LIKELIHOOD_FIRST.search(header)


def says_order(header: str) -> bool:
    """Whether a header says which half comes first, as in "Gross (L x I)"."""
    return bool(_IMPACT_FIRST.search(header) or _LIKELIHOOD_FIRST.search(header))


def rating_named(header: str) -> str:
    """The header without its "(L x I)"; what is left names the rating, and nothing left is a bare one."""
    rest = _IMPACT_FIRST.sub(" ", _LIKELIHOOD_FIRST.sub(" ", header))
    return rest.strip() if plain(rest) else "rating"
