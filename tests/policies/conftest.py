"""Acme's owner as a person, and a policy whose first draft Alice wrote."""

import pytest
from django.utils import timezone

from engagements.models import Person
from policies import services
from vciso.tenancy import context

BODY = "# 1. Scope\n\nEveryone who signs in.\n\n# 2. Signing in\n\n- Passwords have 10 characters.\n"


@pytest.fixture
def owner(cast, as_owner):
    with as_owner():
        return Person.objects.create(client=cast.acme, name="Bob Acme", user=cast.bob, created_at=timezone.now())


@pytest.fixture
def policy(cast, owner, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        return services.create_policy(
            client=cast.acme, title="Access control policy", owner=owner, body=BODY, by=cast.alice, at=at
        )


@pytest.fixture
def in_force(cast, policy, at):
    """The policy with version 1.0 approved by Bob."""
    approve(cast, policy, at)
    return policy


def approve(cast, policy, at, *, choice="approve", reason=""):
    """Sends the open draft and answers as the owner."""
    from engagements.services import asks

    with context.as_user(cast.alice, client_id=cast.acme.pk):
        version = policy.versions.get(state="draft")
        approval = services.send_for_approval(version=version, by=cast.alice, at=at)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=approval.ask, choice=choice, reason=reason, by=cast.bob, at=at)
    return approval
