"""A database that is locked, slow or at odds with itself: 503, nothing half-written, no context left."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client as Browser

from engagements.models import Person
from tests.factories.cast import Cast
from vciso.tenancy import context

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tenancy.urls")]
RAISED = {"deadlock": "40P01", "serialization": "40001", "disk": "53100", "shutdown": "57P01"}
REALLY = ("statement", "lock")


@pytest.mark.parametrize("why", [*RAISED, *REALLY])
def test_22_what_passes_answers_503_and_leaves_nothing(
    why: str, cast: Cast, browse: Any, database_url: dict[str, str]
) -> None:
    browser: Browser = browse(cast.alice)
    browser.raise_request_exception = False
    with psycopg.connect(**database_url) as other:
        other.execute("SELECT pg_advisory_lock(4711)")
        answer = browser.get(f"/c/{cast.acme.key}/probe/fails/{why}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert b"Please try again in half a minute." in answer.content
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('vciso.read', true)")
        assert cursor.fetchone()[0] in ("", None)
    with context.as_job(cast.acme.pk, "look"):
        assert not Person.objects.filter(name="Half written").exists()


def test_a_fault_of_our_own_is_still_one(cast: Cast, browse: Any) -> None:
    browser: Browser = browse(cast.alice)
    browser.raise_request_exception = False
    answer = browser.get(f"/c/{cast.acme.key}/probe/raises/")
    assert (answer.status_code, "Retry-After" in answer) == (500, False)
