"""What the pages of this app share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from engagements.views.base import Here as EngagementsHere
from engagements.views.base import data_of
from vciso.web import responses
from vendors.models import Vendor

__all__ = ["Here", "data_of", "form_page", "refused", "vendors"]


class Here(EngagementsHere):
    """Where and when a request is, with this app's addresses."""

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"vendors:{name}", kwargs={"client_key": self.client.key, **kwargs})

    def of(self, vendor: Vendor, name: str = "detail") -> str:
        return self.url(name, ref=vendor.reference)


def vendors() -> Any:
    """What `requires` looks a vendor up in."""
    return Vendor.objects.select_related("owner", "client")


def form_page(
    request: HttpRequest, form: Any, here: Here, *, vendor: Vendor | None = None, **context: Any
) -> HttpResponse:
    """A page that is one form; 200 fresh, 422 with errors, 409 when somebody saved first."""
    template = context.pop("template", "vendors/form.html")
    crumbs = [("Vendors", here.url("list"))]
    if vendor is not None:
        crumbs.append((vendor.name, here.of(vendor)))
    context = {"crumbs": crumbs, "vendor": vendor, "cancel": crumbs[-1][1], **context}
    return responses.answer_form(request, template, context, form=form)


def refused(request: HttpRequest, refusal: ValidationError, *, title: str, back: str) -> HttpResponse:
    """A button's refusal as a page of its own: the sentence and the way back (422)."""
    context = {"title": title, "sentences": refusal.messages, "back": back}
    return responses.page(request, "vendors/refused.html", context, status=422)
