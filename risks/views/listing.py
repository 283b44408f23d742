"""The register as a list: filters, heat map, drawer, changes to many, the review walk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from engagements.selectors import people
from risks import services
from risks.enums import Band, RatingKind
from risks.forms.filters import RiskFilter
from risks.models import Risk
from risks.rules.scoring import Scale
from risks.selectors import change, listing
from risks.selectors.frame import Frame, frame
from risks.selectors.trend import last_quarter_end
from risks.selectors.wording import limit_sentence, statement
from risks.views import saved
from risks.views.base import Here, refused
from risks.views.narrowing import narrowed
from risks.views.parts import path_of
from risks.views.rows import COLUMNS, rows
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses
from vciso.web.filters import FilterBar
from vciso.web.forms import likely
from vciso.web.heatmap import HeatMap
from vciso.web.pagination import ROWS, paginate

SINCE_DAYS = 30
TYPED = ("target_on", "next_review_on")
"""The days that are typed for many risks at once."""
PASSING = ("open", "format", "chosen", *TYPED)
"""What an address of the list may hold besides what narrows and sorts it."""


@require_GET
@requires("risks.view")
def risk_list(request: HttpRequest) -> HttpResponse:
    """The register: open risks by rank, unless the address says otherwise."""
    here = Here(request)
    measure = frame(here.client, here.today)
    shown = narrowed(request, here)
    filterset, order = shown.filterset, shown.order
    page = paginate(request, shown.rows.only(*COLUMNS).select_related("owner"))
    opening = responses.query(request, open="-").removesuffix("-")
    context: dict[str, Any] = {
        "page": page,
        "filterset": filterset,
        "filters": FilterBar(request, filterset),
        "sorting": order,
        "today": here.today,
        "any_risk": shown.any_risk,
        "export_query": responses.query(request, **dict.fromkeys(PASSING)).lstrip("?") if request.GET else "",
        "may_edit": here.may("risks.raise"),
    }
    if not (responses.wants_fragment(request)):
        context |= _beside(request, here, filterset, measure.scale)
    if context["may_edit"] and not request.GET.get("open"):
        context["may_change"] = True
        context["people"] = people.choices(here.client)
        context["typed"] = {name: request.GET.get(name, "") for name in TYPED}
    chosen = context["chosen"] = request.GET.getlist("chosen")
    context["views_saved"] = saved.links(here)
    context["rows"] = rows(
        page,
        on=here.today,
        open_url=opening,
        opened=request.GET.get("open", ""),
        choosing=context.get("may_change", False),
        chosen=chosen,
    )
    context |= _drawer(request, here, measure)
    return responses.page(request, "risks/list.html", context, partial="list")


def _beside(request: HttpRequest, here: Here, filterset: RiskFilter, scale: Scale) -> dict[str, Any]:
    """The heat map and what changed lately; a fragment of the list leaves them out."""
    figures = listing.overview(here.client, kind=filterset.kind, on=here.today)
    since = here.today - dt.timedelta(days=SINCE_DAYS)
    narrowing = dict.fromkeys(name for name in filterset.filters if name != "rating")

    def to_cell(y: int, x: int) -> str:
        """The risks that the cell counts and no fewer, so without other filters; a second press lets go of it."""
        if filterset.chosen_cell == (y, x):
            return responses.query(request, cell=None, open=None)
        return responses.query(request, **narrowing | {"cell": f"{y}x{x}", "open": None})

    heat = HeatMap(
        counts=figures.cells,
        url=to_cell,
        level=lambda y, x: scale.band(y * x),
        likelihood=scale.likelihood_words,
        impact=scale.impact_words,
        chosen=filterset.chosen_cell,
        caption=(
            f"Open risks by likelihood and impact, {RatingKind(filterset.kind).label.lower()}. "
            "A count filters the list."
        ),
    )
    views = [
        (RatingKind(kind).label.split()[0], responses.query(request, rating=kind, cell=None), kind == filterset.kind)
        for kind in RatingKind
    ]
    return {
        "figures": figures,
        "figures_sentence": _sentence(figures),
        "heat": heat,
        "views": views,
        "ranges": [(band, low, high) for band, low, high in scale.ranges()],
        "since": since,
        "quarter": last_quarter_end(here.today),
        "heat_missing": _missing(figures),
        "changes": change.recent(here.client, since, here.today, scale),
    }


def _missing(figures: listing.Overview) -> str:
    """How many open risks the map cannot show."""
    number = figures.open - sum(figures.cells.values())
    return f"{number} not rated, so not on the map." if number else ""


def _sentence(figures: listing.Overview) -> str:
    """The register in one line, with what is not known said aloud."""
    parts = [f"{figures.open} open, {figures.above} above the limit"]
    if figures.calling:
        parts.append(f"{figures.calling} of these with nothing agreed")
    if figures.not_rated:
        parts.append(f"{figures.not_rated} not rated")
    sentence = ", ".join(parts) + "."
    if figures.never_reviewed and figures.open:
        return f"{sentence} {figures.never_reviewed} never reviewed."
    if figures.oldest_review:
        return f"{sentence} Last full review {formats.day(figures.oldest_review)}."
    return sentence


def _drawer(request: HttpRequest, here: Here, measure: Frame) -> dict[str, Any]:
    """The risk that `?open=` names, ready for the drawer; an unknown one opens nothing."""
    asked = request.GET.get("open", "").replace("\x00", "")[:20]
    if not asked:
        return {}
    risk = Risk.objects.filter(client=here.client, reference=asked).select_related("owner").first()
    if risk is None:
        return {}
    risk.client = here.client  # it was asked for by it, and need not be fetched again
    return {
        "opened": risk,
        "today": here.today,
        "opened_statement": statement(risk),
        "opened_why": limit_sentence(risk, measure),
        "opened_path": path_of(risk, measure.scale),
        "opened_ratings": rating_lines(risk, measure.scale),
        "close_url": responses.query(request, open=None),
        "is_accepted": risk.is_accepted(on=here.today),
        "may_edit": here.may("risks.edit", risk),
    }


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating as the facts beside the small map print it."""

    label: str
    words: str
    strong: bool


def rating_lines(risk: Risk, scale: Scale) -> list[RatingLine]:
    """Before, now and target with score and band; an absent one says so."""
    lines = []
    for kind, label in (("before", "Before"), ("now", "Now"), ("target", "Target")):
        score = getattr(risk, f"{kind}_score")
        words = f"{score}, {Band(scale.band(score)).label.lower()}" if score else "not rated"
        if kind == "target" and score:
            words += _when_met(risk)
        lines.append(RatingLine(label, words, kind == "now"))
    return lines


def _when_met(risk: Risk) -> str:
    """What follows the target: that it is met, or by when it should be."""
    if risk.now_score and risk.now_score <= risk.target_score:
        return ", target met"
    return f" by {formats.day(risk.target_on)}" if risk.target_on else ""


@require_POST
@requires("risks.raise")
def bulk(request: HttpRequest) -> HttpResponse:
    """One change to every chosen risk: another owner, another end of its plan or day of review, or reviewed."""
    here = Here(request)
    asked = [ref.replace("\x00", "")[:20] for ref in request.POST.getlist("risk")[:ROWS]]
    chosen = list(Risk.objects.filter(client=here.client, reference__in=asked).select_related("client"))
    back = here.url("list") + (f"?{request.GET.urlencode()}" if request.GET else "")
    try:
        message = _change(request, here, chosen)
    except ValidationError as refusal:
        return refused(request, refusal, title="Not done", back=_again(request, back, asked))
    return responses.done(request, back, message)


def _again(request: HttpRequest, list_url: str, chosen: list[str]) -> str:
    """The list with the same risks chosen and the same days typed."""
    typed = [(name, request.POST.get(name, "").replace("\x00", "")[:10]) for name in TYPED]
    kept = urlencode([(name, value) for name, value in typed if value] + [("chosen", ref) for ref in chosen])
    return f"{list_url}{'&' if '?' in list_url else '?'}{kept}" if kept else list_url


def _change(request: HttpRequest, here: Here, chosen: list[Risk]) -> str:
    """Call the service the pressed button stands for; answers what it did."""
    number = formats.count_of(len(chosen), "risk")
    verb = request.POST.get("verb", "")
    if verb == "reassign":
        owner = None
        asked = request.POST.get("owner", "")
        if asked:
            try:
                owner = people.choices(here.client).filter(pk=asked).first()
            except ValidationError:
                owner = None
            if owner is None:
                raise services.Refused("This person is not in the directory. Choose another.")
        services.reassign(risks=chosen, owner=owner, by=here.user, at=here.at)
        return f"{number} now with {owner.name if owner else 'nobody'}."
    if verb == "redate":
        day = _day(request, "target_on")
        moved = services.redate(risks=chosen, target_on=day, by=here.user, at=here.at)
        had = f" {len(chosen) - len(moved)} had this date already." if len(moved) < len(chosen) else ""
        return f"{formats.count_of(len(moved), 'risk')} now due by {formats.day(day)}.{had}"
    if verb == "move-reviews":
        day = _day(request, "next_review_on")
        services.move_reviews(risks=chosen, to=day, by=here.user, at=here.at)
        return f"{number} now to be reviewed on {formats.day(day)}."
    if verb == "reviewed":
        services.review_unchanged(risks=chosen, by=here.user, at=here.at)
        return f"{number} reviewed, unchanged."
    raise services.Refused("Choose what to change.")


def _day(request: HttpRequest, name: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise services.Refused("Choose a day for the chosen risks.") from None
    likely(day)
    return day
