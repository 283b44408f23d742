"""The limits the business sets, and its scale."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.forms.base import LongText, MoneyField, ServiceForm, StandsBy
from engagements.models import Person
from risks.enums import Band
from risks.rules import scoring
from risks.services.limits import KEEP, REVIEW

NO_LIMIT = ("", "No limit set")


class LimitForm(StandsBy):
    """The limit of one category, in the words of the person who set it."""

    band_limit = forms.TypedChoiceField(
        label="Highest level that is still inside",
        choices=[NO_LIMIT, *[choice for choice in Band.choices if choice[0]]],
        coerce=int,
        empty_value=None,
        required=False,
    )
    words = LongText(
        rows=3,
        required=False,
        label="In words",
        help_text="As the business said it: “no more than a day without orders”.",
    )
    money_limit = MoneyField(required=False, above_zero=True, label="Limit in money, once in ten years")
    fifty_limit = MoneyField(
        required=False, above_zero=True, label="Limit in money, once in fifty years",
        help_text="Where the business set one besides.",
    )  # fmt: skip
    approved_by = forms.ModelChoiceField(queryset=Person.objects.none(), required=False, label="Set by")
    approved_on = forms.DateField(required=False, label="Set on")
    from_on = forms.DateField(label="Holds from")
    widths = {"band_limit": "l", "money_limit": "m", "fifty_limit": "m", "approved_by": "l"}

    def __init__(self, *args: Any, people: Any, currency: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["approved_by"].queryset = people
        for name in ("money_limit", "fifty_limit"):
            self.fields[name].currency = currency
            self.fields[name].help_text = f"In {currency}. {self.fields[name].help_text}".strip()
        self.add_stand_by("I know what this limit ends, and set it")


class ToleranceForm(ServiceForm):
    """What one year may cost over the whole register, in the words of whoever set it."""

    sum = MoneyField(above_zero=True, label="At most, in one year")
    words = LongText(rows=3, required=False, label="In words", help_text="What would happen above it, as they said it.")
    set_by = forms.ModelChoiceField(queryset=Person.objects.none(), required=False, label="Set by")
    widths = {"sum": "m", "set_by": "l"}

    def __init__(self, *args: Any, people: Any, currency: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["set_by"].queryset = people
        self.fields["sum"].currency = currency
        self.fields["sum"].help_text = f"In {currency}."


class CategoryForm(ServiceForm):
    """One more way to be hurt."""

    name = forms.CharField(max_length=60)
    widths = {"name": "l"}


class AuthorityForm(StandsBy):
    """Up to which level the owner signs; above it a director does."""

    owner_up_to = forms.TypedChoiceField(
        label="The owner signs for risks up to",
        choices=[choice for choice in Band.choices if choice[0]],
        coerce=int,
        widget=forms.RadioSelect,
        help_text="Above it a director signs. With nobody on the board the owner signs for every risk.",
    )
    approved_by = forms.ModelChoiceField(queryset=Person.objects.none(), required=False, label="Agreed with")
    widths = {"approved_by": "l"}

    def __init__(self, *args: Any, people: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["approved_by"].queryset = people
        self.add_stand_by("I know that these requests are withdrawn, and set who signs")


class ScaleForm(StandsBy):
    """Where the bands end, and a word for each level."""

    low_to = forms.IntegerField(min_value=1, max_value=24, label="Low ends at")
    medium_to = forms.IntegerField(min_value=1, max_value=24, label="Medium ends at")
    high_to = forms.IntegerField(min_value=1, max_value=24, label="High ends at")
    widths = {"__all__": "m"}

    def __init__(self, *args: Any, scale: scoring.Scale, currency: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in ("low_to", "medium_to", "high_to"):
            self.fields[name].initial = getattr(scale, name)
        for kind, words in (("likelihood", scale.likelihood_words), ("impact", scale.impact_words)):
            for number, word in enumerate(words, start=1):
                self.fields[f"{kind}_{number}"] = forms.CharField(
                    max_length=40, label=f"{kind.capitalize()} {number}", initial=word
                )
        for number in range(1, 6):
            self.fields[f"likelihood_means_{number}"] = forms.CharField(
                max_length=80, required=False, label=f"Likelihood {number} means", initial=scale.meaning(number)
            )
        for number in range(1, 5):
            self.fields[f"impact_money_{number}"] = MoneyField(
                required=False, above_zero=True, label=f"Impact {number} costs up to", initial=scale.cost(number)[1]
            )
            self.fields[f"impact_money_{number}"].currency = currency
        self.stand_on({name: field.initial for name, field in self.fields.items()})
        self.fields["ratings"] = forms.ChoiceField(
            label="What becomes of the ratings that stand?",
            widget=forms.RadioSelect,
            choices=[
                (KEEP, "They stay as they were judged, and are read by the new bands"),
                (REVIEW, "They are judged again: every rated open risk is due for review today"),
            ],
        )
        self.add_stand_by("I know that levels change and acceptances end, and set this scale")

    def words(self, kind: str) -> list[str]:
        return [self.cleaned_data[f"{kind}_{number}"] for number in range(1, 6)]

    @property
    def sums(self) -> list[int | None]:
        return [self.cleaned_data[f"impact_money_{number}"] for number in range(1, 5)]

    @property
    def means(self) -> list[forms.BoundField]:
        return [self[f"likelihood_means_{number}"] for number in range(1, 6)]

    @property
    def costs(self) -> list[forms.BoundField]:
        return [self[f"impact_money_{number}"] for number in range(1, 5)]

    @property
    def likelihoods(self) -> list[forms.BoundField]:
        return [self[f"likelihood_{number}"] for number in range(1, 6)]

    @property
    def impacts(self) -> list[forms.BoundField]:
        return [self[f"impact_{number}"] for number in range(1, 6)]
