"""While tables are made one migration after the other, no table is open for even a moment (fault 34)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import scratch
from vciso.tenancy.catalogue import GLOBAL

OPEN = """SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
   AND has_table_privilege('vciso_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""


@pytest.fixture
def empty(django_db_blocker: Any) -> Iterator[str]:
    with scratch.own_database(django_db_blocker, copied=False) as name:
        yield name


def test_no_table_can_be_read_before_its_policies_stand(empty: str, django_db_blocker: Any) -> None:
    steps: list[str] = []
    found: dict[str, set[str]] = {}

    def look(action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_success":
            steps.append(str(migration))
            with connection.cursor() as cursor:
                cursor.execute(OPEN)
                if open_tables := {row[0] for row in cursor.fetchall()} - set(GLOBAL):
                    found[str(migration)] = open_tables

    with scratch.working_on(empty, django_db_blocker):
        executor = MigrationExecutor(connection, look)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert len(steps) > 30
    assert found == {}
