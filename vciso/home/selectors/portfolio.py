"""Today and the client table: what needs whom over every client of the context."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import policies.selectors
import vendors.selectors
from engagements import selectors as engagements
from reporting import selectors as reporting
from reporting.status import Status
from risks import selectors as risks
from vciso.tenancy.models import Client
from vciso.web.attention import Item
from vciso.web.finding import Found

SOURCES = (engagements, risks, policies.selectors, vendors.selectors, reporting)
SOON_DAYS = 7
AHEAD_DAYS = 30


@dataclass(frozen=True)
class Queue:
    """What needs somebody, sorted into the three views of Today."""

    now: list[Item]
    waiting: list[Item]
    ahead: list[Item]

    def view(self, name: str) -> list[Item]:
        return {"waiting": self.waiting, "ahead": self.ahead}.get(name, self.now)

    def late(self, on: date) -> int:
        return sum(1 for item in self.now if item.due_on is not None and item.due_on < on)


def attention(*, on: date, there: risks.Day | None = None) -> list[Item]:
    """Everything that needs somebody, from every app; a constant number of queries.

    What became of risks is told by the day `there`, where each of several clients is (`risks.day_there`).
    """
    found: list[Item] = []
    for source in SOURCES:
        found += risks.attention(on=on, there=there) if source is risks else source.attention(on=on)
    return found


def queue(items: Iterable[Item], *, on: date) -> Queue:
    """Now: the practice's move, late, within a week or without a date. Ahead: up to 30 days."""
    now: list[Item] = []
    waiting: list[Item] = []
    ahead: list[Item] = []
    for item in items:
        if item.waiting_on == "client":
            waiting.append(item)
        elif item.due_on is None or item.due_on <= on + timedelta(days=SOON_DAYS):
            now.append(item)
        elif item.due_on <= on + timedelta(days=AHEAD_DAYS):
            ahead.append(item)
    return Queue(now, waiting, ahead)


@dataclass(frozen=True)
class Row:
    """One client in the client table."""

    client: Client
    status: Status
    risks: risks.Counts
    work: engagements.Counts
    policies_overdue: int
    vendors_overdue: int
    report_title: str
    stage_step: int
    stage_label: str
    needs: int

    @property
    def hours_percent(self) -> int | None:
        if not self.work.included_minutes:
            return None
        return round(100 * self.work.month_minutes / self.work.included_minutes)

    @property
    def hours_tone(self) -> str:
        return "bad" if (self.hours_percent or 0) > 100 else "ink"

    @property
    def overdue(self) -> int:
        """Whatever is past its date: tasks, reviews of risks, policies and vendors."""
        return self.work.late_tasks + self.risks.late + self.policies_overdue + self.vendors_overdue


def client_rows(clients: Iterable[Client], items: Iterable[Item], *, on: date, there: risks.Day) -> list[Row]:
    """The table's rows: clients that call for action first, then by risks above the limit.

    Risks are counted by the day `there`, where each client is, as its own pages count them.
    """
    register = risks.counts(on=there)
    work = engagements.counts(on=on)
    written = policies.selectors.counts(on=on)
    supply = vendors.selectors.counts(on=on)
    stages = reporting.stages(on=on)
    words = reporting.status_words(on=on, registers=register)
    needs: dict[UUID, int] = {}
    for item in items:
        if item.waiting_on == "practice":
            needs[item.client_id] = needs.get(item.client_id, 0) + 1
    rows = []
    for client in clients:
        report, stage = stages.get(client.pk, (None, None))
        rows.append(
            Row(
                client=client,
                status=reporting.status_of(words, client.pk),
                risks=register.get(client.pk, risks.Counts()),
                work=work.get(client.pk, engagements.Counts()),
                policies_overdue=getattr(written.get(client.pk), "overdue", 0),
                vendors_overdue=getattr(supply.get(client.pk), "overdue", 0),
                report_title=report.span.title if report else "",
                stage_step=stage.step if stage else 0,
                stage_label=stage.label if stage else "None yet",
                needs=needs.get(client.pk, 0),
            )
        )
    return sorted(rows, key=lambda row: (-row.risks.calling_for_action, -row.risks.above, row.client.name))


def find(text: str, *, limit: int = 8) -> list[Found]:
    """Records of every app whose words match, within the context."""
    return [found for source in SOURCES for found in source.find(text=text, limit=limit)]
