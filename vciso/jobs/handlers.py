"""What each kind of job does. Apps register their handlers when they are ready."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vciso.jobs.run import RunningJob

Finish = Callable[[], None]
Handler = Callable[["RunningJob"], Finish]

_handlers: dict[str, Handler] = {}
_minutes: dict[str, int] = {}


class Refused(Exception):
    """The job can never succeed; the message is the sentence the person reads."""


class Failed(Exception):
    """This try did not work, by the job's own fault; the message is the sentence the person reads."""


class Retryable(Exception):
    """The world was not ready (disk, network, database); the job is tried again, at no cost."""


class UnknownKind(LookupError):
    """No handler has this name: a newer or older release queued it."""


def register(kind: str, handler: Handler, *, minutes: int = 0) -> None:
    """Makes `handler` do the jobs of a kind. It answers what to store, run under the fence.

    `minutes`: storing alone may take so long. The fence is then asked at the end, so that meanwhile
    the lease is held and `RunningJob.tell` is seen.
    """
    if kind in _handlers and _handlers[kind] is not handler:
        raise ValueError(f"two handlers for {kind}")
    _handlers[kind] = handler
    if minutes:
        _minutes[kind] = minutes


def minutes_of(kind: str) -> int:
    """How long a job of that kind may take; 0: as long as every other."""
    return _minutes.get(kind, 0)


def handler(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"no handler for {kind}: it waits for a worker that has one") from None


def known_kinds() -> list[str]:
    return sorted(_handlers)
