"""What the pages of the register share."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from risks.enums import Status
from risks.models import Risk
from risks.selectors import appetite
from vciso.web import here, responses

__all__ = ["Here", "added", "form_page", "one_risk", "refused", "statement_withdrawn"]


class Here(here.Here):
    """Where and when a request is, with this app's addresses."""

    namespace = "risks"

    def risk_url(self, risk: Risk, name: str = "detail") -> str:
        return self.url(name, ref=risk.reference)


def one_risk() -> Any:
    """Risks with the people their page names."""
    return Risk.objects.select_related("owner", "raised_by", "client")


def _crumbs(at: Here, risk: Risk | None, parent: tuple[str, str] | None = None) -> here.Crumbs:
    below = (risk.reference, at.risk_url(risk)) if risk else parent
    return [("Risks", at.url("list")), *([below] if below else [])]


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    risk: Risk | None = None,
    parent: tuple[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """A page that is one form, below the register and there below a risk or a page (words, address).

    Otherwise as `vciso.web.here.form_page`.
    """
    return here.form_page(request, form, crumbs=_crumbs(Here(request), risk, parent), risk=risk, **more)


def statement_withdrawn(at: Here) -> str:
    """What is said besides where what was just saved withdrew the limits that waited for approval; or nothing."""
    found = appetite.withdrawn_at(at.client, at.at)
    if found is None:
        return ""
    version = f"Version {found.number} of the limits, which waited for {found.asked_of}"
    return f" {version}, was withdrawn: ask for approval anew."


def refused(
    request: HttpRequest, refusal: ValidationError, *, title: str, back: str, risk: Risk | None = None
) -> HttpResponse:
    """A button's refusal as a page of its own, as `vciso.web.here.refused`."""
    return here.refused(request, refusal, title=title, back=back, crumbs=_crumbs(Here(request), risk))


def added(request: HttpRequest, at: Here, risk: Risk, *, whence: str = "") -> HttpResponse:
    """On to the page of a new risk, with a word about an open one of the same title."""
    twin = _twin(risk)
    level = messages.WARNING if twin else messages.SUCCESS
    return responses.done(request, at.risk_url(risk), f"{risk.reference} added{whence}.{twin}", level=level)


def _twin(risk: Risk) -> str:
    """A word about an open risk that bears the same title, as after going back and saving again; else nothing."""
    others = Risk.objects.filter(client=risk.client, title__iexact=risk.title, status=Status.OPEN).exclude(pk=risk.pk)
    other = others.order_by("number").values_list("reference", flat=True).first()
    return f" {other} has the same title: merge one into the other if they are one risk." if other else ""
