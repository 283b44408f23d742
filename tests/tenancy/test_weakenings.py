"""Weaken isolation in one place at a time; the probes must notice every time."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from tests.factories.cast import Cast
from tests.tenancy.probes import PROBES
from tests.tenancy.weakenings import WEAKENINGS
from vciso.settings.addresses import database
from vciso.tenancy.migrations import _sql

pytestmark = pytest.mark.django_db


def noticed_by(world: Cast) -> list[str]:
    """The probes that fail on the database as it is now."""
    found = []
    for name, attempt in PROBES.items():
        try:
            attempt(world)
        except (AssertionError, DatabaseError):
            found.append(name)
    return found


@pytest.mark.parametrize("name", WEAKENINGS)
def test_a_weakening_is_noticed(world: Cast, as_owner: Callable[[], Any], name: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(WEAKENINGS[name])
    assert noticed_by(world), f"nobody noticed that {name}"


def test_a_context_that_outlives_its_transaction_is_noticed(database_url: dict[str, str]) -> None:
    """A session-wide setting shows only across real commits, so this one weakening is committed."""
    migrator = database("MIGRATOR_DATABASE_URL", pool=False)
    as_migrator = {**database_url, "user": migrator["USER"], "password": migrator["PASSWORD"]}
    whole = _sql.SCHEMA[
        _sql.SCHEMA.index("CREATE FUNCTION sec.set_context") : _sql.SCHEMA.index(
            "REVOKE ALL ON FUNCTION sec.set_context"
        )
    ]
    replace = whole.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    with psycopg.connect(**as_migrator, autocommit=True) as owner:
        owner.execute(replace.replace(", true)", ", false)"))
        try:
            assert _left_over(database_url) == "{}"
        finally:
            owner.execute(replace)
    assert _left_over(database_url) == ""


def _left_over(database_url: dict[str, str]) -> str:
    """What the next borrower of a connection finds after somebody's transaction."""
    with psycopg.connect(**database_url, autocommit=True) as app:
        with app.transaction():
            app.execute("SELECT * FROM sec.enter(gen_random_uuid(), NULL, NULL)")
        row = app.execute("SELECT COALESCE(current_setting('vciso.read', true), '')").fetchone()
    assert row is not None
    return str(row[0])
