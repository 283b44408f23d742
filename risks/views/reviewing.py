"""Reviews: what is due, one due risk after the other, and what reviews found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from risks.models import Risk
from risks.selectors import due
from risks.selectors.frame import frame
from risks.selectors.wording import limit_sentence, rating_words, statement
from risks.views.base import Here
from risks.views.listing import rating_lines
from risks.views.parts import path_of
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.pagination import paginate

WALK = "walk"
"""In the address of a form: it was reached from the walk, and leads back to it."""
FROM_THE_START = "-"


def after_review(request: HttpRequest, here: Here, risk: Risk) -> str:
    """Where a button about one risk leads: on with the walk it was pressed in, else to the risk."""
    walk = request.GET.get(WALK, "").replace("\x00", "")[:20]
    if not walk:
        return here.risk_url(risk)
    return here.url("review-walk") + ("" if walk == FROM_THE_START else f"?after={walk}")


@require_GET
@requires("risks.view")
def review(request: HttpRequest) -> HttpResponse:
    """Risks whose review is due, each with its last rating and, for who may review, one click for "unchanged"."""
    here = Here(request)
    rows = due.due(here.client, here.today).select_related("owner").defer("private_notes", "extras")
    may_review = here.may("risks.review")
    how = " One click says you looked and nothing changed." if may_review else ""
    context = {
        "page": paginate(request, rows),
        "today": here.today,
        "may_review": may_review,
        "sub": f"Risks whose review is due.{how}",
    }
    return responses.page(request, "risks/review.html", context)


@require_GET
@requires("risks.review")
def walk(request: HttpRequest) -> HttpResponse:
    """One due risk with all that is needed to judge it, and a key for each outcome."""
    here = Here(request)
    after = request.GET.get("after", "").replace("\x00", "")[:20]
    risk, left = due.next_due(here.client, here.today, after=after)
    context: dict[str, Any] = {"risk": risk, "left": left, "today": here.today}
    if risk is None:
        context["still"] = due.due(here.client, here.today).count()
    else:
        measure = frame(here.client, here.today)
        context |= {
            "walk": after or FROM_THE_START,
            "place": due.place_of(risk),
            "statement": statement(risk),
            "why": limit_sentence(risk, measure),
            "rating_words": rating_words(risk.now_likelihood, risk.now_impact, measure.scale),
            "path": path_of(risk, measure.scale),
            "ratings": rating_lines(risk, measure.scale),
            "last": risk.reviews.select_related("by").order_by("-happened_at").first(),
        }
    return responses.page(request, "risks/walk.html", context)


@require_GET
@requires("risks.view")
def review_log(request: HttpRequest) -> HttpResponse:
    """Every look at a risk: when, by whom, what was found, and why it changed."""
    here = Here(request)
    return responses.page(request, "risks/review_log.html", {"page": paginate(request, due.log(here.client))})
