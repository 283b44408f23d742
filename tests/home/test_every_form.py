"""Every form of every page: sent twice it does one thing, unrecorded it does nothing, stale it is refused.

What a form does not show cannot be set with it either.

The forms are found, not listed: the pages of each person are walked from link to link, and each
form that posts is filled in as a person would and sent. What no walk can fill stands below with
its answers; a form that cannot be sent fails the test.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import resolve
from lxml import html

from engagements.models import Person as Entry
from tests.conftest import owning
from tests.factories.cast import Cast
from tests.formwork import Form, forms_of
from vciso.jobs import run
from vciso.jobs.enums import LIVE
from vciso.jobs.models import Job
from vciso.tenancy import context
from vciso.tenancy.models import Client, Practice, User

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
count = itertools.count(1)
SOON = (dt.date.today() + dt.timedelta(days=20)).isoformat()
TODAY = dt.date.today().isoformat()
SHEET = b"Title,Cause,Event,Consequence\nNo backups,Never tried,The server fails,No work\n"
# What a field is answered with where its kind does not say it; “#” makes each answer another one.
ANSWERS = {
    "on": TODAY, "effective_on": TODAY, "signed_on": TODAY, "said_on": TODAY, "spent_on": TODAY, "reviewed_on": TODAY,
    "accent": "#123456", "logo": PNG, "number": "2.0", "minutes": "1:30", "hours": "1:30",
}  # fmt: skip
# So many forms were found and sent when this was written.
FORMS = 75
URLENCODED = "application/x-www-form-urlencoded"
ROUNDS = 4
# Forms that are of use only with everything ticked.
TICKED = {"risks:bulk"}
# Pages on which nothing is looked for: sign-in has tests of its own.
ELSEWHERE = ("/account/", "/static/", "/patterns/", "/inbox/")
# Forms that make what other forms need: these are sent for good.
MAKES = re.compile(
    r":(.*new|ask-acceptance|ask-plan|decision-put|existing|start|upload|request|edit|rate|plan|person-deputy|send|submit|approve|publish|limit)$"
)
# Where the answers that stand there already would be refused as no change.
CHANGED = {"risks:plan": {"words": "Another plan"}, "risks:rate": {"now_likelihood": "4"}}
# Their fields begin with what is usual, which is nobody's work: nothing can be overwritten.
USUAL = {"policies:existing", "policies:send", "imports:mapping"}
# What they change is no record of the client, for the reason given.
UNRECORDED = {"imports:mapping": "a file is read anew; nothing reaches the register"}


@dataclass(frozen=True)
class Found:
    """A form as it stands on a page: where it posts to, with which fields."""

    page: str
    action: str
    values: dict[str, Any]
    typed: tuple[str, ...] = ()
    prefilled: bool = False
    choices: dict[str, list[str]] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()

    @functools.cached_property
    def name(self) -> str:
        return resolve(urlsplit(self.action).path).view_name

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        return self.name, tuple(sorted(self.values))

    @property
    def version(self) -> str:
        return next((name for name in ("seen_version", "version") if name in self.values), "")


class Gone(Exception):
    """What was sent meanwhile took the form from its page."""


@dataclass
class Person:
    """Somebody with a browser that carries form tokens, and the forms they meet."""

    browser: Browser
    realm: tuple[str, ...]
    forms: dict[str, Found] = field(default_factory=dict)

    def walk(self, *starts: str, pages: int = 200) -> None:
        """Follows links, one page of each kind of address, and keeps each kind of form once."""
        waiting, seen = list(starts), set()
        while waiting and len(seen) < pages:
            path = waiting.pop(0)
            kind = _kind_of(path)
            if kind is None or kind in seen or path.startswith(ELSEWHERE) or not path.startswith(self.realm):
                continue
            answer = self.browser.get(path)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            seen.add(kind)
            links = html.fromstring(answer.content).xpath("//a/@href")
            waiting += [urljoin(path, link).split("#")[0] for link in links if "://" not in link]
            for form in forms_of(answer.content, path):
                found = _read(form)
                if not found.action.startswith(ELSEWHERE):
                    self.forms.setdefault(found.name, found)

    def again(self, found: Found) -> Found:
        """The same form on the page as it is now."""
        page = self.browser.get(found.page).content
        alike = [_read(form) for form in forms_of(page, found.page) if form.name == found.name]
        if not alike:
            raise Gone(f"{found.page} shows no {found.name} any more")
        return next((form for form in alike if form.kind == found.kind), alike[0])

    def send(self, found: Found, **changed: Any) -> Any:
        values = {**found.values, **CHANGED.get(found.name, {}), **changed}
        if not any(isinstance(value, bytes) for value in values.values()):
            return self.browser.post(found.action, urlencode(values, doseq=True), content_type=URLENCODED)
        files = {
            name: SimpleUploadedFile("register.csv", value, "text/csv")
            for name, value in values.items()
            if isinstance(value, bytes)
        }
        return self.browser.post(found.action, {**values, **files})


@functools.cache
def _kind_of(path: str) -> tuple[str, str] | None:
    """An address by its name and, where the address names a kind of thing, that kind; None for no page."""
    try:
        match = resolve(urlsplit(path).path)
    except Exception:
        return None
    return match.view_name, str(match.kwargs.get("kind", ""))


def _read(form: Form) -> Found:
    """What a person would send: the values that stand there, and an answer where nothing does."""
    ticked = form.name in TICKED
    values: dict[str, Any] = {}
    typed, choices, prefilled = [], {}, False
    for node in form.node.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]|.//button[@name]"):
        name, kind = node.get("name"), node.get("type", "text") if node.tag == "input" else node.tag
        stands = _stands(node, kind, ticked=ticked)
        prefilled = prefilled or (kind in ("text", "textarea", "email", "number") and bool(stands))
        if kind in ("text", "textarea") and node.get("inputmode") is None:
            typed.append(name)
        if kind == "select":
            choices[name] = [value for value in node.xpath(".//option/@value") if value != stands]
        if kind == "checkbox" and node.get("value"):
            choices.setdefault(name, []).append(node.get("value"))
        if kind in ("radio", "button") and name in values:
            continue
        value = stands or _answer(node, name, kind)
        if value not in ("", None):
            values[name] = value
    shown = frozenset(name.rpartition("-")[2] for name in form.node.xpath(".//@name"))
    return Found(form.page, form.action, values, tuple(typed), prefilled, choices, shown)


def _stands(node: Any, kind: str, *, ticked: bool) -> Any:
    if kind == "select":
        return next((value for value in node.xpath(".//option[@selected]/@value") if value), "")
    if kind == "textarea":
        return (node.text or "").strip("\n")
    if kind in ("checkbox", "radio"):
        return node.get("value", "on") if node.get("checked") is not None or ticked else ""
    return node.get("value", "") if kind != "file" else ""


def _answer(node: Any, name: str, kind: str) -> Any:
    if name in ANSWERS:
        return ANSWERS[name]
    if kind == "select":
        offered = [value for value in node.xpath(".//option/@value") if value]
        # The first person of the directory has no account, and so can be asked for nothing.
        return offered[1] if name == "owner" and len(offered) > 1 else next(iter(offered), "")
    if kind in ("radio", "button"):
        return node.get("value", "on")
    if node.get("inputmode"):
        return "3"
    if kind in ("checkbox", "hidden"):
        return ""
    if kind == "email" or "email" in name:
        return f"person{next(count)}@example.test"
    return {"date": SOON, "number": node.get("min") or "3", "file": SHEET}.get(kind, f"Some words {next(count)}")


def everything() -> dict[str, tuple[int, int]]:
    """Number and fingerprint of the rows of every table, past every policy."""
    with owning(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('django_session', 'usersessions_usersession', 'web_submission', 'django_migrations')"
        )
        parts = [
            f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM {name} t"
            for (name,) in cursor.fetchall()
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (count, total) for name, count, total in cursor.fetchall()}


@contextmanager
def undone() -> Iterator[None]:
    """What the block does is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def nothing_recorded() -> Iterator[None]:
    """The trail cannot be written while the block runs; its work is taken back."""
    with undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vciso_migrator")
        cursor.execute("REVOKE INSERT ON audit_event FROM vciso_app")
        cursor.execute("SET LOCAL ROLE vciso_app")
        yield


@pytest.fixture
def people(cast: Cast, settings: Any, tmp_path: Any) -> list[Person]:
    """Two consultants, an admin, an owner and a director, signed in a moment ago."""
    settings.FILES_ROOT = tmp_path / "files"
    found = []
    with owning():
        for user in (None, cast.bob, cast.dora, cast.carl):
            name, email = (user.name, user.email) if user else ("Ada", "ada@example.test")
            Entry.objects.create(
                client=cast.acme, name=name, email=email, user=user, side="client", created_at=cast.bob.created_at
            )
    realms = {
        "alice": ("/today/", f"/c/{cast.acme.key}/"),
        "pam": ("/practice/", "/clients/"),
        "amir": (f"/c/{cast.acme.key}/reports/",),
        "bob": (f"/my/{cast.acme.key}/",),
        "dora": (f"/board/{cast.acme.key}/",),
    }
    for name, realm in realms.items():
        browser = Browser(enforce_csrf_checks=True, raise_request_exception=False)
        user = getattr(cast, name)
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        request = HttpRequest()
        request.session, request.user = browser.session, user
        record_authentication(request, user, method="password", reauthenticated=True)
        request.session.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        found.append(Person(browser, realm))
    return found


def work_is_done(cast: Cast) -> None:
    """Every job of the client, here and now."""
    with context.as_job(cast.acme.pk, "test"):
        jobs = list(Job.objects.filter(state__in=LIVE))
    for job in jobs:
        run.run(job.pk, client_id=cast.acme.pk)


def unrecorded(person: Person, form: Found) -> str:
    """40: a form whose event cannot be recorded changes nothing."""
    before = everything()
    with nothing_recorded():
        answer = person.send(form)
        if everything() != before and form.name not in UNRECORDED:
            return f"{form.name} answered {answer.status_code} and wrote without a trail"
    return ""


def twice(person: Person, form: Found) -> tuple[int, str]:
    """37: the same page's form sent a second time leads to the same place and changes nothing."""
    with undone():
        first = person.send(form)
        once = everything()
        second = person.send(form)
        if first.status_code >= 400:
            return first.status_code, ""
        if everything() != once:
            return first.status_code, f"{form.name} did it twice"
        if (first.status_code, first.get("Location")) != (second.status_code, second.get("Location")):
            return first.status_code, f"{form.name} led to {first.get('Location')}, then to {second.get('Location')}"
    return first.status_code, ""


def _two_changes(form: Found) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Two answers that differ from what stands and from each other, and the words both are known by."""
    words = ("Saved first", "Saved second")
    if names := [name for name in form.typed if name not in {"reason", *ANSWERS}]:
        return [{names[0]: word} for word in words], words
    if names := [(name, values) for name, values in form.choices.items() if len(values) > 1]:
        name, values = names[0]
        return [{name: values[-1]}, {name: values[-2]}], ()
    raise AssertionError(f"{form.name} has no field that can be changed twice: {form}")


def stale(person: Person, form: Found) -> str:
    """38: of two pages opened before either was sent, the second is answered with both values."""
    if not form.version:
        edits = form.prefilled and not form.page.endswith("/new/") and form.name not in USUAL
        return f"{form.name} shows what stands there and carries no version" if edits else ""
    with undone():
        pages = [form, person.again(form)]
        changes, words = _two_changes(form)
        first, second = (person.send(page, **change) for page, change in zip(pages, changes, strict=True))
        if first.status_code != 303:
            return f"{form.name} could not be changed ({first.status_code} {first.get('Location')})"
        shown = second.content.decode()
        if second.status_code != 409 or not all(word in shown for word in words):
            return f"{form.name} overwrote what was saved in between ({second.status_code})"
    return ""


# What would show that a form took what it does not ask for.
PLANTED, PLANTED_DAY = "planted", "1999-01-01"
# Fields that a form has and a button of a list leaves out.
LEFT_OUT = {"engagements:task-done": {"on", "note"}}


def planted(form: Found, foreign: dict[Any, str]) -> dict[str, str]:
    """A value for each field of each model, by both its names, unless the form shows it."""
    values: dict[str, str] = {}
    for column in (column for model in apps.get_models() for column in model._meta.concrete_fields):
        dated = isinstance(column, models.DateField)
        value = foreign.get(column.related_model, PLANTED_DAY if dated else PLANTED)
        values |= {column.name: value, column.attname: value}
    known = form.shown | LEFT_OUT.get(form.name, set())
    return {name: value for name, value in values.items() if name not in known}


def holding(signs: list[str]) -> dict[str, int]:
    """How many rows of each table hold one of these texts anywhere."""
    with owning(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        parts = [f"SELECT '{name}', count(*) FROM {name} t WHERE t::text ~ %(signs)s" for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(parts), {"signs": "|".join(signs)})
        return dict(cursor.fetchall())


def assigned(person: Person, form: Found, cast: Cast) -> str:
    """A12: what is sent along with a valid body and is no field of the form reaches no row."""
    foreign = {Client: str(cast.initech.pk), Practice: str(cast.southwind.pk), User: str(cast.xenia.pk)}
    signs = [PLANTED, PLANTED_DAY, *foreign.values()]
    before = holding(signs)
    with undone():
        status = person.send(form, **planted(form, foreign)).status_code
        after = holding(signs)
    if status >= 400:
        return f"{form.name} was refused ({status}) for fields it does not have"
    taken = sorted(table for table, rows in after.items() if rows != before[table])
    return f"{form.name} took what it does not ask for into {taken}" if taken else ""


def proof_of(person: Person, form: Found, cast: Cast) -> tuple[int, list[str]]:
    """How the form is answered, and what is wrong with it; refused forms prove nothing.

    What is sent is taken back, its token too, so that one page serves for all of it.
    """
    form = person.again(form)
    status, fault = twice(person, form)
    if status >= 400:
        return status, []
    return status, [
        one for one in (fault, unrecorded(person, form), stale(person, form), assigned(person, form, cast)) if one
    ]


def test_every_form_is_sent_once_recorded_and_never_stale(people: list[Person], cast: Cast) -> None:
    """Found by walking, filled in, and sent: without a trail, twice, from an old page, and with too much in it."""
    faults: list[str] = []
    proven: set[str] = set()
    refused: dict[str, int] = {}
    for _ in range(ROUNDS):
        before = len(proven)
        for person in people:
            person.walk(*person.realm)
            for name, form in list(person.forms.items()):
                if name in proven:
                    continue
                try:
                    refused[name], found = proof_of(person, form, cast)
                except Gone:
                    del person.forms[name]
                    continue
                if refused[name] < 400:
                    del refused[name]
                    proven.add(name)
                    faults += found
                    if MAKES.search(name):
                        person.send(person.again(form))
        work_is_done(cast)
        if len(proven) == before and not refused:
            break
    assert not faults, "\n".join(faults)
    assert not refused, "\n".join(f"{name} was refused: {why}" for name, why in sorted(refused.items()))
    assert len(proven) >= FORMS
