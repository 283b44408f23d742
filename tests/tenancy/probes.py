"""Attempts to break out, each as a function that raises AssertionError when it succeeds.

`test_probes.py` runs each on the product as it is; `test_weakenings.py` weakens the product in
one place after the other and demands that at least one probe notices.
"""

import uuid
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction

from engagements.models import Person, Task
from reporting.models import Report
from tests.factories.cast import Cast
from vciso.tenancy import catalogue, context
from vciso.tenancy.models import Membership, Share

Probe = Callable[[Cast], None]
PROBES: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    PROBES[function.__name__] = function
    return function


@contextmanager
def refused() -> Any:
    """Inside, the database must refuse; what it did is rolled back either way."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except DatabaseError:
        return
    except Undone:
        pass
    raise AssertionError("was not refused")


class Undone(Exception):
    """Rolls an attempt back that should have been refused."""


def run(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def share(client: Any, user: Any) -> Share:
    return Share(client=client, user=user, kind="note", object_id=uuid.uuid4())


def seen() -> set[uuid.UUID]:
    return set(Share.objects.values_list("client_id", flat=True))


@probe
def the_catalogue_is_whole(cast: Cast) -> None:
    assert catalogue.faults() == []


@probe
def no_context_raises(cast: Cast) -> None:
    with refused():
        list(Share.objects.all())


@probe
def a_forgotten_filter_shows_own_rows(cast: Cast) -> None:
    with context.as_user(cast.alice):
        assert seen() == {cast.acme.pk}


@probe
def colleagues_clients_stay_closed(cast: Cast) -> None:
    with context.as_user(cast.charlie):
        assert seen() == {cast.globex.pk}


@probe
def the_address_narrows(cast: Cast) -> None:
    with context.as_user(cast.pam, client_key=cast.acme.key):
        assert seen() == {cast.acme.pk}


@probe
def a_foreign_key_grants_nothing(cast: Cast) -> None:
    with context.as_user(cast.alice, client_key=cast.initech.key) as granted:
        assert not granted
        assert seen() == set()


@probe
def foreign_rows_are_not_inserted(cast: Cast) -> None:
    with context.as_user(cast.alice), refused():
        share(cast.globex, cast.gina).save(force_insert=True)


@probe
def rows_do_not_move(cast: Cast) -> None:
    with context.as_user(cast.pam, client_key=cast.acme.key), refused():
        run("UPDATE tenancy_share SET client_id = %s, kind = 'moved'", cast.globex.pk)


@probe
def foreign_rows_are_not_updated(cast: Cast) -> None:
    with context.as_user(cast.alice):
        run("UPDATE tenancy_share SET kind = 'mine'")
    with context.as_user(cast.charlie):
        assert not Share.objects.filter(kind="mine").exists()


@probe
def foreign_rows_are_not_deleted(cast: Cast) -> None:
    try:
        with transaction.atomic():
            with context.as_user(cast.alice):
                run("DELETE FROM tenancy_share")
            with context.as_user(cast.charlie):
                assert Share.objects.exists()
            raise Undone
    except Undone:
        pass


@probe
def owners_do_not_write(cast: Cast) -> None:
    with context.as_user(cast.bob):
        with refused():
            share(cast.acme, cast.bob).save(force_insert=True)
        with transaction.atomic():
            assert Share.objects.update(kind="x") == 0


@probe
def directors_read_no_register(cast: Cast) -> None:
    with context.as_user(cast.dora):
        assert seen() == set()
        assert not Task.objects.exists()


@probe
def directors_see_no_draft(cast: Cast) -> None:
    with context.as_user(cast.dora):
        assert not Report.objects.exists()


@probe
def owners_see_no_draft(cast: Cast) -> None:
    with context.as_user(cast.bob):
        assert not Report.objects.exists()


@probe
def the_inactive_see_nothing(cast: Cast) -> None:
    with transaction.atomic():
        run("UPDATE tenancy_user SET is_active = false WHERE id = %s", cast.amir.pk)
        with context.as_user(cast.amir) as granted:
            assert not granted


@probe
def nobody_gives_themselves_a_role(cast: Cast) -> None:
    with context.as_user(cast.alice), refused():
        Membership.objects.create(user=cast.alice, practice=cast.northwind, client=cast.globex, role="consultant")


@probe
def no_role_crosses_practices(cast: Cast) -> None:
    with context.as_user(cast.pam), refused():
        Membership.objects.create(user=cast.alice, practice=cast.northwind, client=cast.initech, role="consultant")


@probe
def links_stay_inside_a_client(cast: Cast) -> None:
    with context.as_user(cast.pam):
        foreign = Person.objects.get(client=cast.globex)
        with refused():
            Task.objects.filter(client=cast.acme).update(assignee=foreign)


@probe
def a_job_needs_its_client(cast: Cast) -> None:
    try:
        with context.as_job(uuid.uuid4(), "probe"):
            pass
    except DatabaseError:
        return
    raise AssertionError("a job entered without a client")


@probe
def a_share_is_one_persons(cast: Cast) -> None:
    """Carl, a contributor, has one task shared with him; Dora, a director, has none."""
    with context.as_user(cast.carl):
        assert Task.objects.count() == 1
    with context.as_user(cast.dora):
        assert not Task.objects.exists()
