"""Reads of the written programme. Import the module you mean, or the shared names from here."""

from policies.selectors.calendar import coming_dates, policies_as_of
from policies.selectors.surface import attention, counts, find

__all__ = ["attention", "coming_dates", "counts", "find", "policies_as_of"]
