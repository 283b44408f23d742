"""The outbox: written with the change, sent once, recipients asked again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from tests.factories.cast import Cast
from vciso.jobs import outbox, reconcile, tasks
from vciso.jobs.models import OutboxMail
from vciso.tenancy import context
from vciso.tenancy.models import Membership

pytestmark = pytest.mark.django_db


def tell_bob(cast: Cast, key: str = "one") -> None:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        outbox.send(
            to=cast.bob,
            subject="Your report is ready",
            body="It takes five minutes.",
            link_path="/my/acme/",
            client=cast.acme,
            key=key,
        )


def test_a_mail_goes_out_once_with_a_stable_id(cast: Cast) -> None:
    tell_bob(cast)
    tell_bob(cast)
    assert tasks.send_due_mail() == {"sent": 1}
    assert tasks.send_due_mail() == {}
    [message] = mail.outbox
    assert (message.to, "/my/acme/" in message.body) == (["bob@example.test"], True)
    assert message.extra_headers["Message-ID"].endswith("@localhost>")


def test_who_lost_their_role_gets_no_mail(cast: Cast, as_owner: Callable[[], Any]) -> None:
    tell_bob(cast)
    with as_owner():
        Membership.objects.filter(user=cast.bob).delete()
    assert (tasks.send_due_mail(), mail.outbox) == ({"dropped": 1}, [])


def test_account_mail_needs_no_context_and_is_emptied_when_sent(cast: Cast) -> None:
    outbox.send(to="new@example.test", subject="Reset", body="secret link", needs_role=False, key="reset")
    assert tasks.send_due_mail() == {"sent": 1}
    with context.as_installation("outbox"):
        assert OutboxMail.objects.get(key="reset").body == ""


def test_due_mail_names_ids_alone(cast: Cast) -> None:
    tell_bob(cast)
    [row] = reconcile.due_mail()
    assert row[1:] == (cast.acme.pk, None)
