"""Adding a scenario to a register, writing one for the practice, offering one to clients."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.enums import DataKind
from engagements.forms.base import LongText, ServiceForm
from risks.enums import DEFAULT_CATEGORIES, STRATEGIC, RatingKind
from risks.forms.risk import RatingFields, WordingForm
from risks.rules.proposing import EVERYBODY, Scenario
from risks.selectors.frame import Frame
from risks.selectors.library import WORDS, sectors
from vciso.tenancy.models import Client

CATEGORIES = tuple((key, name) for key, name, _ in (*DEFAULT_CATEGORIES, STRATEGIC))
LIKELIHOODS = (("low", "Low"), ("medium", "Medium"), ("high", "High"))
CONFIRMED = (RatingKind.BEFORE, RatingKind.NOW)


class AdoptForm(RatingFields, WordingForm):
    """A scenario on its way into a register: its words, and the impacts that a consultant confirms.

    Before controls, each category that the scenario touches is asked for, with the library's hint.
    """

    def __init__(self, *args: Any, scenario: Scenario, measure: Frame, **rest: Any) -> None:
        words = {name: getattr(scenario, name) for name in WORDS}
        super().__init__(*args, initial=words, **rest)
        self.measure, self.scenario = measure, scenario
        for kind in CONFIRMED:
            self.add_rating(kind)
        self.fields["before_likelihood"].initial = scenario.level
        self.fields["before_likelihood"].help_text = "The library begins with this. What is it here?"
        touched = self._touched(RatingKind.BEFORE)
        self.fields["before_likelihood"].required = bool(touched)
        for field in touched:
            field.required = True
            field.choices = [("", "Choose the impact here"), *field.choices[1:]]
        for kind in CONFIRMED:
            for key, hint in scenario.hints.items():
                if field := self.fields.get(f"{kind}_impact_{key}"):
                    field.help_text = hint

    def _touched(self, kind: str) -> list[Any]:
        names = [f"{kind}_impact_{key}" for key in self.scenario.categories]
        return [self.fields[name] for name in names if name in self.fields]

    @property
    def asked_impacts(self) -> list[forms.BoundField]:
        """The categories that the scenario touches, before controls."""
        return [one for one in self.impact_fields(RatingKind.BEFORE) if one.field.required]

    @property
    def other_impacts(self) -> list[forms.BoundField]:
        return [one for one in self.impact_fields(RatingKind.BEFORE) if not one.field.required]

    @property
    def now_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(RatingKind.NOW)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["ratings"] = {kind: self.rating_of(kind) for kind in CONFIRMED}
        return cleaned


class ScenarioForm(ServiceForm):
    """A scenario in the practice's words, and whom it concerns."""

    title = forms.CharField(max_length=200, help_text="What could go wrong, in one line.")
    cause = LongText(rows=2, required=False, help_text="A whole sentence: why it could happen.")
    event = LongText(rows=2, required=False, help_text="Reads on from “If …”.")
    consequence = LongText(rows=2, required=False, help_text="Reads on from “it would mean …”.")
    likelihood = forms.ChoiceField(
        choices=LIKELIHOODS, initial="medium", help_text="Before controls: where the talk with a client begins."
    )
    categories = forms.MultipleChoiceField(
        choices=CATEGORIES, widget=forms.CheckboxSelectMultiple, label="Impact categories it touches"
    )
    industries = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, required=False, label="Sectors it is common in"
    )
    kept = forms.MultipleChoiceField(
        choices=DataKind.choices, widget=forms.CheckboxSelectMultiple, required=False, label="Data that raises it"
    )
    widths = {"likelihood": "m"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["industries"].choices = [  # type: ignore[attr-defined]  # a choice field
            (EVERYBODY, "Every business"),
            *sorted(((one.key, one.label[0].upper() + one.label[1:]) for one in sectors()), key=lambda one: one[1]),
        ]
        for key, name in CATEGORIES:
            self.fields[f"hint_{key}"] = forms.CharField(
                label=f"Hint for {name.lower()}", max_length=200, required=False
            )
        self.order_fields(list(self.base_fields))

    @property
    def hint_fields(self) -> list[forms.BoundField]:
        return [self[f"hint_{key}"] for key, _ in CATEGORIES]

    @staticmethod
    def values(cleaned: dict[str, Any]) -> dict[str, Any]:
        """The cleaned values as the services take them: hints by category."""
        given = {name: value for name, value in cleaned.items() if not name.startswith("hint_")}
        return given | {"data": given.pop("kept"), "hints": {key: cleaned[f"hint_{key}"] for key, _ in CATEGORIES}}

    @staticmethod
    def stored(scenario: Scenario) -> dict[str, Any]:
        """A scenario as the form shows it."""
        names = (*WORDS, "likelihood")
        lists = {name: list(getattr(scenario, name)) for name in ("categories", "industries")}
        lists["kept"] = list(scenario.data)
        hints = {f"hint_{key}": scenario.hints.get(key, "") for key, _ in CATEGORIES}
        return {name: getattr(scenario, name) for name in names} | lists | hints


class TakeOverForm(ServiceForm):
    """Which parts of an offered change a register takes over."""

    part = forms.MultipleChoiceField(choices=[(name, name.capitalize()) for name in WORDS], required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class OfferForm(ServiceForm):
    """Which clients are offered what the library says, and why."""

    clients = forms.ModelMultipleChoiceField(
        queryset=Client.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="Nothing changes there before somebody compares and decides.",
    )  # fmt: skip
    why = LongText(rows=3, label="Why", help_text="Whoever decides reads this beside the change.")

    def __init__(self, *args: Any, clients: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["clients"].queryset = clients  # type: ignore[attr-defined]  # a model choice
