"""What is done about a risk, version by version, and the steps."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from rest_framework import serializers

from engagements.enums import TaskStatus
from engagements.selectors import people
from risks import services
from risks.api.register import RiskHistory, Risks
from risks.forms.treat import StepForm, parts_of, stored_step
from risks.models import PlanStep, TreatmentPlan
from vciso.web.api import Named, Record, Resource, creates, edits, routes


class PlanRecord(Record):
    asked_of = Named(allow_null=True)

    class Meta:
        model = TreatmentPlan
        fields = (
            "id", "treatment", "words", "target_on", "once_minor", "life_years", "yearly_minor", "hours", "hour_minor",
            "state", "asked_of", "answered_at", "answer_reason", "happened_at",
        )  # fmt: skip


class RiskPlans(RiskHistory):
    """Every version of a risk's plan; the latest counts."""

    queryset = TreatmentPlan.objects.select_related("asked_of")
    serializer_class = PlanRecord


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
    """The steps of a risk's plan; each is a task too, which is finished and cancelled among the tasks."""

    queryset = PlanStep.objects.annotate(created_at=F("task__created_at")).select_related(
        "task__assignee", "task__practice_user", "task__client", "risk__client"
    )
    serializer_class = StepRecord
    reads = "risks.view"
    lookup = "pk"
    ordering = ("created_at", "pk")
    parent, parent_field = Risks, "risk"

    def _options(self) -> dict[str, Any]:
        client = self.client
        return {"people": people.choices(client), "team": people.team(client), "currency": client.currency}

    @creates("risks.treat", StepForm)
    def create(self, bind: Any) -> PlanStep:
        """A step joins the plan as a task of the person named."""
        return bind(**self._options()).attempt(
            lambda data: services.add_step(risk=self.above, **parts_of(data), by=self.user, at=self.at)
        )

    @edits("risks.treat", StepForm)
    def partial_update(self, step: PlanStep, bind: Any) -> PlanStep:
        """The words, the person, the date or the cost of a step change."""
        return bind(**self._options(), stored=stored_step(step)).attempt(
            lambda data: services.change_step(step=step, **parts_of(data), by=self.user, at=self.at)
        )


urlpatterns = [
    *routes("risks/<str:ref>/plans/", RiskPlans, name="risk-plans"),
    *routes("risks/<str:ref>/steps/", RiskSteps, name="risk-steps"),
]
