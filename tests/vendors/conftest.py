"""Acme with an owner person, a system and a vendor."""

import pytest
from django.utils import timezone

from engagements.models import Person, System
from vciso.tenancy import context
from vendors import services


@pytest.fixture
def as_alice(cast):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        yield


@pytest.fixture
def person(cast, as_owner):
    with as_owner():
        return Person.objects.create(
            client=cast.acme, name="Bob Acme", email="bob@acme.test", user=cast.bob, created_at=timezone.now()
        )


@pytest.fixture
def system(cast, as_owner):
    with as_owner():
        return System.objects.create(
            client=cast.acme, reference="SYS-001", name="Patient files", created_at=timezone.now()
        )


@pytest.fixture
def vendor(cast, person, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        return services.add_vendor(
            client=cast.acme,
            name="Cloud Files, Inc.",
            criticality=4,
            data_level="personal",
            owner=person,
            by=cast.alice,
            at=at,
        )
