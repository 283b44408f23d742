"""The trail: numbered, chained, unchangeable, and verified by recomputing it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.cast import Cast
from vciso.audit import selectors
from vciso.audit import services as audit
from vciso.audit.models import Event
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


def execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, params)


@pytest.fixture
def trail(cast: Cast) -> Cast:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        for number in range(3):
            audit.record(verb=f"test.{number}", client=cast.acme, by=cast.alice, after={"n": number})
    audit.record(verb="account.signed_in", by=cast.bob)
    return cast


def test_verify_finds_every_chain_whole(trail: Cast) -> None:
    chains = {chain.chain: chain for chain in selectors.verify()}
    assert chains[f"client:{trail.acme.pk}"].events == 3
    assert chains["installation"].events >= 1
    assert [chain.chain for chain in chains.values() if chain.broken_at is not None] == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_the_trail_refuses_every_change_from_the_owner_of_the_table_too(
    trail: Cast, as_owner: Callable[[], Any], statement: str
) -> None:
    with pytest.raises(DatabaseError, match="is refused"), as_owner():
        execute(statement)


@pytest.mark.parametrize(
    ("forgery", "broken_at"),
    [
        ("UPDATE audit_event SET after = '{\"n\": 9}' WHERE client_id IS NOT NULL AND seq = 2", 2),
        ("UPDATE audit_event SET actor_id = NULL WHERE client_id IS NOT NULL AND seq = 2", 2),
        ("DELETE FROM audit_event WHERE client_id IS NOT NULL AND seq = 2", 3),
        ("DELETE FROM audit_event WHERE client_id IS NOT NULL AND seq = 3", 3),
        ("DELETE FROM audit_event WHERE client_id IS NOT NULL", 1),
    ],
)
def test_verify_finds_what_was_forged_removed_or_cut_off(
    trail: Cast, as_owner: Callable[[], Any], forgery: str, broken_at: int
) -> None:
    with as_owner():
        execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        execute(forgery)
        execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    broken = {c.chain.split(":")[0]: c.broken_at for c in selectors.verify()}
    assert broken == {"client": broken_at, "installation": None}


def test_number_time_and_hash_are_the_databases_own(trail: Cast) -> None:
    with context.as_user(trail.alice, client_key=trail.acme.key):
        Event(client=trail.acme, verb="test.forged", seq=99, hash="f" * 64, happened_at="2020-01-01T00:00Z").save(
            force_insert=True
        )
        event = Event.objects.get(verb="test.forged")
    assert (event.seq, event.hash == "f" * 64, event.recorded_at.year > 2020) == (4, False, True)


def test_an_event_that_cannot_be_written_undoes_what_it_tells_of(cast: Cast) -> None:
    with (
        context.as_user(cast.alice, client_key=cast.acme.key),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cast.acme.name = "Renamed"
        cast.acme.save(update_fields=["name"])
        audit.record(verb="x" * 200, client=cast.acme, by=cast.alice)
    with context.as_user(cast.alice, client_key=cast.acme.key):
        cast.acme.refresh_from_db()
        assert cast.acme.name == "Acme Dental"
