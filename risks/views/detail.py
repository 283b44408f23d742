"""The page of one risk, and the buttons on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from risks import services
from risks.enums import AcceptanceState, EstimateKind, PlanState, Treatment
from risks.forms.risk import ReasonForm
from risks.models import Acceptance, Risk, TreatmentPlan
from risks.selectors import history, links
from risks.selectors.frame import Frame, frame
from risks.selectors.kin import kin
from risks.selectors.steps import Work, work_of
from risks.selectors.weighing import Weighed, weigh
from risks.selectors.wording import limit_sentence, rating_words, statement, uncompared
from risks.views.base import Here, form_page, one_risk, refused
from risks.views.listing import rating_lines
from risks.views.parts import path_of
from risks.views.reviewing import after_review
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses

UNASKED = (PlanState.DRAFTED, PlanState.DECLINED, PlanState.WITHDRAWN)


@require_GET
@requires("risks.view", one_risk)
def risk(request: HttpRequest, risk: Risk) -> HttpResponse:
    """Statement, standing, treatment, acceptance, tasks and history of one risk."""
    here = Here(request)
    measure = frame(here.client, here.today)
    sources = history.sources(risk)
    waiting = next((row for row in sources.acceptances if row.state == AcceptanceState.ASKED), None)
    live = next((row for row in sources.acceptances if row.is_live(on=here.today)), None)
    expired = next((row for row in sources.acceptances if row.is_expired(on=here.today)), None)
    plan = sources.plans[0] if sources.plans else None
    work = work_of(risk)
    in_money = _in_money(sources)
    may_ask = here.may("risks.ask", risk)
    context: dict[str, Any] = {
        "risk": risk,
        "today": here.today,
        "statement": statement(risk),
        "why": limit_sentence(risk, measure),
        "uncompared": uncompared(risk, measure),
        "rating_words": rating_words(risk.now_likelihood, risk.now_impact, measure.scale),
        "path": path_of(risk, measure.scale),
        "ratings": rating_lines(risk, measure.scale),
        "categories": _categories(risk, measure),
        "in_money": in_money,
        "is_weighed_after": any(after for _, _, after in in_money),
        "plan": plan,
        "weighed": _weighed(sources, plan, work, measure, here.client.currency),
        "steps": work.steps,
        "steps_over": _steps_over(work, plan),
        "plan_was_approved": _approved_before(sources.plans),
        "plan_is_live": bool(plan and plan.is_live(on=here.today)),
        "can_ask_plan": bool(plan and plan.words and plan.target_on and plan.state in UNASKED),
        "waiting": waiting,
        "live": live,
        "expired": expired if live is None else None,
        "waiting_note": _sent(waiting) if waiting else "",
        "gap": risk.acceptance_gap and live is None,
        "tasks": work.others,
        "links": links.links_of(risk),
        "kin": kin(risk),
        "lines": history.timeline(sources, measure.scales, here.client),
        "may_edit": here.may("risks.edit", risk),
        "may_ask": may_ask,
        "may_close": here.may("risks.close"),
        "may_accept": may_ask and waiting is None and risk.is_open and bool(risk.now_band),
    }
    return responses.page(request, "risks/detail.html", context)


def _sent(waiting: Acceptance) -> str:
    """Whom a request waits for, since when and until when."""
    asked = f"Sent to {waiting.asked_of} {formats.day(waiting.requested_at)}"
    due_on = waiting.ask.due_on if waiting.ask else None
    return f"{asked}, answer by {formats.day(due_on)}" if due_on else asked


def _weighed(
    sources: history.Sources, plan: TreatmentPlan | None, work: Work, measure: Frame, currency: str
) -> Weighed | None:
    """The plan beside what it changes; its burden is what its steps cost, where that is more.

    Carrying a risk without a plan changes nothing, whatever target it was given once.
    """
    if plan is None or (plan.treatment == Treatment.ACCEPT and not plan.words and not work.steps):
        return None
    return weigh(sources.outlook(), plan.cost.covering(work.steps_cost), measure, currency)


def _approved_before(plans: Sequence[TreatmentPlan]) -> TreatmentPlan | None:
    """The version that was approved before the plan that counts, where nobody answered that one."""
    if not plans or not plans[0].words or plans[0].state not in (PlanState.DRAFTED, PlanState.WITHDRAWN):
        return None
    return next((row for row in plans[1:] if row.state == PlanState.APPROVED), None)


def _steps_over(work: Work, plan: TreatmentPlan | None) -> str:
    """Where the steps and the plan disagree about what is spent once or when it ends, that they do."""
    if plan is None:
        return ""
    late = plan.target_on is not None and work.steps_end is not None and work.steps_end > plan.target_on
    ends = f"The last step is due {formats.day(work.steps_end)}, after the plan ends." if late else ""
    return " ".join(part for part in (_cost_over(work.steps_cost, plan), ends) if part)


def _cost_over(together: int | None, plan: TreatmentPlan) -> str:
    if together is None or together == plan.once_minor:
        return ""
    steps = f"The steps cost {formats.money(together)} together"
    if plan.once_minor is None:
        return f"{steps}, which counts as what is spent once while the plan itself does not say."
    if together > plan.once_minor:
        return f"{steps}, which is more: the plan says {formats.money(plan.once_minor)} once."
    left = formats.money(plan.once_minor - together)
    return f"{steps}. The plan says {formats.money(plan.once_minor)} once, so {left} of it has no step yet."


def _in_money(sources: history.Sources) -> list[tuple[str, str, str]]:
    """The figures of the estimate that counts, each beside what the plan leaves; empty where nobody estimated yet."""
    newest = next(iter(sources.estimates(EstimateKind.NOW)), None)
    if newest is None:
        return []
    left = next(iter(sources.estimates(EstimateKind.AFTER)), None)
    after = dict(_figures(left.numbers)) if left else {}
    return [(label, words, after.get(label, "")) for label, words in _figures(newest.numbers)]


def _figures(numbers: dict[str, Any]) -> list[tuple[str, str]]:
    def year(name: str, without_loss: str) -> str:
        return f"{formats.about(numbers[name])} or more" if numbers[name] else without_loss

    return [
        ("Mean year", formats.about(numbers["mean"])),
        ("One year in 10", year("one_in_ten", "no loss in 9 years of 10")),
        ("One year in 50", year("one_in_fifty", "no loss in 49 years of 50")),
        ("One event", formats.about(numbers["per_event"])),
        ("How often", f"{numbers['from']:g} to {numbers['to']:g} times a year"),
    ]


def _categories(risk: Risk, measure: Frame) -> list[dict[str, Any]]:
    """Each touched category with its level and limit, the furthest above first."""
    lines = []
    for key, impact in sorted(risk.now_impacts.items(), key=lambda item: (-item[1], item[0])):
        band = measure.scale.band((risk.now_likelihood or 0) * impact)
        lines.append(
            {
                "name": measure.names.get(key, key),
                "word": measure.scale.impact_words[impact - 1].lower(),
                "band": band,
                "limit": measure.limit_words(key),
            }
        )
    return lines


@require_POST
@requires("risks.edit", one_risk)
def reviewed(request: HttpRequest, risk: Risk) -> HttpResponse:
    """One click: somebody looked, and nothing changed."""
    here = Here(request)
    to = here.url("review") if request.POST.get("next") == "review" else after_review(request, here, risk)
    try:
        services.review_unchanged(risks=[risk], by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title="Not recorded", back=to, risk=risk)
    return responses.done(request, to, f"{risk.reference} reviewed, unchanged.")


@require_POST
@requires("risks.edit", one_risk)
def confirm(request: HttpRequest, risk: Risk) -> HttpResponse:
    """A proposal becomes part of the register."""
    here = Here(request)
    try:
        services.confirm_risk(risk=risk, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title="Not confirmed", back=here.risk_url(risk), risk=risk)
    return responses.done(request, here.risk_url(risk), f"{risk.reference} is in the register.")


@require_http_methods(["GET", "POST"])
@requires("risks.close", one_risk)
def close(request: HttpRequest, risk: Risk) -> HttpResponse:
    """Closing asks for the reason."""
    here = Here(request)
    form = ReasonForm(responses.posted(request))
    back = after_review(request, here, risk)
    closed = form.attempt(lambda data: services.close_risk(risk=risk, by=here.user, at=here.at, reason=data["reason"]))
    if closed:
        return responses.done(request, back, f"{risk.reference} closed.")
    return form_page(
        request,
        form,
        title=f"Close {risk.reference}?",
        text="It leaves the open list. Its reference and history stay.",
        verb="Close risk",
        cancel=back,
        risk=risk,
    )


@require_http_methods(["GET", "POST"])
@requires("risks.reopen", one_risk)
def reopen(request: HttpRequest, risk: Risk) -> HttpResponse:
    """Reopening asks for the reason."""
    here = Here(request)
    form = ReasonForm(responses.posted(request))
    opened = form.attempt(lambda data: services.reopen_risk(risk=risk, by=here.user, at=here.at, reason=data["reason"]))
    if opened:
        return responses.done(request, here.risk_url(risk), f"{risk.reference} is open again.")
    return form_page(
        request,
        form,
        title=f"Reopen {risk.reference}?",
        text="It comes back under the same reference, due for review today.",
        verb="Reopen risk",
        cancel=here.risk_url(risk),
        risk=risk,
    )
