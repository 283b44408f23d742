"""Writing a risk down, changing its words, rating it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from engagements.forms.base import stored_values
from engagements.selectors import people
from risks import services
from risks.enums import RatingKind
from risks.forms.risk import STORED, NewRiskForm, RateForm, WordingForm, wording_of
from risks.models import Risk
from risks.selectors.frame import frame
from risks.services.standing import latest_ratings
from risks.views.base import Here, added, form_page, one_risk
from risks.views.links import named
from risks.views.reviewing import after_review
from vciso.tenancy.permissions import requires
from vciso.web import responses


@require_http_methods(["GET", "POST"])
@requires("risks.raise")
def new(request: HttpRequest) -> HttpResponse:
    """A risk enters the register. `?from=` names the record it is raised from, as in `?from=V-003`."""
    here = Here(request)
    reference = request.GET.get("from", "")
    origin = named(here, reference) if reference else None
    form = NewRiskForm(
        responses.posted(request), people=people.choices(here.client), measure=frame(here.client, here.today)
    )
    risk = form.attempt(
        lambda data: services.raise_risk(
            client=here.client,
            by=here.user,
            at=here.at,
            wording=wording_of(data),
            owner=data["owner"],
            ratings=data["ratings"],
            treatment=data["treatment"],
            plan=data["plan"],
            target_on=data["target_on"],
            raised_from=origin,
        )
    )
    if risk:
        return added(request, here, risk)
    return form_page(
        request,
        form,
        title="Add a risk",
        text="Write it as cause, event and consequence, in words the owner would use.",
        verb="Save risk",
        cancel=origin.url(here.client) if origin else here.url("list"),
        origin=origin,
        template="risks/new.html",
    )


@require_http_methods(["GET", "POST"])
@requires("risks.edit", one_risk)
def edit(request: HttpRequest, risk: Risk) -> HttpResponse:
    """The words change; whoever saved meanwhile is not overwritten."""
    here = Here(request)
    form = WordingForm(
        responses.posted(request),
        people=people.choices(here.client),
        stored=stored_values(risk, STORED) | {"review_months": risk.review_months or None},
    )
    try:
        saved = form.attempt(
            lambda data: services.edit_risk(
                risk=risk,
                by=here.user,
                at=here.at,
                version=risk.version,
                wording=wording_of(data),
                owner=data["owner"],
            )
        )
    except services.EditConflict:
        form.conflicts, saved = True, None
    if saved:
        return responses.done(request, here.risk_url(risk), f"{risk.reference} saved.")
    return form_page(
        request,
        form,
        title=f"Edit {risk.reference}",
        verb="Save changes",
        cancel=here.risk_url(risk),
        risk=risk,
        template="risks/edit.html",
    )


TITLES = {
    RatingKind.BEFORE: "Rate {ref} without controls",
    RatingKind.NOW: "Re-rate {ref} as it is now",
    RatingKind.TARGET: "Set the target for {ref}",
}


@require_http_methods(["GET", "POST"])
@requires("risks.rate", one_risk)
def rate(request: HttpRequest, risk: Risk) -> HttpResponse:
    """One rating is judged anew; `?kind=` says which, now by default.

    `?step=up` or `down`, from a review, begins with the rating one step on; the reason is left to say.
    """
    here = Here(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in RatingKind.values else RatingKind.NOW
    measure = frame(here.client, here.today)
    known = latest_ratings([risk]).get(risk.pk, {}).get(kind)
    back = after_review(request, here, risk)
    step = request.GET.get("step", "")
    form = RateForm(responses.posted(request), measure=measure, kind=kind, rating=known, step=step if known else "")
    rated = form.attempt(
        lambda data: services.rate_risk(
            risk=risk,
            kind=kind,
            rating=data["rating"],
            reason=data["reason"],
            by=here.user,
            at=here.at,
        )
    )
    if rated:
        words = f"{rated.reference} is now {rated.get_now_band_display().lower()}."
        message = words if kind == RatingKind.NOW else f"Rating of {rated.reference} saved."
        return responses.done(request, back, message)
    kinds = [(RatingKind(one).label, f"?kind={one}", one == kind) for one in RatingKind]
    return form_page(
        request,
        form,
        title=TITLES[RatingKind(kind)].format(ref=risk.reference),
        text=risk.title,
        verb="Save rating",
        cancel=back,
        risk=risk,
        kinds=kinds,
        kind=kind,
        ranges=measure.scale.ranges(),
        template="risks/rate.html",
    )
