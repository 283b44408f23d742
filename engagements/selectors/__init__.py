"""Reads that join, count or look back. Home and the reports call these, never the models."""

from engagements.selectors.agreement import (
    engagement_on,
    hours_used,
    objectives_as_of,
)
from engagements.selectors.estate import estate_as_of
from engagements.selectors.lookback import asks_as_of, decisions_as_of, tasks_as_of
from engagements.selectors.overview import Counts, attention, counts, find
from engagements.selectors.people import profile_of
from engagements.selectors.waiting import answered, ending_soon, waiting_for

__all__ = [
    "Counts",
    "answered",
    "asks_as_of",
    "attention",
    "counts",
    "decisions_as_of",
    "ending_soon",
    "engagement_on",
    "estate_as_of",
    "find",
    "hours_used",
    "objectives_as_of",
    "profile_of",
    "tasks_as_of",
    "waiting_for",
]
