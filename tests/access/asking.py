"""Asking the portal as somebody, through every middleware, and undoing what the request did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from tests.access import expected, mails, markers, reading
from tests.access.addresses import INTERFACE
from tests.access.world import Someone
from tests.conftest import owning
from vciso.audit.models import Event
from vciso.jobs.models import OutboxMail

_SIGN_IN = "/account/login/"
# What a refusal writes by right: that it refused, and what it keeps in the person's own session.
TRAIL = {"audit_event", "audit_head", "django_session", "usersessions_usersession"}
# What pg_stat_xact_user_tables counts, without its joins, which take longer than the request that is looked at.
_WRITTEN = """
    SELECT relname, written FROM (
        SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
            + pg_stat_get_xact_tuples_deleted(oid) AS written
        FROM pg_class
        WHERE relkind IN ('r', 'p')
            AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        OFFSET 0
    ) AS tables WHERE written > 0
"""


def _written() -> dict[str, int]:
    """Rows written in this transaction so far, by table; what was taken back counts too."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def _told(since: datetime) -> frozenset[str]:
    with owning():
        return frozenset(Event.objects.filter(happened_at__gte=since).values_list("verb", flat=True))


def _mails(since: datetime) -> tuple[mails.Mail, ...]:
    with owning():
        return mails.read(OutboxMail.objects.select_related("client", "user").filter(created_at__gte=since))


class Counter:
    """Counts statements. Django's own capture writes each of them out, which costs more than asking."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    path: str
    response: Any
    queries: int = 0
    # The tables with a row more, less or changed, the mails, and what the trail tells of it.
    wrote: frozenset[str] = frozenset()
    mails: tuple[mails.Mail, ...] = ()
    told: frozenset[str] = frozenset()

    @cached_property
    def text(self) -> str:
        """Every word of it, without the address that was asked for."""
        return reading.text_of(self.response).replace(self.path, "") if self.response is not None else ""

    @cached_property
    def marks(self) -> frozenset[tuple[str, str]]:
        """Every marker in it: whose, and of which field."""
        return frozenset(markers.found_in(self.text))

    @property
    def page(self) -> bytes:
        """The page that it is; empty for a refusal, a file or a redirect."""
        is_page = self.status == 200 and "html" in self.response.get("Content-Type", "")
        return bytes(self.response.content) if is_page else b""

    @property
    def broke(self) -> str:
        """What the view raised, if it broke."""
        raised = getattr(self.response, "exc_info", None)
        return repr(raised[1]) if raised else ""

    @property
    def to_sign_in(self) -> bool:
        return self.status == 302 and self.response["Location"].startswith(_SIGN_IN)

    @property
    def refuses(self) -> bool:
        return self.status in {401, 403, 404, 409} or self.to_sign_in

    @property
    def not_allowed(self) -> bool:
        """The address knows no such method; some views say so before they look at who asks."""
        return self.status == 405

    def private(self) -> list[str]:
        """Fields in it that the practice keeps to itself."""
        return sorted({label for _, label in self.marks if expected.is_private(label)})

    def foreign(self, hears: frozenset[str]) -> list[str]:
        """Markers of others in it, as “B engagements.Person.name”."""
        return sorted({f"{letter} {label}" for letter, label in self.marks if letter not in hears})


class Asker:
    """One person's browser. What a request writes is undone when it is answered."""

    def __init__(self, someone: Someone) -> None:
        self.someone = someone
        self.browser = Browser(raise_request_exception=False)
        self.cookies = ""
        if someone.user is not None:
            self.browser.force_login(someone.user, backend="allauth.account.auth_backends.AuthenticationBackend")
            self.browser.get("/account/profile/")  # the first request of a session notes where it came from
        self.cookies = self.browser.cookies.output(header="", sep=";")

    def ask(self, path: str, method: str = "GET", data: Mapping[str, Any] | None = None, **extra: Any) -> Answer:
        self.browser.cookies = SimpleCookie(self.cookies)
        send = getattr(self.browser, method.lower())
        with transaction.atomic():
            begun, before = timezone.now(), _written()
            with connection.execute_wrapper(counter := Counter()):
                if path.startswith(f"/{INTERFACE}") and method != "GET":
                    extra = {"content_type": "application/json", **extra}
                    response = send(path, json.dumps(data or {}), **extra)
                else:
                    response = send(path, data, **extra) if method in {"GET", "POST"} else send(path, **extra)
            # Where a query failed, everything is taken back already.
            after = _written() if not connection.needs_rollback else {}
            wrote = frozenset(table for table, rows in after.items() if rows != before.get(table, 0))
            sent = _mails(begun) if OutboxMail._meta.db_table in wrote else ()
            told = _told(begun) if method == "GET" and Event._meta.db_table in wrote else frozenset()
            answer = Answer(response.status_code, path, response, counter.statements, wrote, sent, told)
            answer.text  # noqa: B018  read now: a page's parts are rows of this transaction
            transaction.set_rollback(True)
        return answer
