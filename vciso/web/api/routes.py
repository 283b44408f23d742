"""Addresses of a resource: its list, one record, and the verbs below it."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.views import APIView

from vciso.web.api.access import Endpoint
from vciso.web.api.resources import ADDED, CHANGED, DONE, REMOVED, Resource
from vciso.web.problems import Problem

METHODS = {ADDED: "post", CHANGED: "patch", REMOVED: "delete"}
WORDS = {"ref": "<str:ref>", "pk": "<uuid:pk>"}


def routes(prefix: str, resource: type[Resource], *, one: str | None = None, name: str = "") -> list[URLPattern]:
    """The patterns of a resource; each view names its permissions, as the pages' views do.

    `one` is how an address names a record, by default the word the resource looks up by; an empty
    one means that there is a single record, at the prefix itself.
    """
    one = WORDS[resource.lookup] + "/" if one is None else one
    name = name or prefix.rstrip("/").rpartition("/")[2]
    resource.tag = resource.tag or name
    writes = {key: handler.write for key in dir(resource) if hasattr(handler := getattr(resource, key), "write")}
    on_list: dict[str, str] = {"get": "list"}
    on_one: dict[str, str] = {"get": "retrieve"}
    for key, write in writes.items():
        if write.kind != DONE:
            (on_list if write.kind == ADDED else on_one)[METHODS[write.kind]] = key
    found = []
    if not one:
        on_one = {**on_one, **{method: key for method, key in on_list.items() if method != "get"}}
    if one:
        found.append(_path(prefix, resource, _kept(resource, on_list), f"{name}-list"))
    if resource.has_detail:
        found.append(_path(prefix + one, resource, on_one, name))
    for key, write in writes.items():
        if write.kind == DONE:
            word = key.replace("_", "-")
            found.append(_path(f"{prefix}{one}{word}/", resource, {"post": key}, f"{name}-{word}"))
    for word, permission in resource.session_verbs.items():
        found.append(path(f"{prefix}{one}{word}/", only_in_person(permission), name=f"{name}-{word}"))
    return found


def reading_route(route: str, resource: type[Resource], action: str, *, name: str) -> URLPattern:
    """One more address that a resource answers with GET, by the method `action`."""
    return _path(route, resource, {"get": action}, name)


def _kept(resource: type[Resource], methods: dict[str, str]) -> dict[str, str]:
    return methods if resource.has_list else {k: v for k, v in methods.items() if k != "get"}


def _path(route: str, resource: type[Resource], methods: dict[str, str], name: str) -> URLPattern:
    view = resource.as_view(methods)  # type: ignore[arg-type]  # a mapping of names
    writes = {method: getattr(getattr(resource, action), "write", None) for method, action in methods.items()}
    permissions = {
        method.upper(): write.permission if write is not None else resource.reads for method, write in writes.items()
    }
    # Read by the access matrix and by the test that every address declares its permission.
    vars(view).update(permissions=permissions, permission=permissions.get("GET") or next(iter(permissions.values())))
    return path(route, view, name=name)


class InPerson(Endpoint, APIView):
    """What only a person may do, on the portal's pages: grants, answers, approvals, publication."""

    schema = None
    http_method_names = ["post"]

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        raise Problem(403, "session_required", "No program may do this. Do it on the portal’s pages, signed in.")


def only_in_person(permission: str) -> Any:
    """A view that refuses whatever it is asked; it never looks for the record."""
    view = InPerson.as_view()
    vars(view).update(permission=permission, permissions={"POST": permission})
    return view
