"""A token is its person, narrowed: by its clients, by reading only, by its days, and at once when revoked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from tests.api.conftest import Program, make_token
from tests.factories.cast import Cast, give
from vciso.accounts import tokens
from vciso.accounts.models import ApiToken
from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Membership

pytestmark = pytest.mark.django_db


def names(response: Any) -> set[str]:
    return {row["name"] for row in response.told["results"]}


def test_the_secret_is_kept_nowhere(cast: Cast, as_owner: Any) -> None:
    secret = make_token(cast.alice, cast.acme)
    with as_owner():
        kept = ApiToken.objects.get()
        row = ApiToken.objects.values_list().get()
    assert secret not in str(row) and secret.removeprefix("vciso_") not in str(row)
    assert (kept.token_hash, kept.hint) == (tokens.token_hash(secret), secret[-4:])


@pytest.mark.parametrize("secret", ["", "vciso_", "vciso_" + "x" * 43, "\x00", "é" * 40])
def test_without_a_token_that_works_nothing_is_answered(cast: Cast, acme: str, secret: str) -> None:
    response = Browser(raise_request_exception=False).get(
        f"/api/v1/{acme}risks/", headers={"Authorization": f"Bearer {secret}"}
    )
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert response.json()["code"] == "token_invalid"
    assert Program().get(acme + "risks/").told["code"] == "token_required"


def test_a_token_reaches_its_clients_alone(cast: Cast, as_owner: Any) -> None:
    with as_owner():
        give(cast.alice, Role.CONSULTANT, cast.northwind, cast.globex)
    both = Program(make_token(cast.alice, cast.acme, cast.globex))
    one = Program(make_token(cast.alice, cast.acme))
    assert names(both.get("clients/")) == {"Acme Dental", "Globex Foods"}
    assert names(one.get("clients/")) == {"Acme Dental"}
    assert both.get(f"c/{cast.globex.key}/").status_code == 200
    foreign, unknown = one.get(f"c/{cast.globex.key}/"), one.get("c/nobody-zzzzzz/")
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_the_database_cuts_every_list_to_the_tokens_clients(cast: Cast, as_owner: Any) -> None:
    with as_owner():
        give(cast.alice, Role.CONSULTANT, cast.northwind, cast.globex)
        give(cast.alice, Role.PRACTICE_ADMIN, cast.northwind)
    _, token = tokens.open_token(make_token(cast.alice, cast.acme))
    with context.as_user(cast.alice, token=token), connection.cursor() as cursor:
        lists = {}
        for name in ("read", "write", "answer", "board", "member", "admin", "practice"):
            cursor.execute("SELECT current_setting('vciso.' || %s)::uuid[]", [name])
            lists[name] = set(cursor.fetchone()[0])
    mine = {cast.acme.pk}
    assert lists == {
        "read": mine, "write": mine, "member": mine, "answer": set(), "board": set(), "admin": set(), "practice": set()
    }  # fmt: skip


def test_no_token_is_made_for_a_client_of_somebody_else(cast: Cast) -> None:
    for client in (cast.globex, cast.initech):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            make_token(cast.alice, client)


def test_nobody_makes_a_token_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), context.as_user(cast.pam):
        tokens.make_token(
            user=cast.alice, name="not mine", clients=[cast.acme], may_write=True, days=3, at=timezone.now()
        )


def test_a_reading_token_writes_nothing(cast: Cast, acme: str) -> None:
    reading = Program(make_token(cast.alice, cast.acme, may_write=False))
    assert reading.get(acme + "risks/").status_code == 200
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        response = reading.ask(method, acme + "risks/", {"title": "No"})
        assert (response.status_code, response.told["code"]) == (403, "token_reads_only")
    assert reading.get(acme + "risks/").told["results"] == []


def test_revoking_works_on_the_next_request(cast: Cast, alice: Program, acme: str) -> None:
    assert alice.get(acme).status_code == 200
    with context.as_user(cast.alice):
        tokens.revoke_token(token=ApiToken.objects.get(), by=cast.alice, at=timezone.now())
    assert alice.get(acme).told["code"] == "token_invalid"


def test_a_token_ends_with_its_last_day_and_with_its_person(cast: Cast, acme: str, as_owner: Any) -> None:
    late, gone = Program(make_token(cast.alice, cast.acme)), Program(make_token(cast.amir, cast.acme))
    with as_owner():
        then = timezone.now() - timedelta(days=40)
        ApiToken.objects.filter(user=cast.alice).update(created_at=then, expires_at=then + timedelta(days=30))
        cast.amir.is_active = False
        cast.amir.save()
    assert [late.get(acme).status_code, gone.get(acme).status_code] == [401, 401]


def test_no_token_lives_longer_than_a_year(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="1 to 365 days"):
        make_token(cast.alice, cast.acme, days=366)


def test_removing_the_person_from_the_client_works_on_the_next_request(
    cast: Cast, alice: Program, acme: str, as_owner: Any
) -> None:
    alice.post(acme + "risks/", {"title": "Backups are never tried"})
    with as_owner():
        Membership.objects.filter(user=cast.alice, client=cast.acme).delete()
    gone, unknown = alice.get(acme + "risks/R-001/"), alice.get("c/nobody-zzzzzz/risks/R-001/")
    assert (gone.status_code, gone.content) == (404, unknown.content)
    assert alice.get("clients/").told["results"] == []


def test_a_person_without_the_required_second_step_is_refused(
    cast: Cast, alice: Program, acme: str, as_owner: Any
) -> None:
    with as_owner():
        cast.northwind.factor_roles = [Role.CONSULTANT]
        cast.northwind.save()
    response = alice.get(acme + "risks/")
    assert (response.status_code, response.told["code"]) == (403, "second_step_required")


def test_the_trail_says_which_token_wrote(cast: Cast, alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", {"title": "Backups are never tried"})
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        event = Event.objects.get(verb="risk.raised")
    assert (event.actor, event.acting_as) == (cast.alice, "via API token register sync")


def test_making_and_revoking_are_in_the_trail_without_the_secret(cast: Cast, as_owner: Any) -> None:
    secret = make_token(cast.alice, cast.acme)
    with context.as_user(cast.alice):
        tokens.revoke_token(token=ApiToken.objects.get(), by=cast.alice, at=timezone.now())
    with as_owner():
        events = list(Event.objects.filter(verb__startswith="account.token").order_by("seq"))
    assert [event.verb for event in events] == ["account.token_made", "account.token_revoked"]
    assert secret not in str([event.after for event in events])


def test_a_token_sees_no_tokens(cast: Cast) -> None:
    _, token = tokens.open_token(make_token(cast.alice, cast.acme))
    with context.as_user(cast.alice, token=token):
        assert not ApiToken.objects.exists()
    with context.as_user(cast.alice):
        assert ApiToken.objects.count() == 1


def test_admins_see_and_end_the_tokens_of_their_practice_alone(cast: Cast) -> None:
    make_token(cast.alice, cast.acme)
    make_token(cast.xenia, cast.initech)
    with context.as_user(cast.pam):
        tokens.revoke_token(token=ApiToken.objects.get(), by=cast.pam, at=timezone.now())
    with context.as_user(cast.charlie):
        assert not ApiToken.objects.exists()
    with context.as_user(cast.xenia):
        assert ApiToken.objects.get().revoked_at is None


def test_tokens_open_no_page(cast: Cast, alice: Program) -> None:
    response = Browser().get(f"/c/{cast.acme.key}/risks/", headers={"Authorization": f"Bearer {alice.secret}"})
    assert (response.status_code, response.headers["Location"][:15]) == (302, "/account/login/")


def test_a_bad_token_is_refused_whatever_session_came_with_it(cast: Cast, browse: Any, acme: str) -> None:
    browser = browse(cast.alice)
    assert browser.get(f"/api/v1/{acme}").status_code == 200
    assert browser.get(f"/api/v1/{acme}", headers={"Authorization": "Bearer vciso_no"}).status_code == 401


def test_a_session_writes_only_with_the_csrf_token(cast: Cast, acme: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    body = {"data": '{"title": "Backups are never tried"}', "content_type": "application/json"}
    refused = browser.post(f"/api/v1/{acme}risks/", **body)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    browser.get(f"/c/{cast.acme.key}/risks/new/")
    key = browser.cookies["csrf"].value
    assert browser.post(f"/api/v1/{acme}risks/", headers={"X-CSRFToken": key}, **body).status_code == 201
    assert Program(make_token(cast.alice, cast.acme)).post(acme + "risks/", {"title": "Two"}).status_code == 201


def test_in_clear_a_token_is_refused_rather_than_sent_on(cast: Cast, alice: Program, acme: str, settings: Any) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    response = alice.get(acme)
    assert (response.status_code, response.told["code"]) == (403, "https_required")


@pytest.mark.parametrize("word", ["accept", "accept/record", "accept/end", "plan/ask"])
def test_what_only_people_may_do_is_refused_before_anything_is_looked_up(alice: Program, acme: str, word: str) -> None:
    alice.post(acme + "risks/", {"title": "Backups are never tried"})
    known, unknown = (alice.post(f"{acme}risks/{ref}/{word}/", {}) for ref in ("R-001", "R-999"))
    assert (known.status_code, known.told["code"], known.content) == (403, "session_required", unknown.content)
