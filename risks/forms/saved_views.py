"""Keeping what the list shows under a name."""

from __future__ import annotations

from django import forms

from engagements.forms.base import ServiceForm


class SaveViewForm(ServiceForm):
    """A name for the filters and the order of the list."""

    name = forms.CharField(max_length=60)
    everywhere = forms.BooleanField(
        required=False, label="At every client", help_text="Without the risk owner, who is a person of this client."
    )
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    widths = {"name": "l"}


class RenameViewForm(ServiceForm):
    """Another name for a view."""

    name = forms.CharField(max_length=60)
    widths = {"name": "l"}
