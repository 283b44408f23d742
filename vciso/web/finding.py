"""What a search found: one line of the palette and of the find page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Found:
    """One record that matches, with where it is and what it is."""

    client_id: UUID | None
    client_name: str
    kind: str
    icon: str
    title: str
    sub: str
    url: str


@dataclass(frozen=True)
class Results:
    """A heading and its findings, in the order in which the arrows walk them."""

    label: str
    found: tuple[Found, ...]
    several_clients: bool = False


BEGINNING = ("new", "add", "create", "raise", "make")
ARTICLES = {"a", "an", "the"}


def begins(text: str, noun: str) -> bool:
    """Whether somebody who types `text` may want to make a new one: “new”, “add a risk”, “risk”."""
    words = [word for word in text.lower().split() if word not in ARTICLES]
    if not words:
        return False
    if any(verb.startswith(words[0]) for verb in BEGINNING) and " ".join(words[1:]) in noun.lower():
        return True
    return " ".join(words) in f"new {noun.lower()}"


def grouped(
    found: Iterable[Found], *, client: Any = None, actions: Iterable[Found] = (), limit: int = 8
) -> list[Results]:
    """This client first, then other clients, then actions; at most `limit` each."""
    here: list[Found] = []
    elsewhere: list[Found] = []
    for one in found:
        (here if client is not None and one.client_id == client.pk else elsewhere).append(one)
    groups = [
        Results(f"In {client.name}" if client is not None else "", tuple(here[:limit])),
        Results("Other clients" if client is not None else "Clients and records", tuple(elsewhere[:limit]), True),
        Results("Actions", tuple(actions)[:limit]),
    ]
    return [group for group in groups if group.found]
