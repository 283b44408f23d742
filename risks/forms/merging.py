"""Folding a duplicate into the risk it repeats, and making two risks of one."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.forms.base import LongText, ServiceForm
from engagements.models import Person
from risks.enums import RatingKind
from risks.forms.risk import RatingFields
from risks.models import Risk
from risks.rules import scoring
from risks.selectors.frame import Frame
from risks.services import Wording
from vciso.tenancy.models import Client


class MergeForm(ServiceForm):
    """Which risk stays."""

    into = forms.CharField(
        max_length=20, label="Merge into", help_text="The reference of the risk that stays, as in R-007."
    )
    note = LongText(rows=2, required=False, help_text="Kept with the reason, in the history of the duplicate.")
    widths = {"into": "s"}

    def __init__(self, *args: Any, client: Client, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.client = client

    def clean_into(self) -> Risk:
        asked = self.cleaned_data["into"].replace("\x00", "").strip()
        found = Risk.objects.filter(client=self.client, reference__iexact=asked).select_related("owner").first()
        if found is None:
            raise forms.ValidationError(f"There is no risk {asked} here. Give a reference of this register.")
        return found


STAYS = "stays"
PARTS = ("title", "cause", "event", "consequence")
KEPT = ("category", "affects", "controls", "review_months")
"""What a new risk takes over from the one it was split from, without being asked."""


def parts_of_split(risk: Risk, data: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as the service takes it."""
    return {
        "stays": Wording(**{name: data[f"{STAYS}_{name}"] for name in PARTS}),
        "wording": Wording(**{name: data[name] for name in PARTS}, **{name: getattr(risk, name) for name in KEPT}),
        **{name: data[name] for name in ("owner", "stays_rating", "rating")},
    }


class SplitForm(RatingFields, ServiceForm):
    """What stays under the old reference, and what becomes a risk of its own: words and rating of each."""

    stays_title = forms.CharField(max_length=200, label="Title")
    stays_cause = LongText(rows=2, required=False, label="Cause")
    stays_event = LongText(rows=2, required=False, label="Event")
    stays_consequence = LongText(rows=2, required=False, label="Consequence")
    title = forms.CharField(max_length=200)
    cause = LongText(rows=2, required=False)
    event = LongText(rows=2, required=False)
    consequence = LongText(rows=2, required=False)
    owner = forms.ModelChoiceField(queryset=Person.objects.none(), required=False)
    widths = {"owner": "l"}

    def __init__(
        self, *args: Any, risk: Risk, rating: scoring.Rating | None, people: Any, measure: Frame, **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.measure = measure
        self.fields["owner"].queryset = people
        for kind in (STAYS, RatingKind.NOW):
            self.add_rating(kind, rating)
        words = {name: getattr(risk, name) for name in PARTS}
        self.stand_on({f"{STAYS}_{name}": value for name, value in words.items()})
        self.initial = {**self.initial, **words, "owner": risk.owner_id if risk.owner and risk.owner.active else None}

    @property
    def stays_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(STAYS)

    @property
    def now_impacts(self) -> list[forms.BoundField]:
        return self.impact_fields(RatingKind.NOW)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["stays_rating"] = self.rating_of(STAYS)
        cleaned["rating"] = self.rating_of(RatingKind.NOW)
        return cleaned
