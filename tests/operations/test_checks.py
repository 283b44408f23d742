"""What the portal refuses to start with, each with its remedy. Real roles, real refusals."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from vciso.operations import checks, roles
from vciso.settings.addresses import ROOT, database

GOOD_KEY = "k3yThatNobodyCanGuess-0123456789-abcdefghijklmnop"
OUTSIDE = {"HOST": "db.internal.example", "PASSWORD": "p", "OPTIONS": {"sslmode": "verify-full"}}


@pytest.fixture
def ids(settings: Any) -> Callable[..., set[str]]:
    """The ids of what the checks say about a good portal with a few settings changed."""

    def found(**changed: Any) -> set[str]:
        # Another settings object than Django's own, so that no cache or connection is reset.
        for name, value in changed.items():
            setattr(settings, name, value)
        return {str(message.id) for message in checks.settings_are_safe()}

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = GOOD_KEY, []
    return found


def test_bin_ups_own_settings_are_silent(ids: Callable[..., set[str]]) -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": "short"}, "operations.E002"),
        ({"SECRET_KEY": "a" * 64}, "operations.E002"),
        ({"SECRET_KEY_FALLBACKS": ["an old short one"]}, "operations.E002"),
        ({"METRICS_TOKEN": "guess"}, "operations.E003"),
        ({"BASE_URL": "portal.example.com"}, "operations.E004"),
        ({"BASE_URL": "https://portal.example.com", "HTTPS": True}, "operations.E005"),
        ({"BASE_URL": "http://portal.example.com"}, "operations.W006"),
        ({"HTTPS": True, "ANCHOR_MAIL": [], "ANCHOR_FOLDER": ""}, "operations.W018"),
        ({"CELERY_BROKER_URL": "redis://:p@one:6379/0", "CACHE": "redis://:p@one/1"}, "operations.W007"),
        ({"DATABASE": {"PASSWORD": ""}}, "operations.E008"),
        ({"DATABASE": {**OUTSIDE, "OPTIONS": {}}}, "operations.W009"),
        ({"CELERY_BROKER_URL": "redis://broker:6379/0"}, "operations.E010"),
        ({"CACHE": "redis://cache:6379/0"}, "operations.E010"),
        ({"CACHE": "redis://:p@cache.example.com:6379/0"}, "operations.W011"),
        ({"CACHE": "redis://:p@cache:6379/0?password=seen"}, "operations.E012"),
        ({"EMAIL_HOST": "mail.example.com", "EMAIL_USE_TLS": False}, "operations.W013"),
        ({"FILES_ACCEL": "protected"}, "operations.E015"),
        ({"DEMO": True, "DATABASE": OUTSIDE}, "operations.E016"),
    ],
)
def test_each_unsafe_setting_is_told(ids: Callable[..., set[str]], settings: Any, changed: Any, said: str) -> None:
    if more := changed.pop("DATABASE", None):
        settings.DATABASES = {"default": {**django_settings.DATABASES["default"], **more}}
    if cache := changed.pop("CACHE", None):
        settings.CACHES = {"default": {**django_settings.CACHES["default"], "LOCATION": cache}}
    assert said in ids(**changed)


def test_a_safe_portal_on_servers_of_its_own_is_silent(ids: Callable[..., set[str]], settings: Any) -> None:
    settings.DATABASES = {"default": {**django_settings.DATABASES["default"], **OUTSIDE}}
    settings.CACHES = {"default": {**django_settings.CACHES["default"], "LOCATION": "redis://:p@cache:6379/0"}}
    changed = {
        "BASE_URL": "https://portal.example.com", "HTTPS": True, "ALLAUTH_TRUSTED_PROXY_COUNT": 1, "DEMO": False,
        "CELERY_BROKER_URL": "rediss://:p@broker.example.com:6379/0", "METRICS_TOKEN": GOOD_KEY,
        "ANCHOR_MAIL": ["trail@elsewhere.example.com"],
    }  # fmt: skip
    assert ids(**changed) == set()


def test_every_message_has_a_remedy(ids: Callable[..., set[str]]) -> None:
    ids(SECRET_KEY="short", METRICS_TOKEN="x", BASE_URL="nowhere", FILES_ACCEL="x")
    messages = checks.settings_are_safe()
    assert len(messages) >= 4 and all(message.hint for message in messages)


@pytest.fixture
def role(django_db_setup: None) -> Iterator[Callable[[str], str]]:
    """Makes roles of this test alone and answers the address each signs in with."""
    admin = os.environ["ADMIN_DATABASE_URL"]
    made: list[str] = []

    def make(attributes: str) -> str:
        name = f"try_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(admin, autocommit=True) as db:
            db.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'only for this test' {attributes}")
        made.append(name)
        parts = urlsplit(os.environ["DATABASE_URL"])
        login = f"{name}:{quote('only for this test')}@{parts.netloc.rpartition('@')[2]}"
        return urlunsplit(parts._replace(netloc=login, path="/postgres"))

    yield make
    with psycopg.connect(admin, autocommit=True) as db:
        for name in made:
            db.execute(f"DROP OWNED BY {name}")
            db.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        ("SUPERUSER", "it is a superuser"),
        ("BYPASSRLS", "it has BYPASSRLS"),
        ("CREATEROLE", "it may make roles"),
        ("CREATEDB", "it may make databases"),
        ("IN ROLE vciso_definer", "it is a member of a role that is exempt from row-level security"),
    ],
)
def test_a_role_that_policies_do_not_bind_is_found(role: Callable[[str], str], attributes: str, fault: str) -> None:
    with psycopg.connect(role(attributes)) as db, db.cursor() as cursor:
        assert fault in roles.faults(cursor)


def test_the_app_role_is_bound_and_the_migrator_is_not(database_url: dict[str, str]) -> None:
    migrator = database("MIGRATOR_DATABASE_URL", pool=False)
    with psycopg.connect(**database_url) as db, db.cursor() as cursor:
        assert roles.faults(cursor) == []
    own = database_url | {"user": migrator["USER"], "password": migrator["PASSWORD"]}
    with psycopg.connect(**own) as db, db.cursor() as cursor:
        assert {"it has BYPASSRLS", "it owns tables"} <= set(roles.faults(cursor))


PROGRAMS = {
    "web server": ["-c", "import vciso.wsgi"],
    "worker": ["-m", "celery", "-A", "vciso.celery", "worker", "--pool", "solo", "--without-gossip"],
    "scheduler": ["-m", "celery", "-A", "vciso.celery", "beat", "--schedule", "{folder}/schedule", "--pidfile="],
}


def test_no_program_starts_as_a_superuser(role: Callable[[str], str], tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": role("SUPERUSER"),
        "DJANGO_SETTINGS_MODULE": "vciso.settings",
        "VCISO_DB_ROLE": "app",
        "PYTHONPATH": str(ROOT),
    }
    started = {
        name: subprocess.Popen(
            [sys.executable, *(word.format(folder=tmp_path) for word in words)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for name, words in PROGRAMS.items()
    }  # fmt: skip
    try:
        said = {name: program.communicate(timeout=120)[0] for name, program in started.items()}
    finally:
        for program in started.values():
            program.kill()
    assert {name: program.returncode for name, program in started.items()} == dict.fromkeys(PROGRAMS, 1)
    for text in said.values():
        assert "must not serve pages: it is a superuser" in text
        assert "Use vciso_app" in text and "only for this test" not in text


@pytest.mark.django_db
def test_a_database_that_is_away_is_no_reason_not_to_start(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SECRET_KEY, settings.VCISO_DB_ROLE = GOOD_KEY, "app"
    nowhere = {"host": "/nowhere", "dbname": "x", "user": "y", "password": "z"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: nowhere)
    checks.refuse_unsafe_start()
    settings.SECRET_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="can be guessed"):
        checks.refuse_unsafe_start()
