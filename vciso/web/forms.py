"""Fields as people meet them: label above, hint and error below, optional ones marked.

Every form of the product is drawn by one field template; `Form` and `ModelForm` add what the
template cannot know: how wide an answer is, and whether somebody saved in between.
"""

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.urls import NoReverseMatch, reverse

from vciso.web import remedies

WIDTHS = ("s", "m", "l")
QUESTION = "question"
"""The code of an error that asks somebody to look again, and refuses nothing."""


class Doubted(ValidationError):
    """What is possible, and unlikely or far-reaching: whoever asks for it looks again, and may stand by it.

    `asked` holds the questions by the form field they are about.
    """

    def __init__(self, asked: Mapping[str, Sequence[str]]) -> None:
        super().__init__(
            {name: [ValidationError(one, code=QUESTION) for one in words] for name, words in asked.items()}
        )


class FieldRenderer(TemplatesSetting):
    """Draws every form, formset row and field; named by FORM_RENDERER."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always year-month-day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MarkdownInput(forms.Textarea):
    """A text with Write and Preview. Without script it is a plain text field."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, tall: bool = False) -> None:
        super().__init__({**(attrs or {}), **({"data-tall": True} if tall else {})})

    @property
    def preview_url(self) -> str:
        try:
            return reverse("home:preview-markdown")
        except NoReverseMatch:
            return ""


FIRST_YEAR, LAST_YEAR = 1900, 2150


def likely(day: datetime.date) -> None:
    """Refuses a year that nobody means: 0206 for 2026, or 9999 for never."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(f"“{day.isoformat()}” is no likely date. Give a year from {FIRST_YEAR} to {LAST_YEAR}.")


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen: blanks, spaces without width, marks that steer."""
    return all(unicodedata.category(letter)[0] in "CZ" for letter in text)


class _Fields:
    """Widths, day fields and the hint that a text may be formatted. A text that nobody can see is none.

    A field whose label says little by itself (“Low”) carries `named` for the sentences about it, and
    `unmarked` where the page says in words what may stay empty.
    """

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    widths: dict[str, str] = {}

    def __getitem__(self, name: str) -> forms.BoundField:
        return super().__getitem__(name)  # type: ignore[misc,no-any-return]  # the mixin stands before a form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = set(self.widths) - set(self.fields) - {"__all__"}
        if unknown and not getattr(self, "fields_vary", False):
            raise TypeError(f"{type(self).__name__}.widths names {sorted(unknown)}")
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.validators.append(likely)
            if isinstance(field, forms.DateField) and type(field.widget) is forms.DateInput:
                field.widget = DateInput(field.widget.attrs)
            if isinstance(field, forms.DateTimeField) and type(field.widget) is forms.DateTimeInput:
                field.widget = DateTimeInput(field.widget.attrs)
            _name_the_empty_choice(field)
            width = self.widths.get(name) or self.widths.get("__all__")
            if width:
                field.widget.attrs["data-width"] = width
            if isinstance(field, forms.DecimalField | forms.IntegerField):
                field.widget.attrs.setdefault("inputmode", "decimal")
            if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == "10":
                field.widget.attrs["rows"] = "4"

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # the mixin stands before a form
        for name, field in self.fields.items():
            text = self.cleaned_data.get(name)
            if not (isinstance(field, forms.CharField) and isinstance(text, str) and text and is_blank(text)):
                continue
            self.cleaned_data[name] = field.empty_value
            if field.required:
                self.add_error(name, ValidationError(field.error_messages["required"], code="required"))

    def add_error(self, field: str | None, error: Any) -> None:
        """Django's terse sentences become ones that name the value and the remedy."""
        if isinstance(error, ValidationError) and field in self.fields:
            value = self[field].data
            label = getattr(self.fields[field], "named", self[field].label)
            error = remedies.worded(self.fields[field], label, value, error)
        super().add_error(field, error)  # type: ignore[misc]  # the mixin stands before a form


DASHES = "---------"


def _name_the_empty_choice(field: forms.Field) -> None:
    """Django's row of dashes becomes words."""
    word = "Choose one" if field.required else "Not set"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = word
    elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, list):
        field.choices = [(key, word if label == DASHES else label) for key, label in field.choices]


class Form(_Fields, forms.Form):
    """A plain form of the product."""


@dataclass(frozen=True)
class Difference:
    """One field that stands otherwise than it was typed here; `both` says that somebody else changed it too."""

    label: str
    theirs: str
    yours: str
    both: bool = False


class ModelForm(_Fields, forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker alone
    """A form over one record, which refuses to overwrite what somebody saved meanwhile.

    The page carries the record's `updated_at` (or the field `version_field` names) as it was
    shown; if the record has moved on, `conflicts` is true, the form is invalid, and
    `differences()` gives both values of each field that differs.
    """

    version_field = "updated_at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = False
        if not self.instance._state.adding and self._version() is not None:
            self.fields["seen_version"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self._version()
            )
        self._stored_initial = dict(self.initial)

    def _version(self) -> str | None:
        value = getattr(self.instance, self.version_field, None)
        if value is None:
            return None
        return value.isoformat() if hasattr(value, "isoformat") else str(value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.pop("seen_version", "")
        if seen and seen != self._version():
            self.conflicts = True
            self.add_error(None, "Somebody saved this record while you were editing it.")
        return cleaned

    def differences(self) -> list[Difference]:
        """The fields where the record as it stands differs from what was typed."""
        found = []
        for bound in self.visible_fields():
            theirs = bound.field.prepare_value(self._stored_initial.get(bound.name))
            yours = bound.value()
            if str(theirs if theirs is not None else "") != str(yours if yours is not None else ""):
                both = (words_of(bound.field, value) or "Nothing" for value in (theirs, yours))
                found.append(Difference(str(bound.label), *both))
        return found


UNKNOWN = "No longer in the list"


def words_of(field: forms.Field, value: Any) -> str:
    """A value as the person chose it: a choice by its label and never by its key, a list by its labels."""
    if isinstance(field, forms.BooleanField):
        return "Yes" if value else "No"
    texts = texts_of(value)
    if not hasattr(field, "choices"):
        return ", ".join(texts)
    labels = {str(getattr(key, "value", key)): str(label) for key, label in _flat(field.choices)}
    return ", ".join(labels.get(one, UNKNOWN) for one in texts)


def texts_of(value: Any) -> list[str]:
    """A value as the texts a browser sends for it; line ends are its own affair."""
    values = value if isinstance(value, list | tuple) else [value]
    texts = [str(getattr(one, "value", one)) for one in values if one not in (None, "")]
    return sorted(text.replace("\r\n", "\n").strip() for text in texts)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat += list(label) if isinstance(label, list | tuple) else [(key, label)]
    return flat
