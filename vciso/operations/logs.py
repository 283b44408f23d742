"""Log lines for people or for collectors, and what may never stand in them.

Nothing here needs Django to be set up: the web server's own messages go the same way.

A line never holds a query string, a secret part of an address, or the values PostgreSQL adds to
its errors ("DETAIL: Failing row contains …"). What a client's people wrote stays in the database.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Celery's lines on each task are replaced by one of ours.
LEVELS = {
    "weasyprint": "ERROR", "fontTools": "ERROR", "celery.worker.strategy": "WARNING", "celery.app.trace": "WARNING",
}  # fmt: skip
# What a record carries besides its message, in the order in which it is written.
EXTRA = ("method", "path", "status", "ms", "task", "outcome")
# Parts of addresses that name a record. Every other part, such as an invitation's token, is a secret.
HARMLESS_PARTS = frozenset({
    "client_key", "pk", "ref", "period", "revision", "kind", "category", "slug", "number", "accent",
})  # fmt: skip
HIDDEN = "…"
_DETAIL = re.compile(r"(?:\n|\\n|^)\s*(?:DETAIL|CONTEXT|HINT|LINE \d+):.*", re.S)
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")


@dataclass
class Trace:
    """The request or task at hand; `request` tells, once it knows them, the person and the client."""

    id: str
    request: Any = None
    client: str = ""

    def fields(self) -> dict[str, str]:
        found = {"request": self.id}
        known = vars(self.request) if self.request is not None else {}
        if user := getattr(known.get("actor"), "user", None) or known.get("_cached_user"):
            found["user"] = str(user.pk or "")
        if client := self.client or getattr(known.get("client"), "pk", ""):
            found["client"] = str(client)
        return {name: value for name, value in found.items() if value}


current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def harmless(text: str) -> str:
    """The text without the rows and values that the database puts into its errors."""
    return _DETAIL.sub(" (details left out)", text)


def address(request: Any) -> str:
    """The request's path without its query and its secrets; of an unknown one the first part alone."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        first, slash, rest = request.path.lstrip("/").partition("/")
        return f"/{first[:40]}/{HIDDEN}" if rest else f"/{first[:40]}{slash}"
    path: str = request.path
    for name, value in match.kwargs.items():
        if name not in HARMLESS_PARTS and value is not None:
            path = path.replace(str(value), HIDDEN)
    return path


def _message(record: logging.LogRecord) -> str:
    """The record's own words; addresses that the web server or Django put there are shortened."""
    message = harmless(record.getMessage())
    if record.name == "gunicorn.error" and message.startswith("Error handling request"):
        return "Error handling request"
    request = getattr(record, "request", None)
    if path := getattr(request, "path", ""):
        for written in (path, path.encode("unicode_escape").decode("ascii")):
            message = message.replace(written, address(request))
    return message


def one_line(text: str) -> str:
    """The text with every control character written out, so that nobody can forge a line."""
    return _BREAKS.sub(lambda found: repr(found[0])[1:-1], text)


def _failure(record: logging.LogRecord) -> str:
    """Where an exception came from and what it says; no local variables, no rows."""
    if not record.exc_info or record.exc_info[1] is None:
        return ""
    parts: list[str] = []
    error: BaseException | None = record.exc_info[1]
    while error is not None and len(parts) < 5:
        frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        parts.append(f"{frames}\n{type(error).__name__}: {harmless(str(error))}".strip())
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n-- because of --\n".join(parts)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a line says, in words that collectors index."""
    trace = current.get()
    found: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }
    found |= trace.fields() if trace else {}
    found |= {name: value for name in EXTRA if (value := getattr(record, name, None)) is not None}
    if failure := _failure(record):
        found["failure"] = failure
    return found


class JsonLines(logging.Formatter):
    """One JSON object a line; the encoder writes line breaks as \\n."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields(record), ensure_ascii=True, default=str)


class PlainLines(logging.Formatter):
    """For the person who reads along; an exception is shown below its line, indented."""

    def format(self, record: logging.LogRecord) -> str:
        found = fields(record)
        failure = found.pop("failure", "")
        head = [found.pop(name) for name in ("time", "level", "logger", "message")]
        rest = [f"{name}={value}" for name, value in found.items()]
        line = one_line(" ".join(str(part) for part in (*head, *rest)))
        return line + "".join(f"\n    {one_line(part)}" for part in failure.split("\n") if part)


def configuration(form: str, level: str) -> dict[str, Any]:
    """A `logging.config` dictionary: everything to standard error, in one form."""
    formatter = JsonLines if form == "json" else PlainLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter.__name__}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            **{name: {"level": least} for name, least in LEVELS.items()},
            # Each request is one line of ours already.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }
