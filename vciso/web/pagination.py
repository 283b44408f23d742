"""Pages of a list: at most a hundred rows, and the order people asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models.expressions import OrderBy
from django.http import HttpRequest

ROWS = 100
Column = str | OrderBy


def paginate(request: HttpRequest, rows: Any, *, per_page: int = ROWS) -> Page[Any]:
    """The page that `?page=` names; an impossible number gives the nearest one. Two queries."""
    return Paginator(rows, min(per_page, ROWS)).get_page(request.GET.get("page", "1"))


@dataclass(frozen=True)
class Sorting:
    """The order of a list, read from `?sort=`: a known name, with a minus for the other way."""

    name: str
    descending: bool
    order_by: tuple[Column, ...]

    @property
    def value(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def next_value(self, name: str) -> str:
        """What the header's link asks for: the other way round if this is the order now."""
        if name.lstrip("-") != self.name:
            return name
        return self.name if self.descending else f"-{self.name}"


def sorting(request: HttpRequest, fields: Mapping[str, Sequence[Column]], *, default: str) -> Sorting:
    """Reads `?sort=`; `fields` gives each name its columns, first one way. Unknown: the default.

    A minus turns every column round, so a unique last column keeps pages from overlapping. What is ordered with
    empty ones last has them last both ways.
    """
    asked = request.GET.get("sort", "")
    chosen = asked if asked.lstrip("-") in fields else default
    name, descending = chosen.lstrip("-"), chosen.startswith("-")
    columns = tuple(_turned(column) if descending else column for column in fields[name])
    return Sorting(name, descending, columns)


def _turned(column: Column) -> Column:
    if isinstance(column, OrderBy):
        return OrderBy(column.expression, descending=not column.descending, nulls_last=column.nulls_last)
    return column[1:] if column.startswith("-") else f"-{column}"
