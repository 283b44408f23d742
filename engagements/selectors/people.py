"""Who can be named, asked or given work at a client."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet

from engagements.models import Person, Profile
from engagements.models.people import PersonQuerySet
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, User


def choices(client: Client) -> PersonQuerySet:
    """Everybody active in the directory, by name."""
    return Person.objects.filter(client=client).active().order_by("name", "pk")


def holding(client: Client, *roles: str) -> QuerySet[Person]:
    """Active persons whose account holds one of the roles here, by name."""
    users = Membership.objects.filter(client=client, role__in=roles).values("user_id")
    return choices(client).filter(user_id__in=users)


def stand_ins(person: Person) -> PersonQuerySet:
    """Who may answer for somebody fetched `with_roles`: whoever has an account that signs in the same roles."""
    found = choices(person.client).exclude(pk=person.pk).with_account()
    for role in signing(person.roles):  # type: ignore[attr-defined]  # annotated
        found = found.filter(user_id__in=Membership.objects.filter(client=person.client, role=role).values("user_id"))
    return found


def signing(roles: Iterable[str]) -> list[str]:
    """Those of the roles in which somebody signs; a deputy has to hold them too."""
    return sorted({Role.OWNER, Role.BOARD} & set(roles))


def owners(client: Client) -> QuerySet[Person]:
    return holding(client, Role.OWNER)


def directors(client: Client) -> QuerySet[Person]:
    return holding(client, Role.BOARD)


def person_of(client: Client, user: User) -> Person | None:
    """The directory entry of an account, or None for the practice's people."""
    return Person.objects.filter(client=client, user=user).first()


def first_named(names: Sequence[str], *, said: str) -> int | None:
    """The place of the first of `names` that a text names, alone or among others; None where it names none of them.

    The database has the rule, which it holds recorded answers to; a name of which only a part is said is not named.
    """
    with connection.cursor() as cursor:
        for place, name in enumerate(names):
            cursor.execute("SELECT sec.names_person(%s, %s)", [said, name])
            if cursor.fetchone()[0]:
                return place
    return None


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


def with_roles(people: PersonQuerySet) -> PersonQuerySet:
    """Adds `roles`: what the account of each person holds at the client, in the same query."""
    held = Membership.objects.filter(client=OuterRef("client"), user=OuterRef("user"))
    return people.annotate(roles=ArraySubquery(held.order_by("role").values("role")))


def access_of(person: Person) -> Access | None:
    """What somebody fetched `with_roles` may do here; None without a role."""
    return Access(tuple(str(Role(role).label) for role in person.roles)) if person.roles else None  # type: ignore[attr-defined]  # annotated
