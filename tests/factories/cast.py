"""The people every test knows."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import get_hasher, make_password

from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, Practice, User


@dataclass(frozen=True)
class Cast:
    """Two practices; the first has two clients, so that “same practice” is tested too."""

    northwind: Practice
    southwind: Practice
    acme: Client
    globex: Client
    initech: Client
    pam: User
    alice: User
    amir: User
    charlie: User
    bob: User
    dora: User
    carl: User
    gina: User
    xenia: User


PASSWORD = "a long test password"
NAMES = ("Pam", "Alice", "Amir", "Charlie", "Bob", "Dora", "Carl", "Gina", "Xenia")


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.test", PASSWORD, name=name)


def give(user: User, role: Role, practice: Practice, client: Client | None = None) -> None:
    Membership.objects.create(user=user, role=role, practice=practice, client=client)


@cache
def _hash(hasher: str) -> str:
    return make_password(PASSWORD, hasher=hasher)


def make_cast() -> Cast:
    """Alice and Amir are Acme's consultants, Bob its owner, Dora its director, Carl its IT
    provider's contributor; Charlie is Globex's consultant, Gina its owner; Pam is admin of their
    practice; Xenia is consultant of Initech in another practice.

    Thousands of tests begin with them, so each table is written to once.
    """
    northwind, southwind = Practice.objects.bulk_create([
        Practice(name="Northwind Security", slug="northwind", factor_roles=[]),
        Practice(name="Southwind Security", slug="southwind", factor_roles=[]),
    ])  # fmt: skip
    acme, globex, initech = Client.objects.bulk_create([
        Client(practice=northwind, name="Acme Dental", key="acme-a1b2c3", time_zone="America/New_York"),
        Client(practice=northwind, name="Globex Foods", key="globex-d4e5f6", hue=2),
        Client(practice=southwind, name="Initech Tools", key="initech-g7h8i9", hue=3),
    ])  # fmt: skip
    password = _hash(get_hasher().algorithm)
    pam, alice, amir, charlie, bob, dora, carl, gina, xenia = people = User.objects.bulk_create(
        User(email=f"{name.lower()}@example.test", name=name, password=password) for name in NAMES
    )
    roles: list[tuple[User, Role, Practice, Client | None]] = [(pam, Role.PRACTICE_ADMIN, northwind, None)]
    for consultant, client in ((alice, acme), (amir, acme), (charlie, globex), (xenia, initech)):
        roles += [(consultant, Role.CONSULTANT, client.practice, of) for of in (None, client)]
    roles += [
        (bob, Role.OWNER, northwind, acme), (dora, Role.BOARD, northwind, acme),
        (carl, Role.CONTRIBUTOR, northwind, acme), (gina, Role.OWNER, northwind, globex),
    ]  # fmt: skip
    Membership.objects.bulk_create(
        Membership(user=user, role=role, practice=practice, client=client) for user, role, practice, client in roles
    )
    return Cast(northwind, southwind, acme, globex, initech, *people)
