"""What is asked, done, late and spent: asks, tasks, plans, dates, hours, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from engagements import selectors as engagement_selectors
from engagements.selectors import kinds
from reporting import documents, formats, periods, status
from reporting.documents import Coming, Figure, PlanItem, Record
from reporting.facts.basis import Basis, short_label
from reporting.facts.register import risk_record

NEEDS_SHOWN = 3
PLAN_SHOWN = 6
DATES_SHOWN = 12
NEXT_SHOWN = 3
EARLIER_SHOWN = 6
DAYS_AHEAD = 60
MONTHS_SHOWN = 6


def _record(kind: str, row: Any) -> Record:
    return Record(kind, row.reference, str(row.id))


def needs(basis: Basis) -> documents.Needs:
    """What waits for the client's people: everything asked of them, then their tasks, nearest first."""
    asks = [ask for ask in engagement_selectors.asks_as_of(basis.client, basis.as_of) if ask.is_open]
    tasks = [task for task in open_tasks(basis) if task.side == "client"]
    seen = _asked_before(basis)
    asked = [
        documents.Need(
            record=_record("ask", ask),
            verb=kinds.of(ask.kind).verb,
            what=ask.title,
            who=ask.asked_of,
            by=ask.due_on,
            minutes=ask.minutes,
            times_asked=seen.get(str(ask.id), 0) + 1,
        )
        for ask in asks
    ]
    to_do = [
        documents.Need(
            record=_record("task", task),
            what=task.title,
            who=task.who,
            by=task.due_on,
            times_asked=seen.get(str(task.id), 0) + 1,
        )
        for task in tasks
    ]
    # What nobody but they can answer comes first, whatever its date.
    rows = [*sorted(asked, key=_by_date), *sorted(to_do, key=_by_date)]
    records = [row.record for row in rows]
    minutes = sum(row.minutes or 0 for row in rows)
    before = basis.previous.needs if isinstance(basis.previous, documents.MonthlyReport) else None
    return documents.Needs(
        rows=tuple(rows[:NEEDS_SHOWN]),
        total=Figure.count("needs.waiting.1", records).since(before.total if before else None),
        minutes=Figure(
            value=minutes,
            text=formats.hours(minutes) if minutes else "no minutes named",
            formula="needs.minutes.1",
            records=tuple(records),
        ).since(before.minutes if before else None),
    )


def _by_date(row: documents.Need) -> tuple[date, str]:
    return row.by or date.max, row.record.reference


def _asked_before(basis: Basis) -> dict[str, int]:
    """How often each open item was asked in reports before this one."""
    if not isinstance(basis.previous, documents.MonthlyReport):
        return {}
    counted = {record.id: 1 for record in basis.previous.needs.total.records}
    return counted | {row.record.id: row.times_asked for row in basis.previous.needs.rows}


def open_tasks(basis: Basis) -> list[Any]:
    """Shared tasks of either side that were not closed on the day."""
    rows = engagement_selectors.tasks_as_of(basis.client, basis.as_of)
    return [row for row in rows if row.closed_on is None]


def plan_items(basis: Basis, tasks: Sequence[Any] | None = None) -> list[PlanItem]:
    """Every open shared task and approved plan of an open risk, late ones first."""
    if tasks is None:
        tasks = engagement_selectors.tasks_as_of(basis.client, basis.as_of)
    was_due = {row.record.id: row.due for row in basis.previous.plan.rows} if basis.previous else {}
    items = [_task_item(task, basis, was_due) for task in tasks if task.closed_on is None]
    items += [_risk_item(row, basis, was_due) for row in basis.register.open if row.plan_is_live]
    items.sort(key=lambda item: (-item.days_late, item.due or date.max, item.record.reference))
    return items


def plan(basis: Basis) -> documents.Plan:
    """Running work, its top rows and how much of it was promised, done and is late."""
    tasks = engagement_selectors.tasks_as_of(basis.client, basis.as_of)
    items = plan_items(basis, tasks)
    finished = [t for t in tasks if t.status == "done" and t.closed_on and t.closed_on >= basis.start]
    late = [item for item in items if item.state == "late"]
    before = basis.previous.plan if basis.previous else None
    return documents.Plan(
        rows=tuple(items[:PLAN_SHOWN]),
        open=Figure.count("plan.open.1", [item.record for item in items]).since(before.open if before else None),
        finished=Figure.count("plan.finished.1", [_record("task", t) for t in finished]).since(
            before.finished if before else None, lower_is_better=False
        ),
        late=Figure.count("plan.late.1", [item.record for item in late]).since(before.late if before else None),
        promised=_promised(tasks, basis),
    )


def _promised(tasks: Sequence[Any], basis: Basis) -> Figure:
    due = [t for t in tasks if t.due_on and basis.start <= t.due_on <= basis.as_of and t.status != "cancelled"]
    if not due:
        return Figure.unknown("plan.promised.1", "nothing was due")
    kept = [t for t in due if t.closed_on and t.due_on and t.closed_on <= t.due_on]
    return Figure(
        value=len(kept),
        text=f"{len(kept)} of {len(due)}",
        formula="plan.promised.1",
        records=tuple(_record("task", t) for t in due),
    )


def _task_item(task: Any, basis: Basis, was_due: dict[str, date | None]) -> PlanItem:
    return _item(_record("task", task), task.title, task.who, task.due_on, basis, was_due)


def _risk_item(row: Any, basis: Basis, was_due: dict[str, date | None]) -> PlanItem:
    what = " ".join(row.next_step.split()) or row.title
    short = what if len(what) <= 120 else f"{what[:117].rstrip()}…"
    return _item(risk_record(row), short, row.owner, row.target_on, basis, was_due)


def _item(
    record: Record, what: str, who: str, due: date | None, basis: Basis, was_due: dict[str, date | None]
) -> PlanItem:
    late = (basis.as_of - due).days if due and due < basis.as_of else 0
    state = "late" if late else "on track" if due else "no date"
    old = was_due.get(record.id)
    return PlanItem(
        record=record,
        what=what,
        who=who,
        due=due,
        state=state,  # type: ignore[arg-type]  # one of the three words above
        days_late=late,
        was_due=old if old != due else None,
    )


def dates(basis: Basis, others: Sequence[Coming]) -> documents.Dates:
    """What has a date within 60 days, overdue first: tasks, asks, acceptances, and `others`."""
    rows = sorted([*_own_dates(basis), *others], key=lambda row: (row.on or date.max, row.what))
    overdue = [row for row in rows if row.state == "overdue"]
    before = basis.previous.dates if isinstance(basis.previous, documents.MonthlyReport) else None
    return documents.Dates(
        rows=tuple(rows[:DATES_SHOWN]),
        total=Figure.count("dates.coming.1", _of(rows)).since(before.total if before else None),
        overdue=Figure.count("dates.overdue.1", _of(overdue)).since(before.overdue if before else None),
        days=DAYS_AHEAD,
    )


def _of(rows: Sequence[Coming]) -> list[Record]:
    return [row.record for row in rows if row.record]


def _own_dates(basis: Basis) -> list[Coming]:
    last = basis.as_of + timedelta(days=DAYS_AHEAD)
    found = [
        coming(basis, task.due_on, task.title, "Task", task.who, _record("task", task))
        for task in open_tasks(basis)
        if task.due_on and task.due_on <= last
    ]
    for ask in engagement_selectors.asks_as_of(basis.client, basis.as_of):
        if ask.is_open and ask.due_on and ask.due_on <= last:
            record = _record("ask", ask)
            found.append(coming(basis, ask.due_on, ask.title, ask.noun, ask.asked_of, record))
    for row in basis.register.open:
        if row.is_accepted and row.acceptance and row.acceptance.until and row.acceptance.until <= last:
            found.append(
                coming(
                    basis,
                    row.acceptance.until,
                    f"Acceptance ends: {row.title}",
                    "Accepted risk",
                    row.acceptance.signer,
                    risk_record(row),
                )
            )
    return found


def coming(basis: Basis, on: date | None, what: str, kind: str, who: str, record: Record | None) -> Coming:
    """One date with its state on the day of the data."""
    if on is None:
        return Coming(on=None, what=what, kind=kind, who=who, state="not known", record=record)
    late = max(0, (basis.as_of - on).days)
    state = "overdue" if late else "due" if on <= basis.as_of + timedelta(days=30) else "later"
    return Coming(
        on=on,
        what=what,
        kind=kind,
        who=who,
        state=state,  # type: ignore[arg-type]  # one of the three words above
        days_late=late,
        record=record,
    )


def without_owner(basis: Basis, rows: Sequence[Coming]) -> int:
    """How many records with a date in the next 30 days, or a late one, have nobody's name on them."""
    last = basis.as_of + timedelta(days=status.WITHOUT_OWNER_DAYS)
    near = [row for row in rows if row.on and row.on <= last and not row.who.strip()]
    return len({row.record.id if row.record else row.what for row in near})


def dated(basis: Basis, others: Sequence[Coming]) -> list[Coming]:
    """Everything with a date, ours and the programme's, for the status word."""
    return [*_own_dates(basis), *others]


def next_up(block: documents.Dates) -> tuple[Coming, ...]:
    """The three next dates that are not overdue."""
    return tuple(row for row in block.rows if row.state in ("due", "later"))[:NEXT_SHOWN]


def hours(basis: Basis) -> documents.Hours:
    """Hours used of those included, your own time, and the fee, over the months of the period."""
    used = engagement_selectors.hours_used(basis.client, basis.as_of, MONTHS_SHOWN)
    months = [m for m in used.months if m.month >= basis.start]
    engagement = engagement_selectors.engagement_on(basis.client, basis.as_of)
    known = [m.included_minutes for m in months if m.included_minutes is not None]
    included = sum(known) if months and len(known) == len(months) else None
    spent = sum(m.minutes for m in months)
    own = sum(m.client_minutes for m in months)
    of = (Record("engagement", str(engagement.starts_on), str(engagement.pk)),) if engagement else ()
    before = basis.previous.hours if basis.previous else None
    fee = _fee(engagement, basis.period.months)
    return documents.Hours(
        used=_minutes("hours.used.1", spent),
        included=_minutes("hours.included.1", included, of),
        left=_minutes("hours.left.1", None if included is None else included - spent, of),
        client_time=_minutes("hours.client.1", own).since(before.client_time if before else None),
        fee=Figure(
            value=fee,
            text=formats.money(fee, basis.client.currency),
            formula="hours.fee.1",
            records=of,
        )
        if fee is not None
        else Figure.unknown("hours.fee.1"),
        months=tuple(
            documents.MonthMinutes(
                short_label(periods.containing(periods.MONTHLY, m.month)), m.minutes, m.included_minutes
            )
            for m in used.months
        ),
    )


def _minutes(formula: str, minutes: int | None, records: tuple[Record, ...] = ()) -> Figure:
    if minutes is None:
        return Figure.unknown(formula)
    return Figure(value=minutes, text=formats.hours(minutes), formula=formula, records=records)


def _fee(engagement: Any, months: int) -> int | None:
    if engagement is None or engagement.fee_minor is None:
        return None
    yearly = engagement.fee_per == "year"
    return round(engagement.fee_minor * months / 12) if yearly else engagement.fee_minor * months


def decisions(basis: Basis) -> documents.Decisions:
    """What the board is asked on the day, and what it decided in the last year."""
    rows = [r for r in engagement_selectors.decisions_as_of(basis.client, basis.as_of) if r.board]
    asked = [row for row in rows if row.is_open]
    since = basis.as_of - timedelta(days=365)
    decided = [r for r in rows if r.decided_on and r.decided_on >= since]
    decided.sort(key=lambda row: (row.decided_on or since, row.reference), reverse=True)
    records = [_record("decision", row) for row in asked]
    costs = [o.cost_minor for row in asked for o in row.options if o.is_recommended]
    cost = Figure.unknown("decisions.cost.1")
    if asked and costs and all(value is not None for value in costs):
        total = sum(value or 0 for value in costs)
        text = formats.money(total, basis.client.currency, about=True)
        cost = Figure(value=total, text=text, formula="decisions.cost.1", records=tuple(records))
    minutes = sum(row.minutes for row in asked)
    return documents.Decisions(
        asked=tuple(_card(row) for row in asked),
        total=Figure.count("decisions.asked.1", records),
        cost=cost,
        minutes=_minutes("decisions.minutes.1", minutes if asked else None, tuple(records)),
        earlier=tuple(
            documents.EarlierDecision(
                record=_record("decision", row),
                title=row.title,
                outcome=row.outcome,
                by=row.asked_of,
                on=row.decided_on,
            )
            for row in decided[:EARLIER_SHOWN]
        ),
    )


def _card(row: Any) -> documents.DecisionCard:
    return documents.DecisionCard(
        record=_record("decision", row),
        title=row.title,
        question=row.question,
        options=tuple(
            documents.Option(
                label=o.label,
                cost_minor=o.cost_minor,
                yearly_cost_minor=o.yearly_cost_minor,
                result=o.result,
                recommended=o.is_recommended,
                do_nothing=o.is_do_nothing,
            )
            for o in row.options
        ),
        recommendation=row.recommendation,
        cost_of_delay=row.cost_of_delay,
        asked_of=row.asked_of,
        decide_by=row.decide_by,
        minutes=row.minutes,
    )
