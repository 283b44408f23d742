"""The outbox before a real mail server, on loopback, that is away, refuses somebody, or breaks off."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db.models.functions import Now

from tests.conftest import owning
from tests.factories.cast import Cast
from vciso.jobs import outbox
from vciso.jobs.models import OutboxMail
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


class Server:
    """Keeps what it takes; refuses whose name begins with “gone”; breaks off where asked to."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.breaks_off = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.breaks_off:
            server.transport.close()
            await asyncio.sleep(0)
            return "421 Going away"
        self.taken += [(to, message_from_bytes(envelope.content)["Message-ID"]) for to in envelope.rcpt_tos]
        return "250 Taken"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    server = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 5
    settings.EMAIL_PORT = port
    yield server
    controller.stop()


def write(*addresses: str) -> None:
    for address in addresses:
        outbox.send(to=address, subject="Something waits", body="For you.", key=address, needs_role=False)


def rows() -> dict[str, OutboxMail]:
    with context.as_installation("look"):
        return {mail.to: mail for mail in OutboxMail.objects.all()}


def due_again() -> None:
    with owning():
        OutboxMail.objects.filter(sent_at=None).update(not_before=Now())


FOUR = ("a@example.test", "gone@example.test", "b@example.test", "c@example.test")


def test_29_one_refused_recipient_holds_up_nobody_and_nobody_hears_twice(db: None, server: Server) -> None:
    write(*FOUR)
    assert outbox.deliver_due() == {"sent": 3, "waiting": 1}
    due_again()
    assert outbox.deliver_due() == {"waiting": 1}
    assert sorted(to for to, _ in server.taken) == ["a@example.test", "b@example.test", "c@example.test"]
    refused = rows()["gone@example.test"]
    assert (refused.sent_at, refused.tries, "No such user here" in refused.error) == (None, 2, True)


def test_an_address_refused_for_five_days_is_given_up_with_the_reason(db: None, server: Server) -> None:
    write("gone@example.test")
    with owning():
        OutboxMail.objects.update(created_at=Now() - dt.timedelta(days=6))
    assert outbox.deliver_due() == {"dropped": 1}
    assert "refused this address" in rows()["gone@example.test"].dropped
    due_again()
    assert outbox.deliver_due() == {}


def test_29_a_server_that_is_away_costs_no_mail_its_place(db: None, server: Server, settings: Any) -> None:
    write(*FOUR)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert outbox.deliver_due() == {"away": 1}, "the other mails do not wait for it one after the other"
    assert {mail.tries for mail in rows().values()} == {0}
    settings.EMAIL_PORT = port
    assert outbox.deliver_due() == {"sent": 3, "waiting": 1}


def test_a_server_that_breaks_off_gets_the_mail_again_under_its_own_id(db: None, server: Server) -> None:
    write("a@example.test")
    server.breaks_off = True
    assert outbox.deliver_due() == {"away": 1}
    server.breaks_off = False
    assert outbox.deliver_due() == {"sent": 1}
    assert server.taken == [("a@example.test", f"<{rows()['a@example.test'].pk}@localhost>")]


def test_a_mail_that_cannot_be_written_down_does_not_stop_the_others(db: None, server: Server, cast: Cast) -> None:
    write("a@example.test", "a@example.test\nBcc: everybody@example.test", "b@example.test")
    assert outbox.deliver_due() == {"sent": 2, "waiting": 1}
