"""One kind of record under one address: reads, and writes through the pages' forms and services."""

import datetime as dt
import functools
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, models
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from vciso.tenancy.models import Client
from vciso.tenancy.permissions import LOOKUPS, Actor, may, refuse
from vciso.web import problems
from vciso.web.api import bodies, narrowing, repeats
from vciso.web.api.access import Endpoint
from vciso.web.api.bodies import Nest
from vciso.web.api.paging import Cursor
from vciso.web.problems import FieldError, Problem

Bind = Callable[..., Any]
"""Makes the filled form: `bind(people=…, stored=…)` takes what the form itself takes."""

ADDED, CHANGED, REMOVED, DONE = "create", "partial_update", "destroy", "verb"


@dataclass(frozen=True)
class Write:
    """What a writing method needs: the permission, the form its body fills, and what kind it is."""

    kind: str
    permission: str
    form: Any = None
    nests: tuple[Nest, ...] = ()
    status: int = 200
    keeps: bool = False
    """Whether what a body leaves out stays as it is, so that the schema asks for no member."""
    tells: Any = None
    """The record the answer is made of, where that says more than a read does."""


def _write(
    kind: str,
    permission: str,
    form: Any,
    nests: Iterable[Nest],
    *,
    status: int = 200,
    keeps: bool = False,
    tells: Any = None,
) -> Callable[..., Any]:
    write = Write(kind, permission, form, tuple(nests), status, keeps, tells)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def handler(self: "Resource", request: Request, **kwargs: Any) -> HttpResponse:
            return self.carry_out(write, method, kwargs)

        handler.write = write  # type: ignore[attr-defined]  # read by routes and schema
        return handler

    return decorate


def creates(permission: str, form: Any, nests: Iterable[Nest] = (), status: int = 201) -> Callable[..., Any]:
    """POST on the list: `method(self, bind)` answers the new record."""
    return _write(ADDED, permission, form, nests, status=status)


def edits(permission: str, form: Any, nests: Iterable[Nest] = ()) -> Callable[..., Any]:
    """PATCH on one: `method(self, record, bind)`. Needs If-Match; what is left out stays."""
    return _write(CHANGED, permission, form, nests, keeps=True)


def removes(permission: str) -> Callable[..., Any]:
    """DELETE on one: `method(self, record, bind)`. Needs If-Match."""
    return _write(REMOVED, permission, None, (), status=204)


def verb(
    permission: str, form: Any = None, nests: Iterable[Nest] = (), *, keeps: bool = False, tells: Any = None
) -> Callable[..., Any]:
    """POST below one, under the method's name: `method(self, record, bind)`."""
    return _write(DONE, permission, form, nests, keeps=keeps, tells=tells)


class Resource(Endpoint, GenericViewSet[Any]):
    """The base of every resource; a subclass says what its rows are and what may be done.

    `reads` is the permission for list and detail, `lookup` the word in the address that names a
    record. A resource below another one (`parent`) names the field that points to it.
    """

    reads = ""
    lookup = "ref"
    ordering: tuple[str, ...] = ("pk",)
    filterset_class: Any = None
    pagination_class = Cursor
    has_list = has_detail = True
    tag = ""
    parent: "type[Resource] | None" = None
    parent_field = ""
    session_verbs: dict[str, str] = {}
    request: Request

    # --- Where and when --------------------------------------------------------------------

    @property
    def client(self) -> Client:
        return self.request._request.client  # type: ignore[attr-defined,no-any-return]  # set by the middleware

    @property
    def actor(self) -> Actor:
        return self.request._request.actor  # type: ignore[attr-defined,no-any-return]  # set by the middleware

    @property
    def user(self) -> Any:
        return self.actor.user

    @functools.cached_property
    def at(self) -> dt.datetime:
        return timezone.now()

    @property
    def today(self) -> dt.date:
        return self.client.today(self.at)

    def get_serializer_context(self) -> dict[str, Any]:
        actor = getattr(getattr(self.request, "_request", None), "actor", None)
        today = self.today if actor is not None and actor.client is not None else None
        return {"is_practice_side": actor is None or actor.is_practice_side, "today": today}

    # --- Rows --------------------------------------------------------------------------------

    def rows(self) -> models.QuerySet[Any]:
        """What the caller may read here. A subclass narrows it for the client's people."""
        rows = self.queryset.filter(client=self.client)  # type: ignore[union-attr]  # every resource has one
        return rows.filter(**{self.parent_field: self.above}) if self.parent else rows

    @functools.cached_property
    def above(self) -> Any:
        """The record this resource stands below, within what the caller may read."""
        upper: Resource = self.parent(request=self.request, kwargs=self.kwargs)  # type: ignore[misc]  # it has one
        return upper.find(self.kwargs)

    def find(self, kwargs: dict[str, Any], *, lock: bool = False) -> Any:
        """The record that the address names; unknown and foreign ones are one case."""
        rows = self.rows()
        if lock:
            rows = rows.select_for_update(of=("self",))
        try:
            return rows.get(**{LOOKUPS[self.lookup]: kwargs[self.lookup]})
        except (rows.model.DoesNotExist, ValueError, ValidationError, DataError):
            raise Http404 from None

    def filter_options(self) -> dict[str, Any]:
        """What the filter set takes besides the request."""
        return {}

    def narrowed(self) -> models.QuerySet[Any]:
        """The rows that the query asks for; refuses values and names it does not know."""
        asked = self.request.query_params
        rows = self.rows()
        fields: dict[str, Any] = {}
        if self.filterset_class is not None:
            found = self.filterset_class(asked, queryset=rows, request=self.request, **self.filter_options())
            fields = found.form.fields
        narrowing.check(fields, asked)
        if fields:
            rows = found.qs
        return rows.order_by(*self.ordering)

    # --- Reads -------------------------------------------------------------------------------

    def list(self, request: Request, **kwargs: Any) -> Response:
        self.allow(self.reads)
        page = self.paginate_queryset(self.narrowed())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, **kwargs: Any) -> HttpResponse:
        self.allow(self.reads)
        record = self.find(kwargs)
        return self.shown(record)

    def allow(self, permission: str, record: Any = None) -> None:
        verdict = may(self.actor, permission, record)
        if not verdict:
            refuse(verdict)

    def shown(self, record: Any, status: int = 200, *, tells: Any = None) -> HttpResponse:
        """One record with its version, which is that of what a read shows."""
        data = self.get_serializer(record).data
        told = data if tells is None else tells(record, context=self.get_serializer_context()).data
        return Response(told, status=status, headers={"ETag": etag(data)})

    # --- Writes ------------------------------------------------------------------------------

    def carry_out(self, write: Write, method: Callable[..., Any], kwargs: dict[str, Any]) -> HttpResponse:
        """Permission, key, record, version, form, service, answer: the same way for every write."""
        self.allow(write.permission)
        if self.parent:
            self.allow(write.permission, self.above)
        body = {} if write.kind == REMOVED else bodies.an_object(self.request.data)
        repeated = repeats.begin(self.request, body) if write.kind in (ADDED, DONE) else None
        if repeated is not None and repeated.answer is not None:
            return repeated.answer
        bind = self._binder(write, body)
        if write.kind == ADDED:
            record = method(self, bind)
        else:
            record = self.find(kwargs, lock=True)
            if not self.parent:
                self.allow(write.permission, record)
            self._match(record, needed=write.kind in (CHANGED, REMOVED))
            record = method(self, record, bind)
        if write.kind == REMOVED:
            return HttpResponse(status=204)
        response = self.shown(self.again(record), write.status, tells=write.tells)
        if write.kind == ADDED:
            response.headers["Location"] = self.address(record)
        return response if repeated is None else repeated.keep(response)

    def _binder(self, write: Write, body: Any) -> Bind:
        if write.form is None:
            bodies.empty(body)
            return lambda **options: None
        return lambda **options: _Bound(bodies.fill(write.form, body, nests=write.nests, **options), body, write.nests)

    def again(self, record: Any) -> Any:
        """The record as a read shows it now."""
        return self.find({self.lookup: getattr(record, LOOKUPS[self.lookup])})

    def address(self, record: Any) -> str:
        """Where the new record stands."""
        return f"{self.request.path}{getattr(record, LOOKUPS[self.lookup])}/"

    def _match(self, record: Any, *, needed: bool) -> None:
        """Compares If-Match with the record, which is held until the transaction ends."""
        given = self.request.headers.get("If-Match", "").strip()
        if not given:
            if needed:
                raise Problem(428, "version_required", "Read the record, and send its ETag as If-Match.")
            return
        data = self.get_serializer(record).data
        if given != "*" and etag(data) not in [one.strip() for one in given.split(",")]:
            raise Problem(
                412,
                "version_outdated",
                "Somebody saved this record since you read it. Compare with “current” and send again.",
                headers={"ETag": etag(data)},
                current=data,
            )


class _Bound:
    """A filled form and the JSON it came from; `attempt` answers errors with their pointers."""

    def __init__(self, form: Any, body: dict[str, Any], nests: tuple[Nest, ...]) -> None:
        self.form, self._body, self._nests = form, body, nests

    def attempt(self, write: Callable[[dict[str, Any]], Any]) -> Any:
        """What the service answers; raises a Problem with the form's or the service's refusals."""
        if self.form.is_valid():
            try:
                return write(self.form.cleaned_data)
            except ValidationError as refusal:
                bodies.refused(self.form, refusal)
        pointer = functools.partial(bodies.pointer_of, nests=self._nests)
        raise problems.of_form(self.form, self._body, pointer, bodies.worded)


def refusing(write: Callable[[], Any]) -> Any:
    """Calls a service that takes no form; its refusal becomes the answer."""
    try:
        return write()
    except ValidationError as refusal:
        raise problems.invalid([FieldError("", sentence) for sentence in refusal.messages]) from None


def etag(data: Any) -> str:
    """The version of a record: a fingerprint of all that the caller sees of it."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'
