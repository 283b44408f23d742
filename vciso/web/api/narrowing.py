"""What a list can be narrowed by: each parameter, the values it takes, and the refusal of any other.

A program that misspells a filter must not take the whole list for the answer. So everything in the
query is either known or refused, for every resource alike.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django_filters import FilterSet

from vciso.web import problems, remedies
from vciso.web.api import bodies
from vciso.web.problems import FieldError, Problem

PAGING = ("cursor", "limit")
YES_OR_NO = ("true", "false")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a list: the field that reads it, and the values it takes; none: whatever the field reads."""

    name: str
    field: forms.Field
    label: str
    takes: tuple[str, ...] = ()
    many: bool = False


def fields_of(filterset: type[FilterSet] | None) -> dict[str, forms.Field]:
    """The fields of a list's filters by name, of their own: a filter keeps its field once it was
    asked for, and every later list of the process would get this one with its choices."""
    filters = copy.deepcopy(filterset.base_filters) if filterset else {}
    return {name: one.field for name, one in filters.items()}


def parameters(fields: Mapping[str, forms.Field]) -> Iterator[Parameter]:
    """The parameters of a filter's form; a range has one for each end."""
    for name, field in fields.items():
        label = str(field.label or "")
        if isinstance(field, forms.MultiValueField):
            suffixes = field.widget.suffixes  # type: ignore[union-attr]  # a range's widget names its ends
            for suffix, end in zip(suffixes, field.fields, strict=True):
                yield Parameter(f"{name}_{suffix}", end, label)
        else:
            yield Parameter(name, field, label, _takes(field), isinstance(field, bodies.MANY))


def _takes(field: forms.Field) -> tuple[str, ...]:
    if isinstance(field, forms.NullBooleanField):
        return YES_OR_NO
    return tuple(bodies.keys_of(field)) if isinstance(field, forms.ChoiceField) else ()


def check(fields: Mapping[str, forms.Field], asked: MultiValueDict[str, str]) -> None:
    """Raises a Problem for each parameter and value of the query that a list of these fields does not know."""
    known = {one.name: one for one in parameters(fields)}
    refusals: list[FieldError] = []
    for name, values in asked.lists():
        if name in known:
            refusals += _wrong_values(known[name], [value for value in values if value])
        elif name not in PAGING:
            refusals.append(_unknown(name, (*known, *PAGING)))
    if refusals:
        raise refused(refusals)


def refused(refusals: list[FieldError]) -> Problem:
    """The answer to a question that a list does not understand."""
    return Problem(400, "unknown_filter", " ".join(one.detail for one in refusals[:3]), errors=refusals)


def _unknown(name: str, known: tuple[str, ...]) -> FieldError:
    shown = name.encode(errors="replace").decode()[:60]
    return FieldError("", f"The list is not narrowed by “{shown}”. It takes {', '.join(known)}.", None, shown, known)


def _wrong_values(one: Parameter, values: list[str]) -> Iterator[FieldError]:
    """What is wrong with the values of one parameter; an empty one is no filter."""
    if len(values) > 1 and not one.many:
        yield FieldError("", f"{one.name} is given {len(values)} times. Give it once.", values[-1], one.name, one.takes)
        return
    for value in values:
        shown = str(problems.shown(value))
        if one.takes and value not in one.takes:
            told = f"{one.name} cannot be “{shown}”. It takes {bodies.spoken(one.takes)}."
            yield FieldError("", told, shown, one.name, one.takes)
        elif not one.many:
            for sentence in _unreadable(one, value):
                yield FieldError("", f"{one.name}: {sentence}", shown, one.name)


def _unreadable(one: Parameter, value: str) -> list[str]:
    try:
        one.field.clean(value)
    except ValidationError as error:
        return remedies.worded(one.field, one.name, value, error).messages
    return []
