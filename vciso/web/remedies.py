"""What a field says when an answer does not fit: the value, and what would."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

Worder = Callable[[forms.Field, str, str, dict[str, Any]], str]

KINDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateTimeField, "is no day and time. Pick them, or write 2026-11-24T14:30."),
    (forms.DateField, "is no date. Pick one, or write it as 2026-11-24."),
    (forms.TimeField, "is no time of day. Write it as 14:30."),
    (forms.DecimalField, "is no number. Use digits and a point, as in 1250.50."),
    (forms.FloatField, "is no number. Use digits and a point, as in 1250.50."),
    (forms.IntegerField, "is no whole number. Use digits alone, as in 12."),
    (forms.EmailField, "is no e-mail address. Write it as name@example.com."),
    (forms.URLField, "is no web address. Write it as https://example.com."),
    (forms.UUIDField, "cannot be chosen here. Pick one from the list."),
    (forms.ModelChoiceField, "cannot be chosen here. Pick one from the list."),
)
DIGITS = ("max_digits", "max_whole_digits", "max_decimal_places")
CHOICES = (forms.ChoiceField, forms.ModelChoiceField)


def _missing(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    if isinstance(field, CHOICES):
        return f"{label}: choose one."
    if isinstance(field, forms.FileField):
        return f"{label}: choose a file."
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}” to go on."
    return f"{label}: this is missing."


def _invalid(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    for kind, sentence in KINDS:
        if isinstance(field, kind):
            return f"“{value}” {sentence}"
    return ""


def _choice(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    return f"“{value}” cannot be chosen for {label.lower()}. Pick one from the list."


def _too_long(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    over = int(params["show_value"]) - int(params["limit_value"])
    noun = "character" if over == 1 else "characters"
    return f"{label} is {over} {noun} too long: {params['limit_value']} fit."


def _digits(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    return f"“{value}” is too long: at most {params['max']} digits in all."


def _whole_digits(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    return f"“{value}” is too large: at most {params['max']} digits before the point."


def _places(field: forms.Field, label: str, value: str, params: dict[str, Any]) -> str:
    return f"“{value}” is too fine: at most {params['max']} digits after the point."


WORDERS: dict[str, Worder] = {
    "required": _missing,
    "invalid": _invalid,
    "invalid_choice": _choice,
    "invalid_pk_value": _choice,
    "max_length": _too_long,
    "max_digits": _digits,
    "max_whole_digits": _whole_digits,
    "max_decimal_places": _places,
    "min_value": lambda f, label, value, p: f"“{value}” is too small: at least {p['limit_value']}.",
    "max_value": lambda f, label, value, p: f"“{value}” is too large: at most {p['limit_value']}.",
}


def _is_stock(field: forms.Field, error: ValidationError) -> bool:
    """Whether the sentence is Django's own: a form's or a validator's own words are kept."""
    if (error.params and "limit_value" in error.params) or error.code in DIGITS:
        return True
    stock = [
        str(vars(kind)["default_error_messages"][error.code])
        for kind in type(field).__mro__
        if error.code in vars(kind).get("default_error_messages", {})
    ]
    stock += [str(getattr(validator, "message", "")) for validator in field.default_validators]
    if isinstance(field, forms.ModelChoiceField):  # what is no key at all is refused by the key of the records
        stock += map(str, field.queryset.model._meta.pk.default_error_messages.values())
    return str(error.message) in stock


def worded(field: forms.Field, label: Any, value: Any, error: ValidationError) -> ValidationError:
    """The same refusal in our words. A form's own sentence is left as it was written."""
    if not hasattr(error, "error_list"):
        return error
    shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    shown = shown if len(shown) <= 60 else f"{shown[:57]}…"
    found = []
    for one in error.error_list:
        worder = WORDERS.get(one.code or "") if _is_stock(field, one) else None
        text = worder(field, str(label), shown, one.params or {}) if worder else ""
        found.append(ValidationError(text, code=one.code) if text else one)
    return ValidationError(found)
