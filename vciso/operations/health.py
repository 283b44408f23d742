"""Whether the portal can work: its database as the right role, tables, broker, cache and storage.

Each probe answers with one word. What a failure said goes to the log, never to who asked.
"""

import logging
import uuid
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from vciso import files
from vciso.operations import roles

log = logging.getLogger(__name__)
BROKER_SECONDS = 2


class Unfit(Exception):
    """A part answers and is not as it must be; the word says how."""


def database() -> None:
    """The database answers, and as a role that row-level security binds."""
    with connection.cursor() as cursor:
        if faults := roles.faults(cursor):
            log.error("the database role is not safe: %s", "; ".join(faults))
            raise Unfit("wrong role")


def tables() -> None:
    """Every migration of this release has been applied; asked until it is so, and never again."""
    if tables in _settled:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unfit("behind")
    _settled.add(tables)


def broker() -> None:
    # The pooled connection would repeat for longer than whoever probes will wait.
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_timeout": BROKER_SECONDS}
    with current_app.connection_for_write(transport_options=options, connect_timeout=BROKER_SECONDS) as found:
        found.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
        found.default_channel.client.ping()


def cache_answers() -> None:
    key, value = f"health:{uuid.uuid4().hex}", uuid.uuid4().hex
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise Unfit("forgets")
    cache.delete(key)


def storage() -> None:
    """Something can be written where uploads and reports are kept, and read again."""
    files.probe()


PROBES: dict[str, Callable[[], None]] = {
    "database": database,
    "tables": tables,
    "broker": broker,
    "cache": cache_answers,
    "storage": storage,
}
_settled: set[Callable[[], None]] = set()


def readiness() -> dict[str, Any]:
    """`ready`, and one word for each part: ok, failed, or what is wrong with it."""
    parts = {name: _word(name, probe) for name, probe in PROBES.items()}
    return {"ready": set(parts.values()) == {"ok"}, "parts": parts}


def _word(name: str, probe: Callable[[], None]) -> str:
    try:
        probe()
    except Unfit as found:
        return str(found)
    except Exception as error:
        log.warning("not ready: %s: %s: %s", name, type(error).__name__, error)
        return "failed"
    return "ok"
