"""What an ask can be about. Apps above register their kinds in `AppConfig.ready`.

A kind says how the ask is announced and where the practice's people find what it is about; what
stands on the answering page comes from the ask itself, and from the slot `asks.detail.<kind>`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from engagements.enums import AskRole, Confirmation


@dataclass(frozen=True)
class Kind:
    """`noun` as in “Risk acceptance”; `mail_subject` names no secret, since mail is no safe place.

    `practice_url` answers the practice's page for an ask, or "" where there is none.
    """

    key: str
    noun: str
    icon: str = "gavel"
    verb: str = "Decide"
    mail_subject: str = "A decision is waiting for you"
    practice_url: Callable[[Any], str] | None = None


UNKNOWN = Kind(key="", noun="Question", icon="message-circle", verb="Answer")
CONFIRM = "Confirm"
_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Makes a kind known; registering the same key twice is a mistake in the code."""
    known = _KINDS.get(kind.key)
    if known is not None and known != kind:
        raise ValueError(f"the kind of ask “{kind.key}” is registered twice")
    _KINDS[kind.key] = kind


def of(key: str) -> Kind:
    return _KINDS.get(key, UNKNOWN)


def verb_of(ask: Any) -> str:
    """What the person asked has to do: answer it in the verb of its kind, or confirm what was written down."""
    return CONFIRM if ask.confirmation == Confirmation.AWAITED else of(ask.kind).verb


def answer_path(ask: Any) -> str:
    """The page where the person asked answers: the owner's or the board's."""
    name = "engagements:board-ask" if ask.role == AskRole.BOARD else "engagements:my-ask"
    return reverse(name, kwargs={"client_key": ask.client.key, "ref": ask.reference})


def practice_path(ask: Any) -> str:
    """Where the practice sees it: the record it is about, else the ask's own page."""
    kind = of(ask.kind)
    found = kind.practice_url(ask) if kind.practice_url else ""
    return found or reverse("engagements:ask", kwargs={"client_key": ask.client.key, "ref": ask.reference})
