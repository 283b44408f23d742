"""Forms of the vendor inventory, and what its list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from engagements.forms.base import LongText, MoneyField, ServiceForm
from engagements.models import Person, Process, System
from engagements.selectors import people
from vciso.tenancy.models import Client
from vendors.enums import Criticality, DataLevel, Kind, Result, Tier, VendorStatus
from vendors.models import Vendor
from vendors.selectors import pages

REVIEW = [("late", "Late"), ("due", "Within 60 days"), ("never", "Never reviewed")]
CONTRACT = [("notice", "Notice within 60 days"), ("ends", "Ends within 60 days"), ("none", "No end known")]
TIERS = [*((str(value), label) for value, label in Tier.choices), ("none", "No tier yet")]
RESULTS = [*Result.choices, ("none", "Not reviewed")]
EXTRAS = ("contact", "location", "certificates", "dpa", "subprocessors", "contract_reference")


class VendorFilter(filters.FilterSet):
    """Vendors in use unless a status is chosen."""

    q = filters.CharFilter(label="Search", method="by_words")
    tier = filters.MultipleChoiceFilter(label="Tier", choices=TIERS, method="by_tier")
    result = filters.ChoiceFilter(label="Result", choices=RESULTS, method="by_result")
    review = filters.ChoiceFilter(label="Review", choices=REVIEW, method="by_review")
    data = filters.ChoiceFilter(label="Data held", field_name="data_level", choices=DataLevel.choices)
    contract = filters.ChoiceFilter(label="Contract", choices=CONTRACT, method="by_contract")
    status = filters.ChoiceFilter(label="Status", choices=VendorStatus.choices)

    class Meta:
        model = Vendor
        fields: list[str] = []

    @property
    def today(self) -> Any:
        return self.request.client.today(timezone.now())

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value[:100])

    def by_tier(self, queryset: Any, name: str, value: list[str]) -> Any:
        tiers = [int(one) for one in value if one != "none"]
        found = queryset.filter(tier__in=tiers)
        return found | queryset.untiered() if "none" in value else found

    def by_result(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(last_review_on=None) if value == "none" else queryset.filter(last_result=value)

    def by_review(self, queryset: Any, name: str, value: str) -> Any:
        if value == "never":
            return queryset.never_reviewed()
        due = queryset.review_overdue if value == "late" else queryset.review_due
        return due(on=self.today)

    def by_contract(self, queryset: Any, name: str, value: str) -> Any:
        if value == "notice":
            return queryset.notice_near(on=self.today)
        if value == "ends":
            return queryset.contract_ends_soon(on=self.today)
        return queryset.filter(contract_ends_on=None)

    def filter_queryset(self, queryset: QuerySet[Vendor]) -> QuerySet[Vendor]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.active()  # type: ignore[attr-defined]  # ours


class VendorForm(ServiceForm):
    """Everything a person may say about a vendor; what is computed is not on it."""

    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(label="Type", choices=Kind.choices, initial=Kind.SOFTWARE)
    service = LongText(label="What they do", rows=2, required=False, max_length=2_000)
    website = forms.CharField(max_length=300, required=False)
    aliases = LongText(
        label="Other names", rows=2, required=False, max_length=2_000,
        help_text="One on each line, so that an imported list finds this vendor.",
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label="Relationship owner", queryset=Person.objects.none(), required=False,
        help_text="Who at the client talks to them.",
    )  # fmt: skip
    criticality = forms.TypedChoiceField(
        label="Without this vendor", choices=[("", "Not known yet"), *Criticality.choices],
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    data_level = forms.ChoiceField(
        label="Most sensitive data they hold", choices=[("", "Not known yet"), *DataLevel.choices], required=False
    )
    data_held = LongText(
        label="Which data", rows=2, required=False, max_length=2_000, help_text="As in: patient images; invoices."
    )
    access = LongText(label="Access they have", rows=2, required=False, max_length=2_000)
    systems = forms.ModelMultipleChoiceField(
        label="Systems that need it",
        help_text="From the list under Systems.",
        queryset=System.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    processes = forms.ModelMultipleChoiceField(
        label="Processes that need it",
        help_text="From the list under Systems.",
        queryset=Process.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contract_starts_on = forms.DateField(label="Contract starts", required=False)
    contract_ends_on = forms.DateField(label="Contract ends", required=False)
    notice_days = forms.IntegerField(
        label="Notice in days", min_value=0, max_value=1_100, required=False,
        help_text="The last day for notice is counted from the end.",
    )  # fmt: skip
    notice_on = forms.DateField(
        label="Last day for notice", required=False, help_text="Only where it can’t be counted from the end."
    )
    auto_renews = forms.NullBooleanField(
        label="Renews by itself",
        required=False,
        widget=forms.NullBooleanSelect(),
    )
    contract_note = LongText(label="About the contract", rows=2, required=False, max_length=4_000)
    yearly_cost_minor = MoneyField(label="Cost a year", required=False)
    review_months = forms.IntegerField(
        label="Own rhythm in months", min_value=1, max_value=60, required=False,
        help_text="Left empty: 12, 24 or 36 by tier.",
    )  # fmt: skip
    review_due_on = forms.DateField(label="Next review", required=False, help_text="Left empty: by tier.")
    override_tier = forms.TypedChoiceField(
        label="Tier set by hand", choices=[("", "No, use the rule"), *Tier.choices],
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    override_reason = forms.CharField(label="Why", max_length=300, required=False)
    contact = LongText(rows=2, required=False, max_length=1_000)
    location = forms.CharField(label="Where data is held", max_length=300, required=False)
    certificates = forms.CharField(max_length=500, required=False, help_text="Separated by semicolons.")
    dpa = forms.CharField(label="Data agreement", max_length=300, required=False)
    subprocessors = forms.CharField(label="Sub-processors", max_length=500, required=False)
    contract_reference = forms.CharField(max_length=120, required=False)
    private_notes = LongText(label="Private notes", rows=3, required=False, help_text="Only the practice reads these.")
    widths = {
        "name": "l", "kind": "l", "website": "l", "owner": "l", "criticality": "l", "data_level": "l",
        "contract_starts_on": "m", "contract_ends_on": "m", "notice_days": "s", "notice_on": "m",
        "auto_renews": "m", "yearly_cost_minor": "m", "review_months": "s", "review_due_on": "m",
        "override_tier": "m",
    }  # fmt: skip

    def __init__(self, *args: Any, client: Client, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        self.offer("owner", people.choices(client))
        fields["systems"].queryset = System.objects.filter(client=client).order_by("name")
        fields["processes"].queryset = Process.objects.filter(client=client).order_by("name")
        for name in ("systems", "processes"):
            fields[name].label_from_instance = lambda item: item.name
        fields["yearly_cost_minor"].currency = client.currency
        fields["yearly_cost_minor"].label = f"Cost a year, {client.currency}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("contract_starts_on"), cleaned.get("contract_ends_on")
        if start and end and end < start:
            self.add_error("contract_ends_on", f"{end} is before the start on {start}.")
        if cleaned.get("override_tier") and not cleaned.get("override_reason"):
            self.add_error("override_reason", "Say why you set the tier by hand.")
        if not cleaned.get("override_tier"):
            cleaned["override_reason"] = ""
        return cleaned

    @staticmethod
    def facts(values: dict[str, Any], extras: dict[str, Any]) -> dict[str, Any]:
        """The cleaned values as `services` takes them; other extras stay as they were."""
        given = dict(values)
        kept = dict(extras)
        for name in EXTRAS:
            text = given.pop(name)
            kept[name] = [one.strip() for one in text.split(";") if one.strip()] if name == "certificates" else text
        given["extras"] = {key: value for key, value in kept.items() if value}
        given["aliases"] = given["aliases"].splitlines()
        return given

    @classmethod
    def changes(cls, values: dict[str, Any], vendor: Vendor) -> dict[str, Any]:
        """The cleaned values as the services take them for a vendor that is there already."""
        facts = cls.facts(values, vendor.extras)
        if facts["review_due_on"] == vendor.review_due_on:
            # Untouched: a change of tier may still move it.
            facts["review_due_on"] = None
        return facts


def stored(vendor: Vendor, attached: pages.Attached) -> dict[str, Any]:
    """A vendor's present values as the form shows them."""
    names = [name for name in VendorForm.base_fields if name not in (*EXTRAS, "aliases", "systems", "processes")]
    values = {name: getattr(vendor, vendor._meta.get_field(name).attname) for name in names}
    for name in EXTRAS:
        value = vendor.extras.get(name, "")
        values[name] = "; ".join(value) if isinstance(value, list) else value
    written = "\n".join(attached.aliases)
    return {**values, "aliases": written, "systems": attached.systems, "processes": attached.processes}


class ReviewForm(ServiceForm):
    result = forms.ChoiceField(choices=Result.choices, widget=forms.RadioSelect)
    conditions = LongText(
        rows=3, required=False, max_length=4_000, help_text="With conditions: what they have to do, and by when."
    )
    summary = LongText(label="What you looked at and found", rows=4, required=False, max_length=8_000)
    on = forms.DateField(label="Reviewed on")
    next_due_on = forms.DateField(label="Next review", required=False, help_text="Left empty: by tier.")
    widths = {"on": "m", "next_due_on": "m"}


class EndForm(ServiceForm):
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea({"rows": 3}), help_text="Why, and where the data went."
    )
    on = forms.DateField(label="Last day")
    widths = {"on": "m"}
