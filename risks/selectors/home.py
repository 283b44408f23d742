"""What other pages show of the register: who must act, and how many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse

from risks.enums import AcceptanceState, Band, Status
from risks.models import Acceptance, LibraryChange, Risk
from risks.models.risk import Day, answered
from risks.selectors import appetite, assessment
from vciso.tenancy.models import Client
from vciso.web.attention import Item

ENDING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Counts:
    """The register of one client in figures, all of open risks."""

    open: int = 0
    above: int = 0
    near: int = 0
    calling_for_action: int = 0
    not_rated: int = 0
    critical: int = 0
    high: int = 0
    late: int = 0
    review_due: int = 0
    accepted: int = 0
    above_accepted: int = 0
    no_limit: int = 0


def day_there(at: dt.datetime, clients: Iterable[Client] = ()) -> Day:
    """The day it is at a moment where the client of each row is: one day where it is the same for all `clients`."""
    days = {client.today(at) for client in clients}
    if len(days) == 1:
        return days.pop()
    there = Func(F("client__time_zone"), Value(at), function="timezone", output_field=DateTimeField())
    return Cast(there, DateField())


def counts(*, on: Day) -> dict[UUID, Counts]:
    """Figures by client for every client of the context, in one query; none means no open risk."""
    above = Q(is_above=True)
    rows = (
        Risk.objects.open()
        .values("client_id")
        .annotate(
            n_open=Count("id"),
            n_above=Count("id", filter=above),
            n_near=Count("id", filter=Q(position="near")),
            n_answered=Count("id", filter=above & answered(on)),
            n_not_rated=Count("id", filter=Q(now_band=Band.NOT_RATED)),
            n_critical=Count("id", filter=Q(now_band=Band.CRITICAL)),
            n_high=Count("id", filter=Q(now_band=Band.HIGH)),
            n_late=Count("id", filter=Q(target_on__lt=on)),
            n_review=Count("id", filter=Q(next_review_on__lte=on)),
            n_accepted=Count("id", filter=Q(accepted_until__gte=on)),
            n_above_accepted=Count("id", filter=above & Q(accepted_until__gte=on)),
            n_no_limit=Count("id", filter=Q(position="no_limit")),
        )
        .order_by()
    )
    return {
        row["client_id"]: Counts(
            open=row["n_open"],
            above=row["n_above"],
            near=row["n_near"],
            calling_for_action=row["n_above"] - row["n_answered"],
            not_rated=row["n_not_rated"],
            critical=row["n_critical"],
            high=row["n_high"],
            late=row["n_late"],
            review_due=row["n_review"],
            accepted=row["n_accepted"],
            above_accepted=row["n_above_accepted"],
            no_limit=row["n_no_limit"],
        )
        for row in rows
    }


def attention(*, on: dt.date, there: Day | None = None) -> list[Item]:
    """What the register asks of the practice, over every client of the context, in four queries.

    Risks of one sort at one client are one item; a single one is named. What has passed or run out is told by
    the day `there`, where each client is.
    """
    there = there or on
    return [*_register_items(there), *_acceptance_items(there), *appetite.attention(on), *assessment.attention(on)]


def _register_items(on: Day) -> list[Item]:
    calling = Q(is_above=True)
    late, review = Q(target_on__lt=on), Q(next_review_on__lte=on)
    found = {
        **_group("calling", calling & ~answered(on), "raised_on"),
        **_group("late", late, "target_on"),
        **_group("review", review, "next_review_on"),
    }
    names = ("client_id", "client__key", *found, "changes_n")
    groups: Any = Risk.objects.open().values("client_id", "client__key").annotate(**found, changes_n=Value(0))
    rows = groups.order_by().values_list(*names).union(_changes(tuple(found), names), all=True)
    items = []
    for group in (dict(zip(names, row, strict=True)) for row in rows):
        items += [
            item
            for item in (
                _item(group, "calling", "triangle-alert", "Decide"),
                _item(group, "late", "clock", "Update"),
                _item(group, "review", "eye", "Review"),
                _change_item(group),
            )
            if item
        ]
    return items


def _changes(unsaid: tuple[str, ...], names: tuple[str, ...]) -> Any:
    """Changes of the library that wait, by client, as rows of the same shape."""
    kinds = {"n": Value(0), "day": Value(None, output_field=DateField())}
    nothing = {name: kinds.get(name.rpartition("_")[2], Value("", output_field=CharField())) for name in unsaid}
    rows = LibraryChange.objects.waiting().values("client_id", "client__key").annotate(**nothing, changes_n=Count("id"))
    return rows.order_by().values_list(*names)


def _change_item(group: dict[str, Any]) -> Item | None:
    number = group["changes_n"]
    if not number:
        return None
    several = f"{number} changes of the risk library wait"
    return Item(
        client_id=group["client_id"],
        kind="library",
        icon="git-compare",
        title="A change of the risk library waits" if number == 1 else several,
        why="The register stays as it is until somebody compares",
        due_on=None,
        verb="Compare",
        url=reverse("risks:library-changes", kwargs={"client_key": group["client__key"]}),
    )


def _group(name: str, condition: Q, day: str) -> dict[str, Any]:
    return {
        f"{name}_n": Count("id", filter=condition),
        f"{name}_day": Min(day, filter=condition),
        f"{name}_title": Min("title", filter=condition),
        f"{name}_ref": Min("reference", filter=condition),
    }


_SAYS = {
    "calling": (
        "Above the limit, without an approved plan or a signed acceptance",
        "{n} risks above the limit have nothing agreed",
        "No approved plan, no signed acceptance",
        "?show=calling",
    ),
    "late": ("The target date has passed", "{n} risks are past their target date", "", "?show=late"),
    "review": ("Its review is due", "{n} risks are due for review", "", "review/"),
}


def _item(group: dict[str, Any], name: str, icon: str, verb: str) -> Item | None:
    number = group[f"{name}_n"]
    if not number:
        return None
    one_why, many, many_why, where = _SAYS[name]
    place = {"client_key": group["client__key"]}
    if number == 1:
        reference = group[f"{name}_ref"]
        title = f"{reference} {group[f'{name}_title']}"
        url = reverse("risks:detail", kwargs=place | {"ref": reference})
        why = one_why
    else:
        title, why = many.format(n=number), many_why
        url = reverse("risks:list", kwargs=place) + where
    due_on = None if name == "calling" else group[f"{name}_day"]
    return Item(
        client_id=group["client_id"],
        kind="risk",
        icon=icon,
        title=title,
        why=why,
        due_on=due_on,
        verb=verb,
        url=url,
        waiting_on="practice",
    )


def _acceptance_items(on: Day) -> list[Item]:
    """What runs out soon or has run out, and what nobody signed; once it is asked or signed anew, no longer."""
    soon = ExpressionWrapper(Value(ENDING_DAYS) + (on if isinstance(on, Cast) else Value(on)), DateField())
    of_the_risk = Acceptance.objects.filter(client=OuterRef("client"), risk=OuterRef("risk"))
    anew = of_the_risk.filter(Q(signed_at__gt=OuterRef("signed_at")) | Q(state=AcceptanceState.ASKED))
    rows = (
        Acceptance.objects.filter(
            Q(state=AcceptanceState.LIVE, until__lte=soon) | Q(state=AcceptanceState.UNSIGNED),
            ~Exists(anew),
            risk__status=Status.OPEN,
        )
        .annotate(ran_out=Q(until__lt=on))
        .select_related("risk", "client")
        .order_by("until")
    )
    items = []
    for row in rows:
        reference = row.risk.reference
        if row.state == AcceptanceState.UNSIGNED:
            if not row.risk.acceptance_gap:
                continue
            why, verb = "Imported as accepted, but no sign-off is on record", "Ask"
        elif row.ran_out:
            why, verb = "Its acceptance has run out, so the risk is open again", "Renew"
        else:
            why, verb = "Its acceptance runs out", "Renew"
        items.append(
            Item(
                client_id=row.client_id,
                kind="acceptance",
                icon="pen-line",
                title=f"{reference} {row.risk.title}",
                why=why,
                due_on=row.until,
                verb=verb,
                url=reverse("risks:detail", kwargs={"client_key": row.client.key, "ref": reference}),
                waiting_on="practice",
            )
        )
    return items
