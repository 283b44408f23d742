"""The sentences about a risk that people outside the practice read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from risks.enums import UNCONFIRMED, Band, LimitPosition
from risks.models import Risk
from risks.rules import scoring
from risks.selectors.frame import Frame
from vciso.tenancy.models import Client
from vciso.web import formats


def full_day(day: dt.date | None, client: Client) -> str:
    """A day with its year, as the client writes days: "30 March 2027", "March 30, 2027"."""
    return formats.client_day(day, client)


def statement(risk: Risk) -> str:
    """*{cause}. If {event}, it would mean {consequence}.* or, without these, the description."""
    return scoring.statement(risk.cause, risk.event, risk.consequence) or risk.description


def about(risk: Risk) -> str:
    """The risk in one paragraph; its title where nothing else is written."""
    return statement(risk) or f"{risk.title}."


def present_rating(risk: Risk) -> scoring.Rating | None:
    """The rating of today as the rules take it."""
    if risk.now_likelihood is None:
        return None
    return scoring.Rating(risk.now_likelihood, risk.now_impacts)


def limit_sentence(risk: Risk, measure: Frame) -> str:
    """How the risk compares with the limits, as an owner reads it."""
    found = measure.position(present_rating(risk), risk.losses)
    ranked = scoring.Ranked(found, risk.now_score, risk.raised_on, risk.number)
    return scoring.why(ranked, measure.names, money=over_limit(found, measure, risk.client))


YEARS = {10: "ten", 50: "fifty"}
"""A return period as people say it."""


def over_limit(place: scoring.Position, measure: Frame, client: Client) -> str:
    """How far a rare year passes its limit in money; empty where it does not."""
    if not place.over:
        return ""
    loss, limit = (formats.about(sum_, client.currency) for sum_ in (place.loss, place.money_limit))
    name = measure.names.get(place.money_category, place.money_category).lower()
    which = "the strictest limit in money" if place.money_category == UNCONFIRMED else f"the limit for {name}"
    limit = limit.removeprefix("about ")
    return f"One year in {YEARS[place.years]} would cost {loss} or more, where {which} is {limit}."


def without_money_limit(risk: Risk, measure: Frame) -> str:
    """The categories of a rated risk, as in “financial and legal”, where none of them has a limit in money."""
    rating = present_rating(risk)
    if rating is None or measure.has_money_limit(rating):
        return ""
    *first, last = (measure.names.get(key, key).lower() for key in sorted(rating.impacts))
    return " and ".join(filter(None, (", ".join(first), last)))


def uncompared(risk: Risk, measure: Frame) -> str:
    """That the estimated loss of a rare year meets no limit, beside what a year may cost in all; mostly empty."""
    names = without_money_limit(risk, measure)
    if not names or not risk.one_in_ten_minor:
        return ""
    currency = risk.client.currency
    loss = one_in_ten(risk.one_in_ten_minor, currency)
    sentence = f"{loss[:1].upper()}{loss[1:]} is compared with no limit: none is set in money for {names}."
    return f"{sentence} {together(measure, currency)}"


def against_limits(risk: Risk, measure: Frame) -> str:
    """How the risk compares with the limits, and whether its loss in money meets none."""
    return " ".join(filter(None, (limit_sentence(risk, measure), uncompared(risk, measure))))


def together(measure: Frame, currency: str) -> str:
    """What a year may cost in all, in a sentence."""
    if measure.in_all is None:
        return "Nor is a tolerance for one year set."
    return f"A year may cost {formats.money(measure.in_all, currency)} in all."


def impact_costs(cost: tuple[int | None, int | None], currency: str = "") -> str:
    """What an impact costs: “up to $10,000”, “$10,000 to $50,000”, “above $1,000,000”; or nothing."""
    low, high = (formats.money(sum_, currency) for sum_ in cost)
    if low and high:
        return f"{low} to {high}"
    return f"up to {high}" if high else f"above {low}" if low else ""


def levels_of(scale: scoring.Scale, currency: str = "") -> list[tuple[scoring.Level, str]]:
    """Each level of a scale, with what an impact of it costs in words."""
    return [(level, impact_costs(level.cost, currency)) for level in scale.levels]


def level_words(risk: Risk, measure: Frame) -> str:
    """How serious a risk is to whoever signs for it: “high”, or “rated medium, and counted as high since …”."""
    rated, counted = Band(risk.now_band), risk.exposure
    if rated == counted:
        return rated.label.lower()
    found = measure.position(present_rating(risk), risk.losses)
    why = over_limit(found, measure, risk.client).rstrip(".")
    return f"rated {rated.label.lower()}, and counted as {counted.label.lower()} since {why[:1].lower()}{why[1:]}"


def rating_words(likelihood: int | None, impact: int | None, scale: scoring.Scale) -> str:
    """A rating in the client's words: "possible, severe"."""
    if likelihood is None or impact is None:
        return "not rated"
    first, second = scale.likelihood_words[likelihood - 1], scale.impact_words[impact - 1]
    return f"{first.lower()}, {second.lower()}"


def facts_of(risk: Risk, measure: Frame) -> list[dict[str, Any]]:
    """What stands beside a question about a risk: how serious, your limit, who owns it."""
    words = rating_words(risk.now_likelihood, risk.now_impact, measure.scale)
    facts = [
        {
            "label": "How serious now",
            "value": _serious(risk),
            "note": f"{words}; {risk.now_score} of 25" if risk.now_score else "",
        },
        {"label": "Against your limit", "value": _against(risk), "note": _loss_note(risk, measure)},
        {"label": "Who looks after it", "value": risk.owner.name if risk.owner else "Nobody yet", "note": ""},
    ]
    return facts


def _serious(risk: Risk) -> str:
    rated, counted = Band(risk.now_band), risk.exposure
    return rated.label if rated == counted else f"{rated.label}, counted as {counted.label.lower()}"


def _against(risk: Risk) -> str:
    if risk.position == LimitPosition.ABOVE and not risk.bands_above:
        return "Above (limit in money)"
    if risk.position == LimitPosition.ABOVE:
        return f"Above (limit: {Band(risk.limit_band).label.lower()})"
    return LimitPosition(risk.position).label


def _loss_note(risk: Risk, measure: Frame) -> str:
    """What one year in ten would cost, where that is estimated, and whether a limit says what it may."""
    if risk.one_in_ten_minor is None:
        return ""
    loss = one_in_ten(risk.one_in_ten_minor, risk.client.currency)
    return f"{loss}, compared with no limit" if without_money_limit(risk, measure) else loss


def one_in_ten(minor: int, currency: str) -> str:
    """A 1-in-10-year loss; nothing is said as what it means, never as $0."""
    return f"{formats.about(minor, currency)} once in ten years" if minor else "no loss in 9 years of 10"
