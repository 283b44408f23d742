"""What the pages of this app share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from vciso.web import here
from vciso.web.here import refused
from vendors.models import Vendor

__all__ = ["Here", "form_page", "refused", "vendors"]


class Here(here.Here):
    """Where and when a request is, with this app's addresses."""

    namespace = "vendors"

    def of(self, vendor: Vendor, name: str = "detail") -> str:
        return self.url(name, ref=vendor.reference)


def vendors() -> Any:
    """What `requires` looks a vendor up in."""
    return Vendor.objects.select_related("owner", "client")


def form_page(request: HttpRequest, form: Any, at: Here, *, vendor: Vendor | None = None, **more: Any) -> HttpResponse:
    """A page that is one form below the list or below a vendor, as `vciso.web.here.form_page`."""
    back = [("Vendors", at.url("list"))]
    if vendor is not None:
        back.append((vendor.name, at.of(vendor)))
    return here.form_page(request, form, **{"crumbs": back, "cancel": back[-1][1], "vendor": vendor, **more})
