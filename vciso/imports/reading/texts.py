"""Text as people typed it, and the form in which it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000\t\v\f"), " ")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufffe\uffff"
_NOTHING = dict.fromkeys([*range(9), *range(14, 32), 127, *range(128, 160), *map(ord, _INVISIBLE)])
_LINES = {ord("\u2028"): "\n", ord("\u2029"): "\n", ord("\r"): "\n", 0x85: "\n"}
_TABLE = {**_NOTHING, **_BLANKS, **_LINES}
_QUOTES = str.maketrans("‘’‚‛“”„‟«»‹›′″´`", "''''\"\"\"\"\"\"''''''")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_KEEP = {"is", "us", "his", "this", "ms", "gas", "bus", "plus", "basis", "analysis", "aws", "pos"}


def clean(text: str) -> str:
    """The text without invisible characters and blanks at its ends; words stay as typed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n")).translate(_TABLE)
    lines = [line.rstrip() for line in text.split("\n")]
    return unicodedata.normalize("NFC", "\n".join(lines).strip())


def _singular(word: str) -> str:
    if len(word) <= 3 or word in _KEEP or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """The form for comparing: lower case, no punctuation, no Latin accents, singular words."""
    text = unicodedata.normalize("NFKC", clean(text)).translate(_QUOTES).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    words = (word.replace("'s", "").replace("'", "") for word in _WORD.findall(text))
    return " ".join(_singular(word) for word in words if word)


_SAYS_NOTHING = frozenset("+=<>|~^`$")


@lru_cache(maxsize=4096)
def is_blank(text: str) -> bool:
    """Whether a text is only dashes, dots and their like; an arrow, a tick or a coloured dot says something."""
    return all(
        letter in _SAYS_NOTHING or unicodedata.category(letter)[0] in "PZC"
        for letter in unicodedata.normalize("NFKC", text)
    )


_SIGNS = re.compile("[\u2190-\u21ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe0f\U0001f300-\U0001faff]")


def without_signs(text: str) -> str:
    """A text without arrows, ticks, coloured dots and their like."""
    return " ".join(_SIGNS.sub(" ", text).split()) if not text.isascii() else text


def without_brackets(text: str) -> str:
    return _BRACKETS.sub(" ", text)


_SCALE = re.compile(r"(?<=[^\W\d])[\s_]+[01]\s*(?:[-–—_]|to)\s*(?:3|4|5|10|100)\s*$")
"""The levels a header ends with: "L_1to5"."""


def forms(header: str) -> list[str]:
    """The forms a header may be looked up in, most literal first."""
    bare = _BRACKETS.sub(" ", header)
    tries = [header, bare, _CAMEL.sub(" ", header), _CAMEL.sub(" ", bare)]
    if bare.rstrip().endswith(" 1"):
        # "Name 1" beside "Name 2" is the name.
        tries.append(bare.rstrip()[:-2])
    if scale := _SCALE.search(bare):
        tries.append(bare[: scale.start()])
    for mark in (":", " - ", " – ", "/", "\n", "*", "?"):
        if mark in bare:
            tries.append(bare.split(mark)[0])
    found: list[str] = []
    for attempt in tries:
        form = plain(attempt.replace("#", " no ") if attempt.strip() != "#" else "no")
        if form and form not in found:
            found.append(form)
    return found


_MARKUP = re.compile(
    r"</?(?:p|div|br|b|i|u|s|ul|ol|li|span|strong|em|font|table|tbody|tr|td|th|a|h[1-6])\b[^<>]*>", re.I
)
_BREAKS = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h[1-6])\s*>", re.I)


def without_markup(text: str) -> str:
    """A text that a tool exported as HTML, as a person would read it; any other as it is."""
    if "<" not in text or not _MARKUP.search(text):
        return text
    bare = unescape(_MARKUP.sub("", _BREAKS.sub("\n", text)))
    return clean(re.sub(r"[ \t]*\n\s*", "\n", bare))


def shorten(text: str, length: int = 80) -> str:
    """One line of at most ``length`` characters, for sentences about a value."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
