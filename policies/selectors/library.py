"""The policies a programme can start from: titles with a first paragraph and headings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from policies.enums import Kind

FILE = Path(__file__).resolve().parent.parent / "data" / "library.yaml"


@dataclass(frozen=True)
class Starter:
    """One entry of the library."""

    key: str
    title: str
    kind: str
    purpose: str
    months: int
    opening: str
    sections: tuple[str, ...]

    @property
    def body(self) -> str:
        """The outline as markdown, ready to be written out."""
        head, *rest = self.sections
        parts = [f"# 1. {head}", self.opening]
        parts += [f"# {n}. {title}" for n, title in enumerate(rest, start=2)]
        return "\n\n".join(parts) + "\n"


@lru_cache(maxsize=1)
def starters() -> tuple[Starter, ...]:
    """Every entry, in the library's order. A wrong kind or a repeated key raises."""
    found = []
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))["policies"]:
        sections = tuple(row.pop("sections"))
        found.append(Starter(**{**row, "kind": Kind(row["kind"]).value}, sections=sections))
    if len({one.key for one in found}) != len(found):
        raise ValueError(f"{FILE.name} uses a key twice")
    return tuple(found)


def starter(key: str) -> Starter | None:
    """The entry with this key, or None."""
    return next((one for one in starters() if one.key == key), None)
