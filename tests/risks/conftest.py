"""Acme's people and a register to work on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection

from engagements.models import Ask, Person
from risks import services
from risks.models import Risk
from risks.rules import scoring
from tests.conftest import owning
from tests.factories.cast import Cast
from vciso.tenancy import context
from vciso.tenancy.models import Client, User

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
# A private note of the practice, wherever one is looked for.
SECRET = "They quarrel about money"


@pytest.fixture
def at() -> dt.datetime:
    return NOW


@pytest.fixture
def today() -> dt.date:
    return TODAY


def a_person(client: Client, name: str, user: User | None = None) -> Person:
    return Person.objects.create(
        client=client, name=name, email=f"{name.lower()}@example.test", user=user, created_at=NOW
    )


@pytest.fixture
def people(cast: Cast) -> dict[str, Person]:
    with owning():
        return {
            "bob": a_person(cast.acme, "Bob", cast.bob),
            "dora": a_person(cast.acme, "Dora", cast.dora),
            "carl": a_person(cast.acme, "Carl", cast.carl),
            "gina": a_person(cast.globex, "Gina", cast.gina),
        }


Entering = Callable[[User, Client], AbstractContextManager[Any]]


@pytest.fixture
def entering() -> Entering:
    return lambda user, client: context.as_user(user, client_id=client.pk)


@pytest.fixture
def alices(cast: Cast, people: dict[str, Person]) -> Iterator[Cast]:
    """Alice at work in Acme."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        yield cast


def asked_again(ask_id: Any) -> Ask:
    """The same question once more, which nobody has answered, as no service puts it."""
    same = Ask.objects.values(
        "client_id", "kind", "title", "options", "asked_by_id", "asked_of_id", "asked_of_name", "asked_user_id",
        "asked_at", "asked_on", "role",
    ).get(pk=ask_id)  # fmt: skip
    return Ask.objects.create(**same, reference=f"A-{Ask.objects.count() + 900}", state="open")


AT_COMMIT = """SELECT string_agg(DISTINCT tgname, ', ') FROM pg_trigger WHERE tginitdeferred AND NOT tgisinternal"""


def commit() -> None:
    """What the database does once a transaction is done."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(AT_COMMIT)
        cursor.execute(f"SET CONSTRAINTS {cursor.fetchone()[0]} DEFERRED")


def rated(likelihood: int, **impacts: int) -> scoring.Rating:
    return scoring.Rating(likelihood, impacts or {"operational": 5})


def raised(cast: Cast, title: str = "Backups cannot be restored", **given: Any) -> Risk:
    """A risk that Alice raised at Acme; `now=` is its present rating."""
    now = given.pop("now", rated(3))
    return services.raise_risk(
        client=cast.acme,
        by=given.pop("by", cast.alice),
        at=given.pop("at", NOW),
        wording=services.Wording(
            title=title,
            cause=given.pop("cause", "Restores were never tried."),
            event=given.pop("event", "The server fails"),
            consequence=given.pop("consequence", "No patient can be seen for days"),
            private_notes=given.pop("private_notes", ""),
            category=given.pop("category", "Resilience"),
            controls=given.pop("controls", ""),
        ),
        ratings={"now": now} if now else {},
        **given,
    )


def limited(cast: Cast, **bands: int | None) -> None:
    for category, band in bands.items():
        services.set_appetite(client=cast.acme, category=category, band_limit=band, by=cast.alice, at=NOW)


@pytest.fixture
def register(cast, people):
    """Three risks of Acme: two open, of which one is owned and rated low, and a closed one."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        first = raised(
            cast, "Backups cannot be restored", owner=people["bob"], private_notes=SECRET, plan="Buy spares",
            treatment="reduce", now=rated(2, operational=3, legal=2),
        )  # fmt: skip
        raised(cast, "Phishing takes an account", now=rated(3, financial=3), private_notes=SECRET)
        gone = raised(cast, "A flood reaches the archive")
        services.close_risk(risk=gone, by=cast.alice, at=NOW, reason="Moved upstairs")
    return first
