"""What the practice's risk library offers a client."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from risks import services
from risks.forms.library import TakeOverForm
from risks.forms.risk import ReasonForm
from risks.models import LibraryChange, Risk
from risks.selectors import library
from vciso.web.api import Named, Record, Resource, routes, verb


class ChangeRecord(Record):
    risk = Named(allow_null=True)

    class Meta:
        model = LibraryChange
        fields = (
            "id", "scenario", "edition", "risk", "title", "cause", "event", "consequence", "why", "state",
            "happened_at", "decided_at", "reason",
        )  # fmt: skip


class LibraryChanges(Resource):
    """Changes of the practice's risk library that this client was offered, and what became of each."""

    queryset = LibraryChange.objects.select_related("risk")
    serializer_class = ChangeRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("happened_at", "pk")
    has_detail = False

    @verb("risks.raise", TakeOverForm)
    def accept(self, change: LibraryChange, bind: Any) -> LibraryChange:
        """The risk takes over the named parts, as it stands now or in the version “seen”; the others stay."""
        stands = change.risk.version if change.risk else 0
        bind().attempt(
            lambda data: services.accept_change(
                change=change, parts=data["part"], seen=data["seen"] or stands, by=self.user, at=self.at
            )
        )
        return change

    @verb("risks.raise", ReasonForm)
    def decline(self, change: LibraryChange, bind: Any) -> LibraryChange:
        """The register keeps its own words."""
        return bind().attempt(
            lambda data: services.decline_change(change=change, reason=data["reason"], by=self.user, at=self.at)
        )


class ProposalRecord(serializers.Serializer[library.Proposal]):
    """A scenario of the library, why it is proposed to this client, and which risks came of it already."""

    key = serializers.CharField(source="scenario.key")
    title = serializers.CharField(source="scenario.title")
    cause = serializers.CharField(source="scenario.cause")
    event = serializers.CharField(source="scenario.event")
    consequence = serializers.CharField(source="scenario.consequence")
    likelihood = serializers.CharField(source="scenario.likelihood", help_text="The word it begins at.")
    categories = serializers.ListField(child=serializers.CharField(), source="scenario.categories")
    is_own = serializers.BooleanField(source="scenario.is_own", help_text="Whether the practice wrote it.")
    reasons = serializers.ListField(child=serializers.CharField(), source="weighed.reasons")
    proposed = serializers.BooleanField(
        source="concerns", help_text="Whether anything known of the client speaks for it."
    )
    risks = serializers.SerializerMethodField(help_text="References of the risks that came of it.")

    def get_risks(self, found: library.Proposal) -> list[str]:
        return [risk.reference for risk in found.risks]


class ProposalsRecord(serializers.Serializer[list[library.Proposal]]):
    proposals = ProposalRecord(many=True, source="*")


class Proposals(Resource):
    """Every scenario of the risk library for this client, with the reasons, what concerns it most coming first."""

    queryset = Risk.objects.all()
    serializer_class = ProposalsRecord
    reads = "risks.view"
    has_list = False

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> list[library.Proposal]:
        return library.proposals(self.client)


urlpatterns = [
    *routes("library-changes/", LibraryChanges),
    *routes("library-proposals/", Proposals, one=""),
]
