"""Forms of the directory."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.enums import Side
from engagements.forms.base import LongText, ServiceForm
from engagements.models import Person
from vciso.tenancy.enums import Role

INVITABLE = (Role.OWNER, Role.BOARD, Role.CONTRIBUTOR, Role.AUDITOR)


class PersonForm(ServiceForm):
    name = forms.CharField(max_length=200)
    email = forms.EmailField(
        label="E-mail", max_length=254, required=False, help_text="Needed before they can be invited."
    )
    job_title = forms.CharField(label="Job title", max_length=200, required=False)
    organisation = forms.CharField(max_length=200, required=False, help_text="Where they work, if not at the client.")
    side = forms.ChoiceField(label="Works for", choices=Side.choices, initial=Side.CLIENT)
    phone = forms.CharField(max_length=60, required=False)
    private_notes = LongText(label="Private notes", required=False, rows=3, help_text="Only the practice reads these.")
    widths = {"name": "l", "email": "l", "job_title": "l", "organisation": "l", "side": "m", "phone": "m"}


class InviteForm(ServiceForm):
    role = forms.ChoiceField(
        choices=[(role.value, role.label) for role in INVITABLE],
        help_text="An owner reads everything and decides. A board member reads packs. "
        "A contributor sees the tasks given to them. An auditor sees what is shared with them.",
    )


class DeputyForm(ServiceForm):
    deputy = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        empty_label="Choose a person",
        error_messages={
            "invalid_choice": "They cannot stand in. A deputy has an account here that signs in the same role."
        },
    )
    first = forms.DateField(label="From")
    last = forms.DateField(label="Until", help_text="Both days included.")

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]  # a model choice
