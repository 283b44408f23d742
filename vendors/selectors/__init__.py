"""Reads of the vendor inventory. Import the module you mean, or the shared names from here."""

from vendors.selectors.calendar import coming_dates, vendors_as_of
from vendors.selectors.surface import attention, counts, find

__all__ = ["attention", "coming_dates", "counts", "find", "vendors_as_of"]
