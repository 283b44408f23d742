"""Who sees what, decided by the database: contexts, narrowing, writing, and no context at all."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from tests.factories.cast import Cast
from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.tenancy.models import Client, Membership, Practice, Share, User
from vciso.tenancy.references import next_reference

pytestmark = pytest.mark.django_db


def raw(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def share(client: Client, user: User) -> Share:
    return Share.objects.create(client=client, user=user, kind="note", object_id=uuid.uuid4())


@pytest.fixture
def shares(cast: Cast, as_owner: Callable[[], Any]) -> dict[str, Share]:
    """One row of a client-owned table at each client."""
    with as_owner():
        return {
            "acme": share(cast.acme, cast.bob),
            "globex": share(cast.globex, cast.gina),
            "initech": share(cast.initech, cast.xenia),
        }


def seen() -> set[uuid.UUID]:
    return set(Share.objects.values_list("client_id", flat=True))


def test_the_app_role_is_plain(cast: Cast) -> None:
    assert raw("SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        ("vciso_app", False, False)
    ]


@pytest.mark.parametrize(
    "query",
    [
        lambda: Share.objects.count(),
        lambda: list(Share.objects.all()),
        lambda: Share.objects.exists(),
        lambda: list(Share.objects.iterator()),
        lambda: list(Client.objects.all()),
        lambda: list(Practice.objects.all()),
        lambda: raw("SELECT count(*) FROM tenancy_share"),
        lambda: Share.objects.update(kind="x"),
        lambda: Share.objects.all().delete(),
    ],
)
def test_without_a_context_every_query_raises(shares: dict[str, Share], query: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError, match="no tenant context"), transaction.atomic():
        query()


def test_a_forgotten_filter_shows_own_clients_only(cast: Cast, shares: dict[str, Share]) -> None:
    with context.as_user(cast.alice):
        assert seen() == {cast.acme.pk}
    with context.as_user(cast.pam):
        assert seen() == {cast.acme.pk, cast.globex.pk}
    with context.as_user(cast.xenia):
        assert seen() == {cast.initech.pk}


def test_the_context_narrows_to_the_client_of_the_address(cast: Cast, shares: dict[str, Share]) -> None:
    with context.as_user(cast.pam, client_key=cast.globex.key):
        assert seen() == {cast.globex.pk}


def test_a_foreign_client_and_an_unknown_one_grant_the_same_nothing(cast: Cast, shares: dict[str, Share]) -> None:
    for key in (cast.globex.key, cast.initech.key, "nobody-zzzzzz"):
        with context.as_user(cast.alice, client_key=key) as granted:
            assert (bool(granted), granted.client_id, seen()) == (False, None, set())


@pytest.mark.parametrize("role", ["bob", "dora", "carl", "alice"])
def test_raw_sql_unions_and_ctes_stay_inside(cast: Cast, shares: dict[str, Share], role: str) -> None:
    with context.as_user(getattr(cast, role)):
        rows = raw(
            "WITH x AS MATERIALIZED (SELECT * FROM tenancy_share) SELECT client_id FROM x "
            "UNION ALL SELECT client_id FROM tenancy_share WHERE client_id = %s",
            cast.globex.pk,
        )
        assert {row[0] for row in rows} <= {cast.acme.pk}


def test_a_foreign_row_cannot_be_read_changed_deleted_or_locked(cast: Cast, shares: dict[str, Share]) -> None:
    foreign = shares["globex"].pk
    with context.as_user(cast.alice):
        assert not Share.objects.filter(pk=foreign).exists()
        assert Share.objects.filter(pk=foreign).update(kind="taken") == 0
        assert Share.objects.filter(pk=foreign).delete() == (0, {})
        with pytest.raises(Share.DoesNotExist), transaction.atomic():
            Share.objects.select_for_update().get(pk=foreign)


def test_writing_for_another_client_is_refused_whole(cast: Cast) -> None:
    with context.as_user(cast.alice):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            share(cast.globex, cast.gina)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Share.objects.bulk_create(
                Share(client_id=client.pk, user=cast.bob, kind="note", object_id=uuid.uuid4())
                for client in (cast.acme, cast.initech)
            )
        assert not Share.objects.exists()


def test_a_row_cannot_move_to_another_client_even_by_who_may_write_both(cast: Cast, shares: dict[str, Share]) -> None:
    with context.as_user(cast.pam, client_key=cast.acme.key):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            Share.objects.filter(pk=shares["acme"].pk).update(client=cast.globex)
        # Without a WHERE no SELECT policy takes part: WITH CHECK alone stands in the way.
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            raw("UPDATE tenancy_share SET client_id = %s RETURNING 1", cast.globex.pk)
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE tenancy_share SET client_id = %s, kind = 'moved'", [cast.globex.pk])


def test_owners_read_and_do_not_write(cast: Cast, shares: dict[str, Share]) -> None:
    with context.as_user(cast.bob):
        assert seen() == {cast.acme.pk}
        assert Share.objects.update(kind="x") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            share(cast.acme, cast.bob)
        with pytest.raises(ProgrammingError), transaction.atomic():
            next_reference(cast.acme.pk, "R")


@pytest.mark.parametrize("role", ["dora", "carl"])
def test_directors_and_contributors_read_no_table_of_the_client(
    cast: Cast, shares: dict[str, Share], role: str
) -> None:
    with context.as_user(getattr(cast, role)):
        assert seen() == set()
        assert list(Client.objects.values_list("pk", flat=True)) == [cast.acme.pk]


def test_nobody_gives_roles_but_the_admin_of_that_practice(cast: Cast) -> None:
    with context.as_user(cast.alice):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Membership.objects.create(user=cast.alice, practice=cast.northwind, client=cast.globex, role="consultant")
        assert Membership.objects.filter(user=cast.pam).delete()[0] == 0
    with context.as_user(cast.pam):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Membership.objects.create(user=cast.alice, practice=cast.southwind, client=cast.initech, role="consultant")
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=cast.alice, practice=cast.northwind, client=cast.initech, role="consultant")
        Membership.objects.create(user=cast.alice, practice=cast.northwind, client=cast.globex, role="consultant")


def test_a_consultant_removes_client_people_and_no_colleague(cast: Cast) -> None:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        assert Membership.objects.filter(user=cast.amir).delete()[0] == 0
        assert Membership.objects.filter(user=cast.bob).delete()[0] == 1


def test_an_inactive_person_sees_nothing(cast: Cast, as_owner: Callable[[], Any]) -> None:
    with as_owner():
        User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    with context.as_user(cast.alice) as granted:
        assert (bool(granted), seen()) == (False, set())


def test_a_nested_context_puts_the_outer_one_back(cast: Cast, shares: dict[str, Share]) -> None:
    both = {cast.acme.pk, cast.globex.pk}
    with context.as_user(cast.pam):
        with context.as_user(cast.pam, client_key=cast.acme.key):
            assert seen() == {cast.acme.pk}
        assert seen() == both
        with pytest.raises(ValueError, match="boom"), context.as_job(cast.globex.pk, "test"):
            raise ValueError("boom")
        assert seen() == both
        with pytest.raises(DatabaseError), context.as_job(cast.globex.pk, "test"):
            raw("SELECT 1/0")
        assert seen() == both
    with pytest.raises(DatabaseError, match="no tenant context"), transaction.atomic():
        seen()


def test_a_job_works_for_exactly_one_client(cast: Cast, shares: dict[str, Share]) -> None:
    with context.as_job(cast.acme.pk, "test"):
        assert seen() == {cast.acme.pk}
    with pytest.raises(DatabaseError, match="without a client"), context.as_job(uuid.uuid4(), "test"):
        pass
    for nobody in ("", "all"):
        with pytest.raises(ValueError, match="hexadecimal"), context.as_job(nobody, "test"):
            pass


def test_a_practice_job_sees_no_client(cast: Cast, shares: dict[str, Share]) -> None:
    with context.as_practice_job(cast.northwind.pk, "test"):
        assert seen() == set()
        assert not Client.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE tenancy_share DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenancy_share_r ON tenancy_share",
        "CREATE POLICY z ON tenancy_share USING (true)",
        "SET LOCAL ROLE vciso_definer",
        "TRUNCATE tenancy_share",
        "SET session_replication_role = replica",
        "CREATE VIEW v AS SELECT 1",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT sec.set_context('x', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    ],
)
def test_the_app_role_cannot_switch_the_policies_off(database_url: dict[str, str], statement: str) -> None:
    """On a real connection as vciso_app: inside the tests' own one the migrator could be put back."""
    with psycopg.connect(**database_url) as fresh, pytest.raises(psycopg.Error):
        fresh.execute(statement)


def test_row_security_cannot_be_turned_off_for_a_query(cast: Cast) -> None:
    with context.as_user(cast.alice), pytest.raises(DatabaseError), transaction.atomic():
        raw("SELECT set_config('row_security', 'off', true)")
        seen()


def test_the_context_dies_with_its_transaction(database_url: dict[str, str]) -> None:
    """Needs a real commit on a real connection: rolled-back tests would hide a session setting."""
    with psycopg.connect(**database_url, autocommit=True) as fresh:
        for end in ("COMMIT", "ROLLBACK"):
            fresh.execute("BEGIN")
            fresh.execute("SELECT * FROM sec.enter(gen_random_uuid(), NULL, NULL)")
            assert fresh.execute("SELECT current_setting('vciso.read', true)").fetchone() == ("{}",)
            fresh.execute(end)
            left = fresh.execute("SELECT COALESCE(current_setting('vciso.read', true), '')").fetchone()
            assert left == ("",)
        fresh.execute("SELECT * FROM sec.enter(gen_random_uuid(), NULL, NULL)")
        assert fresh.execute("SELECT COALESCE(current_setting('vciso.read', true), '')").fetchone() == ("",)


def test_references_count_per_client_and_kind(cast: Cast) -> None:
    with context.as_user(cast.pam):
        given = [next_reference(c.pk, k) for c, k in ((cast.acme, "R"), (cast.acme, "R"), (cast.globex, "R"))]
        assert [*given, next_reference(cast.acme.pk, "T")] == ["R-001", "R-002", "R-001", "T-001"]


def test_anybody_of_the_client_adds_to_its_trail_and_only_the_practice_reads_it(cast: Cast) -> None:
    from vciso.audit import services as audit

    for user in (cast.alice, cast.bob, cast.dora):
        with context.as_user(user, client_key=cast.acme.key):
            audit.record(verb="test.happened", client=cast.acme, by=user)
    with context.as_user(cast.bob, client_key=cast.acme.key):
        assert not Event.objects.exists()
    with context.as_user(cast.alice, client_key=cast.acme.key):
        assert list(Event.objects.order_by("seq").values_list("seq", "actor_id")) == [
            (1, cast.alice.pk),
            (2, cast.bob.pk),
            (3, cast.dora.pk),
        ]
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            audit.record(verb="test.happened", client=cast.globex, by=cast.alice)
