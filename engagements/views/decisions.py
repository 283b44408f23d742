"""Decisions as the practice sees them: list, draft, put, record, withdraw."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.enums import DecisionState
from engagements.forms.agreement import ReasonForm
from engagements.forms.base import stored_values
from engagements.forms.filters import DecisionFilter
from engagements.forms.work import OPTION, DecisionForm, soon
from engagements.models import Ask, Decision
from engagements.selectors import people as directory
from engagements.services import decisions as services
from engagements.views import files
from engagements.views.base import Here, form_page, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.filters import FilterBar
from vciso.web.pagination import paginate, sorting

SORTS = {
    "by": ("state_order", "decide_by", "reference"),
    "id": ("reference",),
    "title": ("title", "pk"),
    "asked": ("asked_on", "reference"),
}


def _decisions() -> Any:
    return Decision.objects.select_related("asked_of", "ask", "chosen", "client", "raised_by")


@requires("engagements.view")
def decision_list(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    decisions = _decisions().filter(client=here.client).open_first()
    found = DecisionFilter(request.GET, queryset=decisions, request=request)
    order = sorting(request, SORTS, default="by")
    rows = found.qs.order_by(*order.order_by)
    if request.GET.get("format"):
        return files.answer(request, "decisions", rows)
    asks = Ask.objects.filter(client=here.client).open().nearest_first()
    context = {
        "filterset": found,
        "sorting": order,
        "page": paginate(request, rows),
        "filters": FilterBar(request, found),
        "other_asks": asks.exclude(kind=services.KIND)[:20],
        "today": here.today,
    }
    return responses.page(request, "engagements/decisions.html", context, partial="list")


def _form(request: HttpRequest, here: Here, **options: Any) -> DecisionForm:
    return DecisionForm(
        responses.posted(request),
        people=directory.choices(here.client),
        currency=here.client.currency,
        **options,
    )


def _values(form: DecisionForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in services.FIELDS}


@requires("engagements.edit")
def decision_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    owner = directory.owners(here.client).first()
    form = _form(request, here, initial={"decide_by": soon(here.today), "asked_of": owner.pk if owner else None})
    made = form.attempt(
        lambda values: services.draft_decision(
            client=here.client, options=form.typed_options(), by=here.user, at=here.at, **_values(form)
        )
    )
    if made is not None:
        return _after_save(request, here, made)
    listing = here.url("decisions")
    return form_page(
        request, form, title="Put a decision", verb="Save draft", cancel=listing,
        crumbs=(("Decisions", listing),), template="engagements/decision_form.html",
    )  # fmt: skip


def _after_save(request: HttpRequest, here: Here, decision: Decision) -> HttpResponse:
    """Saved as a draft; with the other button it is put at once."""
    page = here.url("decision", ref=decision.reference)
    if request.POST.get("then") != "put":
        return responses.done(request, page, f"{decision.reference} was saved as a draft.")
    try:
        services.put_decision(decision=decision, by=here.user, at=here.at)
    except ValidationError as refusal:
        return responses.done(request, page, f"Saved as a draft, not sent: {' '.join(refusal.messages)}")
    return responses.done(request, page, f"{decision.reference} was put to {decision.asked_of}.")


@requires("engagements.view", _decisions)
def decision_detail(request: HttpRequest, decision: Decision) -> HttpResponse:
    here = Here(request)
    context = {
        "decision": decision,
        "options": decision.options.order_by("position"),
        "answer": decision.ask.answers.select_related("by", "recorded_by", "person").first() if decision.ask else None,
        "comments": decision.ask.comments.select_related("by").order_by("at") if decision.ask else [],
        "today": here.today,
        "reason_form": ReasonForm(),
        "is_draft": decision.state == DecisionState.DRAFT,
    }
    return responses.page(request, "engagements/decision.html", context)


@requires("engagements.write_decision", _decisions)
def decision_edit(request: HttpRequest, decision: Decision) -> HttpResponse:
    here = Here(request)
    options = list(decision.options.order_by("position").values(*OPTION))
    stored = stored_values(decision, services.FIELDS)
    form = _form(request, here, stored=stored, options=options)
    back = here.url("decision", ref=decision.reference)
    saved = form.attempt(
        lambda values: services.edit_decision(
            decision=decision, values=_values(form), options=form.typed_options(),
            by=here.user, at=here.at,
        )
    )  # fmt: skip
    if saved is not None:
        return _after_save(request, here, saved)
    return form_page(
        request, form, title=f"Edit {decision.reference}", verb="Save draft", cancel=back,
        crumbs=(("Decisions", here.url("decisions")), (decision.reference, back)),
        template="engagements/decision_form.html",
    )  # fmt: skip


@require_POST
@requires("engagements.write_decision", _decisions)
def decision_put(request: HttpRequest, decision: Decision) -> HttpResponse:
    here = Here(request)
    back = here.url("decision", ref=decision.reference)
    try:
        services.put_decision(decision=decision, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=f"{decision.reference} was not put", back=back)
    return responses.done(request, back, f"{decision.reference} was put to {decision.asked_of}.")


@requires("engagements.withdraw_decision", _decisions)
def decision_withdraw(request: HttpRequest, decision: Decision) -> HttpResponse:
    here = Here(request)
    back = here.url("decision", ref=decision.reference)
    form = ReasonForm(responses.posted(request))
    gone = form.attempt(
        lambda values: services.withdraw_decision(decision=decision, reason=values["reason"], by=here.user, at=here.at)
    )
    if gone is not None:
        return responses.done(request, back, f"{decision.reference} was withdrawn.")
    return form_page(
        request, form, title=f"Withdraw {decision.reference}?", verb="Withdraw decision", cancel=back,
        crumbs=(("Decisions", here.url("decisions")), (decision.reference, back)),
        text="The person asked reads why. The question stays on record.",
    )  # fmt: skip
