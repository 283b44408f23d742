"""Narrowing the register: every choice is a link, so every state of the list has an address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms

from risks.enums import Band, RatingKind, Status, Treatment
from risks.models import Risk, RiskQuerySet

SHOWS = {
    "above": "Above the limit",
    "calling": "Above, nothing agreed",
    "near": "At the limit",
    "accepted": "Accepted",
    "late": "Past its date",
    "review": "Review due",
    "no_limit": "No limit set",
    "gap": "Sign-off missing",
}
ANY_STATUS = "any"
STATUSES = [*Status.choices, (ANY_STATUS, "Any")]
NOBODY = "none"
# A cell of the heat map: likelihood × impact.
CELLS = [(f"{likelihood}x{impact}",) * 2 for likelihood in range(1, 6) for impact in range(1, 6)]


class RiskFilter(django_filters.FilterSet):
    """Search, chips and the chosen cell of the heat map. Without a status it shows open risks."""

    q = django_filters.CharFilter(method="search", label="Search")
    sev = django_filters.MultipleChoiceFilter(method="severity", choices=list(reversed(Band.choices)), label="Severity")
    owner = django_filters.ChoiceFilter(method="owned", label="Owner")
    category = django_filters.ChoiceFilter(field_name="category", label="Category")
    treatment = django_filters.ChoiceFilter(method="treated", choices=Treatment.choices, label="Treatment")
    show = django_filters.ChoiceFilter(method="shown", choices=list(SHOWS.items()), label="Show")
    status = django_filters.ChoiceFilter(method="stands", choices=STATUSES, label="Status")
    rating = django_filters.ChoiceFilter(
        method="unchanged", choices=RatingKind.choices, label="Rating", widget=forms.HiddenInput
    )
    cell = django_filters.ChoiceFilter(method="in_cell", choices=CELLS, label="Cell", widget=forms.HiddenInput)

    class Meta:
        model = Risk
        fields: list[str] = []

    def __init__(
        self, *args: Any, today: dt.date, owners: list[tuple[str, str]], categories: list[str], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.today = today
        self.filters["owner"].extra["choices"] = [*owners, (NOBODY, "Nobody")]
        self.filters["category"].extra["choices"] = [(name, name) for name in categories]

    def filter_queryset(self, queryset: RiskQuerySet) -> RiskQuerySet:
        """Everything chosen, and open risks alone where no status is."""
        if not self.form.cleaned_data.get("status"):
            queryset = queryset.open()
        return super().filter_queryset(queryset)

    def search(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        """Owners, who read through the interface alone, find nothing by the practice's notes."""
        actor = getattr(self.request, "actor", None)
        return queryset.matching(value, private=actor is not None and actor.is_practice_side)

    def severity(self, queryset: RiskQuerySet, name: str, value: list[str]) -> RiskQuerySet:
        return queryset.filter(now_band__in=[int(band) for band in value]) if value else queryset

    def owned(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        if value == NOBODY:
            return queryset.filter(owner__isnull=True)
        return queryset.filter(owner_id=value)

    def treated(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        return queryset.filter(treatment=value)

    def shown(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        on = self.today
        return {
            "above": queryset.above_limit,
            "near": queryset.near_limit,
            "calling": lambda: queryset.calling_for_action(on=on),
            "accepted": lambda: queryset.accepted(on=on),
            "late": lambda: queryset.overdue(on=on),
            "review": lambda: queryset.due_for_review(on=on),
            "no_limit": lambda: queryset.filter(position="no_limit"),
            "gap": lambda: queryset.filter(acceptance_gap=True),
        }[value]()

    def stands(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        return queryset if value == ANY_STATUS else queryset.filter(status=value)

    def unchanged(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        return queryset

    @property
    def kind(self) -> str:
        """The rating the heat map shows."""
        asked = self.data.get("rating", "") if self.data else ""
        return asked if asked in RatingKind.values else RatingKind.NOW

    @property
    def chosen_cell(self) -> tuple[int, int] | None:
        """The chosen cell as (likelihood, impact), or None."""
        asked = self.data.get("cell", "") if self.data else ""
        if (asked, asked) not in CELLS:
            return None
        likelihood, impact = asked.split("x")
        return int(likelihood), int(impact)

    def in_cell(self, queryset: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        if self.chosen_cell is None:
            return queryset
        likelihood, impact = self.chosen_cell
        return queryset.filter(**{f"{self.kind}_likelihood": likelihood, f"{self.kind}_impact": impact})
