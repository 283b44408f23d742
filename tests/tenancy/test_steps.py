"""Every step between two states, tried by a consultant past all services: the database knows the agreed ones alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from engagements.enums import ASK_STEPS, DECISION_STEPS, AskState
from engagements.models import Answer, Ask, Decision, DecisionOption, Person
from policies.enums import VERSION_STEPS
from policies.models import Approval, Policy, PolicyVersion
from policies.rules import fingerprint
from reporting.enums import STEPS as REPORT_STEPS
from reporting.models import Report
from risks.enums import ACCEPTANCE_STEPS, ASSESSMENT_STEPS, CHANGE_STEPS, PLAN_STEPS, STATEMENT_STEPS
from risks.models import Acceptance, AppetiteStatement, LibraryChange, Risk, RiskAssessment, TreatmentPlan
from tests.conftest import owning
from tests.factories.cast import Cast
from vciso.imports.enums import BATCH_STEPS
from vciso.imports.models import ImportBatch
from vciso.tenancy import context
from vciso.tenancy.models import ClientOwned
from vciso.tenancy.steps import Steps

pytestmark = pytest.mark.django_db


@dataclass
class Kind:
    """A kind of record with a state: one row, with whatever any state of it needs."""

    row: Any
    steps: Steps
    # What makes a second row of it one of its own.
    apart: dict[str, Any] = field(default_factory=dict)
    # Whether a row may be born in a state that otherwise an answer gives.
    born_by_answer: bool = False
    ask: Ask | None = None
    question: str = ""
    """The kind of the question that each such record has of its own."""

    @property
    def states(self) -> list[str]:
        return [state for state, _ in type(self.row)._meta.get_field("state").choices]

    def name(self) -> str:
        return type(self.row).__name__


@contextmanager
def past_triggers(*models: type[ClientOwned]) -> Iterator[None]:
    """Inside, rows of these tables are written as their owner, and no trigger looks."""
    tables = [model._meta.db_table for model in models]
    with owning(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def kinds(cast: Cast, at: Any) -> list[Kind]:
    """One record of each kind at Acme, each with an ask behind it where its kind has one."""
    day, common = at.date(), {"client": cast.acme}
    written = {"created_at": at, "updated_at": at}
    models = (
        Ask,
        Decision,
        Acceptance,
        AppetiteStatement,
        Risk,
        RiskAssessment,
        TreatmentPlan,
        PolicyVersion,
        Report,
        LibraryChange,
        ImportBatch,
    )
    with past_triggers(*models):
        bob = Person.objects.create(**common, name="Bob", user=cast.bob, created_at=at)
        asked = {**common, "asked_of": bob, "asked_of_name": "Bob", "asked_user": cast.bob, "asked_by": cast.alice}
        choices = ("1", "accept", "decline", "approve")
        asks = [
            Ask.objects.create(
                **asked, reference=f"A-{number}", title="May we?", kind="question", asked_at=at, asked_on=day,
                options=[{"key": choice} for choice in choices],
            )
            for number in range(7)
        ]  # fmt: skip
        said = {"reference": "R-001", "title": "A flood", "raised_on": day, "treatment": "reduce"}
        risk = Risk.objects.create(**common, **said, number=1)
        decision = Decision.objects.create(
            **common, reference="D-1", title="Move?", question="Move?", asked_of=bob, ask=asks[1], raised_on=day,
            decided_on=day, created_at=at,
        )  # fmt: skip
        Decision.objects.update(
            chosen=DecisionOption.objects.create(**common, decision=decision, position=1, label="Y")
        )
        signed = {"until": day + timedelta(days=1), "signed_at": at, "requested_at": at, "requested_by": cast.alice}
        acceptance = Acceptance.objects.create(**common, risk=risk, asked_of=bob, ask=asks[2], **signed)
        plan = TreatmentPlan.objects.create(**common, risk=risk, treatment="reduce", happened_at=at, ask=asks[3])
        statement = AppetiteStatement.objects.create(
            **common, number=1, lines=[], asked_of=bob, ask=asks[5], requested_by=cast.alice, requested_at=at
        )
        change = LibraryChange.objects.create(
            **common, scenario="r01", edition=1, risk=risk, title="A flood", happened_at=at, by=cast.alice
        )
        assessment = RiskAssessment.objects.create(
            **common, reference="RA-1", title="Baseline", kind="baseline", as_of=day, scope="All", method="Rated",
            facts={}, sha256="0" * 64, frozen_at=at, asked_of=bob, ask=asks[6], made_by=cast.alice, made_at=at,
        )  # fmt: skip
        policy = Policy.objects.create(
            **common, reference="POL-1", slug="p", title="P", owner=bob, created_on=day, created_at=at
        )
        version = PolicyVersion.objects.create(
            **common, policy=policy, major=1, minor=0, body="Words", sha256=fingerprint("Words"), author=cast.alice,
            effective_on=day, approval_recorded=False, **written,
        )  # fmt: skip
        Approval.objects.create(**common, version=version, ask=asks[4], sent_by=cast.alice, sent_at=at)
        printed = {"facts_sha256": "a", "file_sha256": "b", "approved_sha256": "b", "published_at": at}
        report = Report.objects.create(**common, kind="monthly", period="2026-01", requested_at=at, **printed)
        file = ImportBatch.objects.create(
            **common, kind="risks", file_name="r.csv", file_key="k", file_sha256="0" * 64, file_size=1, mapping={},
            created_at=at,
        )  # fmt: skip
        found = [
            Kind(asks[0], ASK_STEPS, {"reference": "A-9"}, ask=asks[0]),
            Kind(decision, DECISION_STEPS, {"reference": "D-9"}, ask=asks[1]),
            Kind(acceptance, ACCEPTANCE_STEPS, ask=asks[2], question="acceptance"),
            Kind(plan, PLAN_STEPS, ask=asks[3], question="plan_approval"),
            Kind(statement, STATEMENT_STEPS, {"number": 9}, ask=asks[5], question="appetite"),
            Kind(assessment, ASSESSMENT_STEPS, {"reference": "RA-9"}, ask=asks[6], question="assessment"),
            Kind(version, VERSION_STEPS, {"minor": 9}, ask=asks[4], born_by_answer=True),
            Kind(change, CHANGE_STEPS, {"edition": 9}),
            Kind(report, REPORT_STEPS, {"period": "2025-01"}),
            Kind(file, BATCH_STEPS),
        ]
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stands(kind: Kind, state: str, *, answer: str = "") -> None:
    """Puts the record into a state; `answer`: its ask was answered with this choice."""
    model = type(kind.row)
    with past_triggers(model, Ask, Answer):
        if answer and kind.ask is not None:
            if model is not Ask:
                Ask.objects.filter(pk=kind.ask.pk).update(state=AskState.ANSWERED, choice=answer)
            Answer.objects.create(
                client_id=kind.ask.client_id, ask=kind.ask, choice=answer, person=kind.ask.asked_of,
                by_id=kind.ask.asked_user_id, on=kind.ask.asked_on, at=kind.ask.asked_at,
            )  # fmt: skip
        model._base_manager.filter(pk=kind.row.pk).update(state=state)


def passes(cast: Cast, statement: Any) -> bool:
    """Whether the database lets a consultant of the client do it."""
    try:
        with context.as_user(cast.alice, client_id=cast.acme.pk), transaction.atomic():
            return bool(statement())
    except DatabaseError as refusal:
        assert refusal.__cause__.sqlstate == "23514", refusal  # type: ignore[union-attr]  # the driver's own error
        return False


def step(cast: Cast, kind: Kind, before: str, after: str, *, answer: str = "") -> bool:
    """Whether the record goes from one state to the other by a plain UPDATE."""
    rows = type(kind.row)._base_manager.filter(pk=kind.row.pk)
    said = {"choice": answer} if answer and type(kind.row) is Ask else {}
    with taken_back():
        stands(kind, before, answer=answer)
        return passes(cast, lambda: rows.update(state=after, **said))


def birth(cast: Cast, kind: Kind, state: str) -> bool:
    """Whether a second record like this one may begin in the state."""
    table, apart = kind.row._meta.db_table, {**kind.apart, "id": str(uuid.uuid4()), "state": state}
    copy = f"INSERT INTO {table} SELECT (jsonb_populate_record(t, %s::jsonb)).* FROM {table} t WHERE id = %s"
    with taken_back(), connection.cursor() as cursor:
        stands(kind, next(kind.steps.ends(), kind.states[0]))
        if kind.question and kind.ask is not None:
            with past_triggers(Ask):
                own = Ask.objects.get(pk=kind.ask.pk)
                own.pk, own.reference, own.kind = uuid.uuid4(), "A-99", kind.question
                own.save(force_insert=True)
            apart["ask_id"] = str(own.pk)
        return passes(cast, lambda: cursor.execute(copy, [json.dumps(apart), kind.row.pk]) or cursor.rowcount)


def told(cast: Cast, kind: Kind) -> Iterator[str]:
    """Each step that the database takes otherwise than agreed, in words."""
    for state in kind.states:
        agreed = state in kind.steps.begins and (state not in kind.steps.by_answer or kind.born_by_answer)
        if birth(cast, kind, state) != agreed:
            yield f"{kind.name()} begins as {state}"
        for after in (other for other in kind.states if other != state):
            choice, name = kind.steps.by_answer.get(after, ""), f"{kind.name()} {state} > {after}"
            agreed = kind.steps.allows(state, after)
            if step(cast, kind, state, after) != (agreed and not choice):
                yield f"{name}, and nobody answered"
            if choice and step(cast, kind, state, after, answer="1" if choice == "*" else choice) != agreed:
                yield f"{name} with the answer"
            if choice not in ("", "*") and step(cast, kind, state, after, answer="1"):
                yield f"{name} with another answer"


def test_states_go_forward_by_the_agreed_steps_alone(cast: Cast, kinds: list[Kind]) -> None:
    wrong = [what for kind in kinds for what in told(cast, kind)]
    assert not wrong, "\n".join(wrong)


def test_what_was_asked_and_answered_is_frozen(cast: Cast, kinds: list[Kind]) -> None:
    """Words, outcome and confirmation: not even the consultant who asked changes them past the services."""
    kind = kinds[0]
    changes = [
        {"title": "Something else"}, {"options": []}, {"asked_of_name": "Bo"}, {"choice": "1"}, {"reason": "Because"},
        {"answered_on": kind.row.asked_on}, {"withdrawn_reason": "Because"}, {"confirmation": "confirmed"},
        {"holds_until": kind.row.asked_on},
    ]  # fmt: skip
    asks = Ask.objects.filter(pk=kind.row.pk)
    for state in kind.states:
        for change in changes:
            with taken_back():
                stands(kind, state)
                assert not passes(cast, lambda change=change: asks.update(**change)), (state, change)
    assert passes(cast, lambda: asks.update(deputy_user=cast.amir)), "whom it goes to may change"
