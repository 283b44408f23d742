"""The register for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from rest_framework import serializers

from engagements.enums import TaskStatus
from engagements.forms.base import stored_values
from engagements.selectors import people
from risks import services
from risks.enums import EstimateKind, RatingKind, Status
from risks.forms.assessment import AssessmentForm
from risks.forms.estimate import EstimateForm
from risks.forms.filters import RiskFilter
from risks.forms.library import TakeOverForm
from risks.forms.links import LinkForm
from risks.forms.merging import MergeForm
from risks.forms.risk import STORED, NewRiskForm, RateForm, ReasonForm, WordingForm, wording_of
from risks.forms.treat import PlanForm, StepForm, parts_of, stored_plan
from risks.models import (
    EstimatedLoss,
    LibraryChange,
    PlanStep,
    Risk,
    RiskAssessment,
    RiskEstimate,
    RiskLink,
    RiskRating,
    RiskReview,
    TreatmentPlan,
)
from risks.selectors import estimates, links, listing
from risks.selectors.frame import frame
from risks.services.standing import latest_ratings
from risks.services.treatment import latest_plan
from vciso.web.api import Named, Nest, Record, Resource, creates, edits, refusing, removes, routes, verb
from vciso.web.api.bodies import WrongType

LEVEL = {"type": ["integer", "null"], "minimum": 1, "maximum": 5}
RATING = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "likelihood": LEVEL,
        "impacts": {
            "type": "object",
            "description": "A level for each impact category of the client, by its key.",
            "additionalProperties": LEVEL,
        },
    },
}
KINDS = tuple(RatingKind.values)


def _flatten(given: Any) -> dict[str, Any]:
    """{"now": {"likelihood": 4, "impacts": {"legal": 3}}} → now_likelihood, now_impact_legal."""
    found: dict[str, Any] = {}
    if not isinstance(given, dict):
        raise WrongType("Send an object with “before”, “now” or “target”.")
    for kind, rating in given.items():
        impacts = rating.get("impacts", {}) if isinstance(rating, dict) else None
        if kind not in KINDS or not isinstance(impacts, dict) or set(rating) - {"likelihood", "impacts"}:
            raise WrongType("Give each of “before”, “now” and “target” a likelihood and impacts by category.")
        if "likelihood" in rating:
            found[f"{kind}_likelihood"] = rating["likelihood"]
        found |= {f"{kind}_impact_{category}": level for category, level in impacts.items()}
    return found


def _pointer(name: str) -> str | None:
    kind, _, rest = name.partition("_")
    if kind not in KINDS or not rest.startswith(("likelihood", "impact_")):
        return None
    return f"/ratings/{kind}/" + rest.replace("impact_", "impacts/", 1)


RATINGS = Nest(
    "ratings",
    {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(KINDS, RATING)},
    _flatten,
    _pointer,
)


class RiskRecord(Record):
    owner = Named(allow_null=True)
    merged_into = serializers.SlugRelatedField(slug_field="reference", read_only=True, allow_null=True)
    split_from = serializers.SlugRelatedField(slug_field="reference", read_only=True, allow_null=True)

    class Meta:
        model = Risk
        fields = (
            "id", "reference", "source_reference", "title", "cause", "event", "consequence", "description",
            "category", "affects", "controls", "owner", "status", "raised_on", "closed_on", "origin",
            "treatment", "plan", "target_on", "plan_approved_on", "accepted_until", "acceptance_gap",
            "scenario", "review_months", "last_reviewed_on", "next_review_on", "before_likelihood", "before_impact",
            "merged_into", "split_from",
            "before_score", "now_likelihood", "now_impact", "now_score", "now_band", "now_impacts",
            "target_likelihood", "target_impact", "target_score", "position", "is_above", "bands_above",
            "worst_category", "one_in_ten_minor", "loss_over_limit", "private_notes",
        )  # fmt: skip
        internal = ("source_reference", "origin", "scenario", "private_notes")


class Risks(Resource):
    """Risks of the register. Without a status the list shows open ones; owners see no proposals."""

    queryset = Risk.objects.all()
    serializer_class = RiskRecord
    filterset_class = RiskFilter
    reads = "risks.read"
    ordering = ("number",)
    session_verbs = {
        "plan/ask": "risks.ask", "plan/withdraw": "risks.ask", "accept": "risks.ask", "accept/record": "risks.ask",
        "accept/withdraw": "risks.ask", "accept/end": "risks.ask",
    }  # fmt: skip

    def rows(self) -> Any:
        rows = super().rows().select_related("owner", "client", "merged_into", "split_from")
        return rows if self.actor.is_practice_side else rows.exclude(status=Status.PROPOSED)

    def filter_options(self) -> dict[str, Any]:
        chosen = listing.choices(self.client)
        return {"today": self.today, "owners": chosen.owners, "categories": chosen.categories}

    @creates("risks.raise", NewRiskForm, [RATINGS])
    def create(self, bind: Any) -> Risk:
        """A risk enters the register under the next reference."""
        bound = bind(people=people.choices(self.client), measure=frame(self.client, self.today))
        return bound.attempt(
            lambda data: services.raise_risk(
                client=self.client, by=self.user, at=self.at, wording=wording_of(data), owner=data["owner"],
                ratings=data["ratings"], treatment=data["treatment"], plan=data["plan"], target_on=data["target_on"],
            )
        )  # fmt: skip

    @edits("risks.edit", WordingForm)
    def partial_update(self, risk: Risk, bind: Any) -> Risk:
        """The words, the owner or the rhythm of review change."""
        bound = bind(people=people.choices(self.client), stored=stored_values(risk, STORED))
        return bound.attempt(
            lambda data: services.edit_risk(
                risk=risk, by=self.user, at=self.at, wording=wording_of(data), owner=data["owner"]
            )
        )

    @verb("risks.rate", RateForm, [RATINGS])
    def rate(self, risk: Risk, bind: Any) -> Risk:
        """One of the ratings is judged anew; impacts that are left out keep their level."""
        asked = self.request.data.get("ratings")
        kind = next((one for one in KINDS if isinstance(asked, dict) and one in asked), RatingKind.NOW)
        known = latest_ratings([risk]).get(risk.pk, {}).get(kind)
        bound = bind(measure=frame(self.client, self.today), kind=kind, rating=known)
        return bound.attempt(
            lambda data: services.rate_risk(
                risk=risk, kind=kind, rating=data["rating"], reason=data["reason"], by=self.user, at=self.at
            )
        )

    @verb("risks.rate", EstimateForm)
    def estimate(self, risk: Risk, bind: Any) -> Risk:
        """What it could cost in a year is estimated anew, in the client's minor units."""
        return self._estimate(risk, bind, EstimateKind.NOW)

    @verb("risks.rate", EstimateForm)
    def estimate_after(self, risk: Risk, bind: Any) -> Risk:
        """What it could cost once the plan is done; numbers that are left out are those of today."""
        return self._estimate(risk, bind, EstimateKind.AFTER)

    def _estimate(self, risk: Risk, bind: Any, kind: str) -> Risk:
        known = estimates.latest(risk, kind)
        begin = None if known or kind == EstimateKind.NOW else estimates.latest(risk)
        bound = bind(estimate=known, begin=begin, currency=self.client.currency, kind=kind)
        bound.attempt(lambda data: services.estimate_risk(risk=risk, by=self.user, at=self.at, **data["estimate"]))
        return risk

    @verb("risks.treat", PlanForm)
    def plan(self, risk: Risk, bind: Any) -> Risk:
        """What is done about it, and what that costs, changes; a changed plan needs a new approval."""
        stored = stored_plan(risk, latest_plan(risk))
        bound = bind(stored=stored, currency=self.client.currency, today=self.today)
        bound.attempt(lambda data: services.plan_treatment(risk=risk, by=self.user, at=self.at, **data))
        return risk

    @verb("risks.close", ReasonForm)
    def close(self, risk: Risk, bind: Any) -> Risk:
        """The risk leaves the open list; its reference and history stay."""
        return bind().attempt(lambda data: services.close_risk(risk=risk, by=self.user, at=self.at, **data))

    @verb("risks.merge", MergeForm)
    def merge(self, risk: Risk, bind: Any) -> Risk:
        """A duplicate is closed and points to the risk that stays; reopening it undoes this."""
        bound = bind(client=self.client)
        return bound.attempt(lambda data: services.merge_risk(risk=risk, by=self.user, at=self.at, **data))

    @verb("risks.reopen", ReasonForm)
    def reopen(self, risk: Risk, bind: Any) -> Risk:
        """The risk comes back under its reference, due for review at once."""
        return bind().attempt(lambda data: services.reopen_risk(risk=risk, by=self.user, at=self.at, **data))

    @verb("risks.edit")
    def reviewed(self, risk: Risk, bind: Any) -> Risk:
        """Somebody looked, and nothing changed."""
        refusing(lambda: services.review_unchanged(risks=[risk], by=self.user, at=self.at))
        return risk

    @verb("risks.edit")
    def confirm(self, risk: Risk, bind: Any) -> Risk:
        """A proposal becomes part of the register."""
        return refusing(lambda: services.confirm_risk(risk=risk, by=self.user, at=self.at))


class RatingRecord(Record):
    class Meta:
        model = RiskRating
        fields = ("id", "kind", "likelihood", "impacts", "previous_score", "reason", "happened_at")


class RiskRatings(Resource):
    """Every rating a risk was given; the latest of each kind counts."""

    queryset = RiskRating.objects.all()
    serializer_class = RatingRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("-happened_at", "pk")
    parent, parent_field, has_detail = Risks, "risk", False


class LossRecord(Record):
    class Meta:
        model = EstimatedLoss
        fields = ("form", "low_minor", "likely_minor", "high_minor", "chance")


class EstimateRecord(Record):
    losses = LossRecord(many=True)

    class Meta:
        model = RiskEstimate
        fields = (
            "id", "kind", "frequency_low", "frequency_likely", "frequency_high", "losses", "basis", "mean_minor",
            "one_in_ten_minor", "one_in_fifty_minor", "per_event_minor", "seed", "method", "numpy_version",
            "happened_at",
        )  # fmt: skip


class RiskEstimates(Resource):
    """Every estimate of a risk in money, as it is and after its plan; the latest of each kind counts."""

    queryset = RiskEstimate.objects.prefetch_related("losses")
    serializer_class = EstimateRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("-happened_at", "pk")
    parent, parent_field, has_detail = Risks, "risk", False


class PlanRecord(Record):
    asked_of = Named(allow_null=True)

    class Meta:
        model = TreatmentPlan
        fields = (
            "id", "treatment", "words", "target_on", "once_minor", "life_years", "yearly_minor", "hours", "hour_minor",
            "state", "asked_of", "answered_at", "answer_reason", "happened_at",
        )  # fmt: skip


class RiskPlans(Resource):
    """Every version of a risk's plan; the latest counts."""

    queryset = TreatmentPlan.objects.select_related("asked_of")
    serializer_class = PlanRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("-happened_at", "pk")
    parent, parent_field, has_detail = Risks, "risk", False


class StepRecord(Record):
    task = serializers.CharField(source="task.reference")
    title = serializers.CharField(source="task.title")
    who = serializers.CharField(source="task.who")
    due_on = serializers.DateField(source="task.due_on", allow_null=True)
    status = serializers.ChoiceField(source="task.status", choices=TaskStatus.choices)

    class Meta:
        model = PlanStep
        fields = ("id", "task", "title", "who", "due_on", "status", "cost_minor")


class RiskSteps(Resource):
    """The steps of a risk's plan; each is a task, read, changed and finished among the tasks."""

    queryset = PlanStep.objects.annotate(created_at=F("task__created_at")).select_related(
        "task__assignee", "task__practice_user", "task__client", "risk__client"
    )
    serializer_class = StepRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("created_at", "pk")
    parent, parent_field, has_detail = Risks, "risk", False

    def address(self, record: PlanStep) -> str:
        return str(self.request.path)

    @creates("risks.treat", StepForm)
    def create(self, bind: Any) -> PlanStep:
        """A step joins the plan as a task of the person named."""
        bound = bind(people=people.choices(self.client), team=people.team(self.client), currency=self.client.currency)
        return bound.attempt(
            lambda data: services.add_step(risk=self.above, **parts_of(data), by=self.user, at=self.at)
        )


class ReviewRecord(Record):
    class Meta:
        model = RiskReview
        fields = ("id", "on", "outcome", "note", "happened_at")


class RiskReviews(Resource):
    """Every time somebody looked at a risk."""

    queryset = RiskReview.objects.all()
    serializer_class = ReviewRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("-happened_at", "pk")
    parent, parent_field, has_detail = Risks, "risk", False


class LinkRecord(Record):
    kind = serializers.CharField(source="field", read_only=True)
    reference = serializers.CharField(source="record.reference", read_only=True)
    name = serializers.CharField(source="title", read_only=True)

    class Meta:
        model = RiskLink
        fields = ("id", "kind", "reference", "name", "is_origin", "happened_at")


class RiskLinks(Resource):
    """What a risk has to do with: systems, processes, vendors, policies, tasks and decisions."""

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


class AssessmentRecord(Record):
    asked_of = Named(allow_null=True)

    class Meta:
        model = RiskAssessment
        fields = (
            "id", "reference", "title", "kind", "as_of", "scope", "method", "participants", "conclusion", "state",
            "sha256", "frozen_at", "asked_of", "answered_on", "signer_name", "reason", "made_at",
        )  # fmt: skip


class Assessments(Resource):
    """Assessments of the register as a whole; owners see no drafts."""

    queryset = RiskAssessment.objects.select_related("asked_of").defer("facts")
    serializer_class = AssessmentRecord
    reads = "risks.read"
    ordering = ("-as_of", "-reference")

    @creates("risks.assess", AssessmentForm)
    def create(self, bind: Any) -> RiskAssessment:
        """A draft with the register as it stood on its day; approval is asked by people, on the pages."""
        bound = bind(people=people.choices(self.client), team=people.team(self.client))
        return bound.attempt(
            lambda data: services.draft_assessment(
                client=self.client, assessed=AssessmentForm.assessed(data), by=self.user, at=self.at
            )
        )


class FactsRecord(Record):
    class Meta:
        model = RiskAssessment
        fields = ("reference", "as_of", "sha256", "facts")


class AssessmentFacts(Resource):
    """Limits and risks as an assessment keeps them."""

    queryset = RiskAssessment.objects.all()
    serializer_class = FactsRecord
    reads = "risks.read"
    has_list = False


app_name = "risks-api"
urlpatterns = [
    *routes("risks/", Risks),
    *routes("library-changes/", LibraryChanges),
    *routes("risk-assessments/", Assessments),
    *routes("risk-assessments/<str:ref>/facts/", AssessmentFacts, one="", name="risk-assessment-facts"),
    *routes("risks/<str:ref>/ratings/", RiskRatings, name="risk-ratings"),
    *routes("risks/<str:ref>/estimates/", RiskEstimates, name="risk-estimates"),
    *routes("risks/<str:ref>/plans/", RiskPlans, name="risk-plans"),
    *routes("risks/<str:ref>/steps/", RiskSteps, name="risk-steps"),
    *routes("risks/<str:ref>/links/", RiskLinks, name="risk-links"),
    *routes("risks/<str:ref>/reviews/", RiskReviews, name="risk-reviews"),
]
