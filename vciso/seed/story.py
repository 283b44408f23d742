"""Telling one client's story through the ordinary services, day by day.

A story is a list of beats, each a moment and a call. They are told in order, each in the context
of the person who did it, so that every rule, policy and trigger of the product was met.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from vciso.seed import moments
from vciso.seed.world import World
from vciso.tenancy import context
from vciso.tenancy.models import Client, User


@dataclass
class Teller:
    """One client's story while it is told: who it is about, what exists already, what comes."""

    world: World
    key: str
    story: dict[str, Any]
    now: datetime
    made: dict[str, Any] = field(default_factory=dict)
    beats: list[tuple[datetime, int, User, Callable[[datetime], None]]] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return self.world.clients[self.key]

    @property
    def lead(self) -> User:
        return self.world.staff[self.story["consultants"][0]]

    @property
    def second(self) -> User | None:
        others = self.story["consultants"][1:]
        return self.world.staff[others[0]] if others else None

    @property
    def today(self) -> date:
        return self.client.today(self.now)

    def day(self, words: str) -> date:
        return moments.day(words, today=self.today)

    def account(self, person: str) -> User:
        return self.world.people[self.key, person]

    def on(self, words: str | date, by: User, call: Callable[[datetime], None], *, hour: int = 10) -> None:
        """Adds a beat; what lies in the future is not told."""
        day = self.day(words) if isinstance(words, str) else words
        at = moments.moment(day, self.client.zone, hour=hour, minute=len(self.beats) % 50)
        if at <= self.now:
            self.beats.append((at, len(self.beats), by, call))

    def tell(self) -> None:
        """Tells every beat in order, each in its person's own context."""
        for at, _, by, call in sorted(self.beats, key=lambda beat: beat[:2]):
            with context.as_user(by, client_id=self.client.pk):
                call(at)
        self.beats.clear()


def after(on: date, days: int) -> date:
    return on + timedelta(days=days)
