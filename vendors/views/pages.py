"""One vendor: reading it, adding it, changing it, reviewing it, ending it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from vciso.tenancy.permissions import requires
from vciso.web import responses
from vendors import rules, services
from vendors.forms import EndForm, ReviewForm, VendorForm, stored
from vendors.models import Vendor
from vendors.selectors import pages
from vendors.views.base import Here, form_page, refused, vendors


@requires("vendors.view", vendors)
def vendor_detail(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    here = Here(request)
    context = {
        "vendor": vendor,
        "found": pages.vendor_page(vendor),
        "today": here.today,
        "late": vendor.review_is_late(on=here.today),
        "review_near": vendor.review_is_near(on=here.today),
        "near": vendor.notice_is_near(on=here.today),
    }
    return responses.page(request, "vendors/detail.html", context)


@requires("vendors.add")
def vendor_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    form = VendorForm(responses.posted(request), client=here.client)
    proposed = request.POST.get("proposed") == "yes"
    vendor = form.attempt(
        lambda values: services.add_vendor(
            client=here.client, by=here.user, at=here.at, proposed=proposed, **VendorForm.facts(values, {})
        )
    )
    if vendor is not None:
        return responses.done(request, here.of(vendor), f"{vendor.name} was added.")
    return form_page(
        request, form, here, template="vendors/edit.html", title="Add a vendor", verb="Add vendor", new=True
    )


@requires("vendors.edit", vendors)
def vendor_edit(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    here = Here(request)
    present = stored(vendor, pages.attached(vendor))
    form = VendorForm(responses.posted(request), client=here.client, stored=present)
    saved = form.attempt(
        lambda values: services.edit_vendor(
            vendor=vendor, by=here.user, at=here.at, **VendorForm.changes(values, vendor)
        )
    )
    if saved is not None:
        return responses.done(request, here.of(saved), "Saved.")
    return form_page(
        request, form, here, vendor=vendor, template="vendors/edit.html", title=f"Edit {vendor.name}", verb="Save"
    )


@requires("vendors.review", vendors)
def vendor_review(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    here = Here(request)
    form = ReviewForm(responses.posted(request), initial={"on": here.today})
    review = form.attempt(lambda values: services.record_review(vendor=vendor, by=here.user, at=here.at, **values))
    if review is not None:
        return responses.done(request, here.of(vendor), f"Review of {vendor.name} kept.")
    months = rules.review_months(vendor.tier, vendor.review_months)
    context = {"found": pages.vendor_page(vendor), "months": months, "title": f"Review {vendor.name}"}
    return form_page(
        request, form, here, vendor=vendor, template="vendors/review.html", verb="Finish review", **context
    )


@requires("vendors.end", vendors)
def vendor_end(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    here = Here(request)
    form = EndForm(responses.posted(request), initial={"on": here.today})
    ended = form.attempt(lambda values: services.end_vendor(vendor=vendor, by=here.user, at=here.at, **values))
    if ended is not None:
        return responses.done(request, here.of(ended), f"{ended.name} has ended.", undo=here.of(ended, "reinstate"))
    return form_page(
        request, form, here, vendor=vendor, title=f"End {vendor.name}", verb="End vendor", danger=True,
        text="It leaves the list of vendors in use. Its record and reviews stay.",
    )  # fmt: skip


@requires("vendors.reinstate", vendors)
@require_POST
def vendor_reinstate(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    here = Here(request)
    try:
        services.reinstate_vendor(vendor=vendor, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=vendor.name, back=here.of(vendor))
    return responses.done(request, here.of(vendor), f"{vendor.name} is in use.")
