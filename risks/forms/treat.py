"""Planning, asking for approval, asking for acceptance."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.forms.base import LongText, ServiceForm
from engagements.models import Person
from risks.enums import Treatment


class PlanForm(ServiceForm):
    """What is done about a risk, and by when."""

    treatment = forms.ChoiceField(choices=Treatment.choices, widget=forms.RadioSelect)
    words = LongText(rows=4, required=False, label="What will be done")
    target_on = forms.DateField(required=False, label="Done by")


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


class RecordAcceptanceForm(ServiceForm):
    """What an owner said on a call, with who else heard it."""

    asked_of = forms.ModelChoiceField(queryset=Person.objects.none(), label="Who said it")
    until = forms.DateField(label="Accepted until", help_text="At most 12 months.")
    reason = LongText(rows=3, label="What they said")
    witness = forms.CharField(max_length=200, help_text="Who else heard it.")
    conditions = LongText(rows=2, required=False, label="On condition that")
    measure = LongText(rows=2, required=False, label="What lowers it meanwhile")

    def __init__(self, *args: Any, people: Any, waiting: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["asked_of"].queryset = people
        self.fields["asked_of"].empty_label = "Choose a person"
        if waiting:
            for name in ("asked_of", "until", "conditions", "measure"):
                del self.fields[name]
            self.fields["on"] = forms.DateField(label="Said on")
            choices = [("accept", "They accept the risk"), ("decline", "They do not accept it")]
            self.fields["answer"] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, initial="accept")
            self.order_fields(["answer", "on", "reason", "witness"])
