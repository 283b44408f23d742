"""Reads that join apps: places a person may go, what needs them, clients at a glance."""

from dataclasses import dataclass

from django.urls import reverse

from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, User

HOMES = {
    Role.OWNER: ("home:owner", "Owner"),
    Role.BOARD: ("home:board", "Board"),
    Role.CONTRIBUTOR: ("engagements:my-tasks", "Tasks"),
}


@dataclass(frozen=True)
class Place:
    """One home of a person: a client in a role."""

    client: Client
    role: str
    url: str


def places(user: User) -> list[Place]:
    """Every home of a person at clients, by the client's name; empty for one without a role."""
    rows = Membership.objects.filter(user=user, role__in=list(HOMES)).select_related("client")
    found = [
        Place(row.client, HOMES[Role(row.role)][1], reverse(HOMES[Role(row.role)][0], args=[row.client.key]))
        for row in rows
        if row.client is not None
    ]
    return sorted(found, key=lambda place: (place.client.name, place.role))


def without_a_home(user: User) -> list[str]:
    """Clients where a person has a role that has no page of its own, such as auditor, by name."""
    rows = Membership.objects.filter(user=user, client__isnull=False).exclude(role__in=list(HOMES))
    return sorted(rows.values_list("client__name", flat=True))
