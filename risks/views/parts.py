"""Pieces of the register that other pages show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from risks.enums import Band
from risks.models import Acceptance, Risk
from risks.rules import scoring
from risks.selectors.frame import frame, scale_as_of
from risks.selectors.wording import statement
from vciso.tenancy.models import Client
from vciso.web.heatmap import RatingPath
from vciso.web.navigation import today_of

TOP = 5


def path_of(risk: Risk, scale: scoring.Scale) -> RatingPath:
    """The way of a risk over the small map."""

    def point(kind: str) -> tuple[int, int] | None:
        likelihood = getattr(risk, f"{kind}_likelihood")
        return (likelihood, getattr(risk, f"{kind}_impact")) if likelihood else None

    return RatingPath(
        before=point("before"),
        now=point("now"),
        target=point("target"),
        level=lambda y, x: scale.band(y * x),
        likelihood=scale.likelihood_words,
        impact=scale.impact_words,
    )


def ask_detail(request: HttpRequest, *, object: Any) -> SafeString:
    """Beside a question about a risk: the small map, for those who may read the register.

    What is asked and its facts stand frozen in the ask; a director sees those alone.
    """
    ask = object
    actor = getattr(request, "actor", None)
    if actor is None or not (actor.is_practice_side or actor.is_owner):
        return SafeString("")
    risk = Risk.objects.filter(client_id=ask.client_id, reference=ask.subject).first()
    if risk is None:
        return SafeString("")
    client = actor.client
    earlier = Acceptance.objects.filter(client=client, risk=risk, signed_at__isnull=False)
    context = {
        "risk": risk,
        "path": path_of(risk, scale_as_of(client, today_of(client))),
        "earlier": earlier.exclude(ask_id=ask.pk).order_by("-signed_at").first(),
    }
    return render_to_string("risks/parts/ask_detail.html", context, request)


def top_risks(request: HttpRequest, *, client: Client) -> SafeString:
    """The owner's view of the worst risks, in plain words and without private notes."""
    today = today_of(client)
    measure = frame(client, today)
    risks = list(
        Risk.objects.filter(client=client)
        .open()
        .ranked()
        .select_related("owner")
        .defer("private_notes", "extras")[: TOP + 1]
    )
    rows = [
        {
            "risk": risk,
            "statement": statement(risk),
            "limit": Band(risk.worst_limit).label.lower() if risk.worst_limit else "",
            "category": measure.names.get(risk.worst_category, "").lower(),
            "accepted": risk.is_accepted(on=today),
        }
        for risk in risks[:TOP]
    ]
    context = {
        "rows": rows,
        "more": len(risks) > TOP,
        "above": Risk.objects.filter(client=client).above_limit().count(),
        "today": today,
    }
    return render_to_string("risks/parts/top_risks.html", context, request)
