"""The vendor inventory for programs."""

from __future__ import annotations

from typing import Any

from vciso.web.api import Named, Record, Resource, creates, edits, refusing, routes, verb
from vendors import services
from vendors.forms import EndForm, ReviewForm, VendorFilter, VendorForm, stored
from vendors.models import Vendor, VendorReview
from vendors.selectors import pages


class VendorRecord(Record):
    owner = Named(allow_null=True)

    class Meta:
        model = Vendor
        fields = (
            "id", "reference", "name", "kind", "service", "website", "criticality", "data_level", "data_held",
            "access", "tier", "override_tier", "override_reason", "owner", "contract_starts_on", "contract_ends_on",
            "notice_days", "notice_on", "auto_renews", "contract_note", "yearly_cost_minor", "review_months",
            "last_review_on", "last_result", "review_due_on", "status", "ended_on", "end_reason", "added_on",
            "extras", "private_notes",
        )  # fmt: skip
        internal = ("override_reason", "contract_note", "extras", "private_notes")


class Vendors(Resource):
    """Vendors. Without a status the list shows those in use."""

    queryset = Vendor.objects.select_related("owner", "client")
    serializer_class = VendorRecord
    filterset_class = VendorFilter
    reads = "vendors.read"
    ordering = ("added_on", "reference")

    @creates("vendors.add", VendorForm)
    def create(self, bind: Any) -> Vendor:
        """A vendor joins the inventory; its tier follows from the answers."""
        return bind(client=self.client).attempt(
            lambda data: services.add_vendor(client=self.client, by=self.user, at=self.at, **VendorForm.facts(data, {}))
        )

    @edits("vendors.edit", VendorForm)
    def partial_update(self, vendor: Vendor, bind: Any) -> Vendor:
        """What is known about a vendor changes; tier and dates follow."""
        bound = bind(client=self.client, stored=stored(vendor, pages.attached(vendor)))

        def save(data: dict[str, Any]) -> Vendor:
            return services.edit_vendor(vendor=vendor, by=self.user, at=self.at, **VendorForm.changes(data, vendor))

        return bound.attempt(save)

    @verb("vendors.end", EndForm)
    def end(self, vendor: Vendor, bind: Any) -> Vendor:
        """The client leaves the vendor; its record and reviews stay."""
        return bind().attempt(lambda data: services.end_vendor(vendor=vendor, by=self.user, at=self.at, **data))

    @verb("vendors.reinstate")
    def reinstate(self, vendor: Vendor, bind: Any) -> Vendor:
        """The vendor is in use again, or a proposed one comes into use."""
        refusing(lambda: services.reinstate_vendor(vendor=vendor, by=self.user, at=self.at))
        return vendor


class VendorReviewRecord(Record):
    class Meta:
        model = VendorReview
        fields = (
            "id", "reviewed_on", "result", "summary", "conditions", "next_due_on", "imported", "happened_at",
        )  # fmt: skip


class VendorReviews(Resource):
    """What was found each time somebody looked at a vendor, newest first."""

    queryset = VendorReview.objects.all()
    serializer_class = VendorReviewRecord
    reads = "vendors.view"
    lookup = "pk"
    ordering = ("-happened_at", "pk")
    parent, parent_field, has_detail = Vendors, "vendor", False

    def address(self, record: VendorReview) -> str:
        return str(self.request.path)

    @creates("vendors.review", ReviewForm)
    def create(self, bind: Any) -> VendorReview:
        """A review is kept, and the next one gets its day."""
        return bind().attempt(lambda data: services.record_review(vendor=self.above, by=self.user, at=self.at, **data))


app_name = "vendors-api"
urlpatterns = [
    *routes("vendors/", Vendors),
    *routes("vendors/<str:ref>/reviews/", VendorReviews, name="vendor-reviews"),
]
