"""The bar above a list: a search box and one chip per filter, all of it in the address.

Built from a django-filter FilterSet. Choices are links, so every state of the list has a URL
and works without script.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from vciso.web.responses import query

LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """One filter: set (a solid chip that removes it) or not (a dashed one that offers choices)."""

    name: str
    label: str
    value: str
    remove_url: str
    options: tuple[Option, ...]
    field: Any = None
    hidden: tuple[tuple[str, str], ...] = ()


class FilterBar:
    """What `{% filter_bar %}` draws. `search` names the FilterSet's search field, if it has one."""

    def __init__(self, request: HttpRequest, filterset: Any, *, search: str = "q") -> None:
        self.request = request
        self.filterset = filterset
        self.form = filterset.form
        self.search = search if search in self.form.fields else ""

    @property
    def search_value(self) -> str:
        return self.request.GET.get(self.search, "") if self.search else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The other parameters, which a search keeps."""
        return self._others(self.search)

    def _others(self, *names: str) -> list[tuple[str, str]]:
        kept = self.request.GET.lists()
        left_out = {*names, "page"}
        return [(key, one) for key, values in kept if key not in left_out for one in values if one]

    @property
    def active(self) -> bool:
        """Whether anything is filtered at all: a filtered-empty list says so."""
        return any(self.request.GET.get(name) for name in self._names())

    @property
    def clear_url(self) -> str:
        return query(self.request, **dict.fromkeys(self._names()))

    @property
    def unread(self) -> list[str]:
        """What the address asks for that no filter knows, as sentences: the list is not narrowed by it."""
        found = []
        for name, field in self.form.fields.items():
            values = [value for one in _names_of(name, field) for value in self.request.GET.getlist(one) if value]
            unknown = self._unknown(name, field, values)
            if unknown:
                label = str(field.label or name).capitalize()
                shown = ", ".join(f"“{value[:LONGEST_SHOWN]}”" for value in unknown)
                found.append(f"{label}: {shown} is not known here, so the list is not narrowed by it.")
        return found

    def _unknown(self, name: str, field: forms.Field, values: list[str]) -> list[str]:
        if isinstance(field, forms.NullBooleanField):
            return values if values and field.clean(values[-1]) is None else []
        if name not in self.form.errors:
            return []
        known = {str(key) for key, _ in _choices(field)}
        return [value for value in values if value not in known]

    def _names(self) -> list[str]:
        return [one for name, field in self.form.fields.items() for one in _names_of(name, field)]

    def chips(self) -> Iterator[Chip]:
        for name, field in self.form.fields.items():
            if name == self.search or field.widget.is_hidden:
                continue
            yield self._chip(name, field)

    def _chip(self, name: str, field: forms.Field) -> Chip:
        values = [value for value in self.request.GET.getlist(name) if value]
        label = str(field.label or name).capitalize()
        choices = [(str(key), str(text)) for key, text in _choices(field) if str(key)]
        words = [text for key, text in choices if key in values] if choices else values
        many = isinstance(field, forms.MultipleChoiceField)
        options = tuple(Option(text, self._choose(name, key, values, many), key in values) for key, text in choices)
        return Chip(
            name=name,
            label=label,
            value=", ".join(words),
            remove_url=query(self.request, **{name: None}),
            options=options,
            field=None if choices else self.form[name],
            hidden=tuple(self._others(name)),
        )

    def _choose(self, name: str, key: str, values: list[str], many: bool) -> str:
        if not many:
            return query(self.request, **{name: key})
        kept = [value for value in values if value != key]
        return query(self.request, **{name: kept if key in values else [*values, key]})


def _names_of(name: str, field: forms.Field) -> list[str]:
    """The parameters that a field reads: a range has one for each end."""
    suffixes = getattr(field.widget, "suffixes", None)
    return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]


def _choices(field: forms.Field) -> list[tuple[Any, Any]]:
    if isinstance(field, forms.NullBooleanField):
        return [("true", "Yes"), ("false", "No")]
    if not hasattr(field, "choices"):
        return []
    flat: list[tuple[Any, Any]] = []
    for key, text in field.choices:
        flat += list(text) if isinstance(text, list | tuple) else [(key, text)]
    return flat
