"""Queries of fixed shape, written by the ORM once per process.

For the few reads that stand behind every page: the ORM takes longer to write such a statement
than the database to answer it. What varies from call to call is filled in by value.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Statement:
    """One SELECT with named arguments.

    `write` gets a stand-in for each argument and answers a `values_list()` queryset. It must use
    the stand-ins as they are: a day computed from a stand-in would stay what it was when the
    statement was written. An argument that the statement does not use is refused at once.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Any]], **stand_ins: Any) -> None:
        self._write = write
        self._stand_ins = stand_ins
        self._written: tuple[str, tuple[Any, ...]] | None = None

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """The rows for these arguments, as the database driver answers them (JSON as text)."""
        if self._written is None:
            self._written = self._sql()
        sql, places = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[value.name] if isinstance(value, _Place) else value for value in places])
            return cursor.fetchall()

    def _sql(self) -> tuple[str, tuple[Any, ...]]:
        sql, params = self._write(**self._stand_ins).query.sql_with_params()
        places = tuple(self._place(value) for value in params)
        unused = set(self._stand_ins) - {place.name for place in places if isinstance(place, _Place)}
        if unused:
            raise ValueError(f"the statement does not use {', '.join(sorted(unused))}")
        return sql, places

    def _place(self, value: Any) -> Any:
        for name, stand_in in self._stand_ins.items():
            if type(value) is type(stand_in) and value == stand_in:
                return _Place(name)
        return value


class _Place:
    """Where an argument goes."""

    def __init__(self, name: str) -> None:
        self.name = name
