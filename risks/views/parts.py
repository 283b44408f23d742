"""Pieces of the register that other pages show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from engagements.enums import Confirmation
from risks.models import Acceptance, Risk, RiskAssessment
from risks.rules import scoring, snapshots
from risks.selectors.frame import scale_as_of
from vciso.web.heatmap import RatingPath

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
    said = earlier.exclude(ask__confirmation=Confirmation.DISPUTED).exclude(ask_id=ask.pk)
    context = {
        "risk": risk,
        "path": path_of(risk, scale_as_of(client, client.today(timezone.now()))),
        "earlier": said.order_by("-signed_at").first(),
    }
    return render_to_string("risks/parts/ask_detail.html", context, request)


def assessment_detail(request: HttpRequest, *, object: Any) -> SafeString:
    """Under the question on the owner's page: every open risk of the assessment, and the document.

    The practice has the assessment's own page; a director reads the question, which names each risk above a limit.
    """
    ask = object
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_owner:
        return SafeString("")
    row = RiskAssessment.objects.filter(client_id=ask.client_id, ask_id=ask.pk).first()
    if row is None:
        return SafeString("")
    context = {"assessment": row, "found": snapshots.read(row.facts), "key": actor.client.key}
    return render_to_string("risks/parts/assessment_detail.html", context, request)
