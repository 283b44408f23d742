"""Words, lists, money and people inside cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from vciso.imports.reading.texts import clean, is_blank, plain
from vciso.imports.registry import Field, PersonEntry
from vciso.imports.words import languages

_YES = {
    plain(word)
    for word in ("yes", "y", "true", "1", "x", "si", "signed", "ok", "done", "on", "in place", *languages.YES)
}
_NO = {
    plain(word)
    for word in ("no", "n", "false", "0", "not signed", "off", "none", "missing", "not yet", *languages.NO)
}  # fmt: skip
NOTHING = {*(plain(word) for word in (
    "n a", "na", "tbd", "tbc", "none", "unknown", "not applicable", "nil", "not available", *languages.NOTHING,
))}  # fmt: skip
_BULLET = re.compile(r"^\s*(?:[-*•·‣▪●◦–—]|\d{1,2}[.)])\s+")
_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_MONEY = re.compile(r"^\(?-?\s*(\d[\d.,' ]*)\s*(k|m|mn|mio|million|thousand|tsd)?\)?$", re.I)
_SIGNS = re.compile(
    r"(?:[€$£¥₹]|\b(?:usd|eur|gbp|chf|cad|aud|sek|nok|dkk|us|p\.?a\.?|per year|a year|/ ?year|/ ?yr)\b)", re.I
)


@lru_cache(maxsize=4096)
def is_nothing(text: str) -> bool:
    form = plain(text)
    return form in NOTHING if form else is_blank(text)


@lru_cache(maxsize=4096)
def read_bool(text: str) -> bool | None:
    form = plain(text) or text.strip()
    if form in _YES or text.strip() in ("✓", "✔", "☑", "✅"):
        return True
    if form in _NO or text.strip() in ("✗", "✘", "☐", "❌", "-"):
        return False
    return None


_choice_words: dict[int, tuple[Mapping[str, tuple[str, ...]], dict[str, str]]] = {}


def _words_of(choices: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    held = _choice_words.get(id(choices))
    if held is None or held[0] is not choices:
        made: dict[str, str] = {}
        for value, words in choices.items():
            for word in (value.replace("_", " "), *words):
                made.setdefault(plain(word), value)
        _choice_words[id(choices)] = (choices, made)
        return made
    return held[1]


def read_choice(field: Field, text: str) -> str | None:
    """The choice a text names: as a whole, by its beginning, or by the one word in it that is known."""
    words = _words_of(field.choices)
    form = plain(text)
    if form in words:
        return words[form]
    for part in re.split(r"\s[-–—]\s|[/(,;:|\n]", text):
        if (found := words.get(plain(part))) is not None:
            return found
    tokens = form.split()
    if not tokens or len(tokens) > 6:
        return None
    if tokens[0] in words and len(tokens[0]) > 2 and "not" not in tokens:
        return words[tokens[0]]
    if "not" in tokens:
        return None
    named = {words[token] for token in tokens if len(token) > 3 and token in words}
    return named.pop() if len(named) == 1 else None


def is_choice(field: Field, text: str) -> bool:
    """Whether a text is nothing but the word of a choice."""
    return plain(text) in _words_of(field.choices)


def says_more(field: Field, text: str) -> bool:
    """Whether a text says more than the choice it names: "Closed 12/05/2026", "Transfer (insurance)"."""
    form = plain(text)
    if form in (words := _words_of(field.choices)):
        return False
    known = {word for said in words for word in said.split()}
    return any(
        (len(word) > _SHORT and word.isalpha()) or (word.isdigit() and len(word) > 1)
        for word in form.split()
        if word not in known
    )


_SHORT = 3


def choices_in(field: Field, text: str) -> set[str]:
    """The choices that the parts of a text name: two in "Mitigate & transfer"."""
    words = _words_of(field.choices)
    parts = re.split(r"\s[-–—]\s|[/&+,;|\n]|\band\b", text)
    return {found for part in parts if (found := words.get(plain(part))) is not None}


def split_many(text: str) -> list[str]:
    """The entries of a list in one cell; a comma inside quotes or brackets separates nothing."""
    for mark in ("|", "\n", ";"):
        if mark in text:
            parts = text.split(mark)
            break
    else:
        parts = _split_commas(text)
    found: list[str] = []
    for part in parts:
        entry = clean(_BULLET.sub("", part)).strip("\"' ")
        if entry and entry not in found:
            found.append(entry)
    return found


def _split_commas(text: str) -> list[str]:
    parts, current, depth, quoted = [], "", 0, False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth = max(0, depth - 1)
        if letter == "," and not quoted and not depth:
            parts.append(current)
            current = ""
        else:
            current += letter
    return [*parts, current]


def read_money(text: str, *, exponent: int = 2) -> int | None:
    """An amount in minor units; ``None`` for a range or anything else that is not one amount."""
    bare = _SIGNS.sub(" ", text).strip()
    match = _MONEY.match(" ".join(bare.split()))
    if match is None:
        return None
    digits = match[1].replace("'", "").replace(" ", "")
    number = _decimal(digits)
    if number is None:
        return None
    unit = (match[2] or "").lower()
    number *= {"": 1, "k": 1000, "thousand": 1000, "tsd": 1000}.get(unit, 1_000_000)
    if text.strip().startswith(("-", "(")):
        number = -number
    minor = int((number * 10**exponent).to_integral_value())
    return minor if abs(minor) < 10**15 else None


def _decimal(digits: str) -> Decimal | None:
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        whole, part = digits[:last], digits[last + 1 :]
        other = "," if digits[last] == "." else "."
        thousands = len(part) == 3 and digits.count(digits[last]) >= 1 and other not in whole and whole.strip("0")
        if thousands or (digits.count(digits[last]) > 1):
            digits = re.sub(r"[.,]", "", digits)
        else:
            digits = re.sub(r"[.,]", "", whole) + "." + part
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def read_number(text: str) -> int | None:
    bare = text.strip()
    number = _decimal(bare) if re.fullmatch(r"-?\d[\d.,]*", bare) else None
    if number is None or number != number.to_integral_value() or abs(number) > 10**9:
        return None
    return int(number)


class Directory:
    """Finds the person a text means: by address, by name, by another name, by a first name nobody shares."""

    def __init__(self, people: Sequence[PersonEntry]) -> None:
        self.people = {entry.key: entry for entry in people}
        self.by_mail = {entry.email.casefold(): entry.key for entry in people if entry.email}
        self.by_name: dict[str, set[str]] = {}
        self.by_alias: dict[str, set[str]] = {}
        for entry in people:
            self._add(self.by_name, entry.name, entry.key)
            self._add(self.by_name, " ".join(reversed(entry.name.split(" ", 1))), entry.key)
            for alias in (*entry.aliases, entry.job_title):
                self._add(self.by_alias, alias, entry.key)
            names = entry.name.split()
            if len(names) > 1:
                self._add(self.by_alias, names[0], entry.key)
                self._add(self.by_alias, names[-1], entry.key)
                self._add(self.by_alias, f"{names[0][0]} {names[-1]}", entry.key)

    @staticmethod
    def _add(table: dict[str, set[str]], text: str, key: str) -> None:
        if form := plain(text):
            table.setdefault(form, set()).add(key)

    def find(self, text: str) -> str | None:
        for mail in _MAIL.findall(text):
            if key := self.by_mail.get(mail.casefold()):
                return key
        bare = clean(re.sub(r"[<(\[].*?[>)\]]", " ", _MAIL.sub(" ", text)))
        for table in (self.by_name, self.by_alias):
            found = table.get(plain(bare), set())
            if len(found) == 1:
                return next(iter(found))
        return None

    def candidates(self, text: str) -> list[str]:
        """Everybody a name may mean when it means more than one."""
        bare = plain(re.sub(r"[<(\[].*?[>)\]]", " ", _MAIL.sub(" ", text)))
        for table in (self.by_name, self.by_alias):
            if len(found := table.get(bare, set())) > 1:
                return sorted(found, key=lambda key: self.people[key].name)
        return []

    def find_first(self, text: str) -> tuple[str | None, bool]:
        """The person meant, and whether the text names others besides."""
        if key := self.find(text):
            return key, False
        parts = [part for part in re.split(r"[;/&\n|]|,|\band\b|\+", text) if part.strip()]
        if len(parts) > 1:
            for part in parts:
                if key := self.find(part):
                    return key, True
        return None, False
