"""Forms of the written programme, and what its list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from engagements.forms.base import LongText, ServiceForm
from engagements.models import Person
from engagements.selectors import people
from policies import rules
from policies.enums import Kind, Status
from policies.models import Policy
from policies.selectors import pages
from vciso.tenancy.models import Client

LONGEST_SUMMARY = 2_000


class PolicyFilter(filters.FilterSet):
    """Status shows policies in use unless a status is chosen; retired ones only when asked for."""

    q = filters.CharFilter(label="Search", method="by_words")
    status = filters.ChoiceFilter(label="Status", choices=Status.choices, method="by_status")
    kind = filters.ChoiceFilter(label="Kind", choices=Kind.choices)
    owner = filters.ChoiceFilter(label="Owner", field_name="owner_id")

    class Meta:
        model = Policy
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people_here = people.choices(self.request.client).values_list("pk", "name")
        self.filters["owner"].extra["choices"] = [(str(pk), name) for pk, name in people_here]

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value[:100])

    def by_status(self, queryset: Any, name: str, value: str) -> Any:
        return pages.with_status(queryset, value, on=self.request.client.today(timezone.now()))

    def filter_queryset(self, queryset: QuerySet[Policy]) -> QuerySet[Policy]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.filter(retired_on=None)


class _WithOwner(ServiceForm):
    """A form with the client's people to choose an owner from."""

    def __init__(self, *args: Any, client: Client, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("owner", "confirmed_by"):
            if name in self.fields:
                self.offer(name, people.choices(client))


class DetailsForm(_WithOwner):
    title = forms.CharField(max_length=160)
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.POLICY)
    purpose = forms.CharField(max_length=300, required=False, help_text="One sentence: what it is for.")
    owner = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, help_text="Approves each version. Never its author."
    )
    review_months = forms.IntegerField(
        label="Months between reviews", min_value=1, max_value=60, initial=12, help_text="12 is once a year."
    )
    next_review_on = forms.DateField(label="Next review", required=False)
    private_notes = LongText(
        label="Private notes", rows=4, required=False, max_length=20_000, help_text="Only the practice sees these."
    )
    widths = {"title": "l", "kind": "l", "owner": "l", "review_months": "s", "next_review_on": "m"}


class NewForm(_WithOwner):
    title = forms.CharField(max_length=160)
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.POLICY)
    purpose = forms.CharField(max_length=300, required=False, help_text="One sentence: what it is for.")
    owner = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, help_text="Approves each version. Never its author."
    )
    review_months = forms.IntegerField(label="Months between reviews", min_value=1, max_value=60, initial=12)
    body = LongText(
        label="Text", rows=18, markdown=True, required=False, max_length=rules.LONGEST_BODY,
        help_text="# makes a heading, - a list.",
    )  # fmt: skip
    widths = {"title": "l", "kind": "l", "owner": "l", "review_months": "s"}


class ExistingForm(NewForm):
    """A policy that was in force before the portal."""

    number = forms.CharField(label="Version", max_length=8, initial="1.0", help_text="As printed on it: 2.3.")
    effective_on = forms.DateField(label="In force since")
    next_review_on = forms.DateField(
        label="Next review", required=False, help_text="Left empty: counted from the day it came into force."
    )
    widths = {**NewForm.widths, "number": "s", "effective_on": "m", "next_review_on": "m"}
    field_order = ("title", "kind", "purpose", "owner", "number", "effective_on", "review_months", "next_review_on")


class DraftForm(ServiceForm):
    body = LongText(
        label="Text", rows=26, markdown=True, max_length=rules.LONGEST_BODY,
        help_text="# makes a heading, - a list.",
    )  # fmt: skip
    change_summary = LongText(
        label="What changed, and for whom", rows=3, required=False, max_length=LONGEST_SUMMARY,
        help_text="The owner reads this first. Two or three short sentences.",
    )  # fmt: skip


class SendForm(ServiceForm):
    due_on = forms.DateField(label="Answer by")
    minutes = forms.IntegerField(
        label="Minutes it takes", min_value=1, max_value=120, initial=2, help_text="The owner sees this in the mail."
    )
    widths = {"due_on": "m", "minutes": "s"}


class ReasonForm(ServiceForm):
    reason = forms.CharField(max_length=500, widget=forms.Textarea({"rows": 3}))


class ReviewForm(_WithOwner):
    on = forms.DateField(label="Read on")
    confirmed_by = forms.ModelChoiceField(
        label="Confirmed by", queryset=Person.objects.none(), required=False,
        help_text="Who of the client agreed that nothing has to change.",
    )  # fmt: skip
    note = forms.CharField(max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    widths = {"on": "m", "confirmed_by": "l"}
