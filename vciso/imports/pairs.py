"""Likelihood and impact written into one cell: "5 x 5 = 25", "4×4 (16)", "L3 I4"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vciso.imports.levels import reading_of
from vciso.imports.reading.book import Cell
from vciso.imports.reading.texts import plain, without_brackets
from vciso.imports.values import is_nothing

_LIKELIHOODS = (
    "likelihood|probability|prob|kans|waarschijnlijkheid|(?:eintritts)?wahrscheinlichkeit|vraisemblance|probabilité|"
    "probabilidad|probabilità|probabilidade"
)
_IMPACTS = "impact|severity|consequence|gevolg|auswirkung|schaden|gravité|impacto|gravedad|impatto|gravità"
_LIKELIHOOD = rf"(?:{_LIKELIHOODS}|lh|l|p|k|e|w)"
_IMPACT = rf"(?:{_IMPACTS}|imp|sev|i|s|c|g)"
_TIMES = r"\s*[x×✕*/]\s*"
_BESIDE = r"(?:\s*[&+,|–-]\s*|\s+(?:and|und|et|en|y|e|x)\s+)"
"""What stands between the two in a heading that names them in full."""


def _heading(one: str, other: str, one_word: str, other_word: str) -> re.Pattern[str]:
    return re.compile(
        rf"[(\[]?\b(?:{one}{_TIMES}{other}|(?:{one_word})s?{_BESIDE}(?:{other_word})s?)\b[)\]]?", re.I
    )  # fmt: skip


_LIKELIHOOD_FIRST = _heading(_LIKELIHOOD, _IMPACT, _LIKELIHOODS, _IMPACTS)
_IMPACT_FIRST = _heading(_IMPACT, _LIKELIHOOD, _IMPACTS, _LIKELIHOODS)
_PAIR = re.compile(
    rf"^[(\[]?\s*(?P<a>{_LIKELIHOOD}|{_IMPACT})?\s*[:=]?\s*(?P<one>\d{{1,2}})\s*(?P<by>[x×✕*·,;/&+]|\s)\s*"
    rf"(?P<b>{_LIKELIHOOD}|{_IMPACT})?\s*[:=]?\s*(?P<two>\d{{1,2}})\s*[)\]]?"
    r"\s*(?:(?:=|→|->|:)?\s*[(\[]?\s*(?P<score>\d{1,3})\s*[)\]]?)?\s*[-–,(]?\s*[^\W\d]*(?:\s[^\W\d]+)?\s*\)?$",
    re.I,
)
_WRAPPED = re.compile(r"^(?:(?P<score>\d{1,3})|[^\W\d]+(?: [^\W\d]+)?)\s*[-–:=]?\s*[(\[](?P<pair>[^()\[\]]+)[)\]]$")
"""The score or a word before the pair: "20 (5 x 4)", "High (3x4)"."""
_MOST, _NAMED = 0.5, 0.25
"""From such a share of its cells on, a column is one of pairs; and where its heading names both halves."""
_BETWEEN = (r"\s*[|;]\s*", r"\s*,\s+", r"\s*[/&+×✕*]\s*", r"\s+x\s+", r"\s+[–—-]\s+", r"\s*,\s*", r"\s*[–—-]\s*",
            r"\s+(?:and|und|et|en|y|e)\s+")  # fmt: skip
"""What parts two words in a cell, the surest first."""
_LABELLED = re.compile(rf"^(?:(?P<impact>{_IMPACT})|{_LIKELIHOOD})\s*[:=]\s*(?P<level>.+)$", re.I)


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
        return _read_words(bare, header) if says_order(header) else None
    labels = [bool(re.fullmatch(_IMPACT, match[name] or "", re.I)) for name in ("a", "b")]
    labelled = match["a"] is not None and match["b"] is not None and labels[0] != labels[1]
    if match["by"] not in "xX×✕*·" and not labelled and (match["by"].isspace() or not says_order(header)):
        return None
    turned = labels[0] if labelled else impact_first(header)
    one, two = (match["two"], match["one"]) if turned else (match["one"], match["two"])
    return Pair(one, two, (wrapped and wrapped["score"]) or match["score"] or "")


def _read_words(text: str, header: str) -> Pair | None:
    """Two levels in words, "High / Low", under a heading that names both halves and so says which comes first."""
    for mark in _BETWEEN:
        parts = re.split(mark, text)
        if len(parts) != 2:
            continue
        labels = [_LABELLED.match(part) for part in parts]
        levels = [label["level"] if label else part for label, part in zip(labels, parts, strict=True)]
        if not all(reading_of(level).known for level in levels):
            continue
        told = [bool(label["impact"]) for label in labels if label]
        turned = told[0] if len(told) == 2 and told[0] != told[1] else impact_first(header)
        return Pair(levels[1], levels[0]) if turned else Pair(levels[0], levels[1])
    return None


def halves_of(texts: Iterable[str], header: str) -> tuple[list[str], list[str]]:
    """The likelihoods and the impacts of a column of pairs."""
    found = [pair for text in texts if (pair := read_pair(text, header)) is not None]
    return [pair.likelihood for pair in found], [pair.impact for pair in found]


def holds_pairs(cells: Sequence[Cell], header: str = "") -> bool:
    """Whether most cells of a column are pairs; under a heading that names both halves some are enough."""
    cells = [cell for cell in cells if cell.text and not is_nothing(cell.text)][:200]
    share = _NAMED if says_order(header) else _MOST
    return bool(cells) and sum(read_pair(cell.text, header) is not None for cell in cells) >= share * len(cells)


def impact_first(header: str) -> bool:
    return bool(_IMPACT_FIRST.search(header)) and not _LIKELIHOOD_FIRST.search(header)


def says_order(header: str) -> bool:
    """Whether a header says which half comes first, as in "Gross (L x I)"."""
    return bool(_IMPACT_FIRST.search(header) or _LIKELIHOOD_FIRST.search(header))


def rating_named(header: str) -> str:
    """The header without its "(L x I)"; what is left names the rating, and nothing left is a bare one."""
    rest = _IMPACT_FIRST.sub(" ", _LIKELIHOOD_FIRST.sub(" ", header))
    return rest.strip() if plain(without_brackets(rest)) else "rating"
