"""The practice's own library, and what becomes of its changes at each client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from risks.enums import ChangeState, Status
from risks.models import LibraryChange, OwnScenario, Risk
from risks.rules.proposing import Scenario
from risks.selectors.library import OWN, WORDS, differences
from risks.services.errors import Refused
from risks.services.register import Wording, locked, raise_risk
from risks.services.wording import keep_words
from vciso.audit import services as audit
from vciso.tenancy.models import Client, Practice, User

FIELDS = (*WORDS, "likelihood", "categories", "industries", "data", "hints")
RATED_THERE = (
    "The usual likelihood, the impact categories and their hints are read by whoever adds the risk from now on; "
    "how the risks that clients have are rated stays theirs to judge."
)
NOTHING_TO_OFFER = (
    "Nothing would change at the clients you chose: their registers say what the library says, or were made to fit. "
    f"{RATED_THERE}"
)


@transaction.atomic
def add_scenario(*, practice: Practice, values: dict[str, Any], by: User, at: dt.datetime) -> OwnScenario:
    """The practice writes a scenario of its own, which its clients are proposed from now on."""
    row = OwnScenario(practice=practice, key=_free_key(practice, values["title"]), changed_by=by, changed_at=at)
    _put(row, values)
    row.save(force_insert=True)
    audit.record(verb="scenario.added", practice=practice, obj=row, by=by, at=at, after=_said(row))
    return row


@transaction.atomic
def change_scenario(
    *, practice: Practice, scenario: Scenario, values: dict[str, Any], by: User, at: dt.datetime
) -> OwnScenario:
    """The library says it otherwise from now on; registers keep their words until each client decides.

    The first change of an entry that comes with the portal makes the practice's own words for it.
    Refuses where nothing differs.
    """
    row = OwnScenario.objects.select_for_update().filter(practice=practice, key=scenario.key).first()
    before = {name: asdict(scenario)[name] for name in FIELDS}
    if row is None:
        row = OwnScenario(practice=practice, key=scenario.key, edition=0)
    _put(row, values)
    was, now = _differing(before, _said(row))
    if not now:
        raise Refused("Nothing differs from what the library says.")
    row.edition += 1
    if not row.was or not now.keys().isdisjoint(WORDS):
        row.was = {name: before[name] for name in WORDS}
    row.retired, row.changed_by, row.changed_at = False, by, at
    row.save()
    audit.record(verb="scenario.changed", practice=practice, obj=row, by=by, at=at, before=was, after=now)
    return row


@transaction.atomic
def retire_scenario(*, row: OwnScenario, by: User, at: dt.datetime) -> OwnScenario:
    """It is proposed no more; where it stood for one of the portal's, that one's words count again."""
    if row.retired:
        raise Refused("It is out of the library already.")
    row.retired, row.changed_by, row.changed_at = True, by, at
    row.save(update_fields=["retired", "changed_by", "changed_at"])
    audit.record(verb="scenario.retired", practice=row.practice, obj=row, by=by, at=at, before={"title": row.title})
    return row


@transaction.atomic
def offer_scenario(
    *, scenario: Scenario, clients: Iterable[Client], why: str, by: User, at: dt.datetime
) -> list[LibraryChange]:
    """What the library says is offered to chosen clients; each decides for itself.

    A client whose register has risks from this scenario is offered new words for each that differs,
    another one the scenario itself. What waited there from an earlier offer is replaced. Clients
    where nothing would change get nothing. One event in the trail of each client that is offered.
    """
    made: list[LibraryChange] = []
    for client in clients:
        rows = _changes_for(client, scenario, why=why.strip(), by=by, at=at)
        if not rows:
            continue
        LibraryChange.objects.filter(client=client, scenario=scenario.key).waiting().update(
            state=ChangeState.REPLACED, decided_at=at
        )
        LibraryChange.objects.bulk_create(rows)
        made += rows
        audit.record(
            verb="scenario.offered", client=client, by=by, at=at, reason=why.strip(),
            after={"scenario": scenario.title, "risks": [row.risk.reference for row in rows if row.risk]},
        )  # fmt: skip
    if not made:
        raise Refused(NOTHING_TO_OFFER, field="clients")
    return made


def _changes_for(client: Client, scenario: Scenario, **shared: Any) -> list[LibraryChange]:
    """One change for each risk of the client whose words differ, or the scenario where it has none."""
    words = {name: getattr(scenario, name) for name in WORDS}
    at = shared.pop("at")
    common = {**words, **shared, "client": client, "scenario": scenario.key, "edition": scenario.edition}
    common["was"] = dict(scenario.was)
    risks: list[Risk | None] = [
        *Risk.objects.filter(client=client, scenario=scenario.key).standing().order_by("number")
    ]
    rows = [LibraryChange(**common, risk=risk, happened_at=at) for risk in risks or [None]]
    return [row for row in rows if row.risk is None or any(part.moved for part in differences(row))]


@transaction.atomic
def accept_change(*, change: LibraryChange, parts: Collection[str], seen: int, by: User, at: dt.datetime) -> Risk:
    """A client's risk takes over the chosen parts of what the library offers; its ratings stay.

    `seen` is the version of the risk that the person compared with. Refuses what is decided
    already, a closed risk, one whose words somebody changed meanwhile, and no part at all.
    """
    change = _waiting(change)
    if change.risk is None:
        raise Refused("This scenario is not in the register yet. Add it with its impacts instead.")
    risk = locked(change.risk)
    if risk.status == Status.CLOSED:
        raise Refused(f"{risk.reference} is closed. Reopen it first, or decline the change.")
    if risk.version != seen:
        raise Refused(f"Somebody changed {risk.reference} meanwhile. Compare again, then decide.")
    taken = [part for part in differences(change) if part.name in parts]
    if not taken:
        raise Refused("Choose what the register takes over, or decline the change.")
    words: dict[str, Any] = {part.name: part.offered for part in taken}
    for name, value in Wording(**words).given().items():
        setattr(risk, name, value)
    risk.version += 1
    risk.save()
    keep_words([risk], by=by, at=at, reason=change.why)
    _decide(change, ChangeState.ACCEPTED, by=by, at=at)
    audit.record(
        verb="risk.library_change_accepted", client=risk.client, obj=risk, by=by, at=at, reason=change.why,
        before={part.name: part.stands for part in taken}, after={part.name: part.offered for part in taken},
    )  # fmt: skip
    return risk


@transaction.atomic
def decline_change(*, change: LibraryChange, reason: str, by: User, at: dt.datetime) -> LibraryChange:
    """The client's register keeps its own words; the reason is kept."""
    change = _waiting(change)
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused("Say why the register keeps its own words; the reason is kept.", field="reason")
    _decide(change, ChangeState.DECLINED, by=by, at=at, reason=reason)
    audit.record(
        verb="risk.library_change_declined", client=change.client, obj=change.risk, by=by, at=at, reason=reason,
        before={"scenario": change.title},
    )  # fmt: skip
    return change


@transaction.atomic
def adopt_scenario(*, client: Client, scenario: Scenario, by: User, at: dt.datetime, **given: Any) -> Risk:
    """A scenario becomes a risk of the client, with the impacts that a consultant confirmed.

    `given` is what `raise_risk` takes. Where the scenario was offered as new, nothing waits any more.
    """
    risk = raise_risk(client=client, by=by, at=at, scenario=scenario.key, **given)
    LibraryChange.objects.filter(client=client, scenario=scenario.key, risk=None).waiting().update(
        state=ChangeState.ACCEPTED, risk=risk, decided_at=at, decided_by=by
    )
    return risk


def _waiting(change: LibraryChange) -> LibraryChange:
    """The change, held until the transaction ends; refuses one that is decided."""
    current = LibraryChange.objects.select_for_update(of=("self",)).select_related("client", "risk").get(pk=change.pk)
    if current.state != ChangeState.WAITING:
        raise Refused(f"This change is {current.get_state_display().lower()} already.")
    return current


def _decide(change: LibraryChange, state: str, *, by: User, at: dt.datetime, reason: str = "") -> None:
    change.state, change.decided_by, change.decided_at, change.reason = state, by, at, reason
    change.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _free_key(practice: Practice, title: str) -> str:
    """A key that the practice has not used: the title in letters of an address, numbered where taken."""
    base = f"{OWN}{slugify(title)[:48].strip('-') or 'scenario'}"
    taken = set(OwnScenario.objects.filter(practice=practice, key__startswith=base).values_list("key", flat=True))
    return next(key for number in range(1, 10_000) if (key := base if number == 1 else f"{base}-{number}") not in taken)


def _put(row: OwnScenario, values: dict[str, Any]) -> None:
    for name in FIELDS:
        value = values[name]
        setattr(row, name, value.replace("\x00", "").strip() if isinstance(value, str) else value)
    row.title = " ".join(row.title.split())
    if not row.title:
        raise Refused("A scenario needs a title: what could go wrong, in one line.", field="title")
    row.hints = {key: words for key, words in row.hints.items() if key in row.categories and words}


def _said(row: OwnScenario) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, as was and is; the order of a list does not count."""

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, list | tuple) else value

    names = [name for name in after if plain(before[name]) != plain(after[name])]
    return {name: before[name] for name in names}, {name: after[name] for name in names}
