"""The directory, and what the business runs on."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from engagements.forms.agreement import EstateForm, ReasonForm
from engagements.forms.base import stored_values
from engagements.forms.filters import PersonFilter, ProcessFilter, SystemFilter
from engagements.forms.people import PersonForm
from engagements.models import Person, Process, System
from engagements.selectors import people as directory
from engagements.selectors.owned import Owned, owned_by
from engagements.services import business
from engagements.services import people as services
from vciso.web.api import Named, Record, Resource, creates, edits, refusing, routes, verb


class PersonRecord(Record):
    deputy = Named(allow_null=True)

    class Meta:
        model = Person
        fields = (
            "id", "name", "email", "job_title", "organisation", "side", "phone", "active", "deputy",
            "deputy_from", "deputy_until", "created_at", "private_notes",
        )  # fmt: skip
        internal = ("private_notes",)


class OwnedRecord(serializers.Serializer[Owned]):
    kind = serializers.CharField()
    reference = serializers.CharField()
    title = serializers.CharField()


class LeavingRecord(PersonRecord):
    still_owns = serializers.SerializerMethodField(help_text="Stays theirs until somebody else is named there.")

    class Meta(PersonRecord.Meta):
        fields = (*PersonRecord.Meta.fields, "still_owns")  # type: ignore[assignment]  # one more than a read has

    @extend_schema_field(OwnedRecord(many=True))
    def get_still_owns(self, person: Person) -> Any:
        return OwnedRecord(owned_by(person), many=True).data


class People(Resource):
    """The client's directory: whoever a record may name, with or without an account."""

    queryset = Person.objects.select_related("deputy", "client")
    serializer_class = PersonRecord
    filterset_class = PersonFilter
    reads = "engagements.view"
    lookup = "pk"
    ordering = ("created_at", "pk")
    session_verbs = {
        "invite": "engagements.manage_people", "deputy": "engagements.manage_people",
        "deputy/end": "engagements.manage_people", "remove-access": "engagements.manage_people",
    }  # fmt: skip

    @creates("engagements.manage_people", PersonForm)
    def create(self, bind: Any) -> Person:
        """Somebody joins the directory; nobody is invited by this."""
        return bind().attempt(lambda data: services.add_person(client=self.client, by=self.user, at=self.at, **data))

    @edits("engagements.manage_people", PersonForm)
    def partial_update(self, person: Person, bind: Any) -> Person:
        """The entry changes; open asks keep the name they were put to."""
        return bind(stored=stored_values(person, services.FIELDS)).attempt(
            lambda data: services.edit_person(person=person, values=data, by=self.user, at=self.at)
        )

    @verb("engagements.manage_people", tells=LeavingRecord)
    def deactivate(self, person: Person, bind: Any) -> Person:
        """The person is no longer offered in choices; “still_owns” names the open risks that are theirs."""
        return refusing(lambda: services.deactivate_person(person=person, by=self.user, at=self.at))

    @verb("engagements.manage_people")
    def reactivate(self, person: Person, bind: Any) -> Person:
        """The person is back in the choices."""
        return refusing(lambda: services.reactivate_person(person=person, by=self.user, at=self.at))


ESTATE = (
    "id", "reference", "name", "detail", "holds", "criticality", "run_by", "run_by_name",
    "tolerable_downtime_hours", "restore_order", "owner", "active", "created_at", "private_notes",
)  # fmt: skip


class SystemRecord(Record):
    owner = Named(allow_null=True)

    class Meta:
        model = System
        fields = ESTATE
        internal = ("private_notes",)


class ProcessRecord(Record):
    owner = Named(allow_null=True)

    class Meta:
        model = Process
        fields = ESTATE
        internal = ("private_notes",)


class Estate(Resource):
    """What systems and processes share."""

    reads = "engagements.view"
    ordering = ("created_at", "reference")

    @creates("engagements.edit", EstateForm)
    def create(self, bind: Any) -> System | Process:
        """Something the business runs on is written down."""
        return bind(people=directory.choices(self.client)).attempt(
            lambda data: business.add_estate(
                self.queryset.model, client=self.client, values=data, by=self.user, at=self.at
            )
        )

    @edits("engagements.edit", EstateForm)
    def partial_update(self, item: System | Process, bind: Any) -> System | Process:
        """What is known about it changes."""
        stored = stored_values(item, business.ESTATE_FIELDS)
        return bind(people=directory.choices(self.client), stored=stored).attempt(
            lambda data: business.edit_estate(item=item, values=data, by=self.user, at=self.at)
        )

    @verb("engagements.edit", ReasonForm)
    def retire(self, item: System | Process, bind: Any) -> System | Process:
        """The business no longer runs on it; what points to it keeps its name."""
        return bind().attempt(lambda data: business.retire_estate(item=item, by=self.user, at=self.at, **data))


class Systems(Estate):
    """Systems the business runs on."""

    queryset = System.objects.select_related("owner", "client")
    serializer_class = SystemRecord
    filterset_class = SystemFilter


class Processes(Estate):
    """Processes of the business."""

    queryset = Process.objects.select_related("owner", "client")
    serializer_class = ProcessRecord
    filterset_class = ProcessFilter


urlpatterns = [*routes("people/", People), *routes("systems/", Systems), *routes("processes/", Processes)]
