"""Pooled connections are borrowed by one person after the other; no context may stay on them."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, connections

from vciso.settings.addresses import ROOT, database


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the migrated test database, for rows that are really committed."""
    name = f"pool_{uuid.uuid4().hex[:10]}"
    source = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
    admin = database("MIGRATOR_DATABASE_URL", pool=False)
    reach = {"host": admin["HOST"], "port": admin["PORT"], "user": admin["USER"], "password": admin["PASSWORD"]}
    with psycopg.connect(**reach, dbname=admin["NAME"], autocommit=True) as db:
        # A page server of an earlier test may still hold a connection; a copy needs the source alone.
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [source],
        )
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        db.execute(f'GRANT CONNECT ON DATABASE "{name}" TO vciso_app')
    yield name
    with psycopg.connect(**reach, dbname=admin["NAME"], autocommit=True) as db:
        db.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def named(address: str, database_name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database_name}"))


def test_thousands_of_requests_over_few_connections_leak_nothing(own_database: str) -> None:
    environment = {
        **os.environ,
        "VCISO_DB_ROLE": "app",
        "VCISO_DB_POOL": "1",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "vciso.settings",
        "VCISO_LOG_LEVEL": "CRITICAL",
        **{n: named(os.environ[n], own_database) for n in ("DATABASE_URL", "MIGRATOR_DATABASE_URL")},
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.tenancy.pool_leak"], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found == {"requests": 3200, "violations": 0, "left": 0, "broken": []}
