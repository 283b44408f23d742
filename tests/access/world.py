"""Three clients with the same story and nothing else in common: A and B of one practice, X of another.

Every text of theirs carries a marker (see `markers`), their references differ in their numbers,
and each has a record in every state that an address asks for. The world lives in one transaction
that is rolled back when the module's tests are done; each request is undone by itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from engagements.enums import TaskStatus
from engagements.models import Person, Process, System, Task
from engagements.services import asks, work
from reporting import periods
from reporting.enums import Kind
from reporting.models import Report
from reporting.services import review
from risks.models import RiskScale
from tests.access import examples
from tests.access.kept import Kept
from tests.access.markers import Marking
from tests.conftest import owning
from vciso.accounts import tokens
from vciso.files import storage
from vciso.seed import chapters, papers, services, world
from vciso.seed.story import Teller
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Counter, Practice, User
from vendors.models import Vendor
from vendors.services import keeping as vendor_keeping

STORY = "meadowlark"
A, B, X = "A", "B", "X"
CLIENTS: dict[str, tuple[str, list[str]]] = {
    A: ("harbourline", ["priya", "tomas"]),
    B: ("harbourline", ["bela", "boris"]),
    X: ("fenwick", ["xenia", "imani"]),
}
PRACTICES = {"harbourline": "P", "fenwick": "Q"}
STAFF = {
    "bela": ("Bela Novak", "harbourline"),
    "boris": ("Boris Hale", "harbourline"),
    "xenia": ("Xenia Ford", "fenwick"),
}
# Numbers of references begin here, so that no client has one that another has.
NUMBERS = {A: 0, B: 300, X: 600}
KINDS = ("R", "RA", "V", "T", "D", "A", "P", "POL", "SYS", "PRC")


@dataclass(frozen=True)
class Someone:
    """Who asks: what they are, and the letters of whom they may hear."""

    key: str
    user: User | None
    role: str
    client: str
    hears: frozenset[str]


@dataclass
class World:
    """The clients' examples by letter, and the people by what they are."""

    clients: dict[str, Client] = field(default_factory=dict)
    examples: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, Someone] = field(default_factory=dict)
    letters: dict[Any, str] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)


def _staff(made: world.World) -> None:
    """Beside the demonstration's staff: consultants of B and X alone; admins are admins alone."""
    for key, (name, practice) in STAFF.items():
        made.staff[key] = world.make_user(made, name, world.address(name, practice), role=str(Role.CONSULTANT))
        world.give(made.staff[key], Role.CONSULTANT, made.practices[practice])
    made.staff["morgan"].memberships.filter(role=Role.CONSULTANT).delete()


def _build(now: datetime) -> tuple[world.World, dict[str, Teller]]:
    stories = {}
    made = world.build({}, at=now - timedelta(days=480))
    _staff(made)
    for letter, (practice, consultants) in CLIENTS.items():
        story = chapters.load(STORY) | {"practice": practice, "consultants": consultants}
        for task in story["tasks"]:
            task["practice"] = consultants[0] if task.get("practice") else None
        stories[letter] = story
        world.add_client(made, letter, story, now - timedelta(days=480))
        auditor = world.make_user(made, "Avery Stone", f"avery@{letter}.example", role=str(Role.AUDITOR))
        world.give(auditor, Role.AUDITOR, made.practices[practice], made.clients[letter])
        made.people[letter, "avery"] = auditor
        for kind in KINDS:
            Counter.objects.create(client=made.clients[letter], kind=kind, value=NUMBERS[letter])
        logo = storage.store_for_practice(made.practices[practice].pk, _picture(), suffix=".png")
        Practice.objects.filter(pk=made.practices[practice].pk).update(logo_key=logo.key)
    return made, {letter: Teller(made, letter, story, now) for letter, story in stories.items()}


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "#2a4fc4").save(drawn, "PNG")
    return drawn.getvalue()


def _more(teller: Teller, at: datetime) -> None:
    """What neither the story nor the walk of the pages needs: a file, replies, links, other names."""
    client, lead = teller.client, teller.lead
    with context.as_user(lead, client_id=client.pk):
        vendor = Vendor.objects.get(name="Brightleaf Software")
        vendor_keeping.edit_vendor(
            vendor=vendor, aliases=["Brightleaf Dental"], systems=System.objects.all()[:1],
            processes=Process.objects.all()[:1], by=lead, at=at,
        )  # fmt: skip
        dana = Person.objects.get(name="Dana Whitlock")
        asked = asks.ask(
            client=client, kind="decision", title="Whether to move the office", text="May we move?", asked_of=dana,
            options=[asks.option(key="yes", label="Yes", advised=True), asks.option(key="no", label="No")],
            by=lead, due_on=None, at=at,
        )  # fmt: skip
        asks.withdraw(ask=asked, reason="The lease goes on.", by=lead, at=at)
        RiskScale.objects.create(
            client=client, from_on=client.today(at) - timedelta(days=400), recorded_by=lead,
            likelihood_means=["Never yet", "Once", "Each decade", "Each year", "Each month"],
        )  # fmt: skip
        tokens.make_token(user=lead, name="register sync", clients=[client], may_write=False, days=30, at=at)
    sam = teller.account("sam")
    with context.as_user(sam, client_id=client.pk):
        task = Task.objects.filter(assignee_user=sam, status=TaskStatus.OPEN).order_by("reference")[0]
        work.reply_to_task(task=task, text="Half of it is done.", finishes=False, by=sam, at=at)


def _reports(teller: Teller) -> None:
    month = periods.last_over(Kind.MONTHLY, on=teller.today)
    quarter = periods.last_over(Kind.QUARTERLY, on=teller.today)
    papers.issue(teller, Kind.QUARTERLY, quarter, teller.now - timedelta(days=9))
    told = papers.issue(teller, Kind.MONTHLY, month.previous(), teller.now - timedelta(days=32))
    corrected = papers.correct(teller, told, "Two hours were missing.", teller.now - timedelta(days=20))
    papers.finish(teller, corrected, teller.now - timedelta(days=19))
    draft = papers.issue(teller, Kind.MONTHLY, month, teller.now - timedelta(days=2), publish=False)
    with context.as_user(teller.lead, client_id=teller.client.pk):
        review.submit(report=Report.objects.get(pk=draft.pk), by=teller.lead, at=teller.now, reviewer=teller.second)


def _letters(made: world.World) -> dict[Any, str]:
    letters: dict[Any, str] = {client.pk: letter for letter, client in made.clients.items()}
    letters |= {practice.pk: PRACTICES[key] for key, practice in made.practices.items()}
    letters |= {user.pk: letter for (letter, _), user in made.people.items()}
    for user in made.staff.values():
        letters[user.pk] = PRACTICES[user.memberships.first().practice.slug]
    return letters


def _people(made: world.World) -> Iterator[Someone]:
    """Each role at A, and people of B and X, who have no business there."""

    def hears(letter: str) -> frozenset[str]:
        return frozenset({letter, PRACTICES[CLIENTS[letter][0]]})

    yield Someone("anonymous", None, "", "", frozenset())
    for letter in CLIENTS:
        tail = "" if letter == A else f" of {letter}"
        for role, person in (("owner", "dana"), ("board", "helen"), ("contributor", "sam"), ("auditor", "avery")):
            yield Someone(role + tail, made.people[letter, person], role, letter, hears(letter))
        consultant = made.staff[CLIENTS[letter][1][0]]
        yield Someone("consultant" + tail, consultant, "consultant", letter, hears(letter))
    yield Someone("practice_admin", made.staff["morgan"], "practice_admin", A, hears(A) | hears(B))
    yield Someone("practice_admin of X", made.staff["imani"], "practice_admin", X, hears(X))


def build() -> World:
    """Makes the world; runs inside a transaction that somebody else rolls back."""
    now = timezone.now()
    with owning():
        made, tellers = _build(now)
    invitations = {}
    for letter, teller in tellers.items():
        services.tell(teller)
        admin = made.staff["imani" if letter == X else "morgan"]
        invitations[letter] = examples.prepare(teller, admin=admin, at=now)
        _more(teller, now)
    with owning():
        marking = Marking(_letters(made))
        marking.run()
        for row in (*made.practices.values(), *made.clients.values(), *made.staff.values(), *made.people.values()):
            row.refresh_from_db()
        for user in (*made.staff.values(), *made.people.values()):
            EmailAddress.objects.filter(user=user).update(email=user.email)
    for teller in tellers.values():
        _reports(teller)
        papers.draw_assessments(teller)
    found = World(clients=made.clients, letters=marking.letters)
    with owning():
        marking.run()
        for letter, teller in tellers.items():
            found.examples[letter] = examples.collect(teller, invitations[letter])
    found.people = {someone.key: someone for someone in _people(made)}
    with connection.cursor() as cursor, owning():
        cursor.execute("ANALYZE")
    return found


@contextmanager
def standing(files: Any, settings: Any) -> Iterator[World]:
    """The world while it stands; nothing of it is kept."""
    settings.FILES_ROOT = files
    with transaction.atomic():
        yield build()
        transaction.set_rollback(True)
