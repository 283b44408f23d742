"""Entering a context: the only way to a client's rows.

A context is a set of transaction-local settings that `sec.enter…` resolves inside the database
from memberships. It dies with the transaction. Outside of one, every query on a client's table
raises. There are few doors, and each is a function here.
"""

import contextvars
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

SETTINGS = ("user", "read", "write", "answer", "board", "member", "shared", "admin", "practice", "token")


class ContextError(Exception):
    """A context was asked for where none may be entered."""


@dataclass(frozen=True)
class Granted:
    """What the database resolved: the one client, if narrowed, and the person's roles there."""

    client_id: uuid.UUID | None
    roles: frozenset[str]
    factor_missing: bool = False

    def __bool__(self) -> bool:
        return bool(self.roles)


@dataclass(frozen=True)
class Token:
    """The API token a request came with: it narrows its person, and the trail names it."""

    id: uuid.UUID
    name: str
    may_write: bool


@dataclass(frozen=True)
class Context:
    """A door that was passed, kept so that an inner context can put the outer one back.

    `via` says by which means a person acts, where it is not the pages.
    """

    sql: str
    params: tuple[Any, ...]
    name: str
    via: str = ""


_current: contextvars.ContextVar[Context | None] = contextvars.ContextVar("tenant_context", default=None)


def current() -> Context | None:
    """The context of this thread of work, or None."""
    return _current.get()


def _apply(context: Context) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(context.sql, context.params)
        return cursor.fetchone() or ()


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('vciso.' || k, '', true) FROM unnest(%s::text[]) AS k", [list(SETTINGS)])
        cursor.fetchall()


@contextmanager
def _entered(context: Context) -> Iterator[tuple[Any, ...]]:
    outer = connection.in_atomic_block
    previous = _current.get()
    with transaction.atomic():
        row = _apply(context)
        token = _current.set(context)
        try:
            yield row
        finally:
            _current.reset(token)
        # Settings made inside a savepoint live until the outer transaction ends: an inner context
        # puts the outer one back by hand. After an error the rollback has done it for us.
        if outer and not connection.needs_rollback and not connection.closed_in_transaction:
            if previous is None:
                _clear()
            else:
                _apply(previous)


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction in which every read sees the same moment; inside of one, that one."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def as_user(
    user: Any, *, client_id: uuid.UUID | None = None, client_key: str | None = None, token: Token | None = None
) -> Iterator[Granted]:
    """A person at one client, or over all their clients (the portfolio) when none is named.

    A client they have no role at gives an empty `Granted`, exactly as an unknown one does. With a
    token the lists hold its clients alone, and one revoked meanwhile grants nothing.
    """
    if token is None:
        door, who, via = "sec.enter", user.pk, ""
    else:
        door, who, via = "sec.enter_token", token.id, f"via API token {token.name}"
    context = Context(
        f"SELECT client_id, roles, factor_missing FROM {door}(%s, %s, %s)",  # noqa: S608  one of the two names above
        (who, client_id, client_key),
        "user",
        via,
    )
    with _entered(context) as (found, roles, factor_missing):
        yield Granted(found, frozenset(roles), factor_missing)


@contextmanager
def as_job(client_id: uuid.UUID | str, job: str) -> Iterator[None]:
    """Background work for exactly one client. Raises for an unknown client."""
    with _entered(Context("SELECT sec.enter_job(%s, %s)", (uuid.UUID(str(client_id)), job), "job")):
        yield


@contextmanager
def as_practice_job(practice_id: uuid.UUID | str, job: str) -> Iterator[None]:
    """Background work for exactly one practice's own records; no client's row is visible."""
    with _entered(Context("SELECT sec.enter_practice_job(%s, %s)", (uuid.UUID(str(practice_id)), job), "practice job")):
        yield


@contextmanager
def as_installation(job: str) -> Iterator[None]:
    """Work on rows of the installation itself (account mail); no client, no practice."""
    with _entered(Context("SELECT sec.enter_installation(%s)", (job,), "installation")):
        yield


def client_id_of(key: str) -> uuid.UUID | None:
    """The id behind a client's key, for the command line; None if there is no such client."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.client_id_of(%s)", [key])
        return cursor.fetchone()[0]
