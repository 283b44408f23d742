"""The limits the business set, category by category, and its scale."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from engagements.forms.base import ServiceForm
from engagements.selectors import people
from risks import services
from risks.enums import Band
from risks.forms.limits import AuthorityForm, CategoryForm, LimitForm, ScaleForm
from risks.forms.treat import AskedForm
from risks.models import Appetite, ImpactCategory, RiskScale
from risks.rules.scoring import Level, Scale
from risks.selectors import appetite
from risks.selectors.authority import agreements, authority
from risks.selectors.frame import frame, limits_as_of, newer_limit, past_scales, scale_as_of
from risks.selectors.losses import tolerances
from risks.selectors.wording import levels_of
from risks.views.base import Here, form_page, statement_withdrawn
from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses

ANSWER_DAYS = 14
PAST = 20
"""So many changes of limits stand on the page; the workbook has every one."""


@dataclass(frozen=True, slots=True)
class PastScale:
    """One scale as a line of the history; `row` is empty for the usual one, which nobody set."""

    row: RiskScale | None
    ranges: list[tuple[Band, int, int]]
    levels: list[tuple[Level, str]]

    @classmethod
    def of(cls, row: RiskScale | None, scale: Scale) -> PastScale:
        return cls(row, scale.ranges(), levels_of(scale))


@require_GET
@requires("risks.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Every category with its limit, the scale, and how the limits changed."""
    here = Here(request)
    measure = frame(here.client, here.today)
    agreed = agreements(here.client)
    scale, signing = measure.scale, authority(here.client, known=agreed)
    scales = [PastScale.of(row, past) for row, past in past_scales(here.client)]
    every = Appetite.objects.filter(client=here.client).select_related("category", "approved_by", "recorded_by")
    past = list(every.order_by("-from_on", "-recorded_at")[: PAST + 1])
    context = {
        "rows": measure.active,
        "ranges": scale.ranges(),
        "levels": levels_of(scale),
        "scales": scales if len(scales) > 1 else [],
        "past": past[:PAST],
        "earlier": len(past) > PAST,
        "statement": appetite.standing(here.client, measure, signing=signing),
        "tolerances": tolerances(here.client),
        "today": here.today,
        "authority": signing,
        "agreements": agreed,
        "may_set": here.may("risks.set_limits"),
    }
    return responses.page(request, "risks/limits.html", context)


def _saved(here: Here, request: HttpRequest, said: str) -> HttpResponse:
    return responses.done(request, here.url("limits"), said + statement_withdrawn(here))


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def one(request: HttpRequest, category: str) -> HttpResponse:
    """The limit of one category is set from a day on."""
    here = Here(request)
    row = next((row for row in limits_as_of(here.client, here.today) if row.key == category), None)
    if row is None:
        raise Http404
    form = LimitForm(
        responses.posted(request),
        people=people.choices(here.client),
        currency=here.client.currency,
        stored={
            "band_limit": row.band,
            "words": row.words,
            "money_limit": row.money_minor,
            "fifty_limit": row.fifty_minor,
        },
        initial={"from_on": here.today, "approved_on": here.today},
    )
    saved = form.attempt(
        lambda data: services.set_appetite(
            client=here.client,
            category=category,
            by=here.user,
            at=here.at,
            band_limit=data["band_limit"],
            words=data["words"],
            money_limit_minor=data["money_limit"],
            fifty_limit_minor=data["fifty_limit"],
            approved_by=data["approved_by"],
            approved_on=data["approved_on"],
            from_on=data["from_on"],
            stand_by=data["stand_by"],
        )
    )
    if saved:
        said = f"Limit for {row.name.lower()} saved."
        if newer := newer_limit(saved, here.today):
            said += f" It changes nothing today: the newer limit, since {formats.day(newer.from_on)}, still holds."
        return _saved(here, request, said)
    return form_page(
        request,
        form,
        title=f"Limit for {row.name.lower()}",
        text=f"{row.hint}. Every risk is compared with it at once." if row.hint else "",
        verb="Save limit",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
        category=row if row.id and row.active else None,
        template="risks/limit.html",
    )


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def add_category(request: HttpRequest) -> HttpResponse:
    """One more way to be hurt, or the switched-off “Strategic”."""
    here = Here(request)
    form = CategoryForm(responses.posted(request))
    made = form.attempt(
        lambda data: services.add_category(client=here.client, name=data["name"], by=here.user, at=here.at)
    )
    if made:
        return responses.done(request, here.url("limits"), f"Category “{made.name}” added.")
    return form_page(
        request,
        form,
        title="Add a category",
        text="A way in which a risk can hurt this business. “Strategic” is there to be switched on.",
        verb="Add category",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
    )


def _category(here: Here, key: str) -> ImpactCategory:
    return get_object_or_404(ImpactCategory, client=here.client, key=key, active=True)


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def rename_category(request: HttpRequest, category: str) -> HttpResponse:
    """A category gets another name and keeps its ratings and its limit."""
    here = Here(request)
    row = _category(here, category)
    form = CategoryForm(responses.posted(request), stored={"name": row.name})
    renamed = form.attempt(
        lambda data: services.rename_category(
            client=here.client, category=row, name=data["name"], by=here.user, at=here.at
        )
    )
    if renamed:
        return responses.done(request, here.url("limits"), f"The category is called “{renamed.name}” now.")
    return form_page(
        request,
        form,
        title=f"Rename {row.name.lower()}",
        text="Its ratings and its limit stay. A limit that was approved under the old name needs a new approval.",
        verb="Rename",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
    )


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def retire_category(request: HttpRequest, category: str) -> HttpResponse:
    """A category is switched off, unless something still hangs on it."""
    here = Here(request)
    row = _category(here, category)
    form = ServiceForm(responses.posted(request))
    done = form.attempt(lambda _: services.retire_category(client=here.client, category=row, by=here.user, at=here.at))
    if done:
        return responses.done(request, here.url("limits"), f"“{row.name}” is switched off.")
    return form_page(
        request,
        form,
        title=f"Switch off {row.name.lower()}?",
        text="Nothing is rated by it from now on. Old ratings keep it; adding the same name brings it back.",
        verb="Switch off",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def scale(request: HttpRequest) -> HttpResponse:
    """Bands and words of this client."""
    here = Here(request)
    form = ScaleForm(
        responses.posted(request), scale=scale_as_of(here.client, here.today), currency=here.client.currency
    )
    saved = form.attempt(
        lambda data: services.set_scale(
            client=here.client,
            low_to=data["low_to"],
            medium_to=data["medium_to"],
            high_to=data["high_to"],
            likelihood_words=form.words("likelihood"),
            impact_words=form.words("impact"),
            likelihood_means=form.words("likelihood_means"),
            impact_money=form.sums,
            ratings=data["ratings"],
            stand_by=data["stand_by"],
            by=here.user,
            at=here.at,
        )
    )
    if saved:
        return _saved(here, request, "Scale saved.")
    return form_page(
        request,
        form,
        title="Scale",
        text="A score is likelihood × impact, from 1 to 25. Every risk is banded anew at once.",
        verb="Save scale",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
        template="risks/scale.html",
    )


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def signing(request: HttpRequest) -> HttpResponse:
    """Who signs for how much."""
    here = Here(request)
    form = AuthorityForm(
        responses.posted(request),
        people=people.choices(here.client),
        stored={"owner_up_to": int(authority(here.client).owner_up_to)},
    )
    saved = form.attempt(lambda data: services.set_authority(client=here.client, by=here.user, at=here.at, **data))
    if saved:
        return _saved(here, request, "Saved. What was signed before stays signed.")
    return form_page(
        request,
        form,
        title="Who signs",
        text="How serious a risk may be for the owner to accept it alone.",
        verb="Save",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
        template="risks/signing.html",
    )


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def ask_statement(request: HttpRequest) -> HttpResponse:
    """The limits are put to the owner or a director as one statement."""
    here = Here(request)
    form = AskedForm(
        responses.posted(request),
        people=people.holding(here.client, Role.OWNER, Role.BOARD),
        initial={"due_on": here.today + dt.timedelta(days=ANSWER_DAYS)},
    )
    asked = form.attempt(lambda data: services.ask_statement(client=here.client, by=here.user, at=here.at, **data))
    if asked:
        return responses.done(request, here.url("limits"), f"{asked.asked_of} is asked to approve the limits.")
    return form_page(
        request,
        form,
        title="Ask for approval of the limits",
        text="They get the limits on one plain page. The answer is signed, dated and kept as a version.",
        verb="Send the request",
        cancel=here.url("limits"),
        parent=("Limits", here.url("limits")),
    )
