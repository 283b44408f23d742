"""Statements written once: the same rows as the ORM's own query, whatever is filled in."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db.models import QuerySet

from engagements.models import Task
from tests.factories.cast import Cast
from vciso.tenancy import context
from vciso.tenancy.statements import Statement

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)


def due(client_id: uuid.UUID, on: dt.date) -> QuerySet[Any, Any]:
    rows = Task.objects.filter(client_id=client_id, raised_on__lte=on, status="open").order_by("reference")
    return rows.values_list("reference", "raised_on")


def given(cast: Cast, day: dt.date) -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for number in (0, 1):
            raised = {"raised_on": day + dt.timedelta(days=10 * number), "raised_by": cast.alice, "created_at": at}
            Task.objects.create(client=cast.acme, reference=f"T-00{number}", title="A task", side="client", **raised)


def test_it_answers_what_the_orm_answers_for_each_day_and_client(cast: Cast) -> None:
    given(cast, DAY)
    tasks = Statement(due, client_id=uuid.uuid4(), on=dt.date(9999, 12, 31))
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for day in (DAY - dt.timedelta(days=1), DAY, DAY + dt.timedelta(days=10)):
            for client in (cast.acme.pk, cast.globex.pk):
                assert tasks.rows(client_id=client, on=day) == list(due(client, day))
        assert len(tasks.rows(client_id=cast.acme.pk, on=DAY + dt.timedelta(days=10))) == 2


def test_policies_decide_even_if_another_client_is_filled_in(cast: Cast) -> None:
    given(cast, DAY)
    tasks = Statement(due, client_id=uuid.uuid4(), on=dt.date(9999, 12, 31))
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        assert tasks.rows(client_id=cast.acme.pk, on=DAY) == []


def test_an_argument_that_is_not_used_as_it_is_is_refused(cast: Cast) -> None:
    late = Statement(
        lambda client_id, on: due(client_id, on - dt.timedelta(days=1)),
        client_id=uuid.uuid4(),
        on=dt.date(9999, 12, 31),
    )
    with pytest.raises(ValueError, match="does not use on"):
        late.rows(client_id=cast.acme.pk, on=DAY)


def test_an_argument_that_is_missing_is_an_error(cast: Cast) -> None:
    with context.as_user(cast.alice, client_id=cast.acme.pk), pytest.raises(KeyError):
        Statement(due, client_id=uuid.uuid4(), on=dt.date(9999, 12, 31)).rows(on=DAY)
