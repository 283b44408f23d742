"""What somebody typed into a form that came too late: their texts and choices by label, no keys, ids or secrets.

The refusal falls before the view has made its form, and is drawn without a query. So the form is known by the names
of its fields alone: the class that shares most of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.http import QueryDict

from vciso.web import once
from vciso.web.forms import UNKNOWN, Form, ModelForm, words_of

UNTYPED = (once.FIELD, "seen_version", "next", "then")
"""What a form carries that nobody typed."""


def typed(posted: QueryDict) -> list[tuple[str, str]]:
    """Label and words of each answer worth keeping."""
    given = {name.rpartition("-")[2]: values for name, values in posted.lists() if name not in UNTYPED}
    fields = _fields(set(given))
    found = []
    for name, values in given.items():
        texts = [value for value in values if value.strip()]
        words = _words(fields.get(name), texts)
        if words and "password" not in name:
            field = fields.get(name)
            label = (field.label if field is not None else None) or pretty_name(name)
            found.append((str(label), words))
    return found


def _words(field: forms.Field | None, texts: list[str]) -> str:
    if field is None:
        return ", ".join(text for text in texts if text != "on" and not _is_id(text))
    unsaid = isinstance(field, forms.ModelChoiceField | forms.BooleanField) or field.widget.is_hidden
    if not texts or unsaid or isinstance(field.widget, forms.PasswordInput):
        return ""
    words = words_of(field, texts)
    return "" if UNKNOWN in words else words


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _fields(names: set[str]) -> dict[str, forms.Field]:
    """The fields of the form that has most of these names and least besides."""
    classes = {kind for base in (Form, ModelForm) for kind in _below(base)}
    ranked = sorted(classes, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
    best = max(
        ranked,
        key=lambda kind: (len(names & set(kind.base_fields)), -len(set(kind.base_fields) - names)),
        default=None,
    )
    return dict(best.base_fields) if best is not None else {}


def _below(parent: Any) -> Iterator[Any]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)
