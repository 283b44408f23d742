"""When a risk is looked at again: the more serious it is, the sooner."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta

from risks.enums import Band

MONTHS = {Band.NOT_RATED: 1, Band.LOW: 12, Band.MEDIUM: 6, Band.HIGH: 3, Band.CRITICAL: 1}
"""Months between reviews by band. What is not rated waits for its rating, so it comes back soon."""


def latest(today: dt.date) -> dt.date:
    """The last day to which the next review of an open risk may be put off."""
    return today + relativedelta(months=MONTHS[Band.LOW])


def interval(band: Band, own: int) -> int:
    """The months between two reviews: the risk's own, or with 0 what its band says."""
    return own or MONTHS[band]


def next_review(last: dt.date, *, band: Band, own: int) -> dt.date:
    """The day the next review is due, counted from the last look, or from the day it was raised."""
    return last + relativedelta(months=interval(band, own))
