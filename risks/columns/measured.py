"""Ratings that a file writes as what they mean, read by what the levels of the client mean."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence

from risks.rules.scoring import Scale
from risks.selectors.frame import scale_as_of
from vciso.imports.keeping import exponent_of
from vciso.imports.measures import money_band, per_year
from vciso.imports.reading.texts import plain
from vciso.tenancy.models import Client
from vciso.web.formats import SYMBOLS

Reads = Callable[[str], int | None]


def measured(client: Client, on: dt.date) -> Mapping[str, Reads]:
    """How likelihoods and impacts are read by the scale of a day: its words, how often, and which sums."""
    return readers(scale_as_of(client, on), client.currency)


def readers(scale: Scale, currency: str) -> Mapping[str, Reads]:
    often = [per_year(meaning) for meaning in scale.likelihood_means]
    rates = [rate for rate in often if rate is not None]
    rises = len(rates) == len(scale.likelihood_words) and rates == sorted(set(rates))
    return {
        "likelihood": lambda text: _word(text, scale.likelihood_words) or (_nearest(text, rates) if rises else None),
        "impact": lambda text: _word(text, scale.impact_words) or _sum(text, scale.impact_money, currency),
    }


def _word(text: str, words: Sequence[str]) -> int | None:
    """The level of that very word."""
    form = plain(text)
    return next((number for number, word in enumerate(words, start=1) if plain(word) == form), None)


def _nearest(text: str, rates: Sequence[float]) -> int | None:
    """The level that means about so often."""
    rate = per_year(text)
    if rate is None:
        return None
    return min(range(len(rates)), key=lambda level: abs(math.log(rates[level] / rate))) + 1


def _sum(text: str, ends: Sequence[int], currency: str) -> int | None:
    """The level that a range of money lies in; one over several levels is none, nor one of another currency."""
    signs = {sign for sign in "$£€¥₹" if sign in text}
    if not ends or (signs and signs != {SYMBOLS.get(currency, "")[-1:]}):
        return None
    band = money_band(text, exponent=exponent_of(currency))
    if band is None:
        return None
    low, high = band
    if low == high:
        return sum(end < low for end in ends) + 1
    first = sum(end <= low for end in ends) + 1
    last = len(ends) + 1 if high is None else sum(end < high for end in ends) + 1
    return first if first == last else None
