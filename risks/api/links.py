"""What a risk has to do with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from risks import services
from risks.api.register import Risks
from risks.forms.links import LinkForm
from risks.models import RiskLink
from risks.selectors import links
from vciso.web.api import Record, Resource, creates, refusing, removes, routes


class LinkRecord(Record):
    kind = serializers.CharField(source="field", read_only=True)
    reference = serializers.SerializerMethodField(help_text="Empty for a person and for a review, which have none.")
    name = serializers.SerializerMethodField()

    class Meta:
        model = RiskLink
        fields = ("id", "kind", "reference", "name", "is_origin", "happened_at")

    def get_reference(self, link: RiskLink) -> str:
        return links.behind(link).reference

    def get_name(self, link: RiskLink) -> str:
        return links.behind(link).title


class RiskLinks(Resource):
    """What a risk has to do with: systems, vendors, policies, tasks, decisions, and what it was raised from."""

    queryset = links.rows_of(RiskLink.objects.all())
    serializer_class = LinkRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("happened_at", "pk")
    parent, parent_field = Risks, "risk"

    @creates("risks.edit", LinkForm)
    def create(self, bind: Any) -> RiskLink:
        """The risk is linked with the record that a reference names, as in “V-003”."""
        bound = bind(records=links.choices(self.client, without=self.above))
        return bound.attempt(
            lambda data: services.link_risk(
                risk=self.above, found=links.named(self.client, data["record"]), by=self.user, at=self.at
            )
        )

    @removes("risks.edit")
    def destroy(self, link: RiskLink, bind: Any) -> None:
        """The link is taken off; what the risk was raised from stays."""
        refusing(lambda: services.unlink_risk(link=link, found=links.behind(link), by=self.user, at=self.at))


urlpatterns = [
    *routes("risks/<str:ref>/links/", RiskLinks, name="risk-links"),
]
