"""The agreement with its term and hours, the time that was spent, and the objectives."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from engagements.enums import Activity, TimeKind
from engagements.models import Engagement, Objective, Person, TimeEntry
from engagements.services.changes import assign, require_text
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats

FIELDS = (
    "starts_on", "ends_on", "fee_minor", "fee_per", "included_hours", "lead", "counterpart",
    "call_cadence", "monthly_report_day", "pack_day_offset", "scope", "responsibilities",
    "private_notes",
)  # fmt: skip


@transaction.atomic
def start_engagement(*, client: Client, values: dict[str, Any], by: User, at: dt.datetime) -> Engagement:
    """Writes down what was agreed; refuses a term that overlaps an earlier agreement."""
    known = {name: values[name] for name in FIELDS if name in values}
    engagement = Engagement(client=client, created_at=at, **known)
    _refuse_bad_term(engagement)
    engagement.save()
    audit.record(
        verb="engagement.started", client=client, obj=engagement, by=by, at=at,
        after={"from": str(engagement.starts_on), "until": str(engagement.ends_on or "open")},
    )  # fmt: skip
    return engagement


@transaction.atomic
def edit_engagement(*, engagement: Engagement, values: dict[str, Any], by: User, at: dt.datetime) -> Engagement:
    """Changes the agreement; a new fee or scope for a new term is better a new engagement."""
    known = {name: values[name] for name in FIELDS if name in values}
    before, after = assign(engagement, known)
    _refuse_bad_term(engagement)
    if after:
        engagement.save()
        audit.record(
            verb="engagement.edited", client=engagement.client, obj=engagement, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return engagement


def _refuse_bad_term(engagement: Engagement) -> None:
    first, last = engagement.starts_on, engagement.ends_on
    if last is not None and last < first:
        end, start = (formats.client_day(day, engagement.client) for day in (last, first))
        raise ValidationError({"ends_on": f"{end} is before the start, {start}."})
    others = Engagement.objects.filter(client_id=engagement.client_id).exclude(pk=engagement.pk)
    clash = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
    if last is not None:
        clash = clash.filter(starts_on__lte=last)
    earlier = clash.order_by("starts_on").first()
    if earlier is not None:
        raise ValidationError(
            {
                "starts_on": "This overlaps the engagement that began on "
                f"{formats.client_day(earlier.starts_on, engagement.client)}. Give that one an end first."
            }
        )


@transaction.atomic
def log_time(
    *,
    client: Client,
    on: dt.date,
    minutes: int,
    activity: str = Activity.OTHER,
    kind: str = TimeKind.PRACTICE,
    in_retainer: bool = True,
    user: User | None = None,
    person: Person | None = None,
    note: str = "",
    private: bool = False,
    by: User,
    at: dt.datetime,
) -> TimeEntry:
    """Writes down minutes of one day. Refuses a day to come, and more minutes than a day has."""
    _refuse_bad_time(client, on, minutes, at)
    entry = TimeEntry.objects.create(
        client=client,
        on=on,
        minutes=minutes,
        activity=activity,
        kind=kind,
        in_retainer=in_retainer and kind == TimeKind.PRACTICE,
        by=(user or by) if kind == TimeKind.PRACTICE else None,
        person=person if kind == TimeKind.CLIENT else None,
        note=note.strip()[:500],
        private=private,
        created_at=at,
    )
    audit.record(
        verb="time.logged", client=client, obj=entry, by=by, at=at,
        after={"on": on.isoformat(), "minutes": minutes, "activity": activity, "kind": kind},
    )  # fmt: skip
    return entry


def _refuse_bad_time(client: Client, on: dt.date, minutes: int, at: dt.datetime) -> None:
    if on > client.today(at):
        day = formats.client_day(on, client)
        raise ValidationError({"on": f"{day} is still to come. Log time on the day it was spent or later."})
    if not 1 <= minutes <= 1440:
        raise ValidationError({"minutes": f"{minutes} minutes do not fit into a day. Give 1 to 1,440 minutes."})


@transaction.atomic
def edit_time(*, entry: TimeEntry, values: dict[str, Any], by: User, at: dt.datetime) -> TimeEntry:
    """Corrects an entry; what it said before stays in the trail."""
    names = ("on", "minutes", "activity", "in_retainer", "note", "private")
    before, after = assign(entry, {name: values[name] for name in names if name in values})
    _refuse_bad_time(entry.client, entry.on, entry.minutes, at)
    if after:
        entry.save()
        audit.record(
            verb="time.edited", client=entry.client, obj=entry, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return entry


@transaction.atomic
def remove_time(*, entry: TimeEntry, by: User, at: dt.datetime) -> None:
    """Takes a wrong entry out; the trail keeps what it said."""
    client = entry.client
    audit.record(
        verb="time.removed", client=client, obj=entry, by=by, at=at,
        before={"on": entry.on.isoformat(), "minutes": entry.minutes, "note": entry.note},
    )  # fmt: skip
    entry.delete()


@transaction.atomic
def set_objective(
    *,
    client: Client,
    title: str,
    detail: str = "",
    horizon: str = "",
    by: User,
    at: dt.datetime,
) -> Objective:
    """Adds something the business wants and the programme serves, after those that stand."""
    objective = Objective.objects.create(
        client=client,
        title=require_text("title", title, "Write what the business wants to achieve."),
        detail=detail.strip(),
        horizon=horizon.strip(),
        position=Objective.objects.filter(client=client).count() + 1,
        set_on=client.today(at),
        created_at=at,
    )
    audit.record(
        verb="objective.set", client=client, obj=objective, by=by, at=at,
        after={"title": objective.title, "horizon": objective.horizon},
    )  # fmt: skip
    return objective


@transaction.atomic
def edit_objective(*, objective: Objective, values: dict[str, Any], by: User, at: dt.datetime) -> Objective:
    """Rewords an objective or moves it to another place in the order."""
    names = ("title", "detail", "horizon", "position")
    before, after = assign(objective, {name: values[name] for name in names if name in values})
    if after:
        objective.save()
        audit.record(
            verb="objective.edited", client=objective.client, obj=objective, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return objective


@transaction.atomic
def drop_objective(*, objective: Objective, reason: str, by: User, at: dt.datetime) -> Objective:
    """The business no longer pursues it; earlier reports still know it."""
    if objective.dropped_on is not None:
        raise ValidationError("This objective was dropped before.")
    cleaned = require_text("reason", reason, "Write why it no longer holds.")
    objective.dropped_on = objective.client.today(at)
    objective.save(update_fields=["dropped_on"])
    audit.record(
        verb="objective.dropped", client=objective.client, obj=objective, by=by, at=at,
        reason=cleaned,
    )  # fmt: skip
    return objective
