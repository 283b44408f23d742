"""Choosing what a risk is linked with, from either side."""

from __future__ import annotations

from typing import Any

from django import forms

from engagements.forms.base import ServiceForm
from risks.selectors.links import Choices

NOT_OFFERED = "“%(value)s” is linked already, or is no {} of the list. Choose one of the list."


class LinkForm(ServiceForm):
    """One record, by its reference."""

    record = forms.ChoiceField(
        help_text="A system, process, vendor, policy, task or decision.",
        error_messages={"invalid_choice": NOT_OFFERED.format("record")},
    )
    widths = {"record": "l"}

    def __init__(self, *args: Any, records: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["record"].choices = [("", "Choose a record"), *records]  # type: ignore[attr-defined]  # a choice field


class LinkRiskForm(ServiceForm):
    """One risk, by its reference."""

    risk = forms.ChoiceField(
        error_messages={"invalid_choice": NOT_OFFERED.format("risk")},
    )
    widths = {"risk": "l"}

    def __init__(self, *args: Any, risks: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["risk"].choices = [("", "Choose a risk"), *risks]  # type: ignore[attr-defined]  # a choice field
