"""The set-up part: practices, clients, people and their roles. Runs as the migrator, once."""

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection

from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, Practice, User

PRACTICES: dict[str, dict[str, Any]] = {
    "harbourline": {"name": "Harbourline Security", "accent": "#2a4fc4", "factor_roles": []},
    "fenwick": {"name": "Fenwick & Rowe Advisory", "accent": "#0f6b5c", "factor_roles": []},
}
STAFF: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "morgan": ("Morgan Ellery", "harbourline", (Role.PRACTICE_ADMIN, Role.CONSULTANT)),
    "priya": ("Priya Raman", "harbourline", (Role.CONSULTANT,)),
    "tomas": ("Tomas Lind", "harbourline", (Role.CONSULTANT,)),
    "imani": ("Imani Okoye", "fenwick", (Role.PRACTICE_ADMIN, Role.CONSULTANT)),
}


@dataclass
class World:
    """What the set-up made, by the keys of the stories."""

    practices: dict[str, Practice] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    people: dict[tuple[str, str], User] = field(default_factory=dict)
    sign_ins: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    password: str = ""


def address(name: str, place: str) -> str:
    """An invented address that no mail server accepts (RFC 2606), in plain letters as mail programs want it."""
    first = unicodedata.normalize("NFKD", name.split()[0]).encode("ascii", "ignore").decode()
    return f"{first.lower()}@{place}.example"


def make_user(world: World, name: str, email: str, *, role: str, client: str = "") -> User:
    """An account with a random password that stands in the list of sign-ins alone."""
    user = User.objects.create_user(email, world.password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    line = {"email": email, "password": world.password, "name": name}
    if client:
        line["client"] = client
    world.sign_ins.setdefault(role, []).append(line)
    return user


def give(user: User, role: str, practice: Practice, client: Client | None = None) -> None:
    Membership.objects.create(user=user, practice=practice, client=client, role=role)


def build(stories: dict[str, dict[str, Any]], *, at: datetime) -> World:
    """Practices, staff, clients and the accounts of the clients' people."""
    world = World(password="-".join(secrets.token_hex(3) for _ in range(3)))
    for key, facts in PRACTICES.items():
        world.practices[key] = Practice.objects.create(slug=key, created_at=at, **facts)
    for key, (name, practice, roles) in STAFF.items():
        user = make_user(world, name, address(name, practice), role=str(roles[0]))
        world.staff[key] = user
        for role in roles:
            give(user, role, world.practices[practice])
    for key, story in stories.items():
        add_client(world, key, story, at)
    return world


def add_client(world: World, key: str, story: dict[str, Any], at: datetime) -> None:
    """One client, its consultants and the accounts of its people."""
    practice = world.practices[story["practice"]]
    client = Client.objects.create(
        practice=practice, key=Client.new_key(story["client"]["name"]), created_at=at, **story["client"]
    )
    world.clients[key] = client
    for consultant in story["consultants"]:
        give(world.staff[consultant], Role.CONSULTANT, practice, client)
    for person_key, person in story.get("people", {}).items():
        if role := person.get("role"):
            user = make_user(world, person["name"], address(person["name"], key), role=role, client=client.name)
            world.people[key, person_key] = user
            give(user, role, practice, client)


def work_as_app_role() -> None:
    """From here on this process meets the policies, as every other one does."""
    connection.close()
    connection.settings_dict["OPTIONS"]["assume_role"] = "vciso_app"


def work_as_migrator() -> None:
    connection.close()
    connection.settings_dict["OPTIONS"].pop("assume_role", None)


def hold_mail_back() -> int:
    """History tells nobody: mails that the services wrote while seeding are never sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_outboxmail SET dropped = 'Demonstration history sends no mail.' "
            "WHERE sent_at IS NULL AND dropped = ''"
        )
        return cursor.rowcount
