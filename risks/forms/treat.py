"""Planning, asking for approval, asking for acceptance."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.forms.base import LongText, MoneyField, ServiceForm, stored_values
from engagements.forms.work import TaskForm
from engagements.models import Person
from risks.enums import Treatment
from risks.models import PlanStep, Risk, TreatmentPlan
from risks.rules.treating import LIFE_YEARS, LONGEST_LIFE, MOST_HOURS, Cost
from risks.services.acceptance import ACCEPT, DECLINE

COST = ("once_minor", "life_years", "yearly_minor", "hours", "hour_minor")
TASK = ("title", "detail", "side", "assignee", "practice_user", "due_on")


class PlanForm(ServiceForm):
    """What is done about a risk, by when, and what it costs."""

    treatment = forms.ChoiceField(choices=Treatment.choices, widget=forms.RadioSelect)
    words = LongText(rows=4, required=False, label="What will be done")
    target_on = forms.DateField(required=False, label="Done by")
    once_minor = MoneyField(required=False, label="Costs once")
    life_years = forms.IntegerField(
        required=False, min_value=1, max_value=LONGEST_LIFE, label="Lasts, in years", initial=LIFE_YEARS
    )
    yearly_minor = MoneyField(required=False, label="Costs each year")
    hours = forms.IntegerField(required=False, min_value=0, max_value=MOST_HOURS, label="Hours each year")
    hour_minor = MoneyField(required=False, label="One hour costs")

    def __init__(self, *args: Any, currency: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in COST:
            self.fields[name].widget.attrs["data-width"] = "s"
            self.fields[name].unmarked = True  # type: ignore[attr-defined]  # ours: the page says what may stay empty
            if isinstance(field := self.fields[name], MoneyField):
                field.currency = currency

    @property
    def cost_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in COST]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        once, life, yearly, hours, hour = (cleaned.pop(name, None) for name in COST)
        cleaned["cost"] = Cost(once, life or LIFE_YEARS, yearly, hours, hour)
        return cleaned


def stored_plan(risk: Risk, plan: TreatmentPlan | None) -> dict[str, Any]:
    """What the register holds of a plan, by field of the form."""
    costs = {name: getattr(plan, name) if plan else None for name in COST}
    costs["life_years"] = costs["life_years"] or LIFE_YEARS
    return {"treatment": risk.treatment, "words": risk.plan, "target_on": risk.target_on, **costs}


class StepForm(TaskForm):
    """A task that belongs to the plan of a risk, and what it takes of the money."""

    cost_minor = MoneyField(required=False, label="What it costs once", help_text="Empty while nobody knows.")
    raised_from = private = private_notes = None  # type: ignore[assignment]  # a step takes these from its risk
    widths = {"assignee": "l", "practice_user": "l"}

    def __init__(self, *args: Any, currency: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["cost_minor"].currency = currency  # type: ignore[attr-defined]  # a sum of money
        self.fields["cost_minor"].widget.attrs["data-width"] = "s"


def parts_of(answer: dict[str, Any]) -> dict[str, Any]:
    """A step as the services take it: the task's own part, and the cost."""
    task = dict(answer)
    return {"cost_minor": task.pop("cost_minor"), "task": task}


def stored_step(step: PlanStep) -> dict[str, Any]:
    """What the register holds of a step, by field of the form."""
    return stored_values(step.task, TASK) | {"cost_minor": step.cost_minor}


class AskedForm(ServiceForm):
    """Whom to ask, and by when."""

    asked_of = forms.ModelChoiceField(queryset=Person.objects.none(), label="Who decides")
    due_on = forms.DateField(required=False, label="Answer wanted by")
    advice = LongText(rows=3, required=False, label="Your advice, in one or two sentences")

    def __init__(self, *args: Any, people: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["asked_of"].queryset = people
        self.fields["asked_of"].empty_label = "Choose a person"


class AskPlanForm(AskedForm):
    """The plan is put to the owner or a director."""


class AskAcceptanceForm(AskedForm):
    """An owner is asked to carry the risk until a day."""

    until = forms.DateField(label="If accepted, until", help_text="At most 12 months. The risk comes back by itself.")
    conditions = LongText(
        rows=2, required=False, label="On condition that", help_text="What has to stay true meanwhile."
    )
    measure = LongText(
        rows=2, required=False, label="What lowers it meanwhile", help_text="What is done instead of mending it."
    )
    field_order = ("asked_of", "until", "advice", "conditions", "measure", "due_on")

    def __init__(self, *args: Any, who_signs: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["asked_of"].help_text = who_signs


class RecordAcceptanceForm(ServiceForm):
    """What an owner said on a call, with who else heard it or the mail that shows it.

    With a request that waits, the answer is to that; otherwise the request is written down with it.
    """

    answer = forms.ChoiceField(
        label="What they answered",
        choices=[(ACCEPT, "They accept the risk"), (DECLINE, "They do not accept it")],
        widget=forms.RadioSelect,
    )
    asked_of = forms.ModelChoiceField(queryset=Person.objects.none(), label="Who said it")
    on = forms.DateField(label="Said on")
    until = forms.DateField(label="Accepted until", help_text="At most 12 months.")
    reason = LongText(rows=3, label="What they said")
    witness = forms.CharField(
        max_length=200,
        required=False,
        label="Who else heard it",
        help_text="Name a witness, or attach the mail or note that shows it.",
    )
    file = forms.FileField(label="Mail or note", required=False)
    conditions = LongText(rows=2, required=False, label="On condition that")
    measure = LongText(rows=2, required=False, label="What lowers it meanwhile")
    widths = {"witness": "l"}

    def __init__(self, *args: Any, people: Any, who_signs: str, waiting: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["asked_of"].queryset = people
        self.fields["asked_of"].help_text = who_signs
        self.fields["asked_of"].empty_label = "Choose a person"
        for name in ("asked_of", "until", "conditions", "measure") if waiting else ("answer",):
            del self.fields[name]
