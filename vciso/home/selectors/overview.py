"""One client on one screen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engagements import selectors as engagements
from reporting import selectors as reporting
from reporting.selectors import history
from reporting.status import Status
from risks import selectors as risks
from vciso.audit.models import Event
from vciso.home.selectors import portfolio
from vciso.tenancy.models import Client, User
from vciso.web.attention import Item

TOP = 5
COMING_DAYS = 60
HAPPENED = 8
# By what an event is about; the rest gets a plain mark.
ICONS = {
    "risk": "triangle-alert", "policy": "file-text", "vendor": "handshake", "report": "clipboard-list",
    "ask": "send", "decision": "gavel", "task": "list-checks", "time": "clock", "person": "users",
    "access": "key-round", "import": "upload", "export": "download",
}  # fmt: skip


@dataclass(frozen=True)
class Coming:
    """A date ahead, whatever it is about."""

    on: date
    what: str


@dataclass(frozen=True)
class Overview:
    """What the overview shows. `top` are the first of the register's own order, `call` the report
    that waits for the reader, if one does."""

    client: Client
    engagement: Any
    status: Status
    top: list[risks.TopRisk]
    counts: risks.Counts
    waiting: list[Item]
    needs: list[Item]
    coming: list[Coming]
    work: engagements.Counts
    reports: history.Reports
    happened: list[tuple[Event, str]]
    call: Item | None


def overview(client: Client, *, on: date, reader: User) -> Overview:
    """Everything on the overview in a constant number of queries."""
    found = portfolio.attention(on=on)
    items = sorted(found, key=lambda item: item.order)
    registers = risks.counts(on=on)
    events = Event.objects.filter(client=client).select_related("actor").order_by("-seq")[:HAPPENED]
    words = reporting.status_words(on=on, registers=registers)
    return Overview(
        client=client,
        engagement=engagements.engagement_on(client, on),
        status=reporting.status_of(words, client.pk),
        top=risks.top(client, limit=TOP),
        counts=registers.get(client.pk, risks.Counts()),
        waiting=[item for item in items if item.waiting_on == "client"],
        needs=[item for item in items if item.waiting_on == "practice"],
        coming=coming(items, on=on),
        work=engagements.counts(on=on).get(client.pk, engagements.Counts()),
        reports=history.monthly(client),
        happened=[(event, ICONS.get(event.verb.split(".")[0], "circle-dot")) for event in events],
        call=next((item for item in found if item.call and item.is_for(reader.pk)), None),
    )


def coming(items: list[Item], *, on: date) -> list[Coming]:
    """Dates of the next sixty days from whatever needs somebody; what is late stands elsewhere."""
    last = on + timedelta(days=COMING_DAYS)
    found = [Coming(item.due_on, item.title) for item in items if item.due_on and on <= item.due_on <= last]
    return sorted(found, key=lambda one: (one.on, one.what))
