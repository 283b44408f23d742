"""Reads that join, count or look back. Home and the reports call these, never the models."""

from engagements.selectors.agreement import (
    engagement_on,
    hours_used,
    objectives_as_of,
)
from engagements.selectors.lookback import asks_as_of, decisions_as_of, tasks_as_of
from engagements.selectors.overview import attention, counts, find

__all__ = [
    "asks_as_of",
    "attention",
    "counts",
    "decisions_as_of",
    "engagement_on",
    "find",
    "hours_used",
    "objectives_as_of",
    "tasks_as_of",
]
