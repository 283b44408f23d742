"""The reference of the interface for programs, drawn from its schema."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from vciso.tenancy.permissions import SIGNED_IN, requires
from vciso.web import problems, responses
from vciso.web.api.schema import document

METHODS = ("get", "post", "patch", "delete")
PLACES = {"client_key", "id", "ref", "period", "number"}


@dataclass(frozen=True)
class Member:
    """One member of a body, or one parameter."""

    name: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One method at one address, in words."""

    method: str
    path: str
    words: str
    parameters: list[Member]
    members: list[Member]


def kind_of(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words: “one of low, high”, “date”, “whole number, 1 to 5”."""
    named = schema.get("type", "any value")
    types = [one for one in (named if isinstance(named, list) else [named]) if one != "null"]
    words = {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(types[0], types[0])
    if schema.get("enum"):
        return "one of " + ", ".join(str(one) for one in schema["enum"] if one is not None)
    if types[0] == "array":
        return f"list of: {kind_of(schema.get('items', {}))}"
    if schema.get("format") in ("uuid", "date"):
        return str({"uuid": "id", "date": "date"}[schema["format"]])
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{words}, {low} to {high}"
    return f"{words}, up to {schema['maxLength']:,} characters" if "maxLength" in schema else words


def _parameters(operation: dict[str, Any]) -> list[Member]:
    return [
        Member(one["name"], kind_of(one["schema"]), one["required"], one.get("description", ""))
        for one in operation.get("parameters", ())
        if one["name"] not in PLACES
    ]


def _members(operation: dict[str, Any]) -> list[Member]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    needed = schema.get("required", ())
    return [
        Member(name, kind_of(one), name in needed, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def groups() -> list[tuple[str, list[Operation]]]:
    """Every operation by resource, in the order of the addresses."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                operation = Operation(method.upper(), path, told["description"], _parameters(told), _members(told))
                found.setdefault(told["tags"][0].replace("-", " ").capitalize(), []).append(operation)
    return sorted(found.items())


@requires(SIGNED_IN)
@require_GET
def api(request: HttpRequest) -> HttpResponse:
    """Every address of the interface, what it takes, and every code of a refusal."""
    context = {
        "groups": groups(),
        "codes": sorted(problems.TITLES.items()),
        "address": request.build_absolute_uri("/api/v1/"),
    }
    return responses.page(request, "home/help_api.html", context)
