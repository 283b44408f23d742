"""What a risk is linked with, what else it could be, and which risks a record has."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import CharField, F, Q, QuerySet, Value
from django.urls import reverse

from engagements.enums import DecisionState, TaskStatus
from risks.models import Risk, RiskLink
from vciso.tenancy.models import Client
from vendors.enums import VendorStatus


@dataclasses.dataclass(frozen=True, slots=True)
class LinkKind:
    """One kind of record that risks are linked with.

    `field` is the column of `RiskLink`, `prefix` begins the references of these records, `title`
    is what people call one, `page` its address, whose part `lookup` is the record's `address`. `slot`
    stands on that page. `present` leaves out what nobody would link any more. A kind that is not
    `offered` is linked from the record's own page alone; one that is `unnumbered` has no reference and
    is named in addresses by its id. `reads` are the columns that title and address need, and `heavy`
    those that no link ever reads. `under` leads from a link to the record where a part of it was linked.
    """

    field: str
    prefix: str
    noun: str
    plural: str
    icon: str
    page: str
    slot: str
    title: str = "name"
    lookup: str = "ref"
    address: str = "reference"
    present: Q = dataclasses.field(default_factory=Q)
    offered: bool = True
    unnumbered: bool = False
    reads: tuple[str, ...] = ()
    heavy: tuple[str, ...] = ()
    under: str = ""

    @property
    def model(self) -> Any:
        return RiskLink._meta.get_field(self.field).related_model

    @property
    def names(self) -> set[str]:
        """The columns, by way of a link, that name a record and lead to it."""
        return {f"{self.field}__{name}" for name in self.reads or {self.title, self.address, "reference"}}

    @property
    def within(self) -> set[str]:
        """Other records that name one of this kind."""
        return {name.rpartition("__")[0] for name in self.reads if "__" in name}

    @property
    def joined(self) -> set[str]:
        """What has to be fetched with a link to name its record."""
        return {self.field} | {f"{self.field}__{name}" for name in self.within}

    def url(self, client: Client, record: Any) -> str:
        word = attrgetter(self.address)(record)
        return reverse(self.page, kwargs={"client_key": client.key, self.lookup: word})


KINDS: tuple[LinkKind, ...] = (
    LinkKind(
        "system", "SYS", "system", "Systems", "server", "engagements:system", "estate.detail", present=Q(active=True)
    ),
    LinkKind(
        "process", "PRC", "process", "Processes", "workflow", "engagements:process", "estate.detail",
        present=Q(active=True),
    ),
    LinkKind(
        "vendor", "V", "vendor", "Vendors", "store", "vendors:detail", "vendors.detail.main",
        present=~Q(status=VendorStatus.ENDED), under="vendor_review__vendor",
    ),
    LinkKind(
        "policy", "P", "policy", "Policies", "file-text", "policies:detail", "policies.detail.rail", title="title",
        lookup="slug", address="slug", present=Q(retired_on=None),
    ),
    LinkKind(
        "task", "T", "task", "Tasks", "list-checks", "engagements:task", "tasks.detail.rail", title="title",
        present=Q(status=TaskStatus.OPEN),
    ),
    LinkKind(
        "decision", "D", "decision", "Decisions", "gavel", "engagements:decision", "decisions.detail.rail",
        title="title", present=~Q(state=DecisionState.WITHDRAWN),
    ),
    LinkKind(
        "ask", "A", "question", "Questions", "circle-question-mark", "engagements:ask", "asks.detail.rail",
        title="title", offered=False, heavy=("text", "facts", "options"),
    ),
    LinkKind(
        "assessment", "RA", "assessment", "Assessments", "clipboard-check", "risks:assessment",
        "assessments.detail.rail", title="title", offered=False, heavy=("facts",),
    ),
    LinkKind(
        "person", "PERSON", "person", "People", "user", "engagements:person", "people.detail.rail", lookup="pk",
        address="pk", offered=False, unnumbered=True, reads=("name",),
    ),
    LinkKind(
        "vendor_review", "REVIEW", "review", "Reviews of vendors", "clipboard-check", "vendors:detail",
        "vendors.detail.review", title="title", address="vendor.reference", offered=False, unnumbered=True,
        reads=("reviewed_on", "vendor__name", "vendor__reference"),
    ),
)  # fmt: skip
OFFERED = tuple(kind for kind in KINDS if kind.offered)
NUMBERED = tuple(kind for kind in KINDS if not kind.unnumbered)
BY_FIELD = {kind.field: kind for kind in KINDS}
# What names a record and leads to it; the tables together have more columns than a page has words.
_NAMES = set().union(*(kind.names for kind in KINDS))
_JOINED = sorted(set().union(*(kind.joined for kind in KINDS)))
_HEAVY = [f"{kind.field}__{name}" for kind in KINDS for name in kind.heavy]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A record by its kind."""

    kind: LinkKind
    record: Any

    @property
    def title(self) -> str:
        return str(getattr(self.record, self.kind.title))

    @property
    def reference(self) -> str:
        """Under which people look it up; empty for one that has none."""
        return "" if self.kind.unnumbered else str(self.record.reference)

    @property
    def key(self) -> str:
        """What names it in addresses: “V-003”, or its kind and id."""
        return self.reference or f"{self.kind.prefix}-{self.record.pk.hex}"

    @property
    def words(self) -> str:
        """As people name it: “V-003 Brightleaf Software”."""
        return f"{self.reference} {self.title}".strip()

    def url(self, client: Client) -> str:
        return self.kind.url(client, self.record)


def kind_of(record: Any) -> LinkKind:
    """The kind of a record; raises KeyError for one that no risk is linked with."""
    return _BY_MODEL[type(record)]


_BY_MODEL = {kind.model: kind for kind in KINDS}


def of(record: Any) -> Found:
    """A record with its kind; raises KeyError for one that no risk is linked with."""
    return Found(kind_of(record), record)


def find(client: Client, key: str) -> Found | None:
    """The record that a reference or a key names; unknown and foreign ones are one case. One query."""
    prefix, _, rest = key.rpartition("-")
    kind = next((one for one in KINDS if one.prefix == prefix), None)
    if kind is None:
        return None
    try:
        named = {"pk": UUID(hex=rest)} if kind.unnumbered else {"reference": key}
    except ValueError:
        return None
    rows = kind.model.objects.filter(client=client, **named).defer(*kind.heavy)
    record = rows.select_related(*sorted(kind.within)).first()
    return Found(kind, record) if record is not None else None


def behind(link: RiskLink) -> Found:
    """The record that a link names."""
    return Found(BY_FIELD[link.field], link.record)


def rows_of(rows: QuerySet[RiskLink]) -> QuerySet[RiskLink]:
    """Links with the records that they name, in the same query."""
    return rows.select_related("risk__client", *_JOINED).defer(*_HEAVY)


def named(client: Client, key: str) -> Found:
    """The record that a reference names; raises ObjectDoesNotExist for an unknown one, as for a foreign one."""
    found = find(client, key)
    if found is None:
        raise ObjectDoesNotExist(key)
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Linked:
    """One link of a risk, as its page shows it."""

    link: RiskLink
    found: Found
    url: str


def links_of(risk: Risk) -> list[Linked]:
    """What a risk is linked with, kind by kind and by reference, the origin first. One query."""
    rows = RiskLink.objects.filter(risk=risk).select_related(*_JOINED).only("risk", "is_origin", *_NAMES)
    found = [Linked(row, one := behind(row), one.url(risk.client)) for row in rows]
    order = list(BY_FIELD)
    return sorted(found, key=lambda one: (not one.link.is_origin, order.index(one.found.kind.field), one.found.words))


def shown_of(risks: Iterable[Risk]) -> list[RiskLink]:
    """The links of risks that may be handed on, kind by kind; tasks the practice keeps to itself are left out."""
    rows = RiskLink.objects.filter(risk__in=[risk.pk for risk in risks]).exclude(task__private=True)
    found = rows.select_related(*_JOINED).only("risk", "client", "is_origin", *_NAMES)
    order = list(BY_FIELD)
    return sorted(found, key=lambda one: (order.index(one.field), behind(one).words))


def words_of(risks: Iterable[Risk]) -> dict[UUID, list[str]]:
    """What each risk is linked with, as people name it, in one query."""
    found: dict[UUID, list[str]] = {}
    for row in shown_of(risks):
        found.setdefault(row.risk_id, []).append(behind(row).words)
    return found


def everything(client: Client) -> dict[str, str]:
    """What people call each record that could be linked, past ones too, by reference. One query."""
    parts = [
        kind.model.objects.filter(client=client).order_by().values_list("reference", F(kind.title)) for kind in NUMBERED
    ]
    return dict(parts[0].union(*parts[1:], all=True))


Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(client: Client, *, without: Risk | None = None) -> Choices:
    """Records that a risk could be linked with by reference, grouped by kind; those it has are left out.

    One query, however many kinds there are.
    """
    parts = [_rows(kind, client, without) for kind in OFFERED]
    rows = parts[0].union(*parts[1:], all=True)
    grouped: dict[str, list[tuple[str, str]]] = {kind.field: [] for kind in OFFERED}
    for field, reference, title in sorted(rows):
        grouped[field].append((reference, f"{reference} {title}"))
    return [(kind.plural, grouped[kind.field]) for kind in OFFERED if grouped[kind.field]]


def _rows(kind: LinkKind, client: Client, without: Risk | None) -> QuerySet[Any, Any]:
    rows = kind.model.objects.filter(kind.present, client=client)
    if without is not None:
        taken = RiskLink.objects.filter(risk=without, **{f"{kind.field}__isnull": False})
        rows = rows.exclude(pk__in=taken.values(f"{kind.field}_id"))
    return rows.order_by().values_list(Value(kind.field, output_field=CharField()), "reference", F(kind.title))


def risks_of(record: Any) -> list[Risk]:
    """The risks that a record or a part of it is linked with, most pressing first, closed ones last. One query."""
    kind = kind_of(record)
    linked = Q(**{kind.field: record}) | (Q(**{kind.under: record}) if kind.under else Q(pk=None))
    rows = Risk.objects.filter(client_id=record.client_id, pk__in=RiskLink.objects.filter(linked).values("risk_id"))
    found = list(rows.ranked().only("client", "reference", "title", "status", "now_band", "is_above"))
    return sorted(found, key=lambda risk: risk.is_closed)


def risk_choices(client: Client, record: Any) -> list[tuple[str, str]]:
    """Open and proposed risks that a record could be linked with, by reference."""
    field = kind_of(record).field
    taken = RiskLink.objects.filter(**{field: record}).values("risk_id")
    rows = Risk.objects.filter(client=client).standing().exclude(pk__in=taken).order_by("number")
    return [(reference, f"{reference} {title}") for reference, title in rows.values_list("reference", "title")]
