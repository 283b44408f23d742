"""Every address of the portal as the URL configuration has it, with stand-ins for what it takes."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

UNKNOWN = "00000000-0000-4000-8000-000000000000"
SAMPLES = {
    "ref": "R-001", "slug": "x", "period": "2026-01", "kind": "risks", "number": "1.0", "key": "summary",
    "token": "x", "accent": "2a4fc4", "uidb36": "1", "fmt": "csv",
}  # fmt: skip


def every_address(client_key: str) -> list[tuple[str, str]]:
    """Name and path of each; patterns written as regular expressions are left to tests of their own."""
    return sorted(set(_addresses(get_resolver("vciso.urls"), client_key)))


def _addresses(resolver: Any, key: str, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, key, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and "^" not in route:
            yield f"{space}{entry.name}", "/" + "/".join(_part(part, key) for part in route.split("/"))


def _part(part: str, key: str) -> str:
    if "<" not in part:
        return part
    kind, _, name = part[part.index("<") + 1 : part.index(">")].rpartition(":")
    value = key if name == "client_key" else UNKNOWN if kind == "uuid" else SAMPLES.get(name, "1")
    return part[: part.index("<")] + value + part[part.index(">") + 1 :]
