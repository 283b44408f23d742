"""People of Acme in the directory, and a question to ask them."""

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from engagements.models import Ask, Person
from engagements.services import asks, people
from tests.factories.cast import Cast
from vciso.tenancy import context


@pytest.fixture
def at_acme(cast: Cast) -> Any:
    """`with at_acme(cast.alice):` – a person's context at Acme."""
    return lambda user: context.as_user(user, client_id=cast.acme.pk)


@pytest.fixture
def acme_people(cast: Cast, at: datetime, at_acme: Any) -> dict[str, Person]:
    """Bob, Dora and Carl with their accounts, and Olga, who has none."""
    with at_acme(cast.alice):
        found = {
            name: people.add_person(
                client=cast.acme, name=name.capitalize(), email=f"{name}@example.test", by=cast.alice, at=at
            )
            for name in ("bob", "dora", "carl", "olga")
        }
    return found


CHOICES = [
    asks.option(key="yes", label="Replace it now", cost_minor=3_840_000, advised=True),
    asks.option(key="wait", label="Wait until March", needs_reason=True, understand="I understand that it stays open."),
]


@pytest.fixture
def put(cast: Cast, at: datetime, at_acme: Any, acme_people: dict[str, Person]) -> Any:
    """Alice asks somebody a question: `put("bob")`."""

    def ask(name: str, **more: Any) -> Ask:
        with at_acme(cast.alice), transaction.atomic():
            return asks.ask(
                **{
                    "client": cast.acme,
                    "kind": "question",
                    "title": "What about the X-ray server?",
                    "text": "Its maker stopped updates.",
                    "options": CHOICES,
                    "asked_of": acme_people[name],
                    "by": cast.alice,
                    "due_on": None,
                    "at": at,
                    **more,
                }
            )

    return ask
