"""An assessment of the register as a whole, and which two to compare."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.forms.base import LongText, ServiceForm
from engagements.models import Person
from risks.enums import AssessmentKind
from risks.models import RiskAssessment
from risks.services.assessment import LONGEST, Assessed
from vciso.tenancy.models import User
from vciso.web.forms import Form

METHOD = (
    "Each risk is rated for likelihood and impact from 1 to 5, before controls and as it stands now; the worst "
    "impact counts. The product is compared with the limits that the business set."
)


class AssessmentForm(ServiceForm):
    """Of which day, of what, how, with whom, and to what end."""

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=AssessmentKind.choices)
    as_of = forms.DateField(label="The register as it stood on", help_text="Today or a day before, read from history.")
    scope = LongText(rows=3, max_length=LONGEST, help_text="Which places, systems, data and processes.")
    method = LongText(rows=3, max_length=LONGEST, help_text="How it was assessed.")
    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Took part, client"
    )
    team = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Took part, practice"
    )
    conclusion = LongText(
        rows=4,
        max_length=LONGEST,
        required=False,
        help_text="What the business should take from it. Needed before you ask for approval.",
    )
    widths = {"title": "l", "kind": "l"}

    def __init__(self, *args: Any, people: Any, team: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.offer("people", people)
        self.offer("team", team)

    @staticmethod
    def assessed(data: dict[str, Any]) -> Assessed:
        return Assessed(**{**data, "people": list(data["people"]), "team": list(data["team"])})


def words_of(assessment: RiskAssessment) -> dict[str, Any]:
    """What the form begins with: the words of an assessment that there is."""
    took_part = assessment.participants
    return {name: getattr(assessment, name) for name in ("title", "kind", "as_of", "scope", "method", "conclusion")} | {
        "people": [one["id"] for one in took_part if one["side"] == "client"],
        "team": [one["id"] for one in took_part if one["side"] == "practice"],
    }


TODAY = "today"


class CompareForm(Form):
    """Two assessments, or one and the register as it stands."""

    earlier = forms.ChoiceField(label="Compare")
    later = forms.ChoiceField(label="with")

    def __init__(self, *args: Any, rows: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["earlier"].choices = rows  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["later"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (TODAY, "The register today"),
            *rows,
        ]
