"""Linking risks with other records, on the pages of both."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from risks import services
from risks.forms.links import LinkForm, LinkRiskForm
from risks.models import Risk, RiskLink
from risks.selectors import links
from risks.views.base import Here, form_page, one_risk, refused
from vciso.tenancy.permissions import may, requires
from vciso.web import responses

OWNED = 20
"""So many risks of one owner are listed; the register has them all."""


def named(here: Here, key: str) -> links.Found:
    """The record that an address names by its key; unknown and foreign ones answer 404."""
    found = links.find(here.client, key)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@requires("risks.edit", one_risk)
def link(request: HttpRequest, risk: Risk) -> HttpResponse:
    """A risk is linked with one more record."""
    here = Here(request)
    form = LinkForm(responses.posted(request), records=links.choices(here.client, without=risk))
    made = form.attempt(
        lambda data: services.link_risk(risk=risk, found=named(here, data["record"]), by=here.user, at=here.at)
    )
    if made:
        return responses.done(request, here.risk_url(risk), f"{risk.reference} is linked with it.")
    return form_page(
        request,
        form,
        title=f"Link {risk.reference}",
        text="What this risk has to do with. The other record’s page shows the risk too.",
        verb="Link record",
        cancel=here.risk_url(risk),
        risk=risk,
    )


@require_POST
@requires("risks.edit", one_risk)
def unlink(request: HttpRequest, risk: Risk, pk: Any) -> HttpResponse:
    """A link is taken off."""
    here = Here(request)
    row = get_object_or_404(links.rows_of(risk.links.all()), pk=pk)
    found = links.behind(row)
    try:
        services.unlink_risk(link=row, found=found, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title="Not taken off", back=here.risk_url(risk), risk=risk)
    return responses.done(request, here.risk_url(risk), f"{found.words} is no longer linked.")


@require_http_methods(["GET", "POST"])
@requires("risks.raise")
def link_record(request: HttpRequest, record: str) -> HttpResponse:
    """From the record's side: it is linked with one more risk."""
    here = Here(request)
    found = named(here, record)
    form = LinkRiskForm(responses.posted(request), risks=links.risk_choices(here.client, found.record))
    back = found.url(here.client)

    def write(data: dict[str, Any]) -> RiskLink:
        risk = one_risk().get(client=here.client, reference=data["risk"])
        return services.link_risk(risk=risk, found=found, by=here.user, at=here.at)

    made = form.attempt(write)
    if made:
        return responses.done(request, back, f"{made.risk.reference} is linked.")
    return form_page(
        request,
        form,
        title=f"Link a risk with {found.reference or found.title}",
        text=found.title,
        verb="Link risk",
        cancel=back,
    )


def linked_beside(request: HttpRequest, *, object: Any) -> SafeString:
    """In the column at the right of a record's page: its risks, for the practice."""
    return _linked_risks(request, object, beside=True)


def linked_below(request: HttpRequest, *, object: Any) -> SafeString:
    """The same in the main column."""
    return _linked_risks(request, object, beside=False)


def owned_by(request: HttpRequest, *, object: Any) -> SafeString:
    """On the page of a person: the open risks they own, for the practice."""
    return _owned_risks(request, object, leaving=False)


def owned_by_leaving(request: HttpRequest, *, object: Any) -> SafeString:
    """The same before the person is no longer active, with the way to another owner."""
    return _owned_risks(request, object, leaving=True)


def _owned_risks(request: HttpRequest, person: Any, *, leaving: bool) -> SafeString:
    actor = getattr(request, "actor", None)
    if actor is None or not may(actor, "risks.view"):
        return SafeString("")
    rows = Risk.objects.owned_by(person)
    shown = list(rows.only("client", "reference", "title", "status", "now_band")[:OWNED])
    context = {
        "person": person,
        "owner": str(person.pk),
        "risks": shown,
        "count": rows.count() if len(shown) == OWNED else len(shown),
        "key": actor.client.key,
        "leaving": leaving,
    }
    return SafeString(render_to_string("risks/parts/owned_risks.html", context, request))


def raise_from_line(request: HttpRequest, *, object: Any) -> SafeString:
    """In a line of a list: a risk is raised from what stands there."""
    actor = getattr(request, "actor", None)
    if actor is None or not may(actor, "risks.raise"):
        return SafeString("")
    context = {"found": links.of(object), "key": actor.client.key}
    return SafeString(render_to_string("risks/parts/raise_from_line.html", context, request))


def _linked_risks(request: HttpRequest, record: Any, *, beside: bool) -> SafeString:
    actor = getattr(request, "actor", None)
    if actor is None or not may(actor, "risks.view"):
        return SafeString("")
    context = {
        "found": links.of(record),
        "risks": links.risks_of(record),
        "key": actor.client.key,
        "beside": beside,
        "may_raise": bool(may(actor, "risks.raise")),
    }
    return SafeString(render_to_string("risks/parts/linked_risks.html", context, request))
