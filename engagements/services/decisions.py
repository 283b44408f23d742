"""Decisions: drafted with their options, put to a named person, answered once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements.enums import AskRole, DecisionState
from engagements.models import Decision, DecisionOption, Person
from engagements.services import asks
from engagements.services.changes import assign, require_text
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.tenancy.references import next_reference

KIND = "decision"
FIELDS = (
    "title", "question", "background", "recommendation", "cost_of_delay", "asked_of", "board",
    "decide_by", "minutes", "private_notes",
)  # fmt: skip
MOST_OPTIONS = 8


@transaction.atomic
def draft_decision(
    *,
    client: Client,
    title: str,
    question: str,
    options: Sequence[dict[str, Any]],
    background: str = "",
    recommendation: str = "",
    cost_of_delay: str = "",
    asked_of: Person | None = None,
    board: bool = False,
    decide_by: dt.date | None = None,
    minutes: int = 5,
    private_notes: str = "",
    by: User,
    at: dt.datetime,
) -> Decision:
    """Writes a decision down; nobody is asked yet.

    Each option has label, and may have result, cost_minor, yearly_cost_minor, is_recommended,
    is_do_nothing. Refuses fewer than two: a question with one answer is none.
    """
    decision = Decision.objects.create(
        client=client,
        reference=next_reference(client.pk, "D"),
        title=require_text("title", title, "Write the question in one line."),
        question=require_text("question", question, "Write what is to be decided."),
        background=background.strip(),
        recommendation=recommendation.strip(),
        cost_of_delay=cost_of_delay.strip(),
        asked_of=asked_of,
        board=board,
        decide_by=decide_by,
        minutes=minutes,
        private_notes=private_notes.strip(),
        raised_by=by,
        raised_on=client.today(at),
        created_at=at,
    )
    _write_options(decision, options)
    audit.record(
        verb="decision.drafted", client=client, obj=decision, by=by, at=at,
        after={"title": decision.title, "options": [given["label"] for given in options]},
    )  # fmt: skip
    return decision


def _write_options(decision: Decision, options: Sequence[dict[str, Any]]) -> None:
    labels = [require_text("options", given.get("label", ""), "Name each option.") for given in options]
    if not 2 <= len(labels) <= MOST_OPTIONS:
        raise ValidationError({"options": f"Give 2 to {MOST_OPTIONS} options. “Do nothing” may be one of them."})
    if sum(bool(given.get("is_recommended")) for given in options) > 1:
        raise ValidationError({"options": "Recommend one option at most."})
    DecisionOption.objects.bulk_create(
        DecisionOption(
            client_id=decision.client_id,
            decision=decision,
            position=position,
            label=label[:200],
            result=(given.get("result") or "").strip(),
            cost_minor=given.get("cost_minor"),
            yearly_cost_minor=given.get("yearly_cost_minor"),
            is_recommended=bool(given.get("is_recommended")),
            is_do_nothing=bool(given.get("is_do_nothing")),
        )
        for position, (label, given) in enumerate(zip(labels, options, strict=True), start=1)
    )


@transaction.atomic
def edit_decision(
    *,
    decision: Decision,
    values: dict[str, Any],
    options: Sequence[dict[str, Any]] | None = None,
    by: User,
    at: dt.datetime,
) -> Decision:
    """Changes a draft; once asked, the words are frozen."""
    _hold(decision)
    _refuse_unless_draft(decision)
    before, after = assign(decision, {name: values[name] for name in FIELDS if name in values})
    decision.save()
    if options is not None:
        decision.options.all().delete()
        _write_options(decision, options)
        after["options"] = [given["label"] for given in options]
    audit.record(
        verb="decision.edited", client=decision.client, obj=decision, by=by, at=at,
        before=before, after=after,
    )  # fmt: skip
    return decision


def _hold(decision: Decision) -> None:
    """Reads the row as it stands now, and holds it until the transaction ends."""
    decision.refresh_from_db(from_queryset=Decision.objects.select_for_update(of=("self",)))


def _refuse_unless_draft(decision: Decision) -> None:
    if decision.state != DecisionState.DRAFT:
        raise ValidationError(f"{decision.reference} has been asked. Withdraw it and put a new one to change it.")


@transaction.atomic
def put_decision(*, decision: Decision, by: User, at: dt.datetime) -> Decision:
    """Asks the named person, as owner or as board member; the words are frozen from now on."""
    _hold(decision)
    _refuse_unless_draft(decision)
    if decision.asked_of is None:
        raise ValidationError({"asked_of": "Choose who decides."})
    asked = asks.ask(
        client=decision.client,
        kind=KIND,
        title=decision.title,
        text=frozen_text(decision),
        options=[_as_choice(given) for given in decision.options.order_by("position")],
        asked_of=decision.asked_of,
        role=AskRole.BOARD if decision.board else AskRole.OWNER,
        by=by,
        due_on=decision.decide_by,
        minutes=decision.minutes,
        subject=decision.reference,
        at=at,
    )
    decision.ask = asked
    decision.state = DecisionState.OPEN
    decision.asked_on = asked.asked_on
    decision.save(update_fields=["ask", "state", "asked_on"])
    audit.record(
        verb="decision.put", client=decision.client, obj=decision, by=by, at=at,
        after={"of": asked.asked_of_name, "by": str(decision.decide_by or "")},
    )  # fmt: skip
    return decision


def frozen_text(decision: Decision) -> str:
    """What the person asked reads: the question, the background, our advice, the cost of delay."""
    parts = [decision.question, decision.background]
    if decision.recommendation:
        parts.append(f"**Our advice:** {decision.recommendation}")
    if decision.cost_of_delay:
        parts.append(f"**If nothing is decided.** {decision.cost_of_delay}")
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _as_choice(given: DecisionOption) -> dict[str, Any]:
    return asks.option(
        key=str(given.position),
        label=given.label,
        result=given.result,
        cost_minor=given.cost_minor,
        yearly_cost_minor=given.yearly_cost_minor,
        advised=given.is_recommended,
        needs_reason=given.is_do_nothing,
        sign="Sign this decision",
    )


@transaction.atomic
def withdraw_decision(*, decision: Decision, reason: str, by: User, at: dt.datetime) -> Decision:
    """Takes the question back; the person asked reads why."""
    _hold(decision)
    if decision.state == DecisionState.DRAFT:
        cleaned = require_text("reason", reason, "Write why it is withdrawn.")
        decision.state = DecisionState.WITHDRAWN
        decision.withdrawn_on = decision.client.today(at)
        decision.save(update_fields=["state", "withdrawn_on"])
        audit.record(
            verb="decision.withdrawn", client=decision.client, obj=decision, by=by, at=at,
            reason=cleaned,
        )  # fmt: skip
        return decision
    if decision.ask is None or decision.state != DecisionState.OPEN:
        raise ValidationError(f"{decision.reference} is not waiting for an answer.")
    asks.withdraw(ask=decision.ask, reason=reason, by=by, at=at)
    decision.refresh_from_db()
    return decision
