"""Tasks and decisions: who may, what the database moves, how they stood on a day."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from engagements import selectors
from engagements.enums import DecisionState, TaskSide, TaskStatus
from engagements.models import Ask, Decision, Task, TaskReply
from engagements.services import asks, decisions, work
from tests.factories.cast import Cast

OPTIONS = [
    {"label": "Replace it", "cost_minor": 3_840_000, "is_recommended": True},
    {"label": "Leave it", "is_do_nothing": True},
]


@pytest.fixture
def task_for_carl(cast: Cast, at: datetime, at_acme: Any, acme_people: Any) -> Task:
    with at_acme(cast.alice):
        return work.add_task(
            client=cast.acme, title="Remove remote desktop", assignee=acme_people["carl"], by=cast.alice, at=at
        )


@pytest.fixture
def put_decision(cast: Cast, at: datetime, at_acme: Any, acme_people: Any) -> Any:
    def put(name: str = "bob", **more: Any) -> Decision:
        with at_acme(cast.alice):
            drafted = decisions.draft_decision(
                client=cast.acme, title="What now?", question="The server is old.", options=OPTIONS,
                asked_of=acme_people[name], by=cast.alice, at=at, **more,
            )  # fmt: skip
            return decisions.put_decision(decision=drafted, by=cast.alice, at=at)

    return put


def test_a_contributor_sees_and_finishes_the_task_given_to_them(
    cast: Cast, at: datetime, at_acme: Any, task_for_carl: Task
) -> None:
    with at_acme(cast.alice):
        work.add_task(client=cast.acme, title="Somebody else’s", by=cast.alice, at=at)
    with at_acme(cast.carl):
        mine = Task.objects.get()
        assert mine.pk == task_for_carl.pk
        work.reply_to_task(task=mine, text="Done at all eight.", finishes=True, by=cast.carl, at=at)
        assert mine.status == TaskStatus.DONE
        assert TaskReply.objects.count() == 1
    with at_acme(cast.alice):
        task_for_carl.refresh_from_db()
        assert (task_for_carl.done_on, task_for_carl.closed_note) == (cast.acme.today(at), "Done at all eight.")


@pytest.mark.parametrize("stranger", ["xenia", "charlie", "bob"])
def test_the_practices_work_goes_to_its_people_at_this_client(
    cast: Cast, at: datetime, at_acme: Any, stranger: str
) -> None:
    """Nobody of another practice, no colleague who is not assigned here, nobody of the client."""
    somebody = getattr(cast, stranger)
    given: dict[str, Any] = {"client": cast.acme, "title": "Read the logs", "side": TaskSide.PRACTICE, "at": at}
    with at_acme(cast.alice):
        with pytest.raises(ValidationError, match="does not work for this client"):
            work.add_task(**given, practice_user=somebody, by=cast.alice)
        task = work.add_task(**given, practice_user=cast.amir, by=cast.alice)
        with pytest.raises(ValidationError, match="does not work for this client"):
            work.edit_task(task=task, values={"practice_user": somebody}, by=cast.alice, at=at)
        task.refresh_from_db()
        assert task.practice_user_id == cast.amir.pk
        assert Task.objects.count() == 1


def test_a_task_is_answered_by_its_assignee_alone(cast: Cast, at: datetime, at_acme: Any, task_for_carl: Task) -> None:
    with at_acme(cast.bob), pytest.raises(PermissionDenied, match="somebody else’s"):
        work.reply_to_task(task=task_for_carl, text="Done", finishes=True, by=cast.bob, at=at)
    forged = TaskReply(client=cast.acme, task=task_for_carl, finishes=True, on=cast.acme.today(at), by=cast.carl, at=at)
    with at_acme(cast.dora), pytest.raises(IntegrityError), transaction.atomic():
        forged.save(force_insert=True)


def test_a_task_given_to_somebody_else_is_no_longer_seen(
    cast: Cast, at: datetime, at_acme: Any, task_for_carl: Task, acme_people: Any
) -> None:
    with at_acme(cast.alice):
        work.edit_task(task=task_for_carl, values={"assignee": acme_people["bob"]}, by=cast.alice, at=at)
    with at_acme(cast.carl):
        assert Task.objects.count() == 0


def test_a_private_task_stays_with_the_practice(cast: Cast, at: datetime, at_acme: Any) -> None:
    with at_acme(cast.alice):
        work.add_task(
            client=cast.acme, title="Ask for the late fee", side="practice", practice_user=cast.alice, private=True,
            by=cast.alice, at=at,
        )  # fmt: skip
        assert selectors.tasks_as_of(cast.acme, cast.acme.today(at)) == []


def test_a_closed_task_is_refused_a_second_end(cast: Cast, at: datetime, at_acme: Any, task_for_carl: Task) -> None:
    with at_acme(cast.alice):
        work.finish_task(task=task_for_carl, by=cast.alice, at=at)
        with pytest.raises(ValidationError, match="is closed already"):
            work.cancel_task(task=task_for_carl, reason="No", by=cast.alice, at=at)
        assert work.reopen_task(task=task_for_carl, by=cast.alice, at=at).closed_on is None


def test_what_was_saved_meanwhile_is_not_undone_by_whoever_loaded_the_task_before(
    cast: Cast, at: datetime, at_acme: Any, task_for_carl: Task
) -> None:
    by: dict[str, Any] = {"by": cast.alice, "at": at}
    with at_acme(cast.alice):
        loaded, late = Task.objects.get(), Task.objects.get()
        work.edit_task(task=task_for_carl, values={"title": "Renew both licences"}, **by)
        work.edit_task(task=loaded, values={"detail": "Two of them."}, **by)
        assert (loaded.title, loaded.detail) == ("Renew both licences", "Two of them.")
    with at_acme(cast.carl):
        work.reply_to_task(task=task_for_carl, text="Done.", finishes=True, by=cast.carl, at=at)
    with at_acme(cast.alice):
        for change in (
            lambda: work.edit_task(task=late, values={"title": "Renew the licence"}, **by),
            lambda: work.cancel_task(task=late, reason="No longer needed.", **by),
        ):
            with pytest.raises(ValidationError, match="is closed"):
                change()
        assert Task.objects.get().status == "done"


def test_tasks_stand_as_they_stood_on_a_day(cast: Cast, at: datetime, at_acme: Any) -> None:
    today = cast.acme.today(at)
    with at_acme(cast.alice):
        old = work.add_task(client=cast.acme, title="Old", raised_on=today - timedelta(days=40), by=cast.alice, at=at)
        work.finish_task(task=old, on=today - timedelta(days=5), by=cast.alice, at=at)
        work.add_task(client=cast.acme, title="New", by=cast.alice, at=at)
        before = selectors.tasks_as_of(cast.acme, today - timedelta(days=10))
        assert [(row.title, row.status, row.closed_on) for row in before] == [("Old", "open", None)]
        now = selectors.tasks_as_of(cast.acme, today)
        assert {(row.title, row.status) for row in now} == {("Old", "done"), ("New", "open")}


def test_a_decision_is_decided_by_the_answer(cast: Cast, at: datetime, at_acme: Any, put_decision: Any) -> None:
    decision = put_decision()
    with at_acme(cast.bob):
        asks.answer(ask=Ask.objects.get(pk=decision.ask_id), choice="1", reason="", by=cast.bob, at=at)
    with at_acme(cast.alice):
        decision.refresh_from_db()
        assert decision.state == DecisionState.DECIDED
        assert decision.chosen.label == "Replace it"
        assert decision.decided_on == cast.acme.today(at)
        row = selectors.decisions_as_of(cast.acme, cast.acme.today(at))[0]
        assert (row.outcome, row.state, len(row.options)) == ("Replace it", "decided", 2)
        assert selectors.decisions_as_of(cast.acme, cast.acme.today(at) - timedelta(days=1)) == []


def test_a_withdrawn_decision_says_so(cast: Cast, at: datetime, at_acme: Any, put_decision: Any) -> None:
    decision = put_decision()
    with at_acme(cast.alice):
        decisions.withdraw_decision(decision=decision, reason="Settled.", by=cast.alice, at=at)
        assert (decision.state, decision.withdrawn_on) == (DecisionState.WITHDRAWN, cast.acme.today(at))
        with pytest.raises(ValidationError, match="not waiting"):
            decisions.withdraw_decision(decision=decision, reason="Again.", by=cast.alice, at=at)


def test_a_director_is_asked_as_a_director(cast: Cast, at: datetime, at_acme: Any, put_decision: Any) -> None:
    with pytest.raises(ValidationError, match="does not hold the role board member"):
        put_decision("bob", board=True)
    assert put_decision("dora", board=True).ask.role == "board"


def test_a_decision_needs_two_options_and_one_advice(cast: Cast, at: datetime, at_acme: Any) -> None:
    common = {"client": cast.acme, "title": "What?", "question": "Why?", "by": cast.alice, "at": at}
    with at_acme(cast.alice):
        with pytest.raises(ValidationError, match="2 to 8 options"):
            decisions.draft_decision(options=OPTIONS[:1], **common)
        both = [{**option, "is_recommended": True} for option in OPTIONS]
        with pytest.raises(ValidationError, match="one option at most"):
            decisions.draft_decision(options=both, **common)


def test_what_was_put_no_longer_changes(cast: Cast, at: datetime, at_acme: Any, put_decision: Any) -> None:
    decision = put_decision()
    with at_acme(cast.alice), pytest.raises(ValidationError, match="has been asked"):
        decisions.edit_decision(decision=decision, values={"title": "Other"}, by=cast.alice, at=at)
