"""One ask as the practice sees it: whom it waits for, record from a call, remind, withdraw."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.forms.agreement import ReasonForm
from engagements.forms.work import RecordAnswerForm, ReplyForm
from engagements.models import Ask
from engagements.selectors import kinds
from engagements.services import asks as services
from engagements.views import files, signed
from engagements.views.base import Here, form_page, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses


def with_people() -> Any:
    return Ask.objects.select_related("client", "asked_by", "asked_user", "deputy_user", "answered_by", "withdrawn_by")


def context_of(ask: Ask, here: Here) -> dict[str, Any]:
    """What both sides see of an ask."""
    return {
        "ask": ask,
        "kind": kinds.of(ask.kind),
        "slot": f"asks.detail.{ask.kind}",
        "answer": ask.answers.select_related("by", "recorded_by").first(),
        "confirmation": ask.confirmations.select_related("by").first(),
        "withdrawal": ask.withdrawals.select_related("by").first(),
        "comments": ask.comments.select_related("by").order_by("at"),
        "today": here.today,
    }


@requires("engagements.view", with_people)
def ask_detail(request: HttpRequest, ask: Ask) -> HttpResponse:
    here = Here(request)
    return _page(request, ask, here, ReplyForm())


def _page(request: HttpRequest, ask: Ask, here: Here, reply_form: ReplyForm) -> HttpResponse:
    about = kinds.practice_path(ask)
    context = {
        **context_of(ask, here),
        "about_url": about if about != request.path else "",
        "reason_form": ReasonForm(),
        "reply_form": reply_form,
    }
    return responses.page(request, "engagements/ask.html", context, status=422 if reply_form.is_bound else 200)


@require_POST
@requires("engagements.remind", with_people)
def ask_remind(request: HttpRequest, ask: Ask) -> HttpResponse:
    here = Here(request)
    back = here.url("ask", ref=ask.reference)
    try:
        services.remind(ask=ask, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title="No reminder was sent", back=back)
    return responses.done(request, back, f"{ask.asked_of_name} was reminded.")


@requires("engagements.record_ask", with_people)
def ask_record(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Writes down an answer given on a call; the signer confirms it later."""
    here = Here(request)
    upload = request.FILES if request.method == "POST" else None
    form = RecordAnswerForm(responses.posted(request), upload, ask=ask, initial={"on": here.today})

    def write(values: dict[str, Any]) -> Any:
        kept = files.keep(request, values.pop("file"))
        return services.record_answer(ask=ask, recorded_by=here.user, at=here.at, **values, **kept)

    back = kinds.practice_path(ask)
    if form.attempt(write) is not None:
        return responses.done(request, back, f"The answer of {ask.asked_of_name} was recorded.")
    answer = form_page(
        request, form, title="Record an answer", verb="Record answer", cancel=back,
        crumbs=((ask.subject or ask.reference, back),), text=ask.title,
        template="engagements/record_answer.html", ask=ask,
    )  # fmt: skip
    if form.is_bound and form.has_error("file", files.TOO_LARGE):
        answer.status_code = 413
    return answer


@requires("engagements.view", with_people)
def ask_file(request: HttpRequest, ask: Ask) -> HttpResponse:
    return files.attached(request, ask)


@requires("engagements.view", with_people)
def ask_signed(request: HttpRequest, ask: Ask) -> HttpResponse:
    return signed.record(request, ask, back=Here(request).url("ask", ref=ask.reference))


@requires("engagements.withdraw_ask", with_people)
def ask_withdraw(request: HttpRequest, ask: Ask) -> HttpResponse:
    here = Here(request)
    back = here.url("ask", ref=ask.reference)
    form = ReasonForm(responses.posted(request))
    gone = form.attempt(lambda values: services.withdraw(ask=ask, reason=values["reason"], by=here.user, at=here.at))
    if gone is not None:
        return responses.done(request, back, f"{ask.reference} was withdrawn.")
    return form_page(
        request, form, title=f"Withdraw {ask.reference}?", verb="Withdraw question", cancel=back,
        crumbs=((ask.reference, back),), text=ask.title,
    )  # fmt: skip


@require_POST
@requires("engagements.withdraw_ask", with_people)
def ask_reply(request: HttpRequest, ask: Ask) -> HttpResponse:
    here = Here(request)
    form = ReplyForm(request.POST)
    said = form.attempt(lambda values: services.reply(ask=ask, text=values["text"], by=here.user, at=here.at))
    if said is None:
        return _page(request, ask, here, form)
    return responses.done(request, here.url("ask", ref=ask.reference), "Your reply was sent.")
