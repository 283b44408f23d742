"""Where two wordings of a text differ, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, COME = "", "del", "ins"
LONGEST = 120
"""Words up to which two texts are compared word by word; longer ones are shown by their beginnings."""
AROUND = 6
"""Unchanged words shown on each side of a change."""
ALIKE = 0.4
"""Texts that share less than this read better as one crossed out and one added."""

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed (`""`), went (`del`) or came (`ins`)."""

    kind: str
    text: str


def differing(before: str, after: str) -> list[Piece]:
    """The change from one text to another; long stretches that stayed are cut to what stands beside a change."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > LONGEST:
        return list(_whole(_beginning(old), _beginning(new)))
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    if matcher.ratio() < ALIKE:
        return list(_whole(before.strip(), after.strip()))
    steps = matcher.get_opcodes()
    pieces: list[Piece] = []
    for at, (tag, i1, i2, j1, j2) in enumerate(steps):
        if tag == "equal":
            pieces.append(Piece(SAME, _shortened(new[j1:j2], first=at == 0, last=at == len(steps) - 1)))
        else:
            pieces += _whole("".join(old[i1:i2]).strip(), "".join(new[j1:j2]).strip())
    return pieces


def _whole(gone: str, come: str) -> Iterator[Piece]:
    if gone:
        yield Piece(GONE, gone)
    if come:
        yield Piece(COME, come)


def _beginning(words: list[str]) -> str:
    text = "".join(words[:40]).strip()
    return f"{text} …" if len(words) > 40 else text


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    """The words beside the changes around them; all where little would be gained."""
    if len(words) <= 2 * AROUND + 3:
        return "".join(words).strip()
    head = "" if first else "".join(words[:AROUND]).strip() + " "
    tail = "" if last else " " + "".join(words[-AROUND:]).strip()
    return f"{head}…{tail}"
