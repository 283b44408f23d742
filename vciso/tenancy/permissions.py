"""Permissions that compose and that explain themselves.

An app's `rules` builds a `PermissionTable` from named predicates; a view names one permission
with `@requires`. A predicate answers True, False, or `Denied("why")`; the person sees the why.
`Barred("why")` says that the record, and not the person, stands in the way.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, connection, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from vciso.tenancy.enums import PRACTICE_ROLES, Role
from vciso.tenancy.models import Client, Practice, User

PUBLIC = "public"
SIGNED_IN = "signed_in"


class Denied(str):
    """A refusal with its reason: false, and a sentence for the person who asked."""

    def __bool__(self) -> bool:
        return False


class Barred(Denied):
    """A refusal because of how the record stands, not of who asks: it is closed, answered or frozen."""


class NotAsItStands(PermissionDenied):
    """What the page answers to that (409): the sentence, and what was typed."""

    status, code = 409, "not_as_it_stands"


Verdict = bool | Denied


def refuse(verdict: Verdict) -> NoReturn:
    """Ends the request with the verdict's own words."""
    words = str(verdict) if isinstance(verdict, Denied) else ""
    raise NotAsItStands(words) if isinstance(verdict, Barred) else PermissionDenied(words)


@dataclass(frozen=True)
class Actor:
    """The person of this request, where they are, and what they are there."""

    user: User
    roles: frozenset[str]
    client: Client | None = None
    practice: Practice | None = None
    factor_missing: bool = False

    @property
    def is_practice_side(self) -> bool:
        return bool(self.roles & PRACTICE_ROLES)

    @property
    def is_practice_admin(self) -> bool:
        return Role.PRACTICE_ADMIN in self.roles

    @property
    def is_owner(self) -> bool:
        return Role.OWNER in self.roles

    @property
    def is_board(self) -> bool:
        return Role.BOARD in self.roles

    @property
    def is_contributor(self) -> bool:
        return Role.CONTRIBUTOR in self.roles


class Predicate:
    """A question about an actor and a record. `&`, `|` and `~` build larger ones."""

    def __init__(self, ask: Callable[[Actor, Any], Verdict], name: str = "") -> None:
        self.ask = ask
        self.name = name or getattr(ask, "__name__", "predicate")

    def __call__(self, actor: Actor, obj: Any = None) -> Verdict:
        return self.ask(actor, obj)

    def __and__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda a, o: self(a, o) and other(a, o), f"({self.name} & {other.name})")

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda a, o: self(a, o) or other(a, o), f"({self.name} | {other.name})")

    def __invert__(self) -> "Predicate":
        return Predicate(lambda a, o: not self(a, o), f"~{self.name}")

    def __repr__(self) -> str:
        return f"<Predicate {self.name}>"


def predicate(ask: Callable[[Actor, Any], Verdict]) -> Predicate:
    """Makes a predicate of a function `(actor, obj) -> bool | Denied`."""
    return Predicate(ask)


@predicate
def anybody(actor: Actor, obj: Any) -> Verdict:
    return True


@predicate
def is_practice_side(actor: Actor, obj: Any) -> Verdict:
    return actor.is_practice_side or Denied("Only the practice’s consultants can do this.")


@predicate
def is_practice_admin(actor: Actor, obj: Any) -> Verdict:
    return actor.is_practice_admin or Denied("Only a practice admin can do this.")


@predicate
def is_owner(actor: Actor, obj: Any) -> Verdict:
    return actor.is_owner or Denied("Only the business owner can do this.")


@predicate
def is_board(actor: Actor, obj: Any) -> Verdict:
    return actor.is_board or Denied("Only a board member can do this.")


@predicate
def is_contributor(actor: Actor, obj: Any) -> Verdict:
    return actor.is_contributor or Denied("Only a contributor can do this.")


reads_client = is_practice_side | is_owner

REGISTRY: dict[str, Predicate] = {PUBLIC: anybody, SIGNED_IN: anybody}


class PermissionTable(Mapping[str, Predicate]):
    """An app's permissions by name, “app.verb”; building one makes them known to `requires`."""

    def __init__(self, table: Mapping[str, Predicate]) -> None:
        taken = sorted(set(table) & set(REGISTRY))
        if taken:
            raise ValueError(f"permission {taken[0]} is declared twice")
        self._table = dict(table)
        REGISTRY.update(self._table)

    def __getitem__(self, name: str) -> Predicate:
        return self._table[name]

    def __iter__(self) -> Any:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def may(actor: Actor | None, name: str, obj: Any = None) -> Verdict:
    """Whether the actor has a permission; the verdict may carry a reason."""
    if actor is None:
        return name == PUBLIC
    return REGISTRY[name](actor, obj)


# What a page answers. The interface, which knows more methods, has its own views.
PAGE_METHODS = ("GET", "HEAD", "POST")
SAFE = ("GET", "HEAD", "OPTIONS")
LOOKUPS = {"ref": "reference", "pk": "pk", "slug": "slug"}


def _take_turns(request: HttpRequest, named: dict[str, Any]) -> None:
    """Lets one person at a time change a record: who comes second reads what the first one saved.

    A lock by name, within the client, and not of the row, which those who may only answer could
    not take.
    """
    client = getattr(request, "client", None)
    name = f"{client.pk if client else ''}:{sorted(named.items())}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _find(model: Any, kwargs: dict[str, Any]) -> Any:
    """The record that the URL names, within the context; unknown and foreign ids are one case."""
    is_model = isinstance(model, type) and issubclass(model, models.Model)
    manager: Any = model._default_manager if is_model else model()
    for word, field in LOOKUPS.items():
        if word in kwargs:
            value = kwargs.pop(word)
            try:
                return manager.get(**{field: value})
            except (manager.model.DoesNotExist, ValueError, ValidationError, DataError):
                raise Http404 from None
    raise TypeError("the URL names no record: give it <ref>, <pk> or <slug>")


def requires(name: str, model: Any = None) -> Callable[..., Callable[..., HttpResponse]]:
    """Declares the one permission of a view, loads its object, and refuses in words.

    `model` is a model or a callable that answers a queryset (for select_related). The view gets
    `(request, obj, **rest)`, or `(request, **rest)` without a model; `client_key` is taken out,
    since `request.client` is that client.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in PAGE_METHODS:
                return HttpResponseNotAllowed(PAGE_METHODS)
            named_client = kwargs.pop("client_key", None)
            if name == PUBLIC:
                return view(request, **kwargs)
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return redirect_to_login(request.get_full_path())
            if named_client is not None and actor.client is None:
                raise Http404
            if model is not None and request.method not in SAFE:
                _take_turns(request, kwargs)
            found = (_find(model, kwargs),) if model is not None else ()
            verdict = REGISTRY[name](actor, *found)
            if not verdict:
                refuse(verdict)
            return view(request, *found, **kwargs)

        guarded.permission = name  # type: ignore[attr-defined]  # read by the URL test
        return guarded

    return decorate
