"""What the practice's risk library offers a client."""

from __future__ import annotations

from typing import Any

from risks import services
from risks.forms.library import TakeOverForm
from risks.forms.risk import ReasonForm
from risks.models import LibraryChange
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


urlpatterns = [
    *routes("library-changes/", LibraryChanges),
]
