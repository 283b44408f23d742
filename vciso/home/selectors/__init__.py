"""Reads that join apps. Each module answers for one page; none knows a model of an app."""

from vciso.home.selectors.places import places, without_a_home

__all__ = ["places", "without_a_home"]
