"""The sidebar and the New menu, to which every app adds its own lines.

Apps register in `AppConfig.ready`. Counts of all lines are read in one query per request: each
is a queryset that becomes a subquery of that one. The statement is the same for every client,
so the ORM writes it once per process.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, get_urlconf, reverse

from vciso.tenancy.models import Client
from vciso.tenancy.statements import Statement

Scope = Literal["client", "practice", "owner"]
SECTIONS = ("", "Programme", "Engagement", "Client", "Practice")

CountQuery = Callable[[uuid.UUID], QuerySet[Any]]


@dataclass(frozen=True)
class NavItem:
    """One line of a sidebar. `key` is the letter after `g`; `hot` draws the count in red.

    A page that is `beneath` another line is named by the palette alone.
    """

    section: str
    label: str
    icon: str
    url_name: str
    order: int = 50
    count_key: str = ""
    permission: str = ""
    scope: Scope = "client"
    key: str = ""
    hot: bool = False
    beneath: bool = False


@dataclass(frozen=True)
class NewItem:
    """One line of the New menu. `key` is the letter after `n`."""

    label: str
    icon: str
    url_name: str
    order: int = 50
    permission: str = ""
    scope: Scope = "client"
    key: str = ""


@dataclass(frozen=True)
class Line:
    """A sidebar line as it stands on the page."""

    label: str
    icon: str
    url: str
    key: str
    hot: bool
    current: str
    count: int | None


@dataclass(frozen=True)
class Section:
    label: str
    lines: tuple[Line, ...]


_items: dict[tuple[str, str], NavItem] = {}
_new: dict[tuple[str, str], NewItem] = {}
_counts: dict[str, CountQuery] = {}


def register(*items: NavItem | NewItem) -> None:
    """Adds lines; a line of the same address replaces the earlier one."""
    for item in items:
        if isinstance(item, NewItem):
            _new[item.scope, item.url_name] = item
        elif item.section not in SECTIONS:
            raise ValueError(f"navigation: {item.section!r} is none of {SECTIONS}")
        else:
            _items[item.scope, item.url_name] = item


def register_count(key: str, query: CountQuery) -> None:
    """Names a count. `query(client_id)` is a queryset whose rows are counted."""
    _counts[key] = query
    _counting.cache_clear()


def address(url_name: str, client: Any) -> str:
    """The line's address, or "" where the page is not part of this installation."""
    return _address(url_name, client.key if client is not None else "", get_urlconf())


@lru_cache(maxsize=20_000)
def _address(url_name: str, client_key: str, urlconf: str | None) -> str:
    """Kept: some thirty lines stand on every page, and finding an address takes longer than drawing it."""
    try:
        return reverse(url_name, urlconf, kwargs={"client_key": client_key} if client_key else None)
    except NoReverseMatch:
        return ""


def sections(
    scope: Scope,
    *,
    client: Any = None,
    path: str = "",
    counts: dict[str, int] | None = None,
    allowed: Callable[[str], bool] = lambda permission: True,
    beneath: bool = False,
) -> list[Section]:
    """The lines of one sidebar that this person may open, grouped and in order; where asked, pages beneath them."""
    lines: dict[str, list[Line]] = {label: [] for label in SECTIONS}
    items = [item for item in _items.values() if item.scope == scope and item.beneath <= beneath]
    for item in sorted(items, key=lambda item: (item.order, item.label)):
        url = address(item.url_name, client)
        if not url or (item.permission and not allowed(item.permission)):
            continue
        count = (counts or {}).get(item.count_key) if item.count_key else None
        line = Line(item.label, item.icon, url, item.key, item.hot, _current(url, path), count)
        lines[item.section].append(line)
    return [Section(label, tuple(some)) for label, some in lines.items() if some]


def _current(url: str, path: str) -> str:
    """What `aria-current` says: this very page, or a page below this line."""
    if path == url:
        return "page"
    # A root such as /c/acme/ is above every page of its client: only the page itself is current.
    deep = len(url.strip("/").split("/")) > 2 or not url.startswith(("/c/", "/my/", "/board/"))
    return "true" if deep and url != "/" and path.startswith(url) else ""


def new_items(
    *, client: Any = None, allowed: Callable[[str], bool] = lambda permission: True
) -> list[tuple[NewItem, str]]:
    """The lines of the New menu with their addresses: of the client on the page, then the rest."""
    found = []
    for item in sorted(_new.values(), key=lambda item: (item.order, item.label)):
        if item.scope == "client" and client is None:
            continue
        url = address(item.url_name, client if item.scope == "client" else None)
        if url and (not item.permission or allowed(item.permission)):
            found.append((item, url))
    return found


def count_all(client: Client | None, keys: Iterable[str] | None = None) -> dict[str, int]:
    """Every registered count of this client, in one query."""
    wanted = tuple(key for key in (_counts if keys is None else keys) if key in _counts)
    if not wanted or client is None:
        return {}
    found = _counting(wanted).rows(client_id=client.pk)
    return dict(zip(wanted, found[0] if found else [0] * len(wanted), strict=True))


@cache
def _counting(keys: tuple[str, ...]) -> Statement:
    def write(client_id: uuid.UUID) -> QuerySet[Any, Any]:
        return Client.objects.filter(pk=client_id).values_list(*(_subquery(_counts[key](client_id)) for key in keys))

    return Statement(write, client_id=uuid.uuid4())


def _subquery(rows: QuerySet[Any]) -> Coalesce:
    counted = (
        rows.order_by()
        .annotate(_one=Value(1, output_field=IntegerField()))
        .values("_one")
        .annotate(_n=Count("pk", distinct=True))
        .values("_n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
