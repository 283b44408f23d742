"""What the business runs on, as plain values for the reports."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from engagements.enums import DataKind
from engagements.models import System
from vciso.tenancy.models import Client


@dataclass(frozen=True, slots=True)
class EstateRow:
    """A system with what it holds, who runs it, and how long the business can do without."""

    id: uuid.UUID
    reference: str
    name: str
    holds: str
    run_by: str
    owner: str
    criticality: int | None
    tolerable_downtime_hours: int | None
    restore_order: int | None


def estate_as_of(client: Client, as_of: dt.date) -> list[EstateRow]:
    """Systems recorded by that day and still in use, what is restored first coming first."""
    after = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time.min, tzinfo=client.zone)
    found = System.objects.filter(client=client, created_at__lt=after).active().in_restore_order()
    labels = dict(DataKind.choices)
    return [
        EstateRow(
            id=row.pk,
            reference=row.reference,
            name=row.name,
            holds=", ".join(str(labels.get(kind, kind)) for kind in row.holds),
            run_by=row.run_by_name or str(row.get_run_by_display()),
            owner=row.owner.name if row.owner else "",
            criticality=row.criticality,
            tolerable_downtime_hours=row.tolerable_downtime_hours,
            restore_order=row.restore_order,
        )
        for row in found.select_related("owner")
    ]
