"""Levels as people write them: numbers, percentages and words, each by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vciso.imports.measures import is_duration, per_year
from vciso.imports.reading.texts import is_blank, plain, without_signs
from vciso.imports.words import languages

_FIVE = {
    1: ("rare", "remote", "very unlikely", "highly unlikely", "extremely unlikely", "improbable",
        "insignificant", "negligible", "trivial", "almost never", "highly improbable", "none",
        "rarely", "extremely rare", "almost impossible", "incidental", "unnoticeable", "never"),
    2: ("unlikely", "minor", "slight", "seldom", "infrequent", "limited", "marginal", "unusual"),
    3: ("possible", "occasional", "moderate", "sometimes", "tolerable", "noticeable", "average",
        "could happen", "occasionally", "possibly"),
    4: ("likely", "probable", "major", "often", "serious", "considerable", "significant", "substantial"),
    5: ("almost certain", "certain", "catastrophic", "frequent", "very likely", "highly likely",
        "expected", "severe", "disastrous", "imminent", "highly probable", "extremely likely",
        "devastating", "existential", "definite", "near certain", "nearly certain",
        "inevitable", "constant", "very probable", "always"),
}  # fmt: skip
_PLAIN = {
    "vl": ("very low", "vl", "lowest", "least", "best", "minimal", "extremely low", "v low", "information",
           "informational", "info"),
    "l": ("low", "l", "green", "small", "low risk"),
    "m": ("medium", "m", "med", "mid", "middle", "amber", "yellow", "normal", "mod", "medium risk"),
    "h": ("high", "h", "orange", "large", "high risk"),
    "vh": ("critical", "extreme", "crit", "c", "e", "urgent",
           "critical risk", "extreme risk", "very severe"),
    "xh": ("very high", "vh", "highest", "worst", "most severe", "v high", "extremely high"),
}  # fmt: skip
_FIVE_OF = {plain(word): level for said in (languages.FIVE, _FIVE) for level, words in said.items() for word in words}
_PLAIN_OF = {plain(word): name for said in (languages.PLAIN, _PLAIN) for name, words in said.items() for word in words}
_NOTHING = {
    "n a", "na", "tbd", "tbc", "unknown", "not rated", "not assessed", "none yet", "pending",
    "not applicable", "to be determined", "to be assessed", "not yet assessed", "x", "unrated",
    "to be decided", "not scored", "not available",
}  # fmt: skip
_ONLY_NUMBER = re.compile(r"^[<>≤≥~]?\s*(-?\d+(?:[.,]\d+)?)\s*(?:/\s*(\d+))?$")
_FROM_TO = re.compile(r"^(\d{1,2}(?:[.,]\d)?)\s*(?:[-–—]|to|or|bis|oder|à|ou|a|o|tot|of)\s*(\d{1,2}(?:[.,]\d)?)$", re.I)
_CODED = re.compile(r"^[A-Za-z]{1,2}\s?(\d{1,2})\s*[-–—:=.]\s*([^\W\d].*)$", re.S)
"""A level by its code: "V3 - Très vraisemblable"."""
_SIGNS = re.compile(r"^([*★●■⬤◆+!])\1+\s*[☆○□◇◯]*$|^([★●■⬤◆])\s*[☆○□◇◯]*$")
"""A level by so many signs: "***", "★★★☆☆"."""
_PREFIX = re.compile(r"^(?:level|lvl|stufe|niveau|nivel|livello|nível|grade|class)\s+(?=\d)", re.I)
_OR = re.compile(r"\s*[/–—]\s*|\s+-\s+|(?<=[^\W\d])-(?=[^\W\d])|\s+(?:to|or|bis|oder|à|ou|a|o|tot|of)\s+", re.I)
RANK = {"vl": 1, "l": 2, "m": 3, "h": 4, "vh": 5, "xh": 5}
"""Where words of low, medium and high stand among five."""
_LETTERED = re.compile(r"^[(\[]?[A-F][)\]]?\s*[-–—:=.]?\s+([^\W\d_]{3}[^\d]*)$")
"""A level with the letter that stands for it: "A Frequent", "(E) – Improbable"."""
_LEADING = re.compile(r"^[(\[]?\s*(\d{1,2}(?:[.,]\d)?)\s*[)\]]?\s*[-–—:=.,|/]?\s*\(?\s*([^\d\W].*?)\)?$", re.S)
_TRAILING = re.compile(r"^(\D*[^\d\W]\D*?)\s*[-–—:=|/]?\s*[(\[]?\s*(\d{1,2})\s*[)\]]?$", re.S)
_PERCENT = re.compile(r"^[<>≤≥~]?\s*(\d+(?:[.,]\d+)?)\s*%?\s*(?:[-–—]|to)?\s*(\d+(?:[.,]\d+)?)?\s*%$")
_EXPLAINED = re.compile(
    r"^(?P<level>.*?[^\W\d_]{2,}.*?|\d{1,2})\s*[:,–—-]?\s*"
    r"(?:[(\[](?!\s*\d{1,2}\s*[)\]])(?=[^()\[\]]*\d)[^()\[\]]*[)\]]|[<>≤≥]\s*=?\s*[€$£]?\s*\d[\d.,]*\s*[%kmbn]*)$",
    re.S | re.I,
)
"""A level with what it stands for behind it: "Rare (<5%)", "4 – Major (€1m–€5m)", "Likely > 60%"."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one text may mean before the column is known."""

    number: float | None = None
    percent: float | None = None
    five: int | None = None
    plain: str = ""
    nothing: bool = False
    out_of: int = 0
    between: bool = False
    """Whether two words are given, "Medium to high"; the worse of them counts."""
    lower: float = 0.0
    """The lower end of a range such as "4-5", whose higher end is ``number``."""

    @property
    def known(self) -> bool:
        return not (self.number is None and self.percent is None and self.five is None and not self.plain)


def plain_level(text: str) -> str:
    """The form in which two rating texts are the same."""
    stripped = " ".join(text.split()).casefold()
    return stripped[:200]


@lru_cache(maxsize=4096)
def reading_of(text: str) -> Level:
    """What a rating text may mean, taken by itself."""
    stripped = " ".join(text.split())
    form = plain(stripped)
    if match := _SIGNS.match(stripped):
        return Level(number=float(stripped.count(match[1] or match[2])))
    if form in _NOTHING or (not form and is_blank(stripped)):
        return Level(nothing=True)
    if (bare := without_signs(stripped)) not in ("", stripped):
        return reading_of(bare)
    if match := _PERCENT.match(stripped):
        low = _float(match[1])
        high = _float(match[2]) if match[2] else low
        return Level(percent=(low + high) / 2)
    if match := _ONLY_NUMBER.match(stripped):
        return Level(number=_float(match[1]), out_of=int(match[2] or 0))
    if match := _FROM_TO.match(stripped):
        low, high = sorted((_float(match[1]), _float(match[2])))
        return Level(number=high, lower=low)
    if (level := _word(form)).known:
        return level
    if (match := _PREFIX.match(stripped)) is not None:
        return reading_of(stripped[match.end() :])
    if len(parts := _OR.split(stripped)) == 2 and (worse := _worse(*parts)) is not None:
        return worse
    if per_year(stripped) is not None or is_duration(stripped):
        # "1 in 10 years" and "2 weeks" are no levels 1 and 2: what they mean is for a person to say.
        return Level()
    if (match := _LETTERED.match(stripped)) and (level := reading_of(match[1])).known:
        return level
    if match := _CODED.match(stripped):
        return _with_number(match[1], match[2])
    if len(stripped) <= 150:
        if (match := _EXPLAINED.match(stripped)) and (level := reading_of(match["level"])).known:
            return level
        if match := _LEADING.match(stripped):
            return _with_number(match[1], match[2])
        if match := _TRAILING.match(stripped):
            return _with_number(match[2], match[1])
    return _first_words(form)


def _worse(one: str, other: str) -> Level | None:
    """The worse of two words, where both are levels."""
    words = [_word(plain(text)) for text in (one, other)]
    # "E - Improbable" is a letter and its word.
    letters = [len(text.strip()) == 1 for text in (one, other)]
    if not all(word.known for word in words) or letters[0] != letters[1]:
        return None
    worse = max(words, key=lambda word: word.five or RANK[word.plain])
    return Level(five=worse.five, plain=worse.plain, between=True)


def _word(form: str) -> Level:
    if form in _FIVE_OF:
        return Level(five=_FIVE_OF[form])
    return Level(plain=_PLAIN_OF[form]) if form in _PLAIN_OF else Level()


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _with_number(number: str, words: str) -> Level:
    known = _first_words(plain(words))
    if not known.known and len(words.split()) > 4:
        return Level()
    return Level(number=_float(number), five=known.five, plain=known.plain)


def _first_words(form: str) -> Level:
    """A word with an explanation behind it: "high likely to happen this year"."""
    if (level := _word(form)).known:
        return level
    words = form.split()
    for length in (3, 2, 1):
        head = " ".join(words[:length])
        if len(words) <= length + 1 or len(words) > 12:
            continue
        if length == 1 and len(head) < 3:
            continue
        if head in _FIVE_OF and len(words) <= 6:
            return Level(five=_FIVE_OF[head])
        if head in _PLAIN_OF and len(words) <= 6:
            return Level(plain=_PLAIN_OF[head])
    if len(words) == 2:
        for word in (words[0], words[1]):
            if len(word) >= 3 and words[1 if word == words[0] else 0] in (
                "risk", "likelihood", "impact", "probability", "severity", "level",
            ):  # fmt: skip
                if word in _FIVE_OF:
                    return Level(five=_FIVE_OF[word])
                if word in _PLAIN_OF:
                    return Level(plain=_PLAIN_OF[word])
    return Level()
