"""What people type about reports: which one they want, their words, and their reasons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms

from reporting import periods
from reporting.enums import Kind, Word
from reporting.services.drafting import LONGEST_BODY, LONGEST_HEADING
from vciso.tenancy.models import User
from vciso.web.forms import Form, MarkdownInput

MONTHS_OFFERED = 15
QUARTERS_OFFERED = 6


def offered(kind: str, count: int, *, on: date, made: Collection[periods.Period] = ()) -> list[tuple[str, str]]:
    """Periods to choose from, the running one first and marked as a preview; `made` are marked too."""
    period = periods.containing(kind, on)
    found = [(str(period), f"{period.title} (preview, still running)")]
    for _ in range(count):
        period = period.previous()
        found.append((str(period), f"{period.title} (made already)" if period in made else period.title))
    return found


class RequestForm(Form):
    """Which report to make."""

    widths = {"period": "l"}
    period = forms.ChoiceField(label="Report")

    def __init__(self, *args: Any, today: date, made: Collection[periods.Period] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["period"]
        field.choices = [  # type: ignore[attr-defined]  # a ChoiceField, declared above
            ("Monthly report for the owner", offered(Kind.MONTHLY, MONTHS_OFFERED, on=today, made=made)),
            ("Pack for the board", offered(Kind.QUARTERLY, QUARTERS_OFFERED, on=today, made=made)),
        ]
        last = periods.last_over(periods.MONTHLY, on=today)
        self.initial.setdefault("period", str(periods.containing(periods.MONTHLY, today) if last in made else last))

    def chosen(self) -> periods.Period:
        """The period as a value."""
        return periods.parse(self.cleaned_data["period"])


class SectionForm(Form):
    """The heading and the text of one section; `version` is the report as it was opened."""

    heading = forms.CharField(
        max_length=LONGEST_HEADING,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One sentence that says what is true now. Leave it empty for the computed one.",
    )
    body = forms.CharField(
        label="Text",
        max_length=LONGEST_BODY,
        required=False,
        widget=MarkdownInput,
        help_text="Short sentences, names and dates. 40 to 80 words are enough.",
    )
    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    def clean_heading(self) -> str:
        """A heading is one line."""
        return " ".join(self.cleaned_data["heading"].split())


class StatusForm(Form):
    """A worse status word, with the reason that is printed."""

    widths = {"word": "m"}
    word = forms.ChoiceField(label="Print instead", choices=[(w.value, w.label) for w in (Word.WATCH, Word.ACT_NOW)])
    reason = forms.CharField(
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences. They are printed in the report.",
    )


class SubmitForm(Form):
    """Who reads it before it is published; without a second consultant there is nothing to choose."""

    widths = {"reviewer": "l"}
    fields_vary = True
    reviewer = forms.ChoiceField(
        label="Who approves it",
        help_text="The pages name this person. Nobody approves their own words.",
    )

    def __init__(self, *args: Any, reviewers: list[User], required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reviewers = {str(user.pk): user for user in reviewers}
        if required:
            field = self.fields["reviewer"]
            field.choices = [(key, str(user)) for key, user in self._reviewers.items()]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["reviewer"]

    def clean_reviewer(self) -> User:
        """The person behind the choice."""
        return self._reviewers[self.cleaned_data["reviewer"]]


class SeenForm(Form):
    """The fingerprint of the pages the person looked at."""

    seen = forms.CharField(max_length=64, min_length=64, widget=forms.HiddenInput)


class PublishForm(SeenForm):
    """A line that goes into the mail with the link."""

    message = forms.CharField(
        label="Message in the mail",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="No figures and no weaknesses: mail is not a safe place.",
    )


class ReasonForm(Form):
    """Why, in a sentence or two."""

    reason = forms.CharField(max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
