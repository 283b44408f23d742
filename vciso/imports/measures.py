"""Levels written as what they mean: how often a thing happens, or from which sum to which it costs."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

from vciso.imports.values import read_money

_WORDS = {
    "once": 1, "one": 1, "a": 1, "an": 1, "un": 1, "une fois": 1, "einmal": 1, "una vez": 1, "una volta": 1, "eens": 1,
    "een keer": 1, "uma vez": 1, "twice": 2, "zweimal": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100,
    "a hundred": 100, "one hundred": 100, "a thousand": 1000, "a few": 3, "few": 3, "several": 4, "multiple": 4,
    "many": 6, "plusieurs": 4, "mehrmals": 4, "mehrere": 4, "varias": 4, "meerdere": 4, "piu": 4, "varie": 4,
}  # fmt: skip
_PER_YEAR = {
    "hourly": 8760, "daily": 365, "weekly": 52, "monthly": 12, "quarterly": 4, "yearly": 1, "annually": 1, "annual": 1,
    "biannually": 2, "half yearly": 2, "every other year": 0.5, "taglich": 365, "wochentlich": 52, "monatlich": 12,
    "jahrlich": 1, "quotidien": 365, "hebdomadaire": 52, "mensuel": 12, "annuel": 1, "diario": 365, "semanal": 52,
    "mensual": 12, "anual": 1, "dagelijks": 365, "wekelijks": 52, "maandelijks": 12, "jaarlijks": 1, "annuale": 1,
    "annualmente": 1, "mensile": 12,
}  # fmt: skip
_UNITS = (
    ("day days jour jours tag tage tagen dia dias dag dagen giorno giorni", 1 / 365),
    ("week weeks semaine semaines woche wochen semana semanas weken settimana settimane", 1 / 52),
    ("month months mois monat monate monaten mes meses maand maanden mese mesi", 1 / 12),
    ("quarter quarters trimestre trimestres quartal quartale kwartaal", 1 / 4),
    ("year years yr yrs annum an ans annee annees jahr jahre jahren ano anos jaar jaren anno anni", 1),
    ("decade decades decennie jahrzehnt decada decennium", 10),
    ("century centuries siecle jahrhundert siglo eeuw", 100),
)
_YEARS_OF = {word: years for words, years in _UNITS for word in words.split()}
_COUNT = rf"\d+(?:[.,]\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))}"
_RANGE = rf"(?:{_COUNT})(?:\s*(?:-|to|or|bis|a|et|tot|y|e)\s*(?:{_COUNT}))?"
_LONGEST = 60
_PER = (
    r"in|every|each|per|a|an|tous les|toutes les|par|alle|jedes|pro|im|cada|al|por|elke|om de|ogni|all'|within|over|/"
)
_TIMES = r"times?|x|fois|mal|vez|veces|volte|keer|keren|incidents?|events?"
_OFTEN = re.compile(
    rf"(?:(?P<count>{_RANGE})\s*(?:{_TIMES})?\s*)?(?P<by>{_PER})"
    rf"\s*(?:the\s+)?(?:next\s+)?(?:(?P<every>{_RANGE})\+?\s*)?(?P<unit>{'|'.join(_YEARS_OF)})"
)
_DURATION = re.compile(
    rf"^[<>≤≥~]?\s*\d+(?:[.,]\d+)?\s*(?:[-–]|to|bis)?\s*\d*\s*(?:working\s+)?"
    rf"(?:{'|'.join(_YEARS_OF)}|hours?|hrs?|minutes?|mins?|stunden?|heures?|horas?|uur|ore)$"
)
_LESS = re.compile(
    r"^(?:less (?:often )?than|fewer than|under|below|rarer than|moins de|moins d'|weniger als|seltener als|menos de|"
    r"minder dan|meno di|<|≤)\s*|\s*(?:or less|or rarer|or longer|or less often|oder seltener)$"
)
_MORE = re.compile(
    r"^(?:more (?:often )?than|over|above|at least|plus de|plus d'|mehr als|haufiger als|mas de|meer dan|piu di|>|≥)\s*"
    r"|\s*(?:or more|or more often|oder ofter|oder mehr)$"
)
_ABOUT = re.compile(
    r"^(?:about|approx(?:imately|\.)?|around|roughly|circa|ca\.?|up to|~|likely|expected|happens|occurs)\s+"
)
_BETWEEN = re.compile(r"\s+(?:to|bis|a|tot)\s+|\s*[-–—]\s*")
_PRICED = re.compile(r"[€$£¥₹]|\d\s*(?:k|mn?|mio|million|tsd)\b", re.I)
_BELOW = re.compile(
    r"^(?:<|≤|less than|under|below|up to|max\.?|bis|moins de|unter|weniger als|hasta|menos de|tot|minder dan)\s*", re.I
)
_ABOVE = re.compile(
    r"^(?:>|≥|more than|over|above|from|at least|plus de|über|mehr als|ab|más de|mas de|meer dan)\s*|"
    r"\s*(?:\+|or more|and above|and more)$",
    re.I,
)


@lru_cache(maxsize=4096)
def per_year(text: str) -> float | None:
    """How often a year a thing happens by a text: "Once in 5 years" is 0.2; ``None`` where it says no such thing."""
    if len(text) > _LONGEST:
        return None
    bare = unicodedata.normalize("NFD", " ".join(text.replace("–", "-").replace("—", "-").casefold().split()))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter)).strip(" .()")
    bare, less = _LESS.subn("", bare)
    bare, more = _MORE.subn("", bare)
    bare = _ABOUT.sub("", bare)
    factor = 0.5 if less else 2.0 if more else 1.0
    if bare in _PER_YEAR:
        return factor * _PER_YEAR[bare]
    match = _OFTEN.fullmatch(bare)
    if match is None or (match["by"] in ("a", "an", "/") and not match["count"]):
        return None
    often = factor * _middle(match["count"]) / (_middle(match["every"]) * _YEARS_OF[match["unit"]])
    return often if often > 0 else None


@lru_cache(maxsize=4096)
def is_duration(text: str) -> bool:
    """Whether a text is nothing but a time: "2 weeks", "4-6 hours", "> 3 days"."""
    return bool(_DURATION.match(" ".join(text.casefold().split())))


def _middle(text: str | None) -> float:
    """The number, or of two numbers the one between them that stands as far above the one as below the other."""
    if not text:
        return 1.0
    numbers = [_number(found) for found in re.findall(_COUNT, text)]
    numbers = [number for number in numbers if number > 0] or [0.0]
    return math.prod(numbers) ** (1 / len(numbers)) if len(numbers) > 1 and text not in _WORDS else _number(text)


def _number(text: str) -> float:
    known = _WORDS.get(text)
    if known is not None:
        return float(known)
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def money_band(text: str, *, exponent: int) -> tuple[int, int | None] | None:
    """From which sum to which a text goes, "£10k – £100k" or "> £1m", in minor units; an open end is ``None``."""
    bare = " ".join(text.split())
    if _BELOW.match(bare):
        high = read_money(_BELOW.sub("", bare), exponent=exponent)
        return (0, high) if high else None
    if _ABOVE.search(bare):
        low = read_money(_ABOVE.sub("", bare), exponent=exponent)
        return (low, None) if low else None
    parts = _BETWEEN.split(bare)
    ends = [read_money(part, exponent=exponent) for part in parts]
    if len(ends) == 1 and ends[0] is not None and _PRICED.search(bare):
        return ends[0], ends[0]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        return None
    return ends[0], ends[1]
