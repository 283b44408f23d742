"""From JSON to the forms of the pages, and what the schema says of them.

A body holds the fields of a form under their names, as JSON has them: numbers, true and false,
lists, days as 2026-11-24, sums in minor units. What is not given keeps the value a page would show
at first. Then the form decides, so the interface refuses what the pages refuse, in their words.
"""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from vciso.web import problems
from vciso.web.problems import FieldError

Schema = dict[str, Any]
NOT_IN_BODIES = "seen_version"
MANY = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
# So many values are repeated in a sentence; `allowed` and the schema hold them all.
SPOKEN = 12


class JsonParser(JSONParser):
    """JSON alone; what cannot be read is said without repeating it."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError):
            raise ParseError("The body is no JSON. Send one object, encoded in UTF-8.") from None


class WrongType(Exception):
    """A value of another type than the field takes; the sentence says which it takes."""


@dataclass(frozen=True)
class Nest:
    """One JSON member that stands for several fields of a form.

    `flatten` gives form fields by name, or raises WrongType; `pointer` says where in the JSON a
    form field's value stood, or None for a field of somebody else.
    """

    name: str
    schema: Schema
    flatten: Callable[[Any], dict[str, Any]]
    pointer: Callable[[str], str | None]


def fields_of(form: forms.BaseForm | type[forms.BaseForm]) -> dict[str, forms.Field]:
    """The fields a body may name."""
    known = form.base_fields if isinstance(form, type) else form.fields
    return {name: field for name, field in known.items() if name != NOT_IN_BODIES}


def fill(
    form_class: Callable[..., forms.BaseForm], body: Any, *, nests: Iterable[Nest] = (), **options: Any
) -> forms.BaseForm:
    """The form as a browser would post it: shown values, with those of the body in their place.

    Raises a Problem for unknown members and for values of another type.
    """
    shown = form_class(None, **options)
    fields = fields_of(shown)
    given, errors = _flat(body, fields, nests)
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, field in fields.items():
        key = shown.add_prefix(name)
        try:
            posted = _posted(field, given.pop(name)) if name in given else _shown(shown, name, field)
        except WrongType as wrong:
            errors.append(FieldError(pointer_of(name, nests), str(wrong), problems.shown(body.get(name))))
            continue
        if posted is not None:
            data.setlist(key, posted if isinstance(posted, list) else [posted])
    errors += [_stranger(name, fields, nests) for name in given]
    if errors:
        raise problems.invalid(errors)
    return form_class(data, **options)


def an_object(body: Any) -> dict[str, Any]:
    """The body of a write; whatever else JSON can be is refused."""
    if not isinstance(body, dict):
        raise problems.Problem(400, "malformed", "Send one JSON object.")
    return body


def empty(body: dict[str, Any]) -> None:
    """Refuses members where the address takes none."""
    if body:
        raise problems.invalid([unknown(name, [], f"/{name}") for name in body])


def unknown(name: str, known: list[str], pointer: str) -> FieldError:
    taken = f"It takes {', '.join(known)}." if known else "It takes none."
    return FieldError(pointer, f"“{problems.shown(name)}” is not taken here. {taken}")


def _stranger(name: str, fields: Iterable[str], nests: Iterable[Nest]) -> FieldError:
    """A member that nothing takes, in the words of the JSON: inside a nest, beside what stands there."""
    pointer = pointer_of(name, nests)
    above, _, last = pointer.rpartition("/")
    if not above:
        return unknown(name, _members(fields, nests), pointer)
    beside = (pointer_of(field, nests).rpartition("/") for field in fields)
    return unknown(last, [one for parent, _, one in beside if parent == above], pointer)


def _members(fields: Iterable[str], nests: Iterable[Nest]) -> list[str]:
    """What a body names at its top; the fields of a nest are named inside it alone."""
    return [name for name in fields if not _is_nested(name, nests)] + [nest.name for nest in nests]


def _is_nested(name: str, nests: Iterable[Nest]) -> bool:
    return any(nest.pointer(name) is not None for nest in nests)


def pointer_of(name: str, nests: Iterable[Nest] = ()) -> str:
    """The JSON pointer of a form's field."""
    for nest in nests:
        found = nest.pointer(name)
        if found is not None:
            return found
    return _at_the_top(name)


def _at_the_top(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _flat(
    body: dict[str, Any], fields: Iterable[str], nests: Iterable[Nest]
) -> tuple[dict[str, Any], list[FieldError]]:
    strangers = [name for name in body if _is_nested(name, nests)]
    errors = [unknown(name, _members(fields, nests), _at_the_top(name)) for name in strangers]
    given = {name: value for name, value in body.items() if name not in strangers}
    for nest in nests:
        if nest.name not in given:
            continue
        try:
            given |= nest.flatten(given.pop(nest.name))
        except WrongType as wrong:
            errors.append(FieldError(f"/{nest.name}", str(wrong)))
    return given, errors


def _shown(form: forms.BaseForm, name: str, field: forms.Field) -> Any:
    """What the page's own field would send back untouched."""
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(field, forms.NullBooleanField):
        return {True: "true", False: "false"}.get(value, "unknown")
    if isinstance(field, forms.BooleanField):
        return "on" if value else None
    if isinstance(field, MANY):
        return [str(one) for one in value or ()]
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _posted(field: forms.Field, value: Any) -> Any:
    """A JSON value as a browser would send it; raises WrongType."""
    if isinstance(field, forms.BooleanField):
        return _yes_or_no(field, value)
    if isinstance(field, MANY):
        if not isinstance(value, list):
            raise WrongType("Send a list of texts.")
        return [_text(one) for one in value]
    if value is None:
        return ""
    if takes_numbers(field):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**18:
            raise WrongType("Send a whole number.")
        return str(field.prepare_value(value))
    if isinstance(field, forms.DecimalField):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise WrongType("Send a number.")
        return _text(str(value))
    return _text(value)


def _yes_or_no(field: forms.Field, value: Any) -> str | None:
    if value is None and isinstance(field, forms.NullBooleanField):
        return "unknown"
    if not isinstance(value, bool):
        raise WrongType("Send true or false.")
    if isinstance(field, forms.NullBooleanField):
        return "true" if value else "false"
    return "on" if value else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongType("Send a text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WrongType("Send text that UTF-8 can hold; this one holds half a character.") from None
    return value


def takes_numbers(field: forms.Field) -> bool:
    """Whole numbers: counts, levels of a scale, and what a field says it keeps as one (sums in
    minor units, minutes)."""
    if isinstance(field, forms.TypedChoiceField):
        return field.coerce is int
    return getattr(field, "json_type", None) is int or (
        isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField | forms.FloatField)
    )


# --- What a refusal says ---------------------------------------------------------------------


def worded(field: forms.Field, code: str, value: Any) -> tuple[str, tuple[str, ...]]:
    """What the page's sentence would say in labels or in units of its own, in those of the JSON; with the values
    that are taken. Empty where the page's sentence will do."""
    if code in ("invalid_choice", "required") and isinstance(field, forms.ChoiceField):
        keys = [] if isinstance(field, forms.ModelChoiceField) else keys_of(field)
        wrong = [one for one in (value if isinstance(value, list) else [value]) if str(one) not in keys]
        if keys and wrong:
            begin = f"“{problems.shown(wrong[0])}” is not taken here. " if wrong[0] not in (None, "") else ""
            return f"{begin}It takes {spoken(keys)}.", tuple(keys)
    if getattr(field, "json_type", None) is int and isinstance(value, int):
        least, most = field.min_value, field.max_value  # type: ignore[attr-defined]  # what counts in units has them
        if not least <= value <= most:
            return f"“{value}” is too {'small' if value < least else 'large'}. Give {least} to {most}.", ()
    return "", ()


def spoken(keys: Collection[str]) -> str:
    """The values that are taken, as a sentence lists them."""
    return f"one of the {len(keys)} under “allowed”" if len(keys) > SPOKEN else ", ".join(keys)


# --- What the schema says --------------------------------------------------------------------


def object_schema(form: type[forms.BaseForm], nests: Iterable[Nest] = (), *, partial: bool = False) -> Schema:
    """The body a form takes. With `partial` nothing is required: what is left out stays."""
    fields = fields_of(form)
    properties = {name: field_schema(fields[name]) for name in fields if not _is_nested(name, nests)}
    properties |= {nest.name: nest.schema for nest in nests}
    needed = [name for name in properties if name in fields and fields[name].required and fields[name].initial is None]
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    if needed and not partial:
        schema["required"] = needed
    return schema


def field_schema(field: forms.Field) -> Schema:
    """One form field as JSON schema."""
    schema = _typed(field)
    if not field.required and schema["type"] not in ("array", "boolean", ["boolean", "null"]):
        schema = _optional(schema)
    label, unit = getattr(field, "named", field.label), getattr(field, "json_unit", "")
    words = " ".join(str(part) for part in (label, field.help_text, unit and f"In {unit}.") if part)
    if words:
        schema["description"] = words
    if field.initial is not None and not callable(field.initial):
        schema["default"] = getattr(field.initial, "value", field.initial)
    return schema


def _optional(schema: Schema) -> Schema:
    schema = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def _typed(field: forms.Field) -> Schema:
    if isinstance(field, forms.NullBooleanField):
        return {"type": ["boolean", "null"]}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.ModelMultipleChoiceField):
        return {"type": "array", "items": {"type": "string", "format": "uuid"}}
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string", "enum": keys_of(field)}}
    if isinstance(field, forms.ModelChoiceField):
        return {"type": "string", "format": "uuid"}
    if isinstance(field, forms.ChoiceField):
        keys = keys_of(field)
        number = takes_numbers(field)
        known: Schema = {"type": "integer" if number else "string"}
        return known | {"enum": [int(key) for key in keys] if number else keys} if keys else known
    if isinstance(field, forms.DecimalField | forms.IntegerField) or takes_numbers(field):
        return _number(field)
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    return _string(field)


def _number(field: Any) -> Schema:
    schema: Schema = {"type": "integer" if takes_numbers(field) else "number"}
    for key, name in (("minimum", "min_value"), ("maximum", "max_value")):
        if getattr(field, name, None) is not None:
            schema[key] = getattr(field, name)
    return schema


def _string(field: Any) -> Schema:
    schema: Schema = {"type": "string"}
    if isinstance(field, forms.EmailField):
        schema["format"] = "email"
    if getattr(field, "max_length", None):
        schema["maxLength"] = field.max_length
    if field.required:
        schema["minLength"] = max(1, getattr(field, "min_length", None) or 1)
    return schema


def keys_of(field: Any) -> list[str]:
    """The keys of a choice, groups opened; none where they depend on the client."""
    flat: list[str] = []
    for key, label in field.choices:
        flat += [str(inner) for inner, _ in label] if isinstance(label, list | tuple) else [str(key)]
    return [key for key in flat if key]


def as_uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def refused(form: Any, refusal: ValidationError) -> None:
    """A service's refusal at the field it names, or on top where the form has no such field."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
