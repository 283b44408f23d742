"""Estimating one risk in money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from risks import services
from risks.enums import EstimateKind
from risks.forms.estimate import EstimateForm
from risks.models import Risk
from risks.selectors import estimates
from risks.selectors.frame import Frame, frame
from risks.selectors.wording import one_in_ten, together, without_money_limit
from risks.views.base import Here, form_page, one_risk
from vciso.tenancy.permissions import requires
from vciso.web import responses

TITLES = {
    EstimateKind.NOW: ("Estimate {ref} in money", "{ref} estimated"),
    EstimateKind.AFTER: ("Estimate what the plan leaves of {ref}", "Estimated what the plan leaves of {ref}"),
}


@require_http_methods(["GET", "POST"])
@requires("risks.rate", one_risk)
def estimate(request: HttpRequest, risk: Risk) -> HttpResponse:
    """How often and how dear; unlikely ranges are questioned once, and kept on the estimator's word.

    `?kind=after` estimates what the plan leaves, beginning with the numbers of today.
    """
    here = Here(request)
    present, measure = estimates.latest(risk), frame(here.client, here.today)
    none = without_money_limit(risk, measure)
    is_after = request.GET.get("kind") == EstimateKind.AFTER
    kind = EstimateKind.AFTER if is_after else EstimateKind.NOW
    form = EstimateForm(
        responses.posted(request),
        estimate=estimates.latest(risk, kind) if is_after else present,
        begin=present,
        currency=here.client.currency,
        kind=kind,
    )
    kept = form.attempt(lambda data: services.estimate_risk(risk=risk, by=here.user, at=here.at, **data["estimate"]))
    if kept:
        words = one_in_ten(kept.one_in_ten_minor, here.client.currency) + (", compared with no limit" if none else "")
        return responses.done(request, here.risk_url(risk), f"{TITLES[kind][1].format(ref=risk.reference)}: {words}.")
    return form_page(
        request,
        form,
        title=TITLES[kind][0].format(ref=risk.reference),
        text=risk.title,
        verb="Save estimate",
        cancel=here.risk_url(risk),
        risk=risk,
        kinds=[(one.label, f"?kind={one.value}", one == kind) for one in EstimateKind],
        is_after=is_after,
        uncompared=_meets_no_limit(none, measure, here.client.currency),
        template="risks/estimate.html",
    )


def _meets_no_limit(names: str, measure: Frame, currency: str) -> str:
    """That what is estimated will be compared with no limit, beside what a year may cost in all; or nothing."""
    if not names:
        return ""
    in_all = together(measure, currency)
    return f"No limit in money is set for {names}, so what comes of this is compared with none. {in_all}"
