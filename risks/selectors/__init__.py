"""Reads of the register. Other apps use the names listed here and nothing below."""

from risks.models.risk import Day
from risks.selectors.appetite import Line, Standing, Stated, standing, stated
from risks.selectors.authority import Authority, authority
from risks.selectors.change import Change, changes_between
from risks.selectors.facts import (
    AcceptanceRow,
    RatingFact,
    RegisterView,
    RiskRow,
    acceptances_as_of,
    register_as_of,
)
from risks.selectors.finding import find
from risks.selectors.flow import Flow, Named, flow
from risks.selectors.frame import Frame, LimitRow, end_of_day, frame, limits_as_of
from risks.selectors.home import Counts, attention, counts, day_there
from risks.selectors.losses import Losses, losses_of, tolerance
from risks.selectors.top import TopRisk, top
from risks.selectors.weighing import band_words

__all__ = [
    "AcceptanceRow",
    "Authority",
    "Change",
    "Counts",
    "Day",
    "Flow",
    "Frame",
    "LimitRow",
    "Line",
    "Losses",
    "Named",
    "RatingFact",
    "RegisterView",
    "RiskRow",
    "Standing",
    "Stated",
    "TopRisk",
    "acceptances_as_of",
    "attention",
    "authority",
    "band_words",
    "changes_between",
    "counts",
    "day_there",
    "end_of_day",
    "find",
    "flow",
    "frame",
    "limits_as_of",
    "losses_of",
    "register_as_of",
    "standing",
    "stated",
    "tolerance",
    "top",
]
