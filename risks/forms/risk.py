"""Writing a risk down, and rating it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from engagements.forms.base import LongText, ServiceForm
from engagements.models import Person
from risks.enums import UNCONFIRMED, RatingKind, Treatment
from risks.rules import scoring
from risks.selectors.frame import Frame
from risks.selectors.links import Found
from risks.selectors.wording import impact_costs
from risks.services import Wording

WORDS = ("title", "cause", "event", "consequence", "category", "affects", "controls", "private_notes")
STEPS = ("up", "down")
STORED = (*WORDS, "review_months", "owner")


def wording_of(data: dict[str, Any]) -> Wording:
    """The typed words as the services take them."""
    words = {name: data[name] for name in WORDS if name in data}
    return Wording(**words, review_months=data.get("review_months") or 0)


class RatingFields(forms.BaseForm):
    """Adds one likelihood and one impact per category for the kinds of rating a form asks for."""

    measure: Frame
    kinds: tuple[str, ...]

    def add_rating(self, kind: str, rating: scoring.Rating | None = None) -> None:
        """Fields `{kind}_likelihood` and `{kind}_impact_{category}`, filled from the rating."""
        scale = self.measure.scale
        given = dict(rating.impacts) if rating else {}
        self.fields[f"{kind}_likelihood"] = forms.TypedChoiceField(
            label="How likely",
            choices=[("", "Not rated"), *_levels(scale.likelihood_words, scale.meaning)],
            coerce=int,
            empty_value=None,
            required=False,
            initial=rating.likelihood if rating else None,
        )
        for row in self.measure.rows:
            if not row.active and row.key not in given:
                continue
            self.fields[f"{kind}_impact_{row.key}"] = forms.TypedChoiceField(
                label=row.name,
                help_text=row.hint,
                choices=[
                    ("", "Not touched"),
                    *_levels(scale.impact_words, lambda level: impact_costs(scale.cost(level))),
                ],
                coerce=int,
                empty_value=None,
                required=False,
                initial=given.get(row.key),
            )
        if UNCONFIRMED in given:
            self.fields[f"{kind}_impact_{UNCONFIRMED}"] = forms.TypedChoiceField(
                label="Category to confirm",
                help_text="From the imported register. Move it to the category it belongs to.",
                choices=[("", "Moved"), *_levels(scale.impact_words, lambda level: impact_costs(scale.cost(level)))],
                coerce=int,
                empty_value=None,
                required=False,
                initial=given[UNCONFIRMED],
            )

    def impact_fields(self, kind: str) -> list[forms.BoundField]:
        prefix = f"{kind}_impact_"
        return [self[name] for name in self.fields if name.startswith(prefix)]

    def rating_of(self, kind: str) -> scoring.Rating | None:
        """The rating as typed; None where nothing was; an error where half of it was."""
        prefix = f"{kind}_impact_"
        data = self.cleaned_data
        impacts = {
            name.removeprefix(prefix): value
            for name, value in data.items()
            if name.startswith(prefix) and value is not None
        }
        likelihood = data.get(f"{kind}_likelihood")
        if likelihood is None and impacts and f"{kind}_likelihood" not in self.errors:
            self.add_error(f"{kind}_likelihood", "Say how likely it is, since you gave an impact.")
        if likelihood is not None and not impacts and not any(name.startswith(prefix) for name in self.errors):
            self.add_error(f"{kind}_likelihood", "Give an impact in at least one category, since you gave this.")
        return scoring.rating(likelihood, impacts)


def _levels(words: tuple[str, ...], more: Callable[[int], str]) -> list[tuple[int, str]]:
    """Each level with its word, and in brackets what it means where that was agreed."""
    labels = [(number, f"{number} {word}", more(number)) for number, word in enumerate(words, start=1)]
    return [(number, f"{label} ({said})" if said else label) for number, label, said in labels]


class WordingForm(ServiceForm):
    """The words of a risk. The hints follow the sentence they are printed in."""

    title = forms.CharField(max_length=200, help_text="What could go wrong, in one line.")
    cause = LongText(rows=2, required=False, help_text="A whole sentence: why it could happen here.")
    event = LongText(rows=2, required=False, help_text="Reads on from “If …”.")
    consequence = LongText(rows=2, required=False, help_text="Reads on from “it would mean …”.")
    category = forms.CharField(
        max_length=120, required=False, help_text="Where it belongs: access, third party, people."
    )
    owner = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, help_text="Who looks after it at the client."
    )
    affects = forms.CharField(max_length=2000, required=False, help_text="Systems, processes or data it touches.")
    controls = LongText(rows=2, required=False, label="Protection in place")
    review_months = forms.IntegerField(
        min_value=0,
        max_value=60,
        required=False,
        label="Review every … months",
        help_text="Empty or 0: by its level, critical each month, high every 3, medium every 6, low every 12.",
    )
    private_notes = LongText(rows=3, required=False, help_text="Only your practice sees these. They reach no report.")
    widths = {"owner": "l", "category": "l", "review_months": "s"}

    def __init__(self, *args: Any, people: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.offer("owner", people)


class NewRiskForm(RatingFields, WordingForm):
    """A risk with its first ratings and, if known, its plan."""

    treatment = forms.ChoiceField(choices=Treatment.choices, initial=Treatment.UNDECIDED)
    plan = LongText(rows=2, required=False, label="What will be done")
    target_on = forms.DateField(required=False, label="Done by")

    def __init__(self, *args: Any, measure: Frame, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.measure = measure
        for kind in RatingKind:
            self.add_rating(kind)

    @property
    def now_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(RatingKind.NOW)

    @property
    def before_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(RatingKind.BEFORE)

    @property
    def target_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(RatingKind.TARGET)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["ratings"] = {kind: self.rating_of(kind) for kind in RatingKind}
        return cleaned


class RaiseForm(NewRiskForm):
    """A new risk as a program sends it: the record it is raised from, which a page has in its address, is named."""

    raised_from = forms.CharField(
        max_length=80, required=False, help_text="The record it is raised from, by its reference, as in V-003."
    )

    def __init__(self, *args: Any, find: Callable[[str], Found | None], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._find = find

    def clean_raised_from(self) -> Found | None:
        """The record; unknown and foreign ones are one case."""
        key = self.cleaned_data["raised_from"]
        found = self._find(key) if key else None
        if key and found is None:
            raise forms.ValidationError(f"“{key}” is no record that a risk is raised from. Name it as in V-003.")
        return found


class RateForm(RatingFields, ServiceForm):
    """One rating of a risk, with the reason it changed."""

    reason = LongText(rows=3, label="What changed", help_text="Printed in the history.")

    def __init__(
        self, *args: Any, measure: Frame, kind: str, rating: scoring.Rating | None, step: str = "", **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.measure, self.kind = measure, kind
        if rating is not None and step in STEPS:
            self._begin_with(scoring.stepped(rating, up=step == "up"))
        self.add_rating(kind, rating)
        self.fields[f"{kind}_likelihood"].required = True
        if rating is None:
            self.fields[f"{kind}_likelihood"].widget.attrs["autofocus"] = True
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])
        self.stand_on({name: field.initial for name, field in self.fields.items() if name != "reason"})

    def _begin_with(self, proposed: scoring.Rating) -> None:
        """Shows a rating that is proposed; what stands stays what changes are compared with."""
        self.initial[f"{self.kind}_likelihood"] = proposed.likelihood
        for key, level in proposed.impacts.items():
            self.initial[f"{self.kind}_impact_{key}"] = level
        self.fields["reason"].widget.attrs["autofocus"] = True

    @property
    def likelihood_field(self) -> forms.BoundField:
        return self[f"{self.kind}_likelihood"]

    @property
    def chosen_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(self.kind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rating = self.rating_of(self.kind)
        if rating is None and not self.errors:
            self.add_error(f"{self.kind}_likelihood", "Say how likely it is.")
        cleaned["rating"] = rating
        return cleaned


class ReasonForm(ServiceForm):
    """A reason that is kept: for closing, reopening, withdrawing, ending."""

    reason = LongText(rows=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].widget.attrs["autofocus"] = True
