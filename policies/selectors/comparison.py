"""What changed between two versions, word by word, as rendered text with insertions and deletions.

The markdown of both is compared line by line, then word by word inside lines that changed. Marks
from Unicode's private area travel through the markdown renderer and become `ins` and `del` after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

import nh3
from django.utils.safestring import SafeString, mark_safe

from vciso.web import markdown

INS, INS_END, DEL, DEL_END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = str.maketrans(dict.fromkeys((INS, INS_END, DEL, DEL_END)))
_TAGS = {INS: "<ins>", INS_END: "</ins>", DEL: "<del>", DEL_END: "</del>"}
_LEAD = re.compile(r"^(\s*(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?)*)(.*)$", re.DOTALL)
_WORDS = re.compile(r"[\w’'-]+\s*|[^\w\s]\s*|\s+")
_RULE = re.compile(r"^[\s|:=*_~`-]*$")
MOST_WORK = 1_500_000
"""Pairs of words one comparison looks at; lines beyond it are shown as replaced whole."""
CANDIDATES = 6
"""Deleted lines among which a new line looks for the one it came from."""
ALIKE = 0.35
"""Two lines less alike than this are a deletion and an insertion, not a change."""


@dataclass(frozen=True)
class Comparison:
    """The rendered text with its changes, and how many places changed."""

    html: SafeString
    changes: int


def compare(old: str, new: str) -> Comparison:
    """Compares two markdown texts. Equal texts give the text and no change."""
    before = old.translate(_MARKS).split("\n")
    after = new.translate(_MARKS).split("\n")
    lines = list(_Comparer().lines(before, after))
    marked = "\n".join(lines)
    html = str(markdown.to_html(marked))
    for mark, tag in _TAGS.items():
        html = html.replace(mark, tag)
    # Marks may cross a bold or a link; the parser closes what is left open.
    clean = nh3.clean(
        html,
        tags={*markdown.TAGS, "ins", "del"},
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Comparison(mark_safe(clean), _changes(lines))  # noqa: S308  reduced to the allow-list above


def _changes(lines: list[str]) -> int:
    """Runs of marks that nothing unchanged parts; a changed line next to another counts once."""
    count, inside = 0, False
    for line in lines:
        if not line.strip():
            continue
        bare = re.sub(f"{INS}[^{INS_END}]*{INS_END}|{DEL}[^{DEL_END}]*{DEL_END}", "\x01", line)
        runs = len(re.findall("\x01+", re.sub("\x01\\s*(?=\x01)", "\x01", bare)))
        whole = not _LEAD.sub(r"\2", bare).replace("\x01", "").strip()
        count += runs - 1 if inside and whole and runs else runs
        inside = whole and runs > 0
    return count


class _Comparer:
    """One comparison, with what is left of its allowance of work."""

    def __init__(self) -> None:
        self.left = MOST_WORK

    def lines(self, before: list[str], after: list[str]) -> Iterator[str]:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
            if tag == "equal":
                yield from after[j1:j2]
            else:
                yield from self.changed(before[i1:i2], after[j1:j2])

    def changed(self, gone: list[str], come: list[str]) -> Iterator[str]:
        """Pairs lines in order; what finds no partner is gone or new as a whole."""
        first = 0
        for line in come:
            partner = self.partner(line, gone[first : first + CANDIDATES])
            if partner is None:
                yield from _whole([line], INS, INS_END)
                continue
            yield from _whole(gone[first : first + partner], DEL, DEL_END)
            yield _words(gone[first + partner], line)
            first += partner + 1
        yield from _whole(gone[first:], DEL, DEL_END)

    def partner(self, line: str, candidates: list[str]) -> int | None:
        """Which of the deleted lines this one came from, if any, within the allowance."""
        lead, text = _parts(line)
        tokens = Counter(_WORDS.findall(text)) if self.left > 0 else Counter()
        for index, old in enumerate(candidates):
            old_lead, old_text = _parts(old)
            if not text.strip() or not old_text.strip():
                if text.strip() == old_text.strip():
                    return index
                continue
            if _kind(old_lead) != _kind(lead) or old_text.count("|") != text.count("|"):
                continue
            others = Counter(_WORDS.findall(old_text)) if self.left > 0 else Counter()
            both = tokens.total() + others.total()
            self.left -= both
            if both and 2 * (tokens & others).total() / both >= ALIKE:
                self.left -= tokens.total() * others.total()
                return index if self.left > 0 else None
        return None


def _parts(line: str) -> tuple[str, str]:
    found = _LEAD.match(line)
    return (found.group(1), found.group(2)) if found else ("", line)


def _kind(lead: str) -> str:
    """A list number may change without the line being another one."""
    return re.sub(r"\d+", "1", lead)


def _whole(lines: list[str], start: str, end: str) -> Iterator[str]:
    for line in lines:
        lead, text = _parts(line)
        if not text.strip() or _RULE.match(text):
            if start == INS or not text.strip():
                yield line
            continue
        yield lead + "|".join(_wrap(cell, start, end) for cell in text.split("|"))
        # A line of its own, so that what follows is not drawn into the same paragraph.
        if not lead and "|" not in text:
            yield ""


def _wrap(text: str, start: str, end: str) -> str:
    bare = text.strip()
    if not bare:
        return text
    left = text[: len(text) - len(text.lstrip())]
    right = text[len(text.rstrip()) :]
    return f"{left}{start}{bare}{end}{right}"


def _words(old: str, new: str) -> str:
    """One line with its changed words marked; blanks do not make two words differ."""
    lead, text = _parts(new)
    a, b = _WORDS.findall(_parts(old)[1]), _WORDS.findall(text)
    parts = [lead]
    bare = SequenceMatcher(None, [word.strip() for word in a], [word.strip() for word in b])
    for tag, i1, i2, j1, j2 in bare.get_opcodes():
        gone, come = "".join(a[i1:i2]), "".join(b[j1:j2])
        if tag == "equal":
            parts.append(come)
            continue
        if gone.strip() and "|" not in gone:
            # A blank that only the old line had before its words goes with them.
            lost = i1 > 0 and j1 > 0 and a[i1 - 1][-1:].isspace() and not b[j1 - 1][-1:].isspace()
            parts.append(f"{DEL}{' ' if lost else ''}{gone.strip() if come else gone}{DEL_END}")
        parts.append("|".join(_wrap(cell, INS, INS_END) for cell in come.split("|")))
    return "".join(parts)
