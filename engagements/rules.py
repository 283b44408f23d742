"""Who may do what with a client's profile, people, work, decisions and asks."""

from typing import Any

from engagements.enums import AskState, DecisionState, TaskStatus
from vciso.tenancy.permissions import (
    Actor,
    Barred,
    Denied,
    PermissionTable,
    Verdict,
    is_board,
    is_contributor,
    is_owner,
    is_practice_side,
    predicate,
    reads_client,
)


@predicate
def was_asked(actor: Actor, ask: Any) -> Verdict:
    """The person asked; a deputy's dates are checked again when the answer is written."""
    if ask is None or actor.user.pk in (ask.asked_user_id, ask.deputy_user_id):
        return True
    return Denied(f"This was asked of {ask.asked_of_name}. Only they can answer it.")


@predicate
def did_not_ask(actor: Actor, ask: Any) -> Verdict:
    if ask is None or ask.asked_by_id != actor.user.pk:
        return True
    return Denied("You put this question, so somebody else has to answer it.")


@predicate
def ask_is_open(actor: Actor, ask: Any) -> Verdict:
    if ask is None or ask.state == AskState.OPEN:
        return True
    if ask.state == AskState.WITHDRAWN:
        return Barred(f"{ask.reference} was withdrawn, so there is nothing left to answer.")
    return Barred(f"{ask.reference} has been answered already. If the answer changed, it has to be asked again.")


@predicate
def answer_may_hold(actor: Actor, ask: Any) -> Verdict:
    """To the day it is checked again when it is withdrawn."""
    if ask is None or ask.holds_until is not None:
        return True
    return Barred(f"What {ask.reference} asked is not in force, so there is nothing to withdraw.")


@predicate
def decision_is_draft(actor: Actor, decision: Any) -> Verdict:
    if decision is None or decision.state == DecisionState.DRAFT:
        return True
    return Barred(
        f"{decision.reference} has been asked, and its words are kept as they were. "
        "Withdraw it and put a new decision to change them."
    )


@predicate
def decision_is_open(actor: Actor, decision: Any) -> Verdict:
    if decision is None or decision.state == DecisionState.OPEN:
        return True
    return Barred(f"{decision.reference} is not waiting for an answer.")


@predicate
def decision_is_pending(actor: Actor, decision: Any) -> Verdict:
    if decision is None or decision.state in (DecisionState.DRAFT, DecisionState.OPEN):
        return True
    return Barred(f"{decision.reference} is settled, so it cannot be withdrawn.")


@predicate
def task_is_assigned(actor: Actor, task: Any) -> Verdict:
    if task is None or task.assignee_user_id == actor.user.pk:
        return True
    return Denied("This task is somebody else’s. Only they and the practice can answer it.")


@predicate
def task_is_open(actor: Actor, task: Any) -> Verdict:
    if task is None or task.status == TaskStatus.OPEN:
        return True
    return Barred(f"{task.reference} is closed. Your adviser can open it again.")


writes_client = is_practice_side

permissions = PermissionTable(
    {
        "engagements.view": is_practice_side,
        "engagements.read_client": reads_client,
        "engagements.edit": is_practice_side,
        "engagements.view_time": is_practice_side,
        "engagements.log_time": is_practice_side,
        "engagements.export": is_practice_side,
        "engagements.manage_people": is_practice_side,
        "engagements.write_decision": is_practice_side & decision_is_draft,
        "engagements.record_answer": is_practice_side & decision_is_open,
        "engagements.withdraw_decision": is_practice_side & decision_is_pending,
        "engagements.record_ask": is_practice_side & ask_is_open,
        "engagements.withdraw_ask": is_practice_side & ask_is_open,
        "engagements.remind": is_practice_side & ask_is_open,
        "engagements.read_asks": is_practice_side | is_owner,
        "engagements.see_ask": reads_client | is_board,
        "engagements.answer": was_asked & (is_owner | is_board) & did_not_ask & ask_is_open,
        "engagements.comment": was_asked & (is_owner | is_board) & ask_is_open,
        "engagements.confirm_answer": was_asked & (is_owner | is_board) & did_not_ask,
        "engagements.withdraw_answer": was_asked & (is_owner | is_board) & did_not_ask & answer_may_hold,
        "engagements.my_tasks": is_owner | is_contributor | is_board,
        "engagements.see_my_task": (is_owner | is_contributor | is_board) & task_is_assigned,
        "engagements.reply_task": (is_owner | is_contributor | is_board) & task_is_assigned & task_is_open,
    }
)
