"""The risk library: what comes with the portal, what the practice made of it, and what concerns a client."""

from __future__ import annotations

import dataclasses
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count

from engagements.enums import DataKind
from engagements.models import Process, Profile, System
from risks.models import LibraryChange, OwnScenario, Risk
from risks.rules.proposing import LEVELS, WHEN, Facts, Scenario, Sector, Weighed, sectors_of, weigh
from vciso.tenancy.models import Client, Practice

DATA = Path(__file__).resolve().parent.parent / "data"
OWN = "own-"
"""Begins the keys of scenarios that the practice wrote from nothing."""


@lru_cache(maxsize=1)
def sectors() -> tuple[Sector, ...]:
    """The lines of business that scenarios name, narrower ones first."""
    rows = yaml.safe_load((DATA / "sectors.yaml").read_text(encoding="utf-8"))["sectors"]
    return tuple(Sector(row["key"], row["label"], tuple(row["words"])) for row in rows)


@lru_cache(maxsize=1)
def shipped() -> dict[str, Scenario]:
    """The scenarios that come with the portal, by key. What they name and nobody knows raises."""
    rows = yaml.safe_load((DATA / "library.yaml").read_text(encoding="utf-8"))["scenarios"]
    found = {row["key"]: _scenario(row) for row in rows}
    known = {sector.key for sector in sectors()} | {"all"}
    for one in found.values():
        strange = {*one.industries} - known | {*one.data} - {*DataKind.values} | {*one.when} - {*WHEN}
        if strange or one.likelihood not in LEVELS or set(one.hints) - set(one.categories):
            raise ValueError(f"library.yaml: {one.key} names what nobody knows: {sorted(strange)}")
    if len(found) != len(rows):
        raise ValueError("library.yaml uses a key twice")
    return found


def _scenario(row: dict[str, Any]) -> Scenario:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Scenario(**plain)


def own(row: OwnScenario) -> Scenario:
    """A row of the practice as an entry of the library; what the portal's entry says of profiles stays."""
    names = ("key", "title", "cause", "event", "consequence", "likelihood", "hints", "edition", "was")
    lists: dict[str, Any] = {name: tuple(getattr(row, name)) for name in ("categories", "industries", "data")}
    base = shipped().get(row.key)
    return Scenario(**{name: getattr(row, name) for name in names}, **lists, when=base.when if base else ())


def library(practice_id: uuid.UUID) -> dict[str, Scenario]:
    """Every entry that the practice proposes, by key: the portal's in the practice's words, then its own.

    One query.
    """
    rows = OwnScenario.objects.filter(practice_id=practice_id, retired=False).order_by("title", "key")
    return {**shipped(), **{row.key: own(row) for row in rows}}


def facts_of(client: Client) -> Facts:
    """What profile, systems and processes say where proposals are made. Three queries."""
    profile = Profile.objects.filter(client=client).first()
    items = [
        item
        for model in (System, Process)
        for item in model.objects.filter(client=client).active().in_restore_order()
    ]  # fmt: skip
    kinds = {kind for item in items for kind in item.holds} | {*(profile.data_kinds if profile else ())}
    run_by: dict[str, tuple[str, ...]] = {}
    for item in items:
        run_by[item.run_by] = (*run_by.get(item.run_by, ()), item.name)
    urgent = [(item.tolerable_downtime_hours, item.name) for item in items if item.tolerable_downtime_hours is not None]
    return Facts(
        sectors=sectors_of(profile.sector, sectors()) if profile else (),
        data={value: str(label) for value, label in DataKind.choices if value in kinds},
        people=profile.staff_count if profile else None,
        run_by=run_by,
        urgent=(min(urgent)[1], min(urgent)[0]) if urgent else None,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """A scenario as a client's page offers it: why, and which risks came of it already."""

    scenario: Scenario
    weighed: Weighed
    risks: tuple[Risk, ...] = ()

    @property
    def concerns(self) -> bool:
        """Whether anything known of the client speaks for it."""
        return self.weighed.weight > 0


def proposals(client: Client) -> list[Proposal]:
    """Every scenario of the library, what concerns the client most coming first. Five queries."""
    facts = facts_of(client)
    taken: dict[str, list[Risk]] = {}
    rows = Risk.objects.filter(client=client).exclude(scenario="").only("client", "reference", "scenario", "status")
    for risk in rows.order_by("number"):
        taken.setdefault(risk.scenario, []).append(risk)
    found = [
        Proposal(one, weigh(one, facts), tuple(taken.get(one.key, ()))) for one in library(client.practice_id).values()
    ]
    return sorted(found, key=lambda one: (-one.weighed.weight, -one.scenario.level))


WORDS = ("title", "cause", "event", "consequence")


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One part of a risk that differs: as it stands, as it would be, and whether the library moved it.

    What the library did not move was made to fit the client.
    """

    name: str
    stands: str
    offered: str
    moved: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Offered:
    """A change of the library beside the risk it is about, part by part."""

    change: LibraryChange
    parts: tuple[Part, ...]


def offered(client: Client) -> list[Offered]:
    """Changes that wait for a decision at a client, oldest first. One query."""
    rows = LibraryChange.objects.filter(client=client).waiting().select_related("risk", "by", "client")
    return [Offered(row, differences(row)) for row in rows.order_by("happened_at", "pk")]


def differences(change: LibraryChange) -> tuple[Part, ...]:
    """The parts of a risk that the change would make differ."""
    stands = {name: getattr(change.risk, name) if change.risk else "" for name in WORDS}
    return tuple(
        Part(name, stands[name], offered, moved=change.was.get(name) != offered)
        for name in WORDS
        if stands[name] != (offered := getattr(change, name))
    )


def risks_of(key: str) -> dict[uuid.UUID, list[str]]:
    """References of open and proposed risks that come of a scenario, by client. One query."""
    rows = Risk.objects.filter(scenario=key).standing().order_by("number").values_list("client_id", "reference")
    found: dict[uuid.UUID, list[str]] = {}
    for client_id, reference in rows:
        found.setdefault(client_id, []).append(reference)
    return found


def used(practice: Practice) -> dict[str, int]:
    """How many clients within sight have a risk of each scenario. One query."""
    rows = Risk.objects.filter(client__practice=practice).exclude(scenario="").standing().values("scenario")
    return dict(rows.annotate(clients=Count("client", distinct=True)).values_list("scenario", "clients"))


def labels() -> dict[str, str]:
    """Sectors as people call them."""
    return {"all": "every business", **{sector.key: sector.label for sector in sectors()}}
