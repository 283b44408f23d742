"""The client itself, its profile, the agreement, objectives and hours."""

from __future__ import annotations

from typing import Any

from engagements.forms.agreement import (
    EngagementForm,
    ObjectiveForm,
    ProfileForm,
    ReasonForm,
    SettingsForm,
    TimeForm,
)
from engagements.forms.base import stored_values
from engagements.forms.filters import TimeFilter
from engagements.models import Engagement, Objective, Profile, TimeEntry
from engagements.selectors import people as directory
from engagements.services import agreement as services
from engagements.services import business
from vciso.tenancy.models import Client
from vciso.web.api import Named, Record, Resource, creates, edits, removes, routes, verb

OBJECTIVE_FIELDS = ("title", "horizon", "detail")


class ClientRecord(Record):
    class Meta:
        model = Client
        fields = ("key", "name", "status", "time_zone", "currency", "language", "paper", "hue", "pack_release")


class TheClient(Resource):
    """One client: its name, and how its days, sums and pages are written."""

    queryset = Client.objects.all()
    serializer_class = ClientRecord
    reads = "engagements.read_client"

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> Client:
        rows = Client.objects.select_related("practice")
        return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=self.client.pk)

    def again(self, record: Client) -> Client:
        return record

    @edits("engagements.edit", SettingsForm)
    def partial_update(self, client: Client, bind: Any) -> Client:
        """The settings change; the key in addresses stays."""
        return bind(client=client, stored=stored_values(client, business.CLIENT_FIELDS)).attempt(
            lambda data: business.edit_client(client=client, values=data, by=self.user, at=self.at)
        )


class ProfileRecord(Record):
    class Meta:
        model = Profile
        fields = (
            "sector", "staff_count", "places", "data_kinds", "annual_revenue_minor", "summary", "private_notes",
        )  # fmt: skip
        internal = ("private_notes",)


class TheProfile(Resource):
    """What the client is."""

    queryset = Profile.objects.all()
    serializer_class = ProfileRecord
    reads = "engagements.view"

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> Profile:
        if lock:
            # The profile may not be there yet, so the client's own row is held.
            Client.objects.select_for_update(of=("self",)).get(pk=self.client.pk)
        return directory.profile_of(self.client) or Profile(client=self.client)

    def again(self, record: Profile) -> Profile:
        return record

    @edits("engagements.edit", ProfileForm)
    def partial_update(self, profile: Profile, bind: Any) -> Profile:
        """What the client is changes."""
        stored = stored_values(profile, business.PROFILE_FIELDS)
        return bind(currency=self.client.currency, stored=stored).attempt(
            lambda data: business.set_profile(client=self.client, values=data, by=self.user, at=self.at)
        )


class ObjectiveRecord(Record):
    class Meta:
        model = Objective
        fields = ("id", "title", "detail", "horizon", "position", "set_on", "dropped_on")


class Objectives(Resource):
    """What the business wants and the programme serves, dropped ones too."""

    queryset = Objective.objects.select_related("client")
    serializer_class = ObjectiveRecord
    reads = "engagements.view"
    lookup = "pk"
    ordering = ("created_at", "pk")

    @creates("engagements.edit", ObjectiveForm)
    def create(self, bind: Any) -> Objective:
        """An objective is added after those that stand."""
        return bind().attempt(lambda data: services.set_objective(client=self.client, by=self.user, at=self.at, **data))

    @edits("engagements.edit", ObjectiveForm)
    def partial_update(self, objective: Objective, bind: Any) -> Objective:
        """An objective is reworded."""
        return bind(stored=stored_values(objective, OBJECTIVE_FIELDS)).attempt(
            lambda data: services.edit_objective(objective=objective, values=data, by=self.user, at=self.at)
        )

    @verb("engagements.edit", ReasonForm)
    def drop(self, objective: Objective, bind: Any) -> Objective:
        """The business no longer pursues it; earlier reports still know it."""
        return bind().attempt(
            lambda data: services.drop_objective(objective=objective, by=self.user, at=self.at, **data)
        )


class EngagementRecord(Record):
    lead = Named(allow_null=True)
    counterpart = Named(allow_null=True)

    class Meta:
        model = Engagement
        fields = (
            "id", "starts_on", "ends_on", "fee_minor", "fee_per", "included_hours", "call_cadence", "lead",
            "counterpart", "monthly_report_day", "pack_day_offset", "scope", "responsibilities", "private_notes",
        )  # fmt: skip
        internal = ("private_notes",)


class Engagements(Resource):
    """Agreements with the client, newest first."""

    queryset = Engagement.objects.select_related("lead", "counterpart", "client")
    serializer_class = EngagementRecord
    reads = "engagements.view"
    lookup = "pk"
    ordering = ("-starts_on", "pk")

    def _options(self) -> dict[str, Any]:
        return {
            "currency": self.client.currency,
            "team": directory.team(self.client),
            "people": directory.choices(self.client),
        }

    @creates("engagements.edit", EngagementForm)
    def create(self, bind: Any) -> Engagement:
        """An agreement is written down."""
        return bind(**self._options()).attempt(
            lambda data: services.start_engagement(client=self.client, values=data, by=self.user, at=self.at)
        )

    @edits("engagements.edit", EngagementForm)
    def partial_update(self, found: Engagement, bind: Any) -> Engagement:
        """The terms change."""
        return bind(**self._options(), stored=stored_values(found, services.FIELDS)).attempt(
            lambda data: services.edit_engagement(engagement=found, values=data, by=self.user, at=self.at)
        )


class TimeRecord(Record):
    by = Named(allow_null=True)
    person = Named(allow_null=True)

    class Meta:
        model = TimeEntry
        fields = ("id", "on", "minutes", "activity", "kind", "in_retainer", "by", "person", "note", "private")
        internal = ("private",)


class Hours(Resource):
    """Time spent on the client's programme, newest day first."""

    queryset = TimeEntry.objects.select_related("by", "person", "client")
    serializer_class = TimeRecord
    filterset_class = TimeFilter
    reads = "engagements.view_time"
    lookup = "pk"
    ordering = ("-on", "pk")

    @creates("engagements.log_time", TimeForm)
    def create(self, bind: Any) -> TimeEntry:
        """Time of one day is logged."""
        return bind().attempt(
            lambda data: services.log_time(client=self.client, by=self.user, at=self.at, **TimeForm.facts(data))
        )

    @edits("engagements.log_time", TimeForm)
    def partial_update(self, entry: TimeEntry, bind: Any) -> TimeEntry:
        """An entry is corrected; what it said before stays in the trail."""
        return bind(stored=TimeForm.stored(entry)).attempt(
            lambda data: services.edit_time(entry=entry, values=TimeForm.facts(data), by=self.user, at=self.at)
        )

    @removes("engagements.log_time")
    def destroy(self, entry: TimeEntry, bind: Any) -> None:
        """A wrong entry is taken out; the trail keeps what it said."""
        services.remove_time(entry=entry, by=self.user, at=self.at)


urlpatterns = [
    *routes("", TheClient, one="", name="client"),
    *routes("profile/", TheProfile, one=""),
    *routes("objectives/", Objectives),
    *routes("engagements/", Engagements),
    *routes("hours/", Hours),
]
