"""Estimating one risk in money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from risks import services
from risks.forms.estimate import EstimateForm
from risks.models import Risk
from risks.selectors import estimates
from risks.selectors.wording import one_in_ten
from risks.views.base import Here, data_of, form_page, one_risk
from vciso.tenancy.permissions import requires
from vciso.web import responses


@require_http_methods(["GET", "POST"])
@requires("risks.rate", one_risk)
def estimate(request: HttpRequest, risk: Risk) -> HttpResponse:
    """How often and how dear; unlikely ranges are questioned once, and kept on the estimator's word."""
    here = Here(request)
    form = EstimateForm(data_of(request), estimate=estimates.latest(risk), currency=here.client.currency)
    kept = form.attempt(lambda data: services.estimate_risk(risk=risk, by=here.user, at=here.at, **data["estimate"]))
    if kept:
        words = one_in_ten(kept.one_in_ten_minor, here.client.currency)
        return responses.done(request, here.risk_url(risk), f"{risk.reference} estimated: {words}.")
    return form_page(
        request,
        form,
        title=f"Estimate {risk.reference} in money",
        text=risk.title,
        verb="Save estimate",
        cancel=here.risk_url(risk),
        risk=risk,
        template="risks/estimate.html",
    )
