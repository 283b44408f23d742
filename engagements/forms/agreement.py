"""Forms of the profile, the client's settings, the agreement, hours, systems and objectives."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms

from engagements.enums import Activity, Cadence, Criticality, DataKind, FeePer, RunBy, TimeKind
from engagements.forms.base import HoursField, LongText, MoneyField, ServiceForm, StandsBy, stored_values
from engagements.models import Person, TimeEntry
from vciso.tenancy.enums import Language, PackRelease, Paper
from vciso.tenancy.models import Client, User

CURRENCIES = (
    ("USD", "US dollar"), ("GBP", "Pound sterling"), ("EUR", "Euro"), ("CAD", "Canadian dollar"),
    ("AUD", "Australian dollar"), ("NZD", "New Zealand dollar"), ("CHF", "Swiss franc"),
    ("SEK", "Swedish krona"), ("NOK", "Norwegian krone"), ("DKK", "Danish krone"),
    ("PLN", "Polish złoty"), ("JPY", "Japanese yen"), ("SGD", "Singapore dollar"),
    ("INR", "Indian rupee"), ("ZAR", "South African rand"),
)  # fmt: skip


def zones() -> list[tuple[str, str]]:
    """Every “Area/City”, and UTC."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    kept = [name for name in names if not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in kept)]


class ProfileForm(ServiceForm):
    sector = forms.CharField(max_length=120, required=False, help_text="As in “Dental clinics”.")
    staff_count = forms.IntegerField(
        label="People", required=False, min_value=0, max_value=5_000_000, help_text="How many work there."
    )
    places = forms.CharField(max_length=500, required=False, help_text="Countries, states or sites.")
    data_kinds = forms.MultipleChoiceField(
        label="Data it holds",
        choices=DataKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    annual_revenue_minor = MoneyField(label="Yearly revenue", required=False)
    summary = LongText(
        required=False, markdown=True, help_text="What the business does, in a few sentences. The client reads this."
    )
    private_notes = LongText(label="Private notes", required=False, help_text="Only the practice reads these.")
    widths = {"sector": "l", "staff_count": "s", "annual_revenue_minor": "m"}

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["annual_revenue_minor"].currency = currency  # type: ignore[attr-defined]  # MoneyField


class SettingsForm(StandsBy):
    name = forms.CharField(max_length=120)
    time_zone = forms.ChoiceField(label="Time zone", choices=zones, help_text="Days and due dates are counted here.")
    currency = forms.ChoiceField(choices=CURRENCIES)
    language = forms.ChoiceField(label="Spelling and dates", choices=Language.choices)
    paper = forms.ChoiceField(label="Paper of reports", choices=Paper.choices)
    hue = forms.TypedChoiceField(
        label="Colour of its mark", coerce=int, choices=[(n, f"Colour {n}") for n in range(1, 7)]
    )
    pack_release = forms.ChoiceField(label="Who lets the board read a pack", choices=PackRelease.choices)
    stand_by = forms.BooleanField(required=False, label="The sums on record are meant in this currency")
    widths = {"__all__": "l"}

    def __init__(self, *args: Any, client: Client, **options: Any) -> None:
        super().__init__(*args, **options)
        if client.currency not in dict(CURRENCIES):
            self.fields["currency"].choices = [  # type: ignore[attr-defined]  # a choice field
                (client.currency, client.currency), *CURRENCIES
            ]  # fmt: skip


class EngagementForm(ServiceForm):
    starts_on = forms.DateField(label="Starts")
    ends_on = forms.DateField(label="Ends", required=False, help_text="Last day. Leave empty while it runs on.")
    fee_minor = MoneyField(label="Fee", required=False)
    fee_per = forms.ChoiceField(label="Per", choices=[(v, label[2:].capitalize()) for v, label in FeePer.choices])
    included_hours = forms.DecimalField(
        label="Hours a month", required=False, min_value=0, max_value=744, max_digits=6, decimal_places=2,
        help_text="Included in the fee.",
    )  # fmt: skip
    call_cadence = forms.ChoiceField(label="Calls", choices=Cadence.choices)
    lead = forms.ModelChoiceField(
        label="Lead consultant", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    counterpart = forms.ModelChoiceField(
        label="Counterpart at the client", queryset=Person.objects.none(), required=False,
        empty_label="Nobody yet",
    )  # fmt: skip
    monthly_report_day = forms.IntegerField(
        label="Monthly report on day", min_value=1, max_value=28, initial=5,
        help_text="Of the month after, 1 to 28.",
    )  # fmt: skip
    pack_day_offset = forms.IntegerField(
        label="Board pack, days after the quarter", min_value=1, max_value=60, initial=15
    )
    scope = LongText(required=False, markdown=True, help_text="What is included. The client reads this.")
    responsibilities = LongText(
        label="Who does what", required=False, markdown=True, help_text="The client reads this."
    )
    private_notes = LongText(label="Private notes", required=False, help_text="Only the practice reads these.")
    widths = {
        "fee_minor": "m", "fee_per": "m", "included_hours": "s", "call_cadence": "m", "lead": "l",
        "counterpart": "l", "monthly_report_day": "s", "pack_day_offset": "s",
    }  # fmt: skip

    def __init__(self, *args: Any, currency: str, team: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["fee_minor"].currency = currency  # type: ignore[attr-defined]  # MoneyField
        self.offer("lead", team)
        self.offer("counterpart", people)


WHOSE = (
    ("practice", "Ours, in the agreement"),
    ("extra", "Ours, beside the agreement"),
    ("client", "The client’s people"),
)


class TimeForm(ServiceForm):
    on = forms.DateField(label="Day")
    minutes = HoursField(label="Time", help_text="1.5, 1:30 or 45m")
    activity = forms.ChoiceField(choices=Activity.choices)
    whose = forms.ChoiceField(label="Whose time", choices=WHOSE, initial="practice")
    note = forms.CharField(max_length=500, required=False, help_text="The client may read this.")
    widths = {"on": "m", "minutes": "s", "activity": "m", "whose": "m"}

    @staticmethod
    def facts(values: dict[str, Any]) -> dict[str, Any]:
        """The one choice “whose time” as the two facts an entry keeps."""
        given = dict(values)
        whose = given.pop("whose")
        kind = TimeKind.CLIENT if whose == "client" else TimeKind.PRACTICE
        return {**given, "kind": kind, "in_retainer": whose == "practice"}

    @staticmethod
    def stored(entry: TimeEntry) -> dict[str, Any]:
        """An entry's present values as the form shows them."""
        whose = "client" if entry.kind == TimeKind.CLIENT else "practice" if entry.in_retainer else "extra"
        return {**stored_values(entry, ("on", "minutes", "activity", "note")), "whose": whose}


class EstateForm(ServiceForm):
    """A system or a process the business runs on."""

    name = forms.CharField(max_length=200)
    detail = LongText(label="What it is for", required=False, rows=3)
    criticality = forms.TypedChoiceField(
        label="How much the business needs it", required=False, coerce=int, empty_value=None,
        choices=[("", "Not rated"), *Criticality.choices],
    )  # fmt: skip
    tolerable_downtime_hours = forms.IntegerField(
        label="Hours the business can do without", required=False, min_value=0, max_value=8784
    )
    restore_order = forms.IntegerField(
        label="Place in the restore order", required=False, min_value=1, max_value=999,
        help_text="1 is restored first.",
    )  # fmt: skip
    holds = forms.MultipleChoiceField(
        label="Data it holds", choices=DataKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    run_by = forms.ChoiceField(label="Run by", choices=RunBy.choices, initial=RunBy.UNKNOWN)
    run_by_name = forms.CharField(label="Name of who runs it", max_length=200, required=False)
    owner = forms.ModelChoiceField(queryset=Person.objects.none(), required=False, empty_label="Nobody yet")
    private_notes = LongText(label="Private notes", required=False, rows=3, help_text="Only the practice reads these.")
    widths = {
        "name": "l", "criticality": "l", "tolerable_downtime_hours": "s", "restore_order": "s",
        "run_by": "m", "run_by_name": "l", "owner": "l",
    }  # fmt: skip

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("owner", people)


class ObjectiveForm(ServiceForm):
    title = forms.CharField(
        label="What the business wants", max_length=200, help_text="As in “Open two clinics in Ohio”."
    )
    horizon = forms.CharField(label="By when", max_length=120, required=False)
    detail = LongText(label="How the programme helps", required=False, rows=3)
    widths = {"horizon": "m"}


class ReasonForm(ServiceForm):
    """One sentence that says why."""

    reason = LongText(label="Why", rows=3, max_length=2000)
