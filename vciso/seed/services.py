"""Making the demonstration data: the set-up as migrator, then every story as the app role."""

import itertools
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context

from engagements.services import business
from risks.services import bulk
from vciso.seed import chapters, papers, register, tidying, world
from vciso.seed.story import Teller
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Practice, User

STORIES = ("kestrel", "meadowlark", "sable", "halden", "juniper", "tallis")
SECTORS = ("Accounting", "Dental care", "Manufacturing", "Law", "Retail", "Software", "Logistics", "Education")
# Clients of one consultant where nobody says otherwise.
USUAL_SHARE = 15
Say = Callable[[str], None]


@dataclass(frozen=True)
class Seeded:
    """What was made; `sign_ins` by role, each with e-mail, password, name and client."""

    clients: int
    reports: int
    sign_ins: dict[str, list[dict[str, str]]]


def demonstration(*, now: datetime, say: Say) -> Seeded:
    """Two practices with their clients' stories of fifteen months, told through the services."""
    stories = {key: chapters.load(key) for key in STORIES}
    say("Practices, clients and accounts")
    made = world.build(stories, at=now - timedelta(days=480))
    world.work_as_app_role()
    tellers = [Teller(made, key, story, now) for key, story in stories.items()]
    reports = 0
    # Clients are islands, so their stories are told side by side; the longest begin first.
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("fork")) as processes:
        for teller, count in zip(tellers, processes.map(tell_whole, tellers), strict=True):
            say(f"The story of {teller.client.name}: {count} reports")
            reports += count
    world.work_as_migrator()
    world.hold_mail_back()
    return Seeded(len(stories), reports, made.sign_ins)


def tell_whole(teller: Teller) -> int:
    """One client from its first day to today; answers how many reports were published."""
    tell(teller)
    papers.draw_assessments(teller)
    return papers.past_reports(teller)


def tell(teller: Teller) -> None:
    """One client's chapters in the order in which they build on each other."""
    chapters.beginnings(teller)
    register.agreed_limits(teller)
    register.the_register(teller)
    tidying.the_assessments(teller)
    tidying.merged_and_split(teller)
    tidying.saved(teller)
    papers.written_programme(teller)
    papers.suppliers(teller)
    chapters.promised(teller)
    chapters.asked(teller)
    register.linked(teller)
    register.the_library(teller)
    chapters.hours(teller)
    teller.tell()


def sized(*, clients: int, risks: int, now: datetime, say: Say, consultants: int = 0) -> Seeded:
    """One practice of any size for measuring: clients with an owner each, risks spread evenly.

    Without a number of consultants there is one for every fifteen clients.
    """
    team, made, password = _sized_world(clients, consultants or -(-clients // USUAL_SHARE), now)
    world.work_as_app_role()
    share, rest = divmod(risks, clients)
    for number, client in enumerate(made):
        lead = team[number % len(team)]
        count = share + (number < rest)
        with context.as_user(lead, client_id=client.pk):
            business.set_profile(client=client, values={"sector": SECTORS[number % len(SECTORS)]}, by=lead, at=now)
            for start in range(0, count, 500):
                bulk.raise_many(
                    client=client, by=lead, at=now, reason="Made for measuring.",
                    risks=register.spread_risks(
                        min(500, count - start), [f"site {n}" for n in range(1, 500)], [], from_index=start
                    ),
                )  # fmt: skip
        if number % 20 == 19:
            say(f"{number + 1} of {clients} clients")
    world.work_as_migrator()
    world.hold_mail_back()
    lines = [{"email": user.email, "password": password, "name": user.name} for user in team]
    return Seeded(clients, 0, {"consultant": lines})


def _sized_world(clients: int, consultants: int, now: datetime) -> tuple[list[User], list[Client], str]:
    """A practice, its consultants, and clients handed out to them in turn; owners have no password."""
    mark, password = secrets.token_hex(3), secrets.token_urlsafe(12)
    practice = Practice.objects.create(name=f"Measured practice {mark}", slug=f"measured-{mark}", factor_roles=[])
    places = world.World(password=password)
    team = []
    for number in range(1, consultants + 1):
        user = world.make_user(places, f"Consultant {number}", f"c{number}@{mark}.example", role=Role.CONSULTANT)
        world.give(user, Role.CONSULTANT, practice)
        team.append(user)
    made = [
        Client.objects.create(
            practice=practice, name=f"{SECTORS[n % len(SECTORS)]} client {n + 1}", created_at=now,
            key=Client.new_key(f"client {n + 1}"), hue=n % 6 + 1,
        )
        for n in range(clients)
    ]  # fmt: skip
    for number, (client, user) in enumerate(zip(made, itertools.cycle(team), strict=False), start=1):
        world.give(user, Role.CONSULTANT, practice, client)
        owner = User.objects.create_user(f"o{number}@{mark}.example", name=f"Owner {number}")
        world.give(owner, Role.OWNER, practice, client)
    return team, made, password
