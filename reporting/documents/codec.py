"""Documents as canonical JSON and back, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reporting.documents.base import Figure
from reporting.documents.board import BoardPack
from reporting.documents.monthly import MonthlyReport

Document = MonthlyReport | BoardPack

# What the practice may still change after the facts are frozen.
_EDITORIAL = ("edition", "words")


def to_plain(value: Any) -> Any:
    """Dataclasses as dicts, tuples as lists, days as ISO text."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def to_json(document: Document) -> str:
    """Sorted keys, no spaces: equal documents give equal text."""
    return _canonical(to_plain(document))


def from_json(text: str) -> Document:
    """The document a text was made from; its kind says which."""
    return from_plain(json.loads(text))


def from_plain(plain: dict[str, Any]) -> Document:
    """As `from_json`, for JSON that has been read already."""
    kind = plain["about"]["kind"]
    return _build(MonthlyReport if kind == "monthly" else BoardPack, plain)


def sha256(document: Document) -> str:
    """The fingerprint of everything: facts, edition and words."""
    return _digest(to_plain(document))


def facts_sha256(document: Document) -> str:
    """The fingerprint of the facts alone, printed on the report; words do not change it."""
    plain = to_plain(document)
    return _digest({key: plain[key] for key in plain if key not in _EDITORIAL})


def figures(value: Any, path: str = "") -> Iterator[tuple[str, Figure]]:
    """Every figure of a document with its path, for tracing it to its records."""
    if isinstance(value, Figure):
        yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from figures(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from figures(item, f"{path}.{index}")


def _canonical(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(plain: Any) -> str:
    return hashlib.sha256(_canonical(_said(plain)).encode()).hexdigest()


def _said(plain: Any) -> Any:
    """Without members that say nothing, so that one added later leaves the fingerprints of earlier facts alone."""
    if isinstance(plain, dict):
        kept = {key: _said(value) for key, value in plain.items()}
        return {key: value for key, value in kept.items() if value not in (None, "", [], {})}
    return [_said(one) for one in plain] if isinstance(plain, list) else plain


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(hint: Any, plain: Any) -> Any:
    if plain is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return _build(options[0], plain) if len(options) == 1 else plain
    if origin is tuple:
        inner = get_args(hint)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_build(inner[0], item) for item in plain)
        return tuple(_build(kind, item) for kind, item in zip(inner, plain, strict=True))
    if origin is Literal:
        return plain
    if is_dataclass(hint) and isinstance(hint, type):
        hints = _hints(hint)
        known = {name: _build(hints[name], plain[name]) for name in hints if name in plain}
        return hint(**known)
    if hint is date:
        return date.fromisoformat(plain)
    return plain
