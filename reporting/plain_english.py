"""Plain English as warnings for the review screen: shown to the writer, never blocking.

The rules are the ten of the reports' style: short sentences, no jargon, no fear and no
comfort words, no abbreviation that the report does not explain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reporting.documents import BoardPack, Document, Term

LONGEST_SENTENCE = 20
LONGEST_PARAGRAPH = 3

COMFORT = (
    "robust",
    "best-in-class",
    "best in class",
    "military-grade",
    "sophisticated",
    "catastrophic",
    "comprehensive",
    "leverage",
    "posture",
    "world-class",
    "state-of-the-art",
    "holistic",
    "seamless",
    "cutting-edge",
    "bulletproof",
    "peace of mind",
)
INSTEAD = {
    "MFA": "a second step at sign-in",
    "2FA": "a second step at sign-in",
    "EDR": "monitoring on each computer",
    "XDR": "monitoring on each computer",
    "SIEM": "central alarm records",
    "CVSS": "how serious a flaw is",
    "TTP": "how attackers work",
    "DLP": "control of what leaves the firm",
    "SOC": "the people who watch the alarms",
    "BCP": "the plan to keep working",
    "RTO": "how fast it must be back",
    "RPO": "how much data may be lost",
    "IAM": "who may open what",
    "vulnerability": "flaw, or weakness",
    "remediate": "fix",
    "remediation": "fix",
    "exfiltration": "theft of data",
    "threat actor": "attacker",
    "attack surface": "what can be attacked",
    "endpoint": "computer",
    "endpoints": "computers",
    "risk of cyber attack": "what could happen, and what it would cost",
    "action item": "task",
}
# Known to everybody who reads the reports, or no abbreviation at all.
_KNOWN = """
    IT UK US USA EU CEO CFO COO CTO CIO CISO HR VP PDF USB AI OK AND OR NOT Q1 Q2 Q3 Q4 ISO GDPR HIPAA PCI DSS CMMC
    NIST SOX A4 ID PC VPN DNA SLA USD EUR GBP CHF VAT LLC INC GMBH AG
"""
KNOWN = frozenset(_KNOWN.split())
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")
_WORD = re.compile(r"[\w’'-]+")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]{1,6}s?\b")
_REFERENCE = re.compile(r"\b[A-Z]{1,4}-\d+\b")
_UNDONE = re.compile(r"\b(?:was|were) not (?:\w+ed|done|made|given|sent|kept)\b", re.IGNORECASE)
_NOBODY = re.compile(r"\bIT will\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader could stumble over, where it stands and what would help."""

    section: str
    kind: str
    text: str
    advice: str


def warnings(document: Document) -> tuple[Finding, ...]:
    """Warnings for every editable text of a document, in reading order."""
    terms = document.method.glossary if isinstance(document, BoardPack) else document.glossary
    found: list[Finding] = []
    for words in document.words:
        for text in (words.heading, words.body):
            found += check(text, section=words.key, glossary=terms)
    return tuple(dict.fromkeys(found))


def check(text: str, *, section: str = "", glossary: tuple[Term, ...] = ()) -> list[Finding]:
    """Warnings for one text."""
    plain = re.sub(r"[*_`#>]+", "", text)
    found: list[Finding] = []
    for paragraph in filter(None, (part.strip() for part in re.split(r"\n\s*\n", plain))):
        sentences = _sentences(paragraph)
        if len(sentences) > LONGEST_PARAGRAPH:
            found.append(
                Finding(
                    section,
                    "long paragraph",
                    _short(paragraph),
                    f"{len(sentences)} sentences. Keep to {LONGEST_PARAGRAPH}.",
                )
            )
        for one in sentences:
            found += _in_sentence(one, section)
    found += _jargon(plain, section, {term.word.lower() for term in glossary})
    return found


def _sentences(paragraph: str) -> list[str]:
    lines = [re.sub(r"^\s*(?:[-+]|\d+\.)\s+", "", line) for line in paragraph.splitlines()]
    return [one for line in lines for one in _SENTENCE_END.split(line) if one.strip()]


def _in_sentence(one: str, section: str) -> list[Finding]:
    found = []
    length = len(_WORD.findall(one))
    if length > LONGEST_SENTENCE:
        found.append(
            Finding(
                section,
                "long sentence",
                _short(one),
                f"{length} words. Split it; {LONGEST_SENTENCE} is the longest that reads easily.",
            )
        )
    if _UNDONE.search(one) or _NOBODY.search(one):
        found.append(Finding(section, "nobody named", _short(one), "Say who does it, by when."))
    return found


def _jargon(text: str, section: str, explained: set[str]) -> list[Finding]:
    found = []
    for word in COMFORT:
        if _has(word, text):
            found.append(Finding(section, "fear or comfort word", word, "Leave it out, or say the fact."))
    for word, better in INSTEAD.items():
        if word.lower() not in explained and _has(word, text):
            found.append(Finding(section, "jargon", word, f"Say “{better}”."))
    shortened = _ABBREVIATION.findall(_REFERENCE.sub("", text))
    for word in dict.fromkeys(one.removesuffix("s") for one in shortened):
        if word not in KNOWN and word not in INSTEAD and word.lower() not in explained:
            found.append(
                Finding(
                    section,
                    "unexplained abbreviation",
                    word,
                    "Write it out, or explain it in the glossary.",
                )
            )
    return found


def _has(word: str, text: str) -> bool:
    flags = 0 if word.isupper() else re.IGNORECASE
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, flags) is not None


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:87].rstrip()}…"
