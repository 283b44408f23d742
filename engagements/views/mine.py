"""What is asked of the client's own people: answering, confirming, asking back, tasks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.enums import AskRole, AskState, Confirmation, TaskStatus
from engagements.forms.work import AnswerForm, CommentForm, ConfirmForm, TaskReplyForm, WithdrawAnswerForm
from engagements.models import Ask, Task, TaskReply
from engagements.selectors import kinds
from engagements.services import asks as services
from engagements.services import work
from engagements.views import files, signed
from engagements.views.asks import context_of, with_people
from engagements.views.base import Here
from vciso.tenancy.permissions import requires
from vciso.web import responses


def _owner_asks() -> Any:
    return with_people().filter(role=AskRole.OWNER)


def _board_asks() -> Any:
    return with_people().filter(role=AskRole.BOARD)


def _signing(ask: Ask) -> dict[str, Any]:
    """What stands by the signature: one sentence to tick and one verb, where the options share them."""
    sentences = {option["understand"] for option in ask.options} - {""}
    verbs = [option["sign"] for option in ask.options]
    same = len(set(verbs)) == 1
    return {
        "reason_is": _reason_is(ask.options),
        "any_understand": bool(sentences),
        "many_understand": len(sentences) > 1,
        "understand_sentence": sentences.pop()
        if len(sentences) == 1
        else "I have read what my choice means, as it stands with it above.",
        "sign_label": verbs[0] if same else "Sign my answer",
        "signs": [] if same else verbs,
    }


def _reason_is(options: list[dict[str, Any]]) -> str:
    """For which choices a reason is needed, by their labels."""
    needing = [option["label"] for option in options if option["needs_reason"]]
    if not needing:
        return "(optional)"
    if len(needing) == len(options):
        return "(needed)"
    return f"(needed for {' and '.join(f'“{label}”' for label in needing)})"


def _ask_page(request: HttpRequest, ask: Ask, *, board: bool, **forms: Any) -> HttpResponse:
    here = Here(request)
    mine = ask.is_asked_of(here.user, on=here.today) and here.user.pk != ask.asked_by_id
    bound = [form for form in forms.values() if form.is_bound]
    chosen = forms["form"]["choice"].value() if "form" in forms else ""
    area = "board" if board else "my"
    context = {
        **context_of(ask, here),
        **_signing(ask),
        "mine": mine,
        "answerable": mine and ask.state == AskState.OPEN,
        "confirmable": here.user.pk == ask.asked_user_id and ask.confirmation == Confirmation.AWAITED,
        "withdrawable": mine and ask.is_in_force(here.today),
        "form": AnswerForm(ask=ask),
        "comment_form": CommentForm(),
        "confirm_form": ConfirmForm(),
        "withdraw_form": WithdrawAnswerForm(),
        "chosen_key": chosen,
        "board_page": board and not here.actor.is_owner,
        "back_url": f"/{'my' if here.actor.is_owner else area}/{here.client.key}/",
        "comment_url": here.url(f"{area}-ask-comment", ref=ask.reference),
        "file_url": here.url(f"{area}-ask-file", ref=ask.reference),
        "signed_url": here.url(f"{area}-ask-signed", ref=ask.reference),
        "confirm_url": here.url(f"{area}-ask-confirm", ref=ask.reference),
        "withdraw_url": here.url(f"{area}-ask-withdraw", ref=ask.reference),
        **forms,
    }
    return responses.page(request, "engagements/answer.html", context, status=422 if bound else 200)


def _answer(request: HttpRequest, ask: Ask, *, board: bool) -> HttpResponse:
    """GET shows what is asked (or what was answered); POST signs."""
    if request.method != "POST":
        return _ask_page(request, ask, board=board)
    here = Here(request)
    form = AnswerForm(request.POST, ask=ask)
    given = form.attempt(
        lambda values: services.answer(
            ask=ask, choice=values["choice"], reason=values["reason"], by=here.user, at=here.at
        )
    )
    if given is None:
        return _ask_page(request, ask, board=board, form=form)
    page = here.url("board-ask" if board else "my-ask", ref=ask.reference)
    return responses.done(request, page, "Your answer is signed and kept.")


@requires("engagements.see_ask", _owner_asks)
def my_ask(request: HttpRequest, ask: Ask) -> HttpResponse:
    if request.method == "POST":
        return my_answer(request, client_key=request.client.key, ref=ask.reference)  # type: ignore[attr-defined]  # set by the middleware
    return _answer(request, ask, board=False)


@requires("engagements.answer", _owner_asks)
def my_answer(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _answer(request, ask, board=False)


@requires("engagements.see_ask", _board_asks)
def board_ask(request: HttpRequest, ask: Ask) -> HttpResponse:
    if request.method == "POST":
        return board_answer(request, client_key=request.client.key, ref=ask.reference)  # type: ignore[attr-defined]  # set by the middleware
    return _answer(request, ask, board=True)


@requires("engagements.answer", _board_asks)
def board_answer(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _answer(request, ask, board=True)


def _say(request: HttpRequest, ask: Ask, write: Any, *, board: bool, message: str, **named: Any) -> HttpResponse:
    """Sends one of the page's own forms, by the name the page has for it."""
    ((name, form),) = named.items()
    if form.attempt(write) is None:
        return _ask_page(request, ask, board=board, **{name: form})
    page = Here(request).url("board-ask" if board else "my-ask", ref=ask.reference)
    return responses.done(request, page, message)


def _comment(request: HttpRequest, ask: Ask, *, board: bool) -> HttpResponse:
    here = Here(request)

    def write(values: dict[str, Any]) -> Any:
        return services.comment(ask=ask, text=values["text"], by=here.user, at=here.at)

    message = f"{ask.asked_by.name} was told of your question."
    return _say(request, ask, write, board=board, message=message, comment_form=CommentForm(request.POST))


@require_POST
@requires("engagements.comment", _owner_asks)
def my_comment(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _comment(request, ask, board=False)


@require_POST
@requires("engagements.comment", _board_asks)
def board_comment(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _comment(request, ask, board=True)


def _confirm(request: HttpRequest, ask: Ask, *, board: bool) -> HttpResponse:
    here = Here(request)

    def write(values: dict[str, Any]) -> Any:
        return services.confirm_answer(ask=ask, agrees=values["agrees"], note=values["note"], by=here.user, at=here.at)

    message = "Thank you. Your word is kept with the record."
    return _say(request, ask, write, board=board, message=message, confirm_form=ConfirmForm(request.POST))


@require_POST
@requires("engagements.confirm_answer", _owner_asks)
def my_confirm(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _confirm(request, ask, board=False)


@require_POST
@requires("engagements.confirm_answer", _board_asks)
def board_confirm(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _confirm(request, ask, board=True)


def _withdraw(request: HttpRequest, ask: Ask, *, board: bool) -> HttpResponse:
    here = Here(request)

    def write(values: dict[str, Any]) -> Any:
        return services.withdraw_answer(ask=ask, reason=values["reason"], by=here.user, at=here.at)

    message = f"Your answer is withdrawn. {ask.asked_by.name} was told."
    return _say(request, ask, write, board=board, message=message, withdraw_form=WithdrawAnswerForm(request.POST))


@require_POST
@requires("engagements.withdraw_answer", _owner_asks)
def my_withdraw(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _withdraw(request, ask, board=False)


@require_POST
@requires("engagements.withdraw_answer", _board_asks)
def board_withdraw(request: HttpRequest, ask: Ask) -> HttpResponse:
    return _withdraw(request, ask, board=True)


@requires("engagements.see_ask", _owner_asks)
def my_file(request: HttpRequest, ask: Ask) -> HttpResponse:
    return files.attached(request, ask)


@requires("engagements.see_ask", _board_asks)
def board_file(request: HttpRequest, ask: Ask) -> HttpResponse:
    return files.attached(request, ask)


@requires("engagements.see_ask", _owner_asks)
def my_signed(request: HttpRequest, ask: Ask) -> HttpResponse:
    return signed.record(request, ask, back=Here(request).url("my-ask", ref=ask.reference))


@requires("engagements.see_ask", _board_asks)
def board_signed(request: HttpRequest, ask: Ask) -> HttpResponse:
    return signed.record(request, ask, back=Here(request).url("board-ask", ref=ask.reference))


PAST_SHOWN = 50


@requires("engagements.read_asks")
def my_decisions(request: HttpRequest) -> HttpResponse:
    """Open and past questions of the owner, nearest date first, newest answers first, and what the board signed."""
    here = Here(request)
    every = with_people().prefetch_related("withdrawals").filter(client=here.client)
    asks, newest = every.filter(role=AskRole.OWNER), ("-answered_at", "-asked_at")
    waiting = asks.needing()
    past = asks.exclude(pk__in=waiting.values("pk")).order_by(*newest)
    of_board = every.filter(role=AskRole.BOARD, state=AskState.ANSWERED).order_by(*newest)
    context = {
        "open": [(ask, kinds.of(ask.kind).icon, kinds.verb_of(ask)) for ask in waiting.nearest_first()],
        "past": past[:PAST_SHOWN],
        "of_board": of_board[:PAST_SHOWN],
        "today": here.today,
    }
    return responses.page(request, "engagements/my_decisions.html", context)


def _my_tasks() -> Any:
    return Task.objects.select_related("client", "raised_by")


@requires("engagements.my_tasks")
def my_tasks(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    tasks = _my_tasks().filter(client=here.client, assignee_user=here.user)
    context = {
        "open": tasks.open().order_by("due_on", "reference"),
        "closed": tasks.exclude(status=TaskStatus.OPEN).order_by("-closed_on", "reference")[:20],
        "today": here.today,
        "board_page": not here.actor.is_owner,
    }
    return responses.page(request, "engagements/my_tasks.html", context)


def _task_page(request: HttpRequest, task: Task, form: TaskReplyForm) -> HttpResponse:
    here = Here(request)
    context = {
        "task": task,
        "form": form,
        "replies": TaskReply.objects.filter(client=here.client, task=task).select_related("by").order_by("at"),
        "today": here.today,
        "board_page": not here.actor.is_owner,
    }
    return responses.page(request, "engagements/my_task.html", context, status=422 if form.is_bound else 200)


@requires("engagements.my_tasks", _my_tasks)
def my_task(request: HttpRequest, task: Task) -> HttpResponse:
    """Somebody else's task is not there, even for the owner: the practice's list is another page."""
    here = Here(request)
    if task.assignee_user_id != here.user.pk:
        raise Http404
    if request.method == "POST":
        return my_task_reply(request, client_key=here.client.key, ref=task.reference)
    return _task_page(request, task, TaskReplyForm(responses.posted(request)))


@requires("engagements.reply_task", _my_tasks)
def my_task_reply(request: HttpRequest, task: Task) -> HttpResponse:
    here = Here(request)
    form = TaskReplyForm(request.POST)
    said = form.attempt(
        lambda values: work.reply_to_task(
            task=task, text=values["text"], finishes=values["finishes"], by=here.user, at=here.at
        )
    )
    if said is None:
        return _task_page(request, task, form)
    message = f"{task.reference} is done. Thank you." if said.finishes else "Your reply was sent."
    return responses.done(request, here.url("my-tasks"), message)
