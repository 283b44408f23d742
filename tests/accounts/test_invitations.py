"""The only way in: invitations, their links, and what they give."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.factories.cast import Cast
from vciso.accounts import services
from vciso.accounts.models import INVITATION_PATH, Invitation
from vciso.jobs import tasks
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Membership

pytestmark = pytest.mark.django_db


def invited(cast: Cast, at: datetime, *, email: str = "nora@example.test", role: str = Role.OWNER) -> str:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        return services.invite(client=cast.acme, email=email, name="Nora Field", role=role, by=cast.alice, at=at)


def test_an_invited_person_sets_up_an_account_and_has_the_role(cast: Cast, at: datetime, client: Browser) -> None:
    path = invited(cast, at)
    tasks.send_due_mail()
    assert path in mail.outbox[-1].body
    answer = client.post(path, {"name": "Nora Field", "password": "seven green umbrellas"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/my/{cast.acme.key}/"


def test_the_link_works_once(cast: Cast, at: datetime, client: Browser) -> None:
    path = invited(cast, at)
    client.post(path, {"name": "Nora Field", "password": "seven green umbrellas"})
    assert Browser().get(path).status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "example example", "vciso vciso vciso"])
def test_a_password_that_everybody_guesses_is_refused_with_a_remedy(
    cast: Cast, at: datetime, client: Browser, password: str
) -> None:
    answer = client.post(invited(cast, at), {"name": "Nora Field", "password": password})
    assert answer.status_code == 422
    assert services.open_invitation(invited(cast, at).rsplit("/", 2)[1]) is not None


def test_an_old_link_is_closed(cast: Cast, at: datetime, client: Browser) -> None:
    path = invited(cast, at - timedelta(days=4))
    assert client.get(path).status_code == 404


def test_a_second_invitation_closes_the_first(cast: Cast, at: datetime, client: Browser) -> None:
    first, second = invited(cast, at), invited(cast, at + timedelta(minutes=1))
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)


def test_somebody_elses_account_cannot_accept(cast: Cast, at: datetime, browse: Callable[[Any], Browser]) -> None:
    path = invited(cast, at)
    assert browse(cast.gina).post(path).status_code == 403
    with pytest.raises(ValidationError):
        services.accept_as_existing(token=path.rsplit("/", 2)[1], user=cast.gina, at=at)


def test_an_existing_account_gains_the_role(cast: Cast, at: datetime, browse: Callable[[Any], Browser]) -> None:
    path = invited(cast, at, email=cast.gina.email, role=Role.BOARD)
    browse(cast.gina).post(path)
    with context.as_user(cast.gina, client_key=cast.acme.key) as granted:
        assert granted.roles == {Role.BOARD}


def test_a_role_that_does_not_fit_is_refused(cast: Cast, at: datetime) -> None:
    with context.as_user(cast.alice, client_key=cast.acme.key), pytest.raises(ValidationError, match="no role here"):
        services.invite(client=cast.acme, email="x@example.test", name="X", role="practice_admin", by=cast.alice, at=at)


def test_a_consultant_cannot_invite_a_colleague_past_the_service(cast: Cast, at: datetime) -> None:
    with (
        context.as_user(cast.alice, client_key=cast.acme.key),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
    ):
        Invitation(
            practice=cast.northwind, client=cast.acme, email="x@example.test", name="X", role=Role.CONSULTANT,
            token_hash="0" * 64, expires_at=at,
        ).save(force_insert=True)  # fmt: skip


def test_the_token_is_not_stored(cast: Cast, at: datetime) -> None:
    token = invited(cast, at).rsplit("/", 2)[1]
    with context.as_user(cast.alice, client_key=cast.acme.key), connection.cursor() as cursor:
        cursor.execute("SELECT token_hash FROM accounts_invitation")
        assert token not in {row[0] for row in cursor.fetchall()}


def test_removal_refuses_the_next_request_of_an_open_session(
    cast: Cast, at: datetime, browse: Callable[[Any], Browser]
) -> None:
    browser = browse(cast.bob)
    assert browser.get(f"/my/{cast.acme.key}/").status_code == 200
    with context.as_user(cast.alice, client_key=cast.acme.key):
        assert services.remove_access(user_id=cast.bob.pk, client=cast.acme, by=cast.alice, at=at) == 1
    assert browser.get(f"/my/{cast.acme.key}/").status_code == 404


def test_the_last_practice_admin_stays(cast: Cast, at: datetime) -> None:
    with context.as_user(cast.pam), pytest.raises(ValidationError, match="last practice admin"):
        services.leave_practice(user_id=cast.pam.pk, practice=cast.northwind, by=cast.pam, at=at)


def test_a_practice_made_by_hand_asks_for_the_second_step(
    as_owner: Callable[[], Any], at: datetime, client: Browser, db: None
) -> None:
    with as_owner():
        practice, path = services.create_practice(name="Fresh", admin_email="ada@example.test", admin_name="Ada", at=at)
    assert practice.factor_roles == ["practice_admin", "consultant"]
    client.post(path, {"name": "Ada", "password": "seven green umbrellas"})
    answer = client.get("/today/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/second-step/")


def test_assigning_clients_is_exact(cast: Cast, at: datetime) -> None:
    with context.as_user(cast.pam):
        services.assign_clients(user=cast.charlie, practice=cast.northwind, clients=[cast.acme], by=cast.pam, at=at)
        held = Membership.objects.filter(user=cast.charlie, client__isnull=False)
        assert set(held.values_list("client_id", flat=True)) == {cast.acme.pk}


def test_the_link_leads_to_the_page_of_invitations() -> None:
    assert INVITATION_PATH.format(token="abc") == reverse("accounts:invitation", kwargs={"token": "abc"})
