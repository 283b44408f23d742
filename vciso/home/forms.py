"""Forms of the pages that join apps."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from engagements.forms.base import ServiceForm
from vciso.tenancy.enums import PRACTICE_ROLES, Language, PackRelease, Paper, Role
from vciso.tenancy.models import Client
from vciso.web import brand
from vciso.web.forms import Form

ZONES = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
CURRENCIES = ["USD", "EUR", "GBP", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "SGD", "ZAR", "INR"]


class PracticeForm(ServiceForm):
    """How the practice looks and what it asks of its people."""

    name = forms.CharField(label="Name of the practice", max_length=120)
    accent = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label="Accent colour",
        help_text="As # and six digits, dark enough for white text. It colours pages and reports.",
        error_messages={"invalid": "Write the colour as # and six digits, for example #2a4fc4."},
    )
    second_approval = forms.BooleanField(
        label="A second consultant approves each report",
        required=False,
        help_text="Has no effect in a practice with one consultant; the report then says so.",
    )
    widths = {"name": "l", "accent": "s"}

    def clean_accent(self) -> str:
        accent = str(self.cleaned_data["accent"]).lower()
        try:
            brand.tokens(accent)
        except brand.UnreadableAccent:
            raise ValidationError(f"{accent} is too light for white text on it. Choose a darker colour.") from None
        return accent


class SignInRulesForm(Form):
    """Whom the practice asks for a second step."""

    factor_roles = forms.MultipleChoiceField(
        label="Who needs a second step at sign-in",
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whoever has none is led to set one up at their next click, and sees nothing else before.",
    )


class ResetSecondStepForm(Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="What happened, and how you made sure that it is them. They and the trail see it.",
    )


class LogoForm(Form):
    logo = forms.FileField(label="Logo", help_text="PNG or JPEG, at most 2 MB. It stands on reports.")


class InviteColleagueForm(Form):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(label="Role", choices=[(role.value, role.label) for role in sorted(PRACTICE_ROLES)])
    widths = {"name": "l", "email": "l", "role": "m"}


class AssignForm(ServiceForm):
    """Which clients a consultant works for."""

    clients = forms.ModelMultipleChoiceField(
        queryset=Client.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Clients"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clients"].queryset = Client.objects.active().by_name()


class ClientForm(Form):
    """A client as the practice addresses it."""

    name = forms.CharField(label="Name of the client", max_length=120)
    time_zone = forms.ChoiceField(
        label="Time zone", choices=[(zone, zone) for zone in ZONES], initial="America/New_York"
    )
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    language = forms.ChoiceField(label="Language and dates", choices=Language, initial=Language.AMERICAN)
    paper = forms.ChoiceField(label="Paper of reports", choices=Paper, initial=Paper.LETTER)
    pack_release = forms.ChoiceField(
        label="The board reads a pack when", choices=PackRelease, initial=PackRelease.OWNER
    )
    widths = {"__all__": "m", "name": "l", "pack_release": "l"}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # A zone or currency that came with an import or a command stays choosable.
        for field in ("time_zone", "currency"):
            current = (self.initial or {}).get(field)
            choices = list(self.fields[field].choices)
            if current and current not in dict(choices):
                self.fields[field].choices = [(current, current), *choices]


class NewClientForm(ClientForm):
    """A new client, with the first things reports and reminders need."""

    sector = forms.CharField(label="Sector", max_length=80, required=False)
    owner_name = forms.CharField(label="Business owner", max_length=120, required=False)
    owner_email = forms.EmailField(
        label="Owner’s e-mail", required=False, help_text="They are invited by mail, as the owner of this client."
    )
    field_order = ["name", "sector", "owner_name", "owner_email", "time_zone", "currency", "language", "paper"]
    widths = {**ClientForm.widths, "sector": "l", "owner_name": "l", "owner_email": "l"}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("owner_email") and not cleaned.get("owner_name"):
            self.add_error("owner_name", "Add the owner’s name, so that the invitation can greet them.")
        return cleaned
