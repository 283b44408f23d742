"""Who can be named, asked or given work at a client."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from engagements.models import Person, Profile
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, User


def choices(client: Client) -> QuerySet[Person]:
    """Everybody active in the directory, by name."""
    return Person.objects.filter(client=client).active().order_by("name", "pk")


def holding(client: Client, *roles: str) -> QuerySet[Person]:
    """Active persons whose account holds one of the roles here, by name."""
    users = Membership.objects.filter(client=client, role__in=roles).values("user_id")
    return choices(client).filter(user_id__in=users)


def owners(client: Client) -> QuerySet[Person]:
    return holding(client, Role.OWNER)


def directors(client: Client) -> QuerySet[Person]:
    return holding(client, Role.BOARD)


def person_of(client: Client, user: User) -> Person | None:
    """The directory entry of an account, or None for the practice's people."""
    return Person.objects.filter(client=client, user=user).first()


def profile_of(client: Client) -> Profile | None:
    return Profile.objects.filter(client=client).first()


def team(client: Client) -> QuerySet[User]:
    """The practice's people who work for this client, by name."""
    assigned = Membership.objects.filter(client=client, role=Role.CONSULTANT, practice_id=client.practice_id).values(
        "user_id"
    )
    admins = Membership.objects.filter(
        client__isnull=True, role=Role.PRACTICE_ADMIN, practice_id=client.practice_id
    ).values("user_id")
    found = User.objects.filter(is_active=True)
    return (found.filter(pk__in=assigned) | found.filter(pk__in=admins)).distinct().order_by("name")


@dataclass(frozen=True)
class Access:
    """The roles an account holds at a client, in words."""

    labels: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.labels)


def access_by_user(client: Client) -> dict[uuid.UUID, Access]:
    """What each account may do here; one query for the whole directory."""
    held: dict[uuid.UUID, list[str]] = {}
    for user_id, role in Membership.objects.filter(client=client).order_by("role").values_list("user_id", "role"):
        held.setdefault(user_id, []).append(str(Role(role).label))
    return {user_id: Access(tuple(labels)) for user_id, labels in held.items()}
