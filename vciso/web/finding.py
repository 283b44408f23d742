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
