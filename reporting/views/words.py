"""Writing in a report: a section's heading and text, and a worse status word."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reporting import plain_english
from reporting import words as default_words
from reporting.forms import SectionForm, StatusForm
from reporting.models import Report
from reporting.rules import Refused
from reporting.services import drafting
from reporting.services.composing import compose
from reporting.views.loading import on_report
from vciso.web.responses import answer_form, done, page


def _place(report: Report) -> dict[str, str]:
    return {"client_key": report.client.key, "period": report.span.slug}


def _section_or_404(report: Report, key: str) -> tuple[object, object]:
    """The words as they stand and the computed ones."""
    if report.facts is None:
        raise Http404
    document = compose(report, at=timezone.now())
    now = next((part for part in document.words if part.key == key), None)
    computed = next((part for part in default_words.defaults(document) if part.key == key), None)
    if now is None or computed is None:
        raise Http404
    return now, computed


@on_report("reports.edit")
def section(request: HttpRequest, report: Report, key: str) -> HttpResponse:
    """One section's heading and text; what is saved is drawn again in the background."""
    now, computed = _section_or_404(report, key)
    initial = {"heading": now.heading, "body": now.body, "version": report.version}  # type: ignore[attr-defined]  # Words
    form = SectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            drafting.edit_section(
                report=report,
                key=key,
                heading=given["heading"],
                body=given["body"],
                version=given["version"],
                by=request.user,
                at=timezone.now(),
            )
        except drafting.Stale as stale:
            return _stale(request, report, key, form, stale)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            return done(request, "reporting:detail", "Your words are saved.", **_place(report))
    context = {
        "report": report,
        "period": report.span,
        "key": key,
        "short": default_words.SHORT.get(key, key),
        "computed": computed,
        "edited": report.section_words(key),
        "findings": [
            *plain_english.check(now.heading, section=key),  # type: ignore[attr-defined]  # Words
            *plain_english.check(now.body, section=key),  # type: ignore[attr-defined]  # Words
        ],
    }
    return answer_form(request, "reporting/desk/section.html", context, form=form)


def _stale(request: HttpRequest, report: Report, key: str, form: SectionForm, stale: drafting.Stale) -> HttpResponse:
    """Both texts side by side; saving again keeps this person's."""
    theirs = compose(stale.report, at=timezone.now())
    context = {
        "report": report,
        "period": report.span,
        "short": default_words.SHORT.get(key, key),
        "theirs": next(part for part in theirs.words if part.key == key),
        "form": SectionForm(initial={**form.cleaned_data, "version": stale.report.version}),
        "sentence": str(stale),
    }
    return page(request, "reporting/desk/stale.html", context, status=409)


@on_report("reports.edit")
@require_POST
def restore(request: HttpRequest, report: Report, key: str) -> HttpResponse:
    """Back to the computed words."""
    drafting.restore_section(report=report, key=key, by=request.user, at=timezone.now())
    message = "The computed words are back."
    return done(request, "reporting:detail", message, **_place(report))


@on_report("reports.edit")
def status(request: HttpRequest, report: Report) -> HttpResponse:
    """A worse status word than the records give."""
    if report.facts is None:
        raise Http404
    form = StatusForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            drafting.choose_status_word(report=report, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            message = "The status word is set, with its reason."
            return done(request, "reporting:detail", message, **_place(report))
    context = {
        "report": report,
        "period": report.span,
        "computed": report.facts["status"]["computed"],
        "chosen": report.words.get("status"),
    }
    return answer_form(request, "reporting/desk/status.html", context, form=form)


@on_report("reports.edit")
@require_POST
def clear_status(request: HttpRequest, report: Report) -> HttpResponse:
    """Back to the word that the records give."""
    drafting.clear_status_word(report=report, by=request.user, at=timezone.now())
    return done(request, "reporting:detail", "The computed word is back.", **_place(report))
