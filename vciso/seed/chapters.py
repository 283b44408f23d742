"""The chapters of a story: what the data files say, as calls of the apps' services."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from engagements.enums import Activity, TimeKind
from engagements.models import Ask, Process, System
from engagements.services import agreement, asks, business, decisions, people, work
from vciso.seed import moments
from vciso.seed.story import Teller
from vciso.tenancy.models import User

DATA = Path(__file__).parent / "data"
CONSULTING = (Activity.MEETING, Activity.RISKS, Activity.REPORTS, Activity.POLICIES, Activity.VENDORS)


class StoryLoader(yaml.SafeLoader):
    """YAML without its old words for true and false: “on” is a key here and “Yes” a label."""


StoryLoader.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:bool"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
StoryLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def load(name: str) -> dict[str, Any]:
    """One story from its file."""
    with (DATA / f"{name}.yaml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, Loader=StoryLoader)  # noqa: S506 (a SafeLoader)
    return found


def first_day(teller: Teller) -> date:
    return teller.day(teller.story["engagement"]["starts"])


def beginnings(teller: Teller) -> None:
    """Profile, people, systems, processes, agreement, objectives: the first days."""
    story, start = teller.story, first_day(teller)

    def profile(at: datetime) -> None:
        business.set_profile(client=teller.client, values=story["profile"], by=teller.lead, at=at)

    def directory(at: datetime) -> None:
        for key, person in story.get("people", {}).items():
            facts = {name: value for name, value in person.items() if name != "role"}
            account = teller.world.people.get((teller.key, key))
            teller.made[f"person:{key}"] = people.add_person(
                client=teller.client, by=teller.lead, at=at, user=account,
                email=account.email if account else "", **facts,
            )  # fmt: skip

    def estate(at: datetime) -> None:
        for model, rows in ((System, story.get("systems", [])), (Process, story.get("processes", []))):
            for row in rows:
                business.add_estate(
                    model, client=teller.client, values=_estate(teller, model, row), by=teller.lead, at=at
                )

    teller.on(start, teller.lead, profile, hour=8)
    teller.on(start, teller.lead, directory, hour=9)
    teller.on(start, teller.lead, lambda at: _agree(teller, at), hour=10)
    teller.on(start + timedelta(days=3), teller.lead, estate)
    for title, horizon in story.get("objectives", []):
        teller.on(
            start + timedelta(days=4), teller.lead,
            lambda at, title=title, horizon=horizon: agreement.set_objective(
                client=teller.client, title=title, horizon=horizon, by=teller.lead, at=at
            ),
        )  # fmt: skip


def person(teller: Teller, key: str | None) -> Any:
    return teller.made[f"person:{key}"] if key else None


def _estate(teller: Teller, model: Any, row: dict[str, Any]) -> dict[str, Any]:
    values = {
        "name": row["name"], "holds": row.get("holds", []), "criticality": row["criticality"],
        "tolerable_downtime_hours": row.get("hours"), "restore_order": row.get("order"),
        "owner": person(teller, row.get("owner")),
    }  # fmt: skip
    if model is System:
        values["run_by"] = row.get("run_by", "unknown")
    return values


def _agree(teller: Teller, at: datetime) -> None:
    facts = teller.story["engagement"]
    agreement.start_engagement(
        client=teller.client,
        values={
            "starts_on": first_day(teller), "ends_on": None, "fee_minor": facts.get("fee"), "fee_per": "month",
            "included_hours": facts.get("hours"), "lead": teller.lead,
            "counterpart": person(teller, facts.get("counterpart")), "call_cadence": "fortnightly",
            "monthly_report_day": facts.get("day", 3), "scope": facts.get("scope", ""),
            "responsibilities": facts.get("responsibilities", ""),
        },
        by=teller.lead, at=at,
    )  # fmt: skip


def hours(teller: Teller) -> None:
    """Time entries of each month, spread over working days, of practice and owner."""
    start = first_day(teller)
    for number, month in enumerate(moments.month_starts(start, teller.today)):
        for kind, amounts in (
            (TimeKind.PRACTICE, teller.story.get("hours", [])),
            (TimeKind.CLIENT, teller.story.get("owner_hours", [])),
        ):
            if number < len(amounts):
                _spread(teller, month, kind, round(amounts[number] * 60))


def _spread(teller: Teller, month: date, kind: str, minutes: int) -> None:
    parts = len(CONSULTING) if kind == TimeKind.PRACTICE else 2
    share = max(15, minutes // parts // 15 * 15)
    for index in range(parts):
        on = moments.working_day(month + timedelta(days=3 + index * 5))
        amount = share if index < parts - 1 else minutes - share * (parts - 1)
        if amount <= 0 or on.month != month.month:
            continue
        activity = CONSULTING[index] if kind == TimeKind.PRACTICE else Activity.MEETING
        counterpart = teller.story["engagement"].get("counterpart")

        def log(
            at: datetime, on: date = on, amount: int = amount, activity: str = activity, who: Any = counterpart
        ) -> None:
            agreement.log_time(
                client=teller.client, on=on, minutes=amount, activity=activity, kind=kind,
                user=teller.lead if kind == TimeKind.PRACTICE else None,
                person=person(teller, who) if kind == TimeKind.CLIENT else None,
                by=teller.lead, at=at,
            )  # fmt: skip

        teller.on(on, teller.lead, log, hour=17)


def promised(teller: Teller) -> None:
    """Tasks of both sides, some done in time, some late."""
    for index, row in enumerate(teller.story.get("tasks", [])):
        key = f"task:{index}"

        def add(at: datetime, row: dict[str, Any] = row, key: str = key) -> None:
            teller.made[key] = work.add_task(client=teller.client, **the_task(teller, row), by=teller.lead, at=at)

        teller.on(row["on"], teller.lead, add)
        if row.get("done"):
            teller.on(
                row["done"], teller.lead,
                lambda at, key=key: work.finish_task(task=teller.made[key], by=teller.lead, at=at),
                hour=15,
            )  # fmt: skip


def the_task(teller: Teller, row: dict[str, Any]) -> dict[str, Any]:
    """What a row says of a task: words, side, person and date."""
    practice = row.get("practice")
    return {
        "title": row["title"], "detail": row.get("detail", ""), "side": "practice" if practice else "client",
        "assignee": person(teller, row.get("who")),
        "practice_user": teller.world.staff[practice] if practice else None,
        "due_on": teller.day(row["due"]) if row.get("due") else None,
    }  # fmt: skip


def asked(teller: Teller) -> None:
    """Decisions put to the owner or a director, and their answers."""
    for index, row in enumerate(teller.story.get("decisions", [])):
        key = f"decision:{index}"

        def put(at: datetime, row: dict[str, Any] = row, key: str = key) -> None:
            drafted = decisions.draft_decision(
                client=teller.client, title=row["title"], question=row["question"],
                background=row.get("background", ""), recommendation=row.get("recommendation", ""),
                cost_of_delay=row.get("delay", ""), asked_of=person(teller, row["who"]),
                board=row.get("board", False), decide_by=teller.day(row["by"]), minutes=row.get("minutes", 5),
                options=[_option(option) for option in row["options"]], by=teller.lead, at=at,
            )  # fmt: skip
            teller.made[key] = decisions.put_decision(decision=drafted, by=teller.lead, at=at)

        teller.on(row["on"], teller.lead, put)
        if answered := row.get("answered"):
            when, choice, reason = answered
            user = teller.account(row["who"])

            def answer(
                at: datetime, key: str = key, choice: int = choice, reason: str = reason, user: Any = user
            ) -> None:
                _answer(teller.made[key].ask, choice, reason, user, at)

            teller.on(when, user, answer, hour=16)


def _answer(ask: Ask, choice: int, reason: str, user: User, at: datetime) -> None:
    """The person asked answers from the ask alone: a director may read nothing else."""
    asks.answer(ask=ask, choice=ask.options[choice]["key"], reason=reason, by=user, at=at)


def _option(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": row["label"], "result": row.get("result", ""), "cost_minor": row.get("cost"),
        "yearly_cost_minor": row.get("yearly"), "is_recommended": row.get("advised", False),
        "is_do_nothing": row.get("nothing", False),
    }  # fmt: skip
