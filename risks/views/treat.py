"""The plan of a risk, and the questions put to the owner or the board about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from engagements.selectors import people
from engagements.selectors.agreement import engagement_on
from engagements.views import files
from risks import services
from risks.enums import AcceptanceState, PlanState
from risks.forms.risk import ReasonForm
from risks.forms.treat import AskAcceptanceForm, AskPlanForm, PlanForm, RecordAcceptanceForm, stored_plan
from risks.models import Acceptance, Risk
from risks.selectors import steps
from risks.selectors.authority import Authority, authority
from risks.selectors.frame import frame
from risks.selectors.wording import level_words
from risks.services.acceptance import ACCEPT
from risks.services.treatment import latest_plan
from risks.views.base import Here, form_page, one_risk, refused
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses

USUAL_MONTHS = 6
ANSWER_DAYS = 7


def _only(found: Any) -> Any:
    """The person, where there is just one: then nobody has to be chosen."""
    first = list(found[:2])
    return first[0] if len(first) == 1 else None


def acceptance_initial(here: Here, risk: Risk, signing: Authority, running: Acceptance | None) -> dict[str, Any]:
    """What a request for acceptance starts with, so that three clicks send it; a renewal with the present terms."""
    owner = risk.owner_id if risk.owner and risk.owner.user_id else None
    signers = people.holding(here.client, signing.role_for(risk.exposure))
    return {
        "asked_of": _only(signers) or owner,
        "until": here.today + relativedelta(months=USUAL_MONTHS),
        "due_on": here.today + dt.timedelta(days=ANSWER_DAYS),
        **({name: getattr(running, name) for name in ("advice", "conditions", "measure")} if running else {}),
    }


def _running(here: Here, risk: Risk) -> Acceptance | None:
    """The acceptance in force today, if there is one."""
    return risk.acceptances.live(on=here.today).select_related("client", "risk").first()


def _who_signs(here: Here, risk: Risk, signing: Authority) -> str:
    """Who signs for it, and why where that is not by its rating alone."""
    sentence = signing.sentence(risk.exposure)
    if risk.exposure == risk.now_band:
        return sentence
    return f"{sentence} This one is {level_words(risk, frame(here.client, here.today))}."


def _cost_initial(here: Here, stored: dict[str, Any], steps_cost: int | None) -> dict[str, Any]:
    """What the agreement and the steps say of the cost, where the plan does not say yet."""
    proposed: dict[str, Any] = {}
    if stored["hour_minor"] is None and (agreed := engagement_on(here.client, here.today)):
        proposed["hour_minor"] = agreed.hour_minor
    if stored["once_minor"] is None:
        proposed["once_minor"] = steps_cost
    return {name: value for name, value in proposed.items() if value is not None}


@require_http_methods(["GET", "POST"])
@requires("risks.treat", one_risk)
def plan(request: HttpRequest, risk: Risk) -> HttpResponse:
    """What is done about it, by when, and what it costs."""
    here = Here(request)
    stored = stored_plan(risk, latest_plan(risk))
    steps_cost = steps.cost_of(risk)
    form = PlanForm(
        responses.posted(request),
        currency=here.client.currency,
        stored=stored,
        initial=_cost_initial(here, stored, steps_cost),
    )
    saved = form.attempt(
        lambda data: services.plan_treatment(
            risk=risk,
            treatment=data["treatment"],
            words=data["words"],
            target_on=data["target_on"],
            cost=data["cost"],
            by=here.user,
            at=here.at,
        )
    )
    if saved:
        return responses.done(request, here.risk_url(risk), f"Plan for {risk.reference} saved.")
    return form_page(
        request,
        form,
        title=f"Plan for {risk.reference}",
        text="A changed plan needs a new approval.",
        verb="Save plan",
        cancel=here.risk_url(risk),
        risk=risk,
        steps_cost=steps_cost,
        template="risks/plan.html",
    )


@require_http_methods(["GET", "POST"])
@requires("risks.ask", one_risk)
def ask_plan(request: HttpRequest, risk: Risk) -> HttpResponse:
    """The plan is put to the owner or a director."""
    here = Here(request)
    form = AskPlanForm(
        responses.posted(request),
        people=people.holding(here.client, Role.OWNER, Role.BOARD),
        initial={"asked_of": _only(people.owners(here.client)), "due_on": here.today + dt.timedelta(days=ANSWER_DAYS)},
    )
    asked = form.attempt(lambda data: services.ask_plan_approval(risk=risk, by=here.user, at=here.at, **data))
    if asked:
        return responses.done(request, here.risk_url(risk), f"{asked.asked_of} is asked to approve the plan.")
    return form_page(
        request,
        form,
        title=f"Ask for approval of the plan for {risk.reference}",
        text=f"{risk.plan} Done by {formats.day(risk.target_on)}." if risk.target_on else risk.plan,
        verb="Send the request",
        cancel=here.risk_url(risk),
        risk=risk,
    )


@require_http_methods(["GET", "POST"])
@requires("risks.ask", one_risk)
def withdraw_plan(request: HttpRequest, risk: Risk) -> HttpResponse:
    """The question about the plan is taken back."""
    here = Here(request)
    asked = latest_plan(risk)
    if asked is None or asked.state != PlanState.ASKED:
        raise Http404
    form = ReasonForm(responses.posted(request))
    done = form.attempt(
        lambda data: services.withdraw_plan_request(plan=asked, reason=data["reason"], by=here.user, at=here.at) or True
    )
    if done:
        return responses.done(request, here.risk_url(risk), "Request withdrawn.")
    return form_page(
        request,
        form,
        title="Withdraw the request?",
        text="The person asked sees your reason.",
        verb="Withdraw request",
        cancel=here.risk_url(risk),
        risk=risk,
    )


def _not_to_accept(risk: Risk) -> ValidationError | None:
    """Why nobody could sign for it now, with what to do first; said before a form is filled in."""
    try:
        services.check_acceptable(risk)
    except ValidationError as refusal:
        return refusal
    return None


@require_http_methods(["GET", "POST"])
@requires("risks.ask", one_risk)
def ask_acceptance(request: HttpRequest, risk: Risk) -> HttpResponse:
    """The owner is asked to carry the risk until a day."""
    here = Here(request)
    if why := _not_to_accept(risk):
        return refused(
            request, why, title=f"{risk.reference} cannot be accepted yet", back=here.risk_url(risk), risk=risk
        )
    signing, running = authority(here.client), _running(here, risk)
    form = AskAcceptanceForm(
        responses.posted(request),
        people=people.holding(here.client, Role.OWNER, Role.BOARD),
        who_signs=_who_signs(here, risk, signing),
        initial=acceptance_initial(here, risk, signing, running),
    )
    asked = form.attempt(lambda data: services.ask_acceptance(risk=risk, by=here.user, at=here.at, **data))
    if asked:
        return responses.done(request, here.risk_url(risk), f"{asked.asked_of} is asked to decide on {risk.reference}.")
    return form_page(
        request,
        form,
        title=f"Ask to renew the acceptance of {risk.reference}" if running else f"Ask to accept {risk.reference}",
        template="risks/ask.html",
        partial="dialog",
        text=f"{risk.title}. They get one plain page; the answer is signed, dated and kept.",
        verb="Send the request",
        cancel=here.risk_url(risk),
        risk=risk,
    )


@require_http_methods(["GET", "POST"])
@requires("risks.ask", one_risk)
def record_acceptance(request: HttpRequest, risk: Risk) -> HttpResponse:
    """What an owner said on a call is written down; they confirm it later."""
    here = Here(request)
    waiting = risk.acceptances.filter(state=AcceptanceState.ASKED).exists()
    if not waiting and (why := _not_to_accept(risk)):
        return refused(
            request, why, title=f"{risk.reference} cannot be accepted yet", back=here.risk_url(risk), risk=risk
        )
    signing = authority(here.client)
    form = RecordAcceptanceForm(
        responses.posted(request),
        request.FILES if request.method == "POST" else None,
        people=people.holding(here.client, Role.OWNER, Role.BOARD),
        who_signs=_who_signs(here, risk, signing),
        waiting=waiting,
        initial={**acceptance_initial(here, risk, signing, _running(here, risk)), "on": here.today},
    )

    def write(data: dict[str, Any]) -> Any:
        accepted = data.pop("answer", ACCEPT) == ACCEPT
        kept = files.keep(request, data.pop("file"))
        return services.record_acceptance(risk=risk, by=here.user, at=here.at, accepted=accepted, **data, **kept)

    recorded = form.attempt(write)
    if recorded:
        return responses.done(request, here.risk_url(risk), f"Recorded. {recorded.asked_of} is asked to confirm it.")
    page = form_page(
        request,
        form,
        title=f"Record what was said about {risk.reference}",
        text="It counts at once, is marked as recorded by you, and is confirmed by the signer later.",
        verb="Record the answer",
        cancel=here.risk_url(risk),
        risk=risk,
    )
    if form.is_bound and form.has_error("file", files.TOO_LARGE):
        page.status_code = 413
    return page


@require_http_methods(["GET", "POST"])
@requires("risks.ask", one_risk)
def withdraw_acceptance(request: HttpRequest, risk: Risk) -> HttpResponse:
    """The request is taken back before it is answered."""
    here = Here(request)
    asked = risk.acceptances.filter(state=AcceptanceState.ASKED).select_related("ask", "client").first()
    if asked is None:
        raise Http404
    form = ReasonForm(responses.posted(request))
    done = form.attempt(
        lambda data: services.withdraw_acceptance(acceptance=asked, reason=data["reason"], by=here.user, at=here.at)
    )
    if done:
        return responses.done(request, here.risk_url(risk), "Request withdrawn.")
    return form_page(
        request,
        form,
        title="Withdraw the request?",
        text="The person asked sees your reason.",
        verb="Withdraw request",
        cancel=here.risk_url(risk),
        risk=risk,
    )


@require_http_methods(["GET", "POST"])
@requires("risks.ask", one_risk)
def end_acceptance(request: HttpRequest, risk: Risk) -> HttpResponse:
    """A live acceptance ends before its day."""
    here = Here(request)
    live = _running(here, risk)
    if live is None:
        raise Http404
    form = ReasonForm(responses.posted(request))
    done = form.attempt(
        lambda data: services.end_acceptance(acceptance=live, reason=data["reason"], by=here.user, at=here.at)
    )
    if done:
        return responses.done(request, here.risk_url(risk), f"{risk.reference} is open again.")
    return form_page(
        request,
        form,
        title="End the acceptance?",
        text=f"The risk is open again from now on, and {live.signer_name} is told.",
        verb="End acceptance",
        cancel=here.risk_url(risk),
        risk=risk,
    )
