"""The steps of a plan: who does what by when, for how much."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from engagements.selectors import people
from risks import services
from risks.enums import PlanState
from risks.forms.treat import StepForm, parts_of, stored_step
from risks.models import Risk, TreatmentPlan
from risks.selectors.steps import steps_of
from risks.views.base import Here, form_page, one_risk
from vciso.tenancy.permissions import requires
from vciso.web import responses


def _form(request: HttpRequest, here: Here, **options: Any) -> StepForm:
    return StepForm(
        responses.posted(request),
        people=people.choices(here.client),
        team=people.team(here.client),
        currency=here.client.currency,
        **options,
    )


def _told(risk: Risk, before: TreatmentPlan | None) -> str:
    """What is said where a step took the plan beyond what was approved, or was asked."""
    if before is None or before == services.latest_plan(risk):
        return ""
    if before.state == PlanState.ASKED:
        return " The plan is more than was asked, so the question was withdrawn. Ask again."
    return " The plan is more than was approved. Ask for approval again."


@require_http_methods(["GET", "POST"])
@requires("risks.treat", one_risk)
def new(request: HttpRequest, risk: Risk) -> HttpResponse:
    """A step joins the plan as a task; whoever has to do it finds it where their tasks are."""
    here = Here(request)
    plan = services.latest_plan(risk)
    form = _form(request, here, initial={"practice_user": here.user})
    step = form.attempt(lambda data: services.add_step(risk=risk, **parts_of(data), by=here.user, at=here.at))
    if step:
        message = f"{step.task.reference} added to the plan."
        return responses.done(request, here.risk_url(risk), message + _told(risk, plan))
    return form_page(
        request,
        form,
        title=f"Add a step for {risk.reference}",
        text=risk.title,
        verb="Add step",
        cancel=here.risk_url(risk),
        risk=risk,
    )


@require_http_methods(["GET", "POST"])
@requires("risks.treat", one_risk)
def edit(request: HttpRequest, risk: Risk, task: str) -> HttpResponse:
    """Words, person, date or cost of a step change."""
    here = Here(request)
    step = steps_of(risk).filter(task__reference=task).first()
    if step is None:
        raise Http404
    plan = services.latest_plan(risk)
    form = _form(request, here, stored=stored_step(step))
    saved = form.attempt(lambda data: services.change_step(step=step, **parts_of(data), by=here.user, at=here.at))
    if saved:
        return responses.done(request, here.risk_url(risk), f"{step.task.reference} saved." + _told(risk, plan))
    return form_page(
        request,
        form,
        title=f"Edit step {step.task.reference}",
        text=risk.title,
        verb="Save step",
        cancel=here.risk_url(risk),
        risk=risk,
    )
