"""What the register, or one of its risks, could cost in a year, and what the business can bear."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from engagements.selectors import people
from risks import services
from risks.forms.limits import ToleranceForm
from risks.models import LossTolerance
from risks.rules import money as rules
from risks.selectors.losses import Losses, losses, tolerance
from risks.views.base import Here, form_page, statement_withdrawn
from vciso import charts
from vciso.tenancy.permissions import requires
from vciso.web import formats, responses


@require_GET
@requires("risks.view")
def money(request: HttpRequest) -> HttpResponse:
    """The estimated risks year by year, added up; `?risk=` shows one of them alone."""
    here = Here(request)
    reference = request.GET.get("risk", "").replace("\x00", "")[:20]
    found = losses(here.client, here.today, reference=reference)
    if reference and not found.risks:
        raise Http404
    most = tolerance(here.client, here.today)
    context = {
        "reference": reference,
        "found": found,
        "most": most,
        "figures": _figures(found, most),
        "curve": _curve(found, most) if found.risks else "",
        "may_set": here.may("risks.set_limits"),
    }
    return responses.page(request, "risks/money.html", context)


def _figures(found: Losses, most: LossTolerance | None) -> list[tuple[str, str]]:
    """The bad years in words; a year without loss is said as that."""

    def year(sum_: int, without: str) -> str:
        return f"{formats.about(sum_)} or more" if sum_ else without

    figures = [
        ("Mean year", formats.about(found.mean)),
        ("One year in 10", year(found.one_in_ten, "no loss in 9 years of 10")),
        ("One year in 50", year(found.one_in_fifty, "no loss in 49 years of 50")),
    ]
    if most is not None:
        chance = rules.chance_of_exceeding(found.years, most.sum_minor)
        figures.append((f"A year above {formats.money(most.sum_minor)}", formats.years_above(chance)))
    return figures


def _curve(found: Losses, most: LossTolerance | None) -> Any:
    points = rules.curve(found.years)

    def draw(width: float) -> SafeString:
        return charts.exceedance(
            points,
            title="Chance that a year costs more than a sum.",
            worded=lambda sum_: formats.money(int(float(f"{sum_:.2g}"))),
            limit=most.sum_minor if most else None,
            limit_label="Tolerance",
            width=width,
            height=240,
        )

    return charts.for_screens(draw)


@require_http_methods(["GET", "POST"])
@requires("risks.set_limits")
def set_tolerance(request: HttpRequest) -> HttpResponse:
    """The most that one year may cost over the whole register."""
    here = Here(request)
    known = tolerance(here.client, here.today)
    form = ToleranceForm(
        responses.posted(request),
        people=people.choices(here.client),
        currency=here.client.currency,
        stored={"sum": known.sum_minor if known else None, "words": known.words if known else ""},
    )
    saved = form.attempt(
        lambda data: services.set_tolerance(
            client=here.client,
            sum_minor=data["sum"],
            words=data["words"],
            set_by=data["set_by"],
            by=here.user,
            at=here.at,
        )
    )
    if saved:
        return responses.done(request, here.url("money"), f"Tolerance saved.{statement_withdrawn(here)}")
    return form_page(
        request,
        form,
        title="Tolerance for one year",
        text="The most that everything together may cost the business in one year.",
        verb="Save tolerance",
        cancel=here.url("money"),
        parent=("In money", here.url("money")),
    )
