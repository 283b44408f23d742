"""The people every test knows."""

from dataclasses import dataclass

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


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.test", "a long test password", name=name)


def give(user: User, role: Role, practice: Practice, client: Client | None = None) -> None:
    Membership.objects.create(user=user, role=role, practice=practice, client=client)


def make_cast() -> Cast:
    """Alice and Amir are Acme's consultants, Bob its owner, Dora its director, Carl its IT
    provider's contributor; Charlie is Globex's consultant, Gina its owner; Pam is admin of their
    practice; Xenia is consultant of Initech in another practice."""
    northwind = Practice.objects.create(name="Northwind Security", slug="northwind", factor_roles=[])
    southwind = Practice.objects.create(name="Southwind Security", slug="southwind", factor_roles=[])
    acme = Client.objects.create(
        practice=northwind, name="Acme Dental", key="acme-a1b2c3", time_zone="America/New_York"
    )
    globex = Client.objects.create(practice=northwind, name="Globex Foods", key="globex-d4e5f6", hue=2)
    initech = Client.objects.create(practice=southwind, name="Initech Tools", key="initech-g7h8i9", hue=3)
    names = ["Pam", "Alice", "Amir", "Charlie", "Bob", "Dora", "Carl", "Gina", "Xenia"]
    pam, alice, amir, charlie, bob, dora, carl, gina, xenia = (person(name) for name in names)
    give(pam, Role.PRACTICE_ADMIN, northwind)
    for consultant, client in ((alice, acme), (amir, acme), (charlie, globex), (xenia, initech)):
        give(consultant, Role.CONSULTANT, client.practice)
        give(consultant, Role.CONSULTANT, client.practice, client)
    give(bob, Role.OWNER, northwind, acme)
    give(dora, Role.BOARD, northwind, acme)
    give(carl, Role.CONTRIBUTOR, northwind, acme)
    give(gina, Role.OWNER, northwind, globex)
    return Cast(northwind, southwind, acme, globex, initech, pam, alice, amir, charlie, bob, dora, carl, gina, xenia)
