"""What the practice does with a report: one view per verb, each a page and a dialog's target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reporting import services
from reporting.enums import State
from reporting.forms import PublishForm, ReasonForm, SeenForm, SubmitForm
from reporting.models import Report
from reporting.rules import Refused
from reporting.selectors import people
from reporting.views.loading import on_report
from vciso.web.confirming import confirmed
from vciso.web.forms import Form
from vciso.web.responses import answer_form, done


def _place(report: Report) -> dict[str, str]:
    return {"client_key": report.client.key, "period": report.span.slug}


def _verb(
    request: HttpRequest,
    report: Report,
    form: Form,
    *,
    title: str,
    text: str,
    button: str,
    do: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Asks, does it once, and goes back to the desk with what happened; refusals in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            message = do(form.cleaned_data)
        except (Refused, services.MissingFile) as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, "reporting:detail", message, **_place(report))
    context = {
        "report": report,
        "period": report.span,
        "title": title,
        "text": text,
        "button": button,
    }
    return answer_form(request, "reporting/desk/verb.html", context, form=form)


@on_report("reports.edit")
@require_POST
def refresh(request: HttpRequest, report: Report) -> HttpResponse:
    """Collects the figures again; the words stay."""
    services.refresh_facts(report=report, by=request.user, at=timezone.now())
    return done(request, "reporting:detail", "The figures are being collected again.", **_place(report))


@on_report("reports.edit")
def submit(request: HttpRequest, report: Report) -> HttpResponse:
    """Hands the draft in."""
    line = people.approval_line(report.client)
    others = line.others_than(report.writers | {request.user.pk})
    posted = request.POST if request.method == "POST" else None
    form = SubmitForm(posted, reviewers=others, required=line.second_required)

    def do(given: dict[str, Any]) -> str:
        services.submit(report=report, by=request.user, at=timezone.now(), reviewer=given.get("reviewer"))
        if line.second_required:
            return f"{given['reviewer']} is asked to approve it."
        return "The final pages are being drawn. Read them, then approve and publish."

    return _verb(
        request,
        report,
        form,
        title=f"Hand in the {report.title}?",
        text="The pages are drawn as final ones. Until they are approved you can still take it back.",
        button="Hand in for approval" if line.second_required else "Finish the draft",
        do=do,
    )


@on_report("reports.view")
def hand_back(request: HttpRequest, report: Report) -> HttpResponse:
    """Back to draft, with what should change."""

    def do(given: dict[str, Any]) -> str:
        services.hand_back(report=report, by=request.user, reason=given["reason"], at=timezone.now())
        return "It is a draft again."

    return _verb(
        request,
        report,
        ReasonForm(request.POST if request.method == "POST" else None),
        title=f"Hand back the {report.title}?",
        text="It becomes a draft again. Say what should change; the trail keeps it.",
        button="Hand back",
        do=do,
    )


@on_report("reports.approve")
def approve(request: HttpRequest, report: Report) -> HttpResponse:
    """Approves exactly the pages that were on the screen."""

    def do(given: dict[str, Any]) -> str:
        services.approve(report=report, by=request.user, seen_sha256=given["seen"], at=timezone.now())
        return "Approved. These very pages can be published."

    return _verb(
        request,
        report,
        SeenForm(request.POST if request.method == "POST" else None, initial={"seen": report.file_sha256}),
        title=f"Approve the {report.title}?",
        text="You approve these very pages. Any change needs a new approval.",
        button="Approve",
        do=do,
    )


@on_report("reports.view")
def take_back(request: HttpRequest, report: Report) -> HttpResponse:
    """Takes an approval back before publication."""

    def do(given: dict[str, Any]) -> str:
        services.take_back_approval(report=report, by=request.user, reason=given["reason"], at=timezone.now())
        return "The approval is taken back; it is a draft again."

    return _verb(
        request,
        report,
        ReasonForm(request.POST if request.method == "POST" else None),
        title="Take the approval back?",
        text="The report becomes a draft again and needs a new approval.",
        button="Take back",
        do=do,
    )


@on_report("reports.publish")
@confirmed
def publish(request: HttpRequest, report: Report) -> HttpResponse:
    """Issues the approved pages; where no second consultant is needed, approves them as well."""

    def do(given: dict[str, Any]) -> str:
        now = timezone.now()
        if report.state == State.IN_REVIEW and not people.approval_line(report.client).second_required:
            services.approve(report=report, by=request.user, seen_sha256=given["seen"], at=now)
        fresh = services.publish(
            report=report,
            by=request.user,
            seen_sha256=given["seen"],
            at=now,
            message=given["message"],
        )
        return "Published. Its readers get a link." if fresh else "It was published before."

    return _verb(
        request,
        report,
        PublishForm(request.POST if request.method == "POST" else None, initial={"seen": report.file_sha256}),
        title=f"Publish the {report.title}?",
        text="It is locked and kept as issued. Corrections become a new revision.",
        button="Publish",
        do=do,
    )


@on_report("reports.correct")
def correct(request: HttpRequest, report: Report) -> HttpResponse:
    """Begins the next revision."""

    def do(given: dict[str, Any]) -> str:
        fresh = services.correct(report=report, reason=given["reason"], by=request.user, at=timezone.now())
        return f"Revision {fresh.revision} is being made. The published one stays readable."

    return _verb(
        request,
        report,
        ReasonForm(request.POST if request.method == "POST" else None),
        title=f"Correct the {report.title}?",
        text="A new revision is made for the same days. The reason is printed on it.",
        button="Begin the correction",
        do=do,
    )


@on_report("reports.publish")
@require_POST
def ask_release(request: HttpRequest, report: Report) -> HttpResponse:
    """Asks the owner to let the board read a pack, again if they held it back."""
    try:
        asked = services.ask_release(report=report, by=request.user, at=timezone.now())
    except Refused as refusal:
        return done(request, "reporting:detail", str(refusal), level=messages.ERROR, **_place(report))
    message = (
        "The owner is asked to release it."
        if asked
        else "Nobody holds the role owner here yet. Invite the owner first."
    )
    return done(request, "reporting:detail", message, **_place(report))
