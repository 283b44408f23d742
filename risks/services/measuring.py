"""What a new scale or a new limit makes of the risks that stand; each has a line of it in its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from risks.enums import Band, EventKind
from risks.models import Risk, RiskEvent
from risks.services import standing
from risks.services.wording import BATCH
from vciso.tenancy.models import Client, User
from vciso.web import formats

NAMED = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """A risk that stands, with its level and whether it is above a limit."""

    reference: str
    band: Band
    is_above: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A risk whose level, or whose place against the limits, is another one though its rating is the same."""

    risk_id: UUID
    was: Measured
    now: Measured

    @property
    def has_another_level(self) -> bool:
        return self.was.band != self.now.band

    @property
    def kind(self) -> EventKind:
        if self.has_another_level:
            return EventKind.LEVEL_UP if self.now.band > self.was.band else EventKind.LEVEL_DOWN
        return EventKind.LIMIT_OVER if self.now.is_above else EventKind.LIMIT_IN

    def because(self, what: str) -> str:
        """What the line of its history says beside its kind."""
        if not self.has_another_level:
            return what
        said = f"From {self.was.band.label.lower()} to {self.now.band.label.lower()}"
        if self.was.is_above == self.now.is_above:
            return said
        return f"{said}; {'above the limit now' if self.now.is_above else 'no longer above the limit'}"


def measure_anew(*, client: Client, what: str, by: User, at: dt.datetime) -> tuple[int, list[Moved]]:
    """Compare the whole register with the scale and the limits of today, after `what` was set.

    Answers how many risks differ in any column, and those that moved.
    """
    risks = standing.locked(client)
    before = _measured(risks)
    changed = standing.refresh(client, client.today(at), risks)
    after = _measured(risks)
    moved = [Moved(pk, before[pk], now) for pk, now in after.items() if before.get(pk, now) != now]
    shared = {"client": client, "happened_at": at, "by": by}
    told = [RiskEvent(**shared, risk_id=one.risk_id, kind=one.kind, reason=one.because(what)) for one in moved]
    RiskEvent.objects.bulk_create(told, batch_size=BATCH)
    return changed, moved


def _measured(risks: Sequence[Risk]) -> dict[UUID, Measured]:
    """Where the risks that are not closed stand, as they are in memory."""
    return {
        risk.pk: Measured(risk.reference, Band(risk.now_band), risk.is_above) for risk in risks if not risk.is_closed
    }


def levels_of(moved: Sequence[Moved]) -> str:
    """Which risks change their level and how: the first by reference, then how many more; empty for none."""
    levels = [one for one in moved if one.has_another_level]
    if not levels:
        return ""
    named = [
        f"{one.was.reference} from {one.was.band.label.lower()} to {one.now.band.label.lower()}"
        for one in levels[:NAMED]
    ]
    more = f", and {len(levels) - NAMED} more" if len(levels) > NAMED else ""
    verb = "changes its" if len(levels) == 1 else "change their"
    return f"{formats.count_of(len(levels), 'risk')} {verb} level ({', '.join(named)}{more})"
