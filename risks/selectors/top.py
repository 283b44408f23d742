"""The first risks of the register, from the figures each row keeps: one query, no history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from risks.enums import LimitPosition, Treatment
from risks.models import Risk
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class TopRisk:
    """One line of a top-five list."""

    reference: str
    title: str
    band: int
    position: str
    response: str
    owner: str
    target_on: dt.date | None


def top(client: Client, *, limit: int) -> list[TopRisk]:
    """The open risks that rank first, at most `limit`; empty for an empty register."""
    rows = Risk.objects.filter(client=client).open().ranked().select_related("owner")[:limit]
    return [
        TopRisk(
            reference=risk.reference,
            title=risk.title,
            band=risk.now_band,
            position=LimitPosition(risk.position).label,
            response=Treatment(risk.treatment).label,
            owner=risk.owner.name if risk.owner else "",
            target_on=risk.target_on,
        )
        for risk in rows
    ]
