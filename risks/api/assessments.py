"""Assessments of the register as a whole, and what each keeps."""

from __future__ import annotations

from typing import Any

from engagements.selectors import people
from risks import services
from risks.forms.assessment import AssessmentForm, words_of
from risks.models import RiskAssessment
from vciso.web.api import Named, Record, Resource, creates, edits, refusing, routes, verb


class AssessmentRecord(Record):
    asked_of = Named(allow_null=True)

    class Meta:
        model = RiskAssessment
        fields = (
            "id", "reference", "title", "kind", "as_of", "scope", "method", "participants", "conclusion", "state",
            "sha256", "frozen_at", "asked_of", "answered_on", "signer_name", "reason", "made_at", "read_at",
            "discarded_at",
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

    @edits("risks.assess", AssessmentForm)
    def partial_update(self, row: RiskAssessment, bind: Any) -> RiskAssessment:
        """A draft's words change, and the register of its day is read again."""
        bound = bind(people=people.choices(self.client), team=people.team(self.client), stored=words_of(row))
        return bound.attempt(
            lambda data: services.edit_assessment(
                assessment=row, assessed=AssessmentForm.assessed(data), by=self.user, at=self.at
            )
        )

    @verb("risks.assess")
    def read_again(self, row: RiskAssessment, bind: Any) -> RiskAssessment:
        """The words of a draft stay, and the register of its day is read again."""
        return refusing(lambda: services.reread_assessment(assessment=row, by=self.user, at=self.at))

    @verb("risks.assess")
    def discard(self, row: RiskAssessment, bind: Any) -> RiskAssessment:
        """A draft leaves the list of the pages; “restore” takes it back."""
        return refusing(lambda: services.discard_assessment(assessment=row, by=self.user, at=self.at))

    @verb("risks.keep_assessment")
    def restore(self, row: RiskAssessment, bind: Any) -> RiskAssessment:
        """A discarded draft is a draft again."""
        return refusing(lambda: services.restore_assessment(assessment=row, by=self.user, at=self.at))


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


urlpatterns = [
    *routes("risk-assessments/", Assessments),
    *routes("risk-assessments/<str:ref>/facts/", AssessmentFacts, one="", name="risk-assessment-facts"),
]
