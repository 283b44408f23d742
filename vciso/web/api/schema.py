"""What the schema file says of each address, read from resources, records and forms."""

import functools
import inspect
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

from vciso.web.api import bodies, narrowing
from vciso.web.api.paging import MOST_ROWS, ROWS
from vciso.web.api.records import Record
from vciso.web.api.resources import ADDED, CHANGED, DONE, REMOVED, Resource, Write

JSON = "application/json"
ALWAYS = (401, 403, 404, 429, 503)
WRITES = (400, 415, 422)
IN_PATH = {
    "client_key": {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,80}$"},
    "id": {"type": "string", "format": "uuid"},
    "ref": {"type": "string", "pattern": "^[A-Z]{1,4}-[0-9]{1,6}$"},
    "period": {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2]|q[1-4])$"},
    "number": {"type": "string", "pattern": "^[0-9]{1,3}\\.[0-9]{1,3}$"},
    "revision": {"type": "integer", "minimum": 1, "maximum": 999},
}


class Schema(AutoSchema):  # type: ignore[misc]  # drf-spectacular ships no types
    """One operation per method of a resource."""

    view: Any

    @property
    def _write(self) -> Write | None:
        return getattr(self._method, "write", None)

    @property
    def _method(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", None) or self.method.lower())

    def get_operation_id(self) -> str:
        action = getattr(self.view, "action", None) or self.method.lower()
        return f"{self.get_tags()[0]}_{action}".replace("-", "_")

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "tag", "") or "interface"]

    def get_summary(self) -> str:
        return self._doc().split("\n", 1)[0].rstrip(".")

    def get_description(self) -> str:
        return self._doc()

    def _doc(self) -> str:
        """The method's own words, or for plain reads the resource's."""
        method = self._method
        own = inspect.getdoc(method) if getattr(method, "__func__", method) is not _inherited(self.view, method) else ""
        name = "List" if method.__name__ == "list" else "One"
        return own or f"{name}. {inspect.getdoc(type(self.view)) or ''}"

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{"token": []}, {"session": []}]

    def _get_parameters(self) -> list[dict[str, Any]]:
        found = [_parameter(name, "path", IN_PATH[name]) for name in _names_in(self.path)]
        write = self._write
        if getattr(self.view, "action", "") == "list":
            found += self._query()
        if write is not None and write.kind in (ADDED, DONE):
            schema = {"type": "string", "pattern": "^[!-~]{8,200}$"}
            found.append(_parameter("Idempotency-Key", "header", schema, required=False))
        if write is not None and write.kind != ADDED:
            found.append(
                _parameter("If-Match", "header", {"type": "string"}, required=write.kind in (CHANGED, REMOVED))
            )
        return found + list(getattr(self._method, "parameters", ()))

    def _query(self) -> list[dict[str, Any]]:
        """The list's own filters, and the place in it."""
        fields = narrowing.fields_of(getattr(self.view, "filterset_class", None))
        found = [
            _parameter(one.name, "query", _filter_schema(one), required=False, words=one.label)
            for one in narrowing.parameters(fields)
        ]
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS}
        found.append(_parameter("limit", "query", limit, required=False, words="Rows a page"))
        place = "From “next” of the page before"
        return [*found, _parameter("cursor", "query", {"type": "string"}, required=False, words=place)]

    def _get_request_body(self, direction: str = "request") -> dict[str, Any] | None:
        write = self._write
        if write is None or write.kind == REMOVED:
            return None
        if write.form is None:
            schema: dict[str, Any] = {"type": "object", "additionalProperties": False}
        else:
            schema = bodies.object_schema(write.form, write.nests, partial=write.keeps)
        return {"content": {JSON: {"schema": schema}}, "required": bool(schema.get("required"))}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        write = self._write
        given = getattr(self._method, "answers", None)
        if given is not None:
            found = dict(given)
        elif write is not None and write.kind == REMOVED:
            found = {"204": {"description": "Removed"}}
        else:
            status = str(write.status if write is not None else 200)
            told = write.tells() if write is not None and write.tells is not None else self.view.get_serializer()
            found = {status: self._get_response_for_code(told, status)}
        codes = [*ALWAYS, *((*WRITES, 409, 412, 428) if write is not None else (400,))]
        for code in sorted({*codes, *getattr(self._method, "refusals", ())}):
            found[str(code)] = {"$ref": f"#/components/responses/{code}"}
        return found

    def _get_response_headers_for_code(self, status_code: str, direction: str = "response") -> dict[str, Any]:
        if getattr(self.view, "action", "") == "list" or not issubclass(type(self.view), Resource):
            return {}
        return {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match"}}

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        """What is internal may be missing, so the schema does not promise it."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        hidden = serializer.internal() if isinstance(serializer, Record) else ()
        if "required" in schema:
            schema["required"] = [name for name in schema["required"] if name not in hidden]
        for name, part in schema.get("properties", {}).items():
            part.pop("readOnly", None)
            if "enum" in part and _may_be_blank(serializer, name) and "" not in part["enum"]:
                part["enum"] = [*part["enum"], ""]
        return schema


def _may_be_blank(serializer: Any, name: str) -> bool:
    """Whether the stored choice may be none; the framework asks only of fields that take input."""
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    # A field told of another record, such as the task of a step, is none of this one's columns.
    stored = {field.name: field for field in model._meta.concrete_fields} if model is not None else {}
    return name in stored and bool(stored[name].blank)


def _inherited(view: Any, method: Any) -> Any:
    return getattr(Resource, method.__name__, None)


def _names_in(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _parameter(
    name: str, where: str, schema: dict[str, Any], *, required: bool = True, words: str = ""
) -> dict[str, Any]:
    found = {"name": name, "in": where, "schema": schema, "required": required}
    return {**found, "description": words} if words else found


def _filter_schema(one: narrowing.Parameter) -> dict[str, Any]:
    schema = bodies.field_schema(one.field)
    for word in ("description", "default", "minLength"):
        schema.pop(word, None)
    if one.takes == narrowing.YES_OR_NO:
        return {"type": "string", "enum": list(one.takes)}
    if isinstance(schema.get("type"), list):
        schema["type"] = schema["type"][0]
        if "enum" in schema:
            schema["enum"] = [key for key in schema["enum"] if key is not None]
    return schema


@functools.cache
def document() -> dict[str, Any]:
    """The whole schema; alike for everybody, so it is made once per process."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@functools.cache
def written(kind: str) -> bytes:
    """The schema as a file, “json” or “yaml”."""
    renderer = OpenApiJsonRenderer() if kind == "json" else OpenApiYamlRenderer()
    text: bytes = renderer.render(document(), renderer_context={})
    return text
