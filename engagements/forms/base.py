"""Fields for money and hours, and a form that notices when somebody else saved first."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from vciso.web import formats
from vciso.web.forms import Difference, Form, MarkdownInput, texts_of, words_of

LONGEST_TEXT = 20_000
LONGEST_VERSION = 1000
TWO_WAYS = re.compile(r"-?([1-9]\d{0,2})\.(\d{3})")
"""Thousands to one half of the world, three decimals to the other."""
MARK = r"(?:[A-Z]{0,3}[$£€¥]|[A-Z]{3})"
MARKED = re.compile(rf"(-?)\s*({MARK})?\s*(-?)([^A-Z$£€¥]*\d[^A-Z$£€¥]*?)\s*({MARK})?", re.I)
"""A sum with the currency before or after it; the second and the last group hold that."""
SHAPES = (
    (re.compile(r"(?=.*\d)-?([1-9]\d{0,2}(?:,\d{3})+|\d*)(?:\.(\d*))?"), ",", "."),
    (re.compile(r"-?([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(\d+))?"), ".", ","),
)
"""Each with its mark of thousands and its mark of decimals; the second group holds the decimals."""


class LongText(forms.CharField):
    """A text of several lines, with a limit that no honest text meets."""

    def __init__(self, *, rows: int = 4, markdown: bool = False, **options: Any) -> None:
        options.setdefault("max_length", LONGEST_TEXT)
        widget = MarkdownInput({"rows": rows}) if markdown else forms.Textarea({"rows": rows})
        options.setdefault("widget", widget)
        super().__init__(**options)


class MoneyField(forms.CharField):
    """A sum typed as people write it (38,400 or 38400.50), kept in minor units.

    One that says another currency than `currency` is refused. With `above_zero` nothing is no sum.
    """

    json_type = int
    json_unit = "minor units"
    min_value, max_value = 0, formats.LARGEST_MINOR

    def __init__(self, *, currency: str = "USD", above_zero: bool = False, **options: Any) -> None:
        options.setdefault("max_length", 30)
        super().__init__(**options)
        self.currency = currency
        self.min_value = int(above_zero)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        places = formats.minor_units(self.currency)
        whole = Decimal(value) / (10**places)
        return f"{whole:,.0f}" if whole == whole.to_integral() else f"{whole:,.{places}f}"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        places = formats.minor_units(self.currency)
        bare = re.sub(r"[\s’'_]", "", self._unmarked(text))
        if (twice := TWO_WAYS.fullmatch(bare)) and places < len(twice[2]):
            whole = f"{twice[1]},{twice[2]}"
            raise ValidationError(f"“{text}” can be read as {twice[1]} or as {whole}. Write {twice[1]} or {whole}.")
        digits = _plain_sum(bare, places)
        if digits is None:
            raise ValidationError(f"“{text}” is no sum. Write it as in 38,400 or 38400.50.")
        sum_ = Decimal(digits) * 10**places
        if not self.min_value <= sum_ <= self.max_value:
            most = self.prepare_value(self.max_value)
            least = "more than 0, up to" if self.min_value else "0 to"
            size = "small" if sum_ < self.min_value else "large"
            raise ValidationError(f"“{text}” is too {size}. Give {least} {most}.")
        return int(sum_)

    def _unmarked(self, text: str) -> str:
        """The sum without its currency, which has to be the one that sums are kept in."""
        plain = text.strip().replace("−", "-")
        if (match := MARKED.fullmatch(plain)) is None:
            return plain
        marks = {mark.upper() for mark in (match[2], match[5]) if mark}
        if marks - formats.marks_of(self.currency):
            raise ValidationError(
                f"“{text}” is in another currency. Sums are kept in {self.currency} here: give it in {self.currency}."
            )
        return match[1] + match[3] + match[4]


def _plain_sum(bare: str, places: int) -> str | None:
    """The sum with a point before its decimals and no other mark, or None where that is not certain.

    A comma or point is a mark of thousands where three digits stand after each, and begins the decimals where no
    more follow than the currency has; 38.400,50 is a sum as good as 38,400.50.
    """
    for shape, thousands, decimal in SHAPES:
        if (match := shape.fullmatch(bare)) and len(match[2] or "") <= places:
            return bare.replace(thousands, "").replace(decimal, ".")
    return None


class HoursField(forms.CharField):
    """Time typed as 1.5, 1:30, 90m or 1h 30m, kept in minutes."""

    json_type = int
    json_unit = "minutes"
    min_value, max_value = 1, 24 * 60

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return f"{value // 60}:{value % 60:02d}"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        minutes = _minutes(text.strip().lower().replace(",", "."))
        if minutes is None or not self.min_value <= minutes <= self.max_value:
            raise ValidationError(f"“{text}” is no time within a day. Write it as in 1.5, 1:30 or 45m.")
        return minutes


def _minutes(text: str) -> int | None:
    """Minutes of a typed time, or None where it is not one."""
    clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    spelt = re.fullmatch(r"(?:(\d{1,3}(?:\.\d{1,2})?)\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?", text)
    if spelt and (spelt[1] or spelt[2]):
        return round(float(spelt[1] or 0) * 60) + int(spelt[2] or 0)
    plain = re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", text)
    return round(float(text) * 60) if plain else None


def _fingerprint(values: dict[str, Any]) -> str:
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class ServiceForm(Form):
    """A form whose answer a service takes; its refusals come back to the fields they name.

    With `stored` (the record's present values by field name) the page carries their fingerprint;
    when they changed before this form came back, `conflicts` is true and nothing is written.
    """

    def __init__(self, *args: Any, stored: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conflicts = False
        self._stored: dict[str, Any] | None = None
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
                field.empty_label = field.empty_label or "Nobody"
        if stored is not None:
            self.stand_on(stored)

    def stand_on(self, stored: dict[str, Any]) -> None:
        """Shows the record's present values and notices when they changed meanwhile."""
        self._stored = stored
        self.initial = {**stored, **self.initial}
        self.fields["seen_version"] = forms.CharField(
            required=False, max_length=LONGEST_VERSION, widget=forms.HiddenInput, initial=self._version
        )

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Has a field offer these records and whatever stands there, such as a person who is no longer active.

        Without that, a change of anything else would empty the field, or be refused for a value nobody sent.
        """
        field: Any = self.fields[name]
        stands = (self._stored or {}).get(name)
        keys = [key for key in (stands if isinstance(stands, list | tuple) else [stands]) if key]
        if keys:
            offered = Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=keys)
            rows = rows.model._default_manager.filter(offered).order_by(*rows.query.order_by)
            field.label_from_instance = _named
        field.queryset = rows

    def _version(self) -> str:
        """What stands, as one fingerprint and a short mark for each field, by which a page sent back knows its past."""
        return ".".join([_fingerprint(self._stored or {}), *(_mark(self._standing(name)) for name in self._followed())])

    def _followed(self) -> list[str]:
        return sorted(name for name in self._stored or {} if name in self.fields)

    def _standing(self, name: str) -> Any:
        """The stored value as the page of the form shows it."""
        return self.fields[name].prepare_value((self._stored or {}).get(name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.pop("seen_version", "")
        if seen and self._stored is not None and seen.split(".")[0] != _fingerprint(self._stored):
            self.conflicts = True
            self.add_error(None, "Somebody saved this record while you were editing it.")
        return cleaned

    def differences(self) -> list[Difference]:
        """The fields that were changed here and stand otherwise; whatever was left alone is the other's to say.

        A field that no record stands behind, such as a day proposed, was left alone where it says what it began with.
        """
        begun = dict(zip(self._followed(), (self["seen_version"].value() or "").split(".")[1:], strict=False))
        found = []
        for bound in self.visible_fields():
            theirs, yours = self._standing(bound.name), bound.value()
            if begun.get(bound.name, _mark(bound.initial)) == _mark(yours):
                continue
            shown = [words_of(bound.field, value) for value in (theirs, yours)]
            if shown[0] != shown[1]:
                both = bound.name in begun and begun[bound.name] != _mark(theirs)
                found.append(Difference(str(bound.label), shown[0] or "Nothing", shown[1] or "Nothing", both))
        return found

    def attempt(self, write: Callable[[dict[str, Any]], Any]) -> Any:
        """What the service answers, or None with the errors on the form."""
        if not self.is_bound or not self.is_valid():
            return None
        try:
            return write(self.cleaned_data)
        except ValidationError as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: ValidationError) -> None:
        """Puts a refusal at the field it names, or on top where the form has no such field."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


def _named(record: Any) -> str:
    return str(record) if getattr(record, "active", True) else f"{record} (no longer active)"


class StandsBy(ServiceForm):
    """A form whose service asks first where much hangs on it: its box is shown once it asked."""

    def add_stand_by(self, label: str) -> None:
        self.fields["stand_by"] = forms.BooleanField(required=False, label=label)

    @property
    def questioned(self) -> bool:
        """Whether the service said what would follow, so that the box to go on is shown."""
        return "stand_by" in self.errors or bool(self["stand_by"].value())


def _mark(value: Any) -> str:
    """A short mark of a value, typed or stored, by which it is known again."""
    return hashlib.sha256("\n".join(texts_of(value)).encode()).hexdigest()[:6]


def stored_values(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The record's present values as a form shows them; a person or user by id."""
    found = {}
    for name in names:
        field = record._meta.get_field(name)
        found[name] = getattr(record, field.attname)
    return found
