"""One client on one screen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import policies.selectors
import vendors.selectors
from engagements import selectors as engagements
from reporting import selectors as reporting
from reporting.status import Status
from risks import selectors as risks
from vciso.audit.models import Event
from vciso.home.selectors import portfolio
from vciso.tenancy.models import Client
from vciso.web.attention import Item

TOP = 5
COMING_DAYS = 60
HAPPENED = 8


@dataclass(frozen=True)
class Coming:
    """A date ahead, whatever it is about."""

    on: date
    what: str
    late: bool


@dataclass(frozen=True)
class Overview:
    """What the overview shows. `top` are the first of the register's own order."""

    client: Client
    profile: Any
    engagement: Any
    status: Status
    register: risks.RegisterView
    counts: risks.Counts
    waiting: list[Item]
    needs: list[Item]
    coming: list[Coming]
    hours: Any
    report: Any
    stage: Any
    events: list[Event]

    @property
    def top(self) -> tuple[Any, ...]:
        return self.register.open[:TOP]


def overview(client: Client, *, on: date) -> Overview:
    """Everything on the overview in a constant number of queries."""
    items = portfolio.attention(on=on)
    words = reporting.status_words(on=on)
    report, stage = reporting.stages(on=on).get(client.pk, (None, None))
    return Overview(
        client=client,
        profile=engagements.profile_of(client),
        engagement=engagements.engagement_on(client, on),
        status=reporting.status_of(words, client.pk),
        register=risks.register(client, on),
        counts=risks.counts(on=on).get(client.pk, risks.Counts()),
        waiting=[item for item in items if item.waiting_on == "client"],
        needs=[item for item in items if item.waiting_on == "practice"],
        coming=coming(client, items, on=on),
        hours=engagements.hours_used(client, on),
        report=report,
        stage=stage,
        events=list(Event.objects.filter(client=client).select_related("actor").order_by("-seq")[:HAPPENED]),
    )


def coming(client: Client, items: list[Item], *, on: date) -> list[Coming]:
    """Dates of the next sixty days, late ones first."""
    last = on + timedelta(days=COMING_DAYS)
    found = [
        Coming(row.on, row.what, row.on < on)
        for source in (policies.selectors, vendors.selectors)
        for row in source.coming_dates(client, on, days=COMING_DAYS)
    ]
    found += [
        Coming(item.due_on, item.title, item.due_on < on)
        for item in items
        if item.kind == "task" and item.due_on is not None and item.due_on <= last
    ]
    return sorted(found, key=lambda one: (one.on, one.what))
