"""Forms of tasks, decisions and asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from engagements.enums import TaskSide
from engagements.forms.base import LongText, MoneyField, ServiceForm
from engagements.models import Ask, Person
from engagements.services.decisions import MOST_OPTIONS
from vciso.tenancy.models import User

FEWEST_ROWS = 3
OPTION = ("label", "result", "cost_minor", "yearly_cost_minor", "is_recommended", "is_do_nothing")


class TaskForm(ServiceForm):
    title = forms.CharField(label="What is to be done", max_length=200)
    detail = LongText(required=False, help_text="How it is known to be done. The assignee reads this.")
    side = forms.ChoiceField(
        label="Who does it", choices=[(TaskSide.CLIENT, "The client’s side"), (TaskSide.PRACTICE, "The practice")],
        widget=forms.RadioSelect, initial=TaskSide.CLIENT,
    )  # fmt: skip
    assignee = forms.ModelChoiceField(
        label="Person on the client’s side", queryset=Person.objects.none(), required=False,
        empty_label="Nobody yet",
    )  # fmt: skip
    practice_user = forms.ModelChoiceField(
        label="Person of the practice", queryset=User.objects.none(), required=False,
        empty_label="Nobody yet",
    )  # fmt: skip
    due_on = forms.DateField(label="Due", required=False)
    raised_from = forms.CharField(
        label="Where it comes from", max_length=120, required=False, help_text="As in R-014 or “call of 3 March”."
    )
    private = forms.BooleanField(label="Keep to the practice (only for the practice’s own tasks)", required=False)
    private_notes = LongText(label="Private notes", required=False, rows=3, help_text="Only the practice reads these.")
    widths = {"assignee": "l", "practice_user": "l", "raised_from": "l"}

    def __init__(self, *args: Any, people: Any, team: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("assignee", people)
        self.offer("practice_user", team)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("private") and cleaned.get("side") == TaskSide.CLIENT:
            self.add_error("private", "A task of the client’s side cannot be hidden from the client.")
        return cleaned


class DoneForm(ServiceForm):
    on = forms.DateField(label="Done on")
    note = LongText(label="What was done", required=False, rows=3, max_length=5000)


class TaskReplyForm(ServiceForm):
    text = LongText(label="What would you like to say?", required=False, max_length=5000)
    finishes = forms.BooleanField(label="This task is done", required=False)


class DecisionForm(ServiceForm):
    title = forms.CharField(
        label="Question in one line", max_length=200, help_text="As in “What should we do about the X-ray server?”"
    )
    question = LongText(label="What is to be decided, and why now", markdown=True, help_text="Plain words; no scores.")
    background = LongText(required=False, markdown=True)
    recommendation = LongText(label="Our advice", required=False, rows=3)
    cost_of_delay = LongText(label="If nothing is decided", required=False, rows=3)
    asked_of = forms.ModelChoiceField(
        label="Who decides", queryset=Person.objects.none(), required=False, empty_label="Not chosen yet"
    )
    board = forms.BooleanField(label="Asked as a member of the board", required=False)
    decide_by = forms.DateField(label="Answer by", required=False)
    minutes = forms.IntegerField(
        label="Minutes it takes", min_value=1, max_value=240, initial=5, help_text="Shown to the person asked."
    )
    private_notes = LongText(label="Private notes", required=False, rows=3, help_text="Only the practice reads these.")
    widths = {"asked_of": "l", "minutes": "s"}
    fields_vary = True

    def __init__(
        self,
        *args: Any,
        people: Any,
        currency: str,
        options: list[dict[str, Any]] | None = None,
        rows: int = 0,
        **more: Any,
    ) -> None:
        given = options or []
        self.rows = min(MOST_OPTIONS, max(FEWEST_ROWS, len(given), rows) + 1)
        initial = {f"{key}_{n}": value for n, row in enumerate(given, 1) for key, value in row.items()}
        super().__init__(*args, **{**more, "initial": {**initial, **(more.get("initial") or {})}})
        self.offer("asked_of", people)
        for number in range(1, self.rows + 1):
            self._add_row(number, currency)

    def _add_row(self, number: int, currency: str) -> None:
        money = {"required": False, "currency": currency}
        self.fields[f"label_{number}"] = forms.CharField(label=f"Option {number}", max_length=200, required=False)
        self.fields[f"result_{number}"] = LongText(label="What it brings", required=False, rows=2, max_length=2000)
        self.fields[f"cost_minor_{number}"] = MoneyField(label="Cost once", **money)
        self.fields[f"yearly_cost_minor_{number}"] = MoneyField(label="Cost a year", **money)
        self.fields[f"is_recommended_{number}"] = forms.BooleanField(label="We advise this", required=False)
        self.fields[f"is_do_nothing_{number}"] = forms.BooleanField(label="This is doing nothing", required=False)

    def option_rows(self) -> list[dict[str, Any]]:
        """The fields of each option, for the template."""
        return [{"number": n, **{name: self[f"{name}_{n}"] for name in OPTION}} for n in range(1, self.rows + 1)]

    def typed_options(self) -> list[dict[str, Any]]:
        """The options that have a name, as the service takes them."""
        cleaned = self.cleaned_data
        return [
            {name: cleaned.get(f"{name}_{n}") for name in OPTION}
            for n in range(1, self.rows + 1)
            if (cleaned.get(f"label_{n}") or "").strip()
        ]


class _Choosing(ServiceForm):
    """A form over the options of one ask."""

    choice = forms.ChoiceField(
        choices=(), widget=forms.RadioSelect, error_messages={"required": "Choose one of the options."}
    )

    def __init__(self, *args: Any, ask: Ask, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ask = ask
        self.fields["choice"].choices = [  # type: ignore[attr-defined]  # a choice field
            (option["key"], option["label"]) for option in ask.options
        ]


class AnswerForm(_Choosing):
    """The person asked chooses, says why, ticks what they understand, and signs."""

    reason = LongText(label="Your reason", required=False, max_length=5000)
    understood = forms.BooleanField(label="", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = self.ask.option(cleaned.get("choice", ""))
        if chosen is None:
            return cleaned
        if chosen["needs_reason"] and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", "Write a sentence. This choice needs a reason.")
        if chosen["understand"] and not cleaned.get("understood"):
            self.add_error("understood", "Tick this to show that you understand what it means.")
        return cleaned


class RecordAnswerForm(_Choosing):
    """What the person asked said on a call or in a meeting."""

    on = forms.DateField(label="Said on")
    reason = LongText(label="In their words", required=False, max_length=5000)
    witness = forms.CharField(
        label="Who else heard it", max_length=200, required=False,
        help_text="Name a witness, or attach the mail or note that shows it.",
    )  # fmt: skip
    file = forms.FileField(label="Mail or note", required=False)
    widths = {"witness": "l"}


class CommentForm(ServiceForm):
    text = LongText(label="What would you like to know?", rows=3, max_length=5000)


class ReplyForm(ServiceForm):
    text = LongText(label="Your reply", rows=3, max_length=5000)


class ConfirmForm(ServiceForm):
    agrees = forms.TypedChoiceField(
        label="Is this what you said?",
        choices=[("yes", "Yes, this is my answer"), ("no", "No, this is not right")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = LongText(label="What is not right?", required=False, rows=3, max_length=5000)


class WithdrawAnswerForm(ServiceForm):
    reason = LongText(label="Why you withdraw it", rows=3, max_length=5000)


def soon(today: dt.date, days: int = 14) -> dt.date:
    """A date to start from; the next working day where it falls on a weekend."""
    day = today + dt.timedelta(days=days)
    return day + dt.timedelta(days=(7 - day.weekday()) if day.weekday() >= 5 else 0)
