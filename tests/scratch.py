"""Databases of a test's own, for rows that are really committed."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection, connections

from vciso.settings.addresses import database


@contextmanager
def own_database(blocker: Any, *, copied: bool = True) -> Iterator[str]:
    """A copy of the migrated test database (or an empty one), gone afterwards; answers its name."""
    name = f"own_{uuid.uuid4().hex[:10]}"
    source = connection.settings_dict["NAME"] if copied else "template1"
    if copied:
        with blocker.unblock():
            connections.close_all()
    admin = database("MIGRATOR_DATABASE_URL", pool=False)
    reach = {"host": admin["HOST"], "port": admin["PORT"], "user": admin["USER"], "password": admin["PASSWORD"]}
    with psycopg.connect(**reach, dbname=admin["NAME"], autocommit=True) as db:
        if copied:
            # A page server of an earlier test may still hold a connection; a copy needs the source alone.
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
                [source],
            )
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        db.execute(f'GRANT CONNECT ON DATABASE "{name}" TO vciso_app')
    yield name
    with psycopg.connect(**reach, dbname=admin["NAME"], autocommit=True) as db:
        db.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def working_on(name: str, blocker: Any, *, role: str | None = None) -> Iterator[None]:
    """Inside, the default connection is the migrator's (or the role's) on that database, and commits."""
    settings = connection.settings_dict
    before = settings["NAME"], settings["OPTIONS"].get("assume_role")
    with blocker.unblock():
        _switch(name, role)
        try:
            yield
        finally:
            _switch(*before)


def _switch(name: str, role: str | None) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
    if role:
        connection.settings_dict["OPTIONS"]["assume_role"] = role


def named(address: str, database_name: str) -> str:
    """The same address with another database."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{database_name}"))
