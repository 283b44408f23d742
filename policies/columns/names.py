"""What a file's name says: “Access_Control_Policy v3 FINAL final2.docx” is version 3 of a title."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENDING = re.compile(r"\.(docx?|dotx?|pdf|odt|rtf|md|txt|pages|xlsx?|pptx?|html?)$", re.IGNORECASE)
_VERSION = re.compile(
    r"(?<![a-z0-9])(?:v|ver|vers|version|rev|revision)[\s._-]*(\d{1,3})(?:[._](\d{1,3}))?(?:[._]\d+)*(?![a-z0-9])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])(\d{1,2})\.(\d{1,2})(?![\w.])")
_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d{2}[-_. ]?\d{2}[-_. ]?\d{2}(?!\d)|(?<!\d)\d{1,2}[-_.]\d{1,2}[-_.](?:19|20)\d{2}(?!\d)"
)
_LEAD = re.compile(r"^\s*(?:copy of|kopie von|copie de)\s+", re.IGNORECASE)
_STATE = re.compile(
    r"(?<![a-z0-9])(?:final\d*|draft\d*|copy|clean|signed|approved|latest|old|new|updated?|wip|master|"
    r"tracked(?: changes)?|reviewed|for review|entwurf|brouillon|borrador|bozza|concept)[\s\-–_.,]*$",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"\(\d{1,2}\)|- Copy\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FromName:
    """A title with what stood beside it in the name."""

    title: str
    version: str = ""
    guessed: bool = False
    """Whether the text was a file's name and not a title as people write it."""


def from_name(text: str) -> FromName:
    """The title and the version in a name; a plain title comes back as it is."""
    bare = text.replace("\\", "/").rsplit("/", 1)[-1] if _ENDING.search(text) else text
    base = _ENDING.sub("", bare)
    is_file = base != bare
    spaced = base.replace("_", " ").replace("%20", " ") if is_file or "_" in base else base
    version = _VERSION.search(spaced)
    if not (is_file or version or "_" in base):
        return FromName(text)
    rest, number = spaced, ""
    if version is not None:
        number = f"{int(version[1])}.{int(version[2] or 0)}"
        rest = _VERSION.sub(" ", rest)
    rest = _DAY.sub(" ", rest)
    if not number and is_file and (found := _NUMBER.search(rest)) is not None:
        number = f"{int(found[1])}.{int(found[2])}"
        rest = _NUMBER.sub(" ", rest, count=1)
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", _COUNTER.sub(" ", rest)).strip(" -–—_.,;")
    title = _LEAD.sub("", rest)
    while (shorter := _STATE.sub("", title).strip(" -–—_.,;")) != title and shorter:
        title = shorter
    if is_file and " " not in title:
        title = title.replace("-", " ")
    title = " ".join(title.split()) or text
    return FromName(title[:1].upper() + title[1:], number, guessed=True)
