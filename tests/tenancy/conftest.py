"""A row of each kind at each client, so that a breach has something to find."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engagements.models import Person, Task
from reporting.models import Report
from tests.factories.cast import Cast
from tests.tenancy import probes
from vciso.tenancy.models import Share

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def make_world(cast: Cast) -> Cast:
    """Run as the owner of the tables."""
    for client, user in ((cast.acme, cast.bob), (cast.globex, cast.gina), (cast.initech, cast.xenia)):
        probes.share(client, user).save(force_insert=True)
        Person.objects.create(client=client, name=f"Person at {client.name}", created_at=AT)
        Report.objects.create(client=client, kind="quarterly", period="2026-Q1", requested_at=AT)
    tasks = [
        Task.objects.create(
            client=cast.acme, reference=f"T-00{n}", title="A task", side="client", raised_on=date(2026, 3, 2),
            raised_by=cast.alice, created_at=AT,
        )
        for n in (1, 2)
    ]  # fmt: skip
    Share.objects.create(client=cast.acme, user=cast.carl, kind="task", object_id=tasks[0].pk)
    return cast


@pytest.fixture
def world(cast: Cast, as_owner: Callable[[], Any]) -> Cast:
    with as_owner():
        return make_world(cast)
