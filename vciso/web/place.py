"""Where and how the reader reads: language, time zone and currency of the client on the page.

Set once per request by the middleware, or for a block of code with `reading_as`; filters and
forms take it from here so that templates need not hand it on.
"""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone, translation


@dataclass(frozen=True)
class Place:
    language: str = "en-GB"
    zone: str = "UTC"
    currency: str = "USD"

    @property
    def american(self) -> bool:
        return self.language == "en-US"

    @classmethod
    def of(cls, client: Any) -> "Place":
        if client is None:
            return cls(zone=settings.TIME_ZONE)
        return cls(client.language, client.time_zone, client.currency)


_current: ContextVar[Place | None] = ContextVar("vciso_place", default=None)


def current() -> Place:
    return _current.get() or Place()


@contextmanager
def reading_as(client: Any) -> Iterator[Place]:
    """Formats dates, times and money as this client's people read them."""
    place = Place.of(client)
    token = _current.set(place)
    try:
        with (
            timezone.override(zoneinfo.ZoneInfo(place.zone)),
            translation.override(place.language.lower()),
        ):
            yield place
    finally:
        _current.reset(token)
