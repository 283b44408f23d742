"""Two risks that are one, and one that is two."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from engagements.selectors import people
from risks import services
from risks.enums import AcceptanceState, RatingKind
from risks.forms.merging import MergeForm, SplitForm, parts_of_split
from risks.models import Risk
from risks.selectors.frame import frame
from risks.selectors.kin import Carried, alike, carried
from risks.selectors.links import behind
from risks.selectors.steps import reach_of
from risks.selectors.wording import full_day, statement
from risks.services.outgrowing import outgrown
from risks.services.standing import latest_ratings
from risks.views.base import Here, form_page, one_risk
from vciso.tenancy.permissions import requires
from vciso.web import responses


@require_http_methods(["GET", "POST"])
@requires("risks.merge", one_risk)
def merge(request: HttpRequest, risk: Risk) -> HttpResponse:
    """A duplicate is folded into another risk; `?into=` names it, and shows both side by side."""
    here = Here(request)
    named = request.GET.get("into", "").replace("\x00", "").strip()[:20]
    form = MergeForm(responses.posted(request), client=here.client, initial={"into": named})
    done = form.attempt(lambda data: services.merge_risk(risk=risk, by=here.user, at=here.at, **data))
    if done:
        message = f"{risk.reference} merged into {done.merged_into.reference}."
        return responses.done(request, here.risk_url(risk), message)
    other = Risk.objects.filter(client=here.client, reference__iexact=named).select_related("owner").first()
    both = [risk, other] if other is not None and other != risk else []
    return form_page(
        request,
        form,
        title=f"Merge {risk.reference} into another risk",
        text="It is closed and points to the risk that stays, which takes over its links and open steps, and its plan "
        "where it has none. Its history stays with it. Reopening it takes back its links and steps, and its plan while "
        "that is as it came; what ended with the merge stays ended.",
        verb="Merge",
        cancel=here.risk_url(risk),
        risk=risk,
        both=[(one, statement(one)) for one in both],
        brought=_does(here, risk, other) if both else [],
        alike=[] if both else alike(risk),
        template="risks/merge.html",
    )


def _does(here: Here, risk: Risk, into: Risk) -> list[tuple[str, str]]:
    """What a merge would bring to the other risk and what would end with it, in words."""
    found = carried(risk, into)
    if found.plan is not None:
        plan = f"Goes to {into.reference}, which has none; it is to be approved anew."
    elif risk.plan:
        plan = f"Stays with {risk.reference}. {into.reference} keeps its own."
    else:
        plan = ""
    parts = [
        ("Links that go over", ", ".join(behind(link).words for link in found.links)),
        ("Steps that go over", ", ".join(str(step.task) for step in found.steps)),
        ("Plan", plan),
        ("Question about its plan", "Is withdrawn." if found.is_asked else ""),
        (f"Plan of {into.reference}", _planned_anew(here, into, found)),
        (f"Acceptance of {risk.reference}", _accepted(here, risk)),
        (f"Rating of {into.reference}", _rated(risk, into, here.today)),
    ]
    return [(name, words) for name, words in parts if words]


def _planned_anew(here: Here, into: Risk, found: Carried) -> str:
    """That an approval does not cover the steps that come, where they cost more or end later."""
    before = reach_of(into)
    plan = services.latest_plan(into)
    if not outgrown(plan, before=before, now=before.with_steps(found.steps), on=here.today):
        return ""
    return "Is to be approved anew: with these steps it is more than the business was asked for."


def _accepted(here: Here, risk: Risk) -> str:
    """What becomes of a signature on the duplicate, or of a request for one."""
    rows = list(risk.acceptances.select_related("ask", "asked_of"))
    if any(row.state == AcceptanceState.ASKED for row in rows):
        return "Waits for an answer. Withdraw that request first."
    live = next((row for row in rows if row.is_live(on=here.today)), None)
    if live is None:
        return ""
    until = full_day(live.until, here.client)
    return f"Signed by {live.signer_name} until {until}. It ends, and does not come back when the risk is reopened."


def _rated(risk: Risk, into: Risk, today: dt.date) -> str:
    """That the risk that stays keeps its own rating, where the duplicate is judged worse."""
    if (risk.now_score or 0) <= (into.now_score or 0):
        return ""
    rated = f"is rated {into.now_score}" if into.now_score else "is not rated"
    accepted = ", and accepted as that" if into.is_accepted(on=today) else ""
    return (
        f"{risk.reference} is rated {risk.now_score}; {into.reference} {rated}{accepted}, and keeps that. "
        f"Re-rate {into.reference} if the worse rating is the right one."
    )


@require_http_methods(["GET", "POST"])
@requires("risks.split", one_risk)
def split(request: HttpRequest, risk: Risk) -> HttpResponse:
    """One risk becomes two, each with its own words and rating."""
    here = Here(request)
    known = latest_ratings([risk]).get(risk.pk, {}).get(RatingKind.NOW)
    form = SplitForm(
        responses.posted(request),
        risk=risk,
        rating=known,
        people=people.choices(here.client),
        measure=frame(here.client, here.today),
    )
    part = form.attempt(
        lambda data: services.split_risk(risk=risk, **parts_of_split(risk, data), by=here.user, at=here.at)
    )
    if part:
        return responses.done(request, here.risk_url(part), f"{part.reference} split from {risk.reference}.")
    return form_page(
        request,
        form,
        title=f"Split {risk.reference} into two risks",
        text="Both begin with the same words and rating. Say what sets them apart.",
        verb="Split risk",
        cancel=here.risk_url(risk),
        risk=risk,
        template="risks/split.html",
    )
