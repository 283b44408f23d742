"""One database as production has it: made by the migrator, used by the app role."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from tests.factories.cast import Cast, make_cast

APP_ROLE = "vciso_app"
# How long drawing an example takes says how busy the machine is, and nothing about the property.
settings.register_profile("portal", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("portal")

# Their files share a world, servers, or a portal with its browser, that take long to make: one process takes them all.
TOGETHER = ("tests/e2e/", "tests/access/", "tests/faults/")
# What takes longest begins first, so that no process is left with a long file when the other has nothing to do.
LONGEST = (
    *TOGETHER, "tests/launch/test_up.py", "tests/home/test_every_form.py", "tests/api/test_every_resource.py",
    "tests/reporting/test_render_cost.py", "tests/tenancy/test_pool.py", "tests/imports/test_look.py",
    "tests/reporting/test_calendar.py", "tests/pdf/test_limited.py", "tests/web/test_patterns_page.py",
    "tests/operations/test_upgrade.py", "tests/risks/test_acceptance.py", "tests/api/test_schema.py",
    "tests/tenancy/test_every_model.py", "tests/imports/test_strangers.py",
)  # fmt: skip

# A browser driver keeps an event loop in this thread; Django would take every query for async work.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Together(LoadFileScheduling):
    """A file after the other goes to whichever process is free, some folders whole, and the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    def _assign_work_unit(self, node: Any) -> None:
        if longest := next((scope for scope in LONGEST if scope in self.workqueue), None):
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> LoadFileScheduling | None:
    return Together(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through all of it again and again would take a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def work_as_app_role() -> None:
    """From here on every connection of this process meets the policies."""
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"]["assume_role"] = APP_ROLE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        work_as_app_role()
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["OPTIONS"].pop("assume_role", None)


@contextmanager
def owning() -> Iterator[None]:
    """Inside, statements run as the owner of the tables, past the policies; for factories alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vciso_migrator")
        yield
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")


@pytest.fixture
def as_owner() -> Callable[[], Any]:
    return owning


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice leads Acme, Bob owns it, Dora sits on its board; Charlie works for Globex (same
    practice), Pam is the practice's admin, Xenia works in another practice."""
    with owning():
        return make_cast()


@pytest.fixture
def browse() -> Callable[[Any], Browser]:
    """A test client signed in as a person, without the sign-in pages."""

    def sign_in(user: Any) -> Browser:
        browser = Browser()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return sign_in


@pytest.fixture
def database_url(db: None) -> dict[str, str]:
    """Arguments for a connection of one's own as vciso_app, to the database of this test run."""
    from vciso.settings.addresses import database

    app = database("DATABASE_URL", pool=False)
    return {
        "host": app["HOST"],
        "port": app["PORT"],
        "user": app["USER"],
        "password": app["PASSWORD"],
        "dbname": connection.settings_dict["NAME"],
    }
