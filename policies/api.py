"""The written programme for programs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from rest_framework import serializers

from engagements.forms.base import stored_values
from policies import services
from policies.enums import VersionState
from policies.forms import DetailsForm, DraftForm, ExistingForm, NewForm, PolicyFilter, ReasonForm, ReviewForm
from policies.models import Policy, PolicyReview, PolicyVersion
from policies.services.keeping import DETAILS
from vciso.web.api import Named, Record, Resource, creates, edits, refusing, removes, routes, verb


class PolicyRecord(Record):
    owner = Named(allow_null=True)
    current_number = serializers.CharField(help_text="The version in force; empty if there is none.")
    waiting_number = serializers.CharField(help_text="The version that waits for approval.")
    draft_number = serializers.CharField(help_text="The open draft.")
    current_effective_on = serializers.DateField(allow_null=True)

    class Meta:
        model = Policy
        fields = (
            "id", "reference", "slug", "title", "kind", "purpose", "owner", "review_months", "next_review_on",
            "created_on", "retired_on", "retired_reason", "current_number", "current_effective_on",
            "waiting_number", "draft_number", "private_notes",
        )  # fmt: skip
        internal = ("draft_number", "retired_reason", "private_notes")


class Policies(Resource):
    """Policies. Without a status the list shows those not retired; owners see what was sent to them."""

    queryset = Policy.objects.all()
    serializer_class = PolicyRecord
    filterset_class = PolicyFilter
    reads = "policies.read"
    ordering = ("created_at", "reference")
    session_verbs = {"send": "policies.send", "withdraw": "policies.send", "remind": "policies.send"}

    def rows(self) -> Any:
        rows = Policy.objects.filter(client=self.client).with_standing().select_related("owner", "client")
        return rows if self.actor.is_practice_side else rows.readable_by_client()

    @creates("policies.add", NewForm)
    def create(self, bind: Any) -> Policy:
        """A policy is started, with draft 1.0."""
        return bind(client=self.client).attempt(
            lambda data: services.create_policy(client=self.client, by=self.user, at=self.at, **data)
        )

    @edits("policies.edit", DetailsForm)
    def partial_update(self, policy: Policy, bind: Any) -> Policy:
        """Title, kind, purpose, owner or rhythm change; the words have their own address."""
        bound = bind(client=self.client, stored=stored_values(policy, DETAILS))
        return bound.attempt(lambda data: services.change_details(policy=policy, by=self.user, at=self.at, **data))

    @verb("policies.review", ReviewForm)
    def review(self, policy: Policy, bind: Any) -> Policy:
        """The version in force was read and is still right."""
        bind(client=self.client, initial={"on": self.today}).attempt(
            lambda data: services.record_review(policy=policy, by=self.user, at=self.at, **data)
        )
        return policy

    @verb("policies.retire", ReasonForm)
    def retire(self, policy: Policy, bind: Any) -> Policy:
        """The policy leaves the programme; every version stays readable."""
        return bind().attempt(lambda data: services.retire_policy(policy=policy, by=self.user, at=self.at, **data))

    @verb("policies.reinstate")
    def reinstate(self, policy: Policy, bind: Any) -> Policy:
        """A retired policy is in use again."""
        refusing(lambda: services.reinstate_policy(policy=policy, by=self.user, at=self.at))
        return policy


class ExistingPolicies(Resource):
    """Policies that were in force before the portal."""

    queryset = Policy.objects.all()
    serializer_class = PolicyRecord
    reads = "policies.view"
    has_list = has_detail = False

    def rows(self) -> Any:
        return Policy.objects.filter(client=self.client).with_standing().select_related("owner", "client")

    @creates("policies.add", ExistingForm)
    def create(self, bind: Any) -> Policy:
        """A policy in force already is brought in; its approval is shown as not recorded."""
        return bind(client=self.client).attempt(
            lambda data: services.record_existing(client=self.client, by=self.user, at=self.at, **data)
        )

    def address(self, record: Policy) -> str:
        return f"{self.request.path.removesuffix('existing-policies/')}policies/{record.reference}/"


class VersionRecord(Record):
    number = serializers.CharField()

    class Meta:
        model = PolicyVersion
        fields: tuple[str, ...] = (
            "number", "state", "change_summary", "sha256", "created_at", "updated_at", "effective_on",
            "superseded_on", "approved_at", "approval_recorded",
        )  # fmt: skip


class VersionText(VersionRecord):
    class Meta(VersionRecord.Meta):
        fields = (*VersionRecord.Meta.fields, "body")


class Versions(Resource):
    """Versions of a policy, newest first; the client's people see no drafts."""

    queryset = PolicyVersion.objects.all()
    serializer_class = VersionRecord
    reads = "policies.read"
    ordering = ("-created_at", "pk")
    parent, parent_field = Policies, "policy"

    def rows(self) -> Any:
        rows: Any = super().rows()
        if self.action == "list":
            rows = rows.without_words()
        return rows if self.actor.is_practice_side else rows.shown_to_client()

    def get_serializer_class(self) -> Any:
        return VersionRecord if self.action == "list" else VersionText

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> PolicyVersion:
        major, _, minor = kwargs["number"].partition(".")
        if not (major.isdecimal() and minor.isdecimal() and len(major) <= 3 and len(minor) <= 3):
            raise Http404
        found = self.rows().filter(major=major, minor=minor).first()
        if found is None:
            raise Http404
        return found


class DraftSave(DraftForm):
    """The words of the next version; `major` makes it 3.0 rather than 2.4."""

    major = forms.BooleanField(required=False)


class Draft(Resource):
    """The open draft of a policy."""

    queryset = PolicyVersion.objects.all()
    serializer_class = VersionText
    reads = "policies.view"
    parent, parent_field = Policies, "policy"

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> PolicyVersion:
        rows = self.rows().filter(state=VersionState.DRAFT)
        found = (rows.select_for_update() if lock else rows).first()
        if found is None:
            raise Http404
        return found

    def again(self, record: PolicyVersion) -> PolicyVersion:
        return self.find({})

    def address(self, record: PolicyVersion) -> str:
        return str(self.request.path)

    @creates("policies.edit", DraftSave)
    def create(self, bind: Any) -> PolicyVersion:
        """The next version is opened with these words. One that is open already is edited instead."""
        opened = self.above.versions.open().first()
        if opened is not None:
            sentence = f"Version {opened.number} is open already. Change the draft, or withdraw it from approval first."
            refusing(lambda: _refuse(sentence))
        last = self.above.versions.newest_first().first()
        bound = bind(stored={"body": last.body if last else "", "change_summary": ""})
        return bound.attempt(self._open)

    def _open(self, data: dict[str, Any]) -> PolicyVersion:
        given = dict(data)
        draft = services.start_draft(policy=self.above, by=self.user, at=self.at, major=given.pop("major"))
        return services.save_draft(version=draft, by=self.user, at=self.at, **given)

    @edits("policies.edit", DraftForm)
    def partial_update(self, draft: PolicyVersion, bind: Any) -> PolicyVersion:
        """The words of the draft change; who saves is its author."""
        bound = bind(stored={"body": draft.body, "change_summary": draft.change_summary})
        return bound.attempt(lambda data: services.save_draft(version=draft, by=self.user, at=self.at, **data))

    @removes("policies.edit")
    def destroy(self, draft: PolicyVersion, bind: Any) -> None:
        """The draft is thrown away."""
        refusing(lambda: services.discard_draft(version=draft, by=self.user, at=self.at))


def _refuse(sentence: str) -> None:
    raise forms.ValidationError(sentence)


class PolicyReviewRecord(Record):
    confirmed_by = Named(allow_null=True)

    class Meta:
        model = PolicyReview
        fields = ("id", "reviewed_on", "confirmed_by", "note", "next_review_on", "happened_at")


class PolicyReviews(Resource):
    """Every time a policy was read and found still right."""

    queryset = PolicyReview.objects.select_related("confirmed_by")
    serializer_class = PolicyReviewRecord
    reads = "policies.view"
    lookup = "pk"
    ordering = ("-happened_at", "pk")
    parent, parent_field, has_detail = Policies, "policy", False


app_name = "policies-api"
urlpatterns = [
    *routes("policies/", Policies),
    *routes("existing-policies/", ExistingPolicies),
    *routes("policies/<str:ref>/versions/", Versions, one="<str:number>/", name="policy-versions"),
    *routes("policies/<str:ref>/draft/", Draft, one="", name="policy-draft"),
    *routes("policies/<str:ref>/reviews/", PolicyReviews, name="policy-reviews"),
]
