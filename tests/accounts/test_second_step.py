"""The second step: who needs one, that no way leads around it, and what becomes of a lost one."""

import json
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser

from tests.access.addresses import every_path
from tests.accounts.conftest import (
    PASSWORD,
    code_of,
    factors,
    give_app,
    give_codes,
    is_signed_in,
    mails,
    require,
    sign_in,
)
from tests.factories.cast import Cast, give
from vciso.accounts import services, sessions
from vciso.accounts.middleware import ENROLMENT
from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.tenancy.enums import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["practice_admin", "owner"])
def test_no_address_opens_before_the_required_second_step(
    people: Cast, browse: Callable[[Any], Browser], role: str
) -> None:
    """B6, B7: every address, read and posted to, leads to enrolment; programs get 403."""
    who = {"practice_admin": people.pam, "owner": people.bob}[role]
    require(people, role)
    browser = browse(who)
    opened = []
    for name, path in every_path(people.acme.key):
        if name in ENROLMENT or path.startswith("/metrics"):
            continue
        for ask in (browser.get, browser.post):
            answer = ask(path)
            leads = answer.status_code == 302 and answer["Location"] == "/account/second-step/"
            if not leads and answer.status_code not in {403, 404, 405}:
                opened.append((name, path, answer.status_code))
    assert opened == []


def test_by_default_it_is_asked_of_the_practices_side_alone(people: Cast, browse: Callable[[Any], Browser]) -> None:
    """B6: practice admins and consultants unless the practice says otherwise; then whoever it names."""
    homes = {
        people.pam: "/today/", people.alice: "/today/", people.bob: f"/my/{people.acme.key}/",
        people.carl: f"/my/{people.acme.key}/tasks/", people.dora: f"/board/{people.acme.key}/",
    }  # fmt: skip

    def opened() -> list[int]:
        return [browse(user).get(home).status_code for user, home in homes.items()]

    require(people, "practice_admin", "consultant")
    assert opened() == [302, 302, 200, 200, 200]
    require(people, "contributor", "board")
    assert opened() == [200, 200, 200, 302, 302]


def test_a_practice_admin_chooses_the_roles_and_it_holds_at_the_next_click(
    people: Cast, browse: Callable[[Any], Browser]
) -> None:
    """B6: a setting per role; other practices are not touched."""
    give_app(people.pam)
    owner, admin = browse(people.bob), browse(people.pam)
    home = f"/my/{people.acme.key}/"
    assert owner.get(home).status_code == 200
    page = admin.get("/practice/sign-in/")
    assert page.status_code == 200 and people.bob.email in page.content.decode()
    assert people.xenia.email not in page.content.decode()
    assert admin.post("/practice/sign-in/", {"factor_roles": ["owner", "practice_admin"]}).status_code == 303
    assert owner.get(home)["Location"] == "/account/second-step/"
    assert browse(people.xenia).get("/today/").status_code == 200
    assert admin.post("/practice/sign-in/", {"factor_roles": ["king"]}).status_code == 422
    assert browse(people.alice).get("/practice/sign-in/").status_code == 403


def test_a_password_alone_opens_nothing_where_there_is_a_second_step(
    people: Cast, arrive: Callable[..., Browser]
) -> None:
    """B7: sign-in stops at the second step until the code is right."""
    secret = give_app(people.alice)
    browser = arrive()
    assert sign_in(browser, people.alice)["Location"] == "/account/second-step/sign-in/"
    assert not is_signed_in(browser)
    assert browser.post("/account/second-step/sign-in/", {"code": "000000"}).status_code == 200
    assert not is_signed_in(browser)
    assert browser.post("/account/second-step/sign-in/", {"code": code_of(secret)}).status_code == 302
    assert is_signed_in(browser)


def test_a_new_password_by_mail_does_not_skip_the_second_step(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B7, B10: no sign-in by reset; the link works once and the second step stays."""
    give_app(people.alice)
    browser = arrive()
    browser.post("/account/password/reset/", {"email": people.alice.email})
    link = mails(people.alice)[-1].body.split("http://", 1)[1]
    path = "/" + link.split("/", 1)[1].split()[0]
    form = browser.get(path, follow=True).redirect_chain[-1][0]
    fresh = "nine quiet harbours"
    assert browser.post(form, {"password1": fresh, "password2": fresh}).status_code == 302
    assert not is_signed_in(browser)
    assert sign_in(browser, people.alice, fresh)["Location"] == "/account/second-step/sign-in/"
    assert not is_signed_in(browser)
    again = arrive()
    assert b"password1" not in again.get(path, follow=True).content
    assert factors(people.alice) == {"totp"}


def test_confirming_an_address_signs_nobody_in(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B7: the link of a confirmation is no way in."""
    give_app(people.alice)
    fresh = EmailAddress.objects.create(user=people.alice, email="alice@elsewhere.test", verified=False, primary=False)
    browser = arrive()
    browser.post(f"/account/confirm-email/{EmailConfirmationHMAC(fresh).key}/")
    fresh.refresh_from_db()
    assert fresh.verified
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/login/", "/accounts/login/", "/account/login/code/", "/account/login/code/confirm/",
     "/_allauth/browser/v1/auth/session", "/_allauth/app/v1/auth/login", "/account/social/login/",
     "/account/second-step/trust/"],
)  # fmt: skip
def test_other_ways_in_do_not_exist(client: Browser, db: None, path: str) -> None:
    """B7: no admin login, code by mail, headless interface, social login or trusted browser."""
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {403, 404}


def test_signing_up_is_closed(arrive: Callable[..., Browser]) -> None:
    """B22: an account comes from an invitation alone."""
    browser = arrive()
    browser.post("/account/signup/", {"email": "new@example.test", "password1": PASSWORD, "password2": PASSWORD})
    assert not is_signed_in(browser)
    assert b"invitation" in browser.get("/account/signup/").content


def test_a_code_works_once(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B8: the same six digits are refused in a second browser, and in the same half minute."""
    secret = give_app(people.alice)
    code = code_of(secret)
    first, second = arrive(), arrive()
    for browser in (first, second):
        sign_in(browser, people.alice)
        browser.post("/account/second-step/sign-in/", {"code": code})
    assert is_signed_in(first) and not is_signed_in(second)


def test_a_code_is_remembered_past_the_cache(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B8: a code is taken for ninety seconds; once used, neither it nor an older one works in any of them."""
    secret = give_app(people.alice)
    code, older = code_of(secret), code_of(secret, steps=-1)
    signed_in = []
    for typed in (code, code, older):
        browser = arrive()
        sign_in(browser, people.alice)
        browser.post("/account/second-step/sign-in/", {"code": typed})
        signed_in.append(is_signed_in(browser))
        cache.delete(f"allauth.mfa.totp.used?user={people.alice.pk}&code={typed}")
    assert signed_in == [True, False, False]


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_minute_is_refused(people: Cast, arrive: Callable[..., Browser], steps: int) -> None:
    """B8: one step of tolerance and no more."""
    secret = give_app(people.alice)
    browser = arrive()
    sign_in(browser, people.alice)
    browser.post("/account/second-step/sign-in/", {"code": code_of(secret, steps=steps)})
    assert not is_signed_in(browser)


def test_a_recovery_code_works_once_and_has_ten_digits(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B8, B9."""
    give_app(people.alice)
    codes = give_codes(people.alice)
    assert len(set(codes)) == 10 and all(len(code) >= 10 and code.isdigit() for code in codes)
    first, second = arrive(), arrive()
    for browser in (first, second):
        sign_in(browser, people.alice)
        browser.post("/account/second-step/sign-in/", {"code": codes[3]})
    assert is_signed_in(first) and not is_signed_in(second)


def test_codes_are_shown_once(people: Cast, browse: Callable[[Any], Browser]) -> None:
    """B9: the second look shows none of them."""
    give_app(people.alice)
    codes = give_codes(people.alice)
    browser = browse(people.alice)
    first, second = (browser.get("/account/second-step/codes/").content.decode() for _ in range(2))
    assert all(code in first for code in codes)
    assert not any(code in second for code in codes)


def test_seeds_are_not_readable_in_the_table(people: Cast, settings: Any) -> None:
    """B9: the raw column holds neither seed; the key is in the settings alone, and can rotate."""
    secret = give_app(people.alice)
    codes = give_codes(people.alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", [people.alice.pk])
        raw = "".join(row[0] for row in cursor.fetchall())
    seed = json.dumps(Authenticator.objects.get(user=people.alice, type="recovery_codes").data)
    assert secret not in raw and not any(code in raw for code in codes)
    assert "gAAAA" in raw and "seed" in seed
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key for the next year"
    assert Authenticator.objects.get(user=people.alice, type="totp").wrap().validate_code(code_of(secret))
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        Authenticator.objects.get(user=people.alice, type="totp").wrap().validate_code(code_of(secret))


# --- A lost one ------------------------------------------------------------------------------------


def lost(people: Cast, browse: Callable[[Any], Browser], user: Any, **typed: str) -> Any:
    return browse(people.pam).post(f"/practice/sign-in/{user.pk}/reset/", {"reason": "New phone; I rang her.", **typed})


def test_an_admin_resets_a_lost_second_step(
    people: Cast, browse: Callable[[Any], Browser], arrive: Callable[..., Browser]
) -> None:
    """B11: with a reason, the person is told, every session ends, and the password stays theirs."""
    give_app(people.alice)
    give_codes(people.alice)
    hers = browse(people.alice)
    assert is_signed_in(hers)
    before = type(people.alice).objects.get(pk=people.alice.pk).password
    assert lost(people, browse, people.alice).status_code == 303
    assert factors(people.alice) == set()
    assert not is_signed_in(hers)
    assert type(people.alice).objects.get(pk=people.alice.pk).password == before
    (mail,) = mails(people.alice, "Your second step was removed")
    assert "New phone; I rang her." in mail.body and "Pam" in mail.body and PASSWORD not in mail.body
    require(people, "consultant")
    browser = arrive()
    sign_in(browser, people.alice)
    assert browser.get("/today/")["Location"] == "/account/second-step/"


def test_a_reset_needs_a_reason(people: Cast, browse: Callable[[Any], Browser]) -> None:
    """B11."""
    give_app(people.alice)
    assert lost(people, browse, people.alice, reason="  ").status_code == 422
    assert factors(people.alice) == {"totp"}


def test_nobody_resets_their_own(people: Cast, browse: Callable[[Any], Browser], at: datetime) -> None:
    """B11: a second admin is needed; consultants cannot, and strangers do not exist."""
    give_app(people.pam)
    assert lost(people, browse, people.pam).status_code == 422
    assert factors(people.pam) == {"totp"}
    with context.as_user(people.pam), pytest.raises(ValidationError):
        sessions.reset_second_step(user=people.pam, practice=people.northwind, by=people.pam, reason="x", at=at)
    assert browse(people.alice).post(f"/practice/sign-in/{people.pam.pk}/reset/", {"reason": "x"}).status_code == 403
    give_app(people.xenia)
    assert lost(people, browse, people.xenia).status_code == 404
    assert factors(people.xenia) == {"totp"}


def operated(email: str, reason: str = "New phone; she came by.") -> Any:
    """What the operator's command answers as JSON; refused ones raise SystemExit."""
    out = StringIO()
    call_command("reset_second_step", email=email, reason=reason, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_an_operator_resets_the_second_step_of_an_only_admin(
    people: Cast, browse: Callable[[Any], Browser], as_owner: Callable[[], Any]
) -> None:
    """B11: nobody in the practice could; it is in the trail, the person is told, every session ends."""
    give_app(people.pam)
    hers = browse(people.pam)
    assert is_signed_in(hers)
    with as_owner():
        assert operated(people.pam.email.upper())["user"] == str(people.pam.pk)
        event = Event.objects.get(verb="access.second_step_reset")
    assert (event.practice_id, event.actor_id, event.reason) == (people.northwind.pk, None, "New phone; she came by.")
    assert factors(people.pam) == set() and not is_signed_in(hers)
    (mail,) = mails(people.pam, "Your second step was removed")
    assert "Whoever runs this portal" in mail.body and "New phone; she came by." in mail.body


def test_an_operator_helps_nobody_whom_an_admin_can_help(people: Cast, as_owner: Callable[[], Any]) -> None:
    """B11: exit status 1 for a refusal, 2 for wrong use; nothing changes."""
    give_app(people.pam)
    give_app(people.alice)
    with as_owner():
        for email in (people.alice.email, "nobody@example.test", people.xenia.email):
            with pytest.raises(SystemExit) as refused:
                operated(email)
            assert refused.value.code == 1
        give(people.alice, Role.PRACTICE_ADMIN, people.northwind)
        with pytest.raises(SystemExit):
            operated(people.pam.email)
        with pytest.raises(CommandError) as wrong:
            operated(people.pam.email, reason="  ")
    assert wrong.value.returncode == 2
    with pytest.raises(CommandError, match="bin/manage reset_second_step"):
        operated(people.pam.email)
    assert factors(people.pam) == {"totp"} and factors(people.alice) == {"totp"}


def test_who_also_works_elsewhere_is_not_reset_by_one_practice(
    people: Cast, browse: Callable[[Any], Browser], as_owner: Callable[[], Any]
) -> None:
    """B11: an invitation must not be a way to weaken somebody's account at another practice."""
    with as_owner():
        give(people.xenia, Role.AUDITOR, people.northwind, people.acme)
    give_app(people.xenia)
    theirs = browse(people.xenia)
    is_signed_in(theirs)
    assert lost(people, browse, people.xenia).status_code == 422
    browse(people.pam).post(f"/practice/sign-in/{people.xenia.pk}/end-sessions/")
    assert factors(people.xenia) == {"totp"} and is_signed_in(theirs)


def test_a_consultant_with_two_sessions_is_signed_out_by_the_admin(
    people: Cast, browse: Callable[[Any], Browser]
) -> None:
    """B21: both of them, at the next click."""
    first, second, bobs = browse(people.alice), browse(people.alice), browse(people.bob)
    assert is_signed_in(first) and is_signed_in(second) and is_signed_in(bobs)
    page = browse(people.pam).get(f"/practice/sign-in/{people.alice.pk}/").content.decode()
    assert "2 sessions" in page
    assert browse(people.pam).post(f"/practice/sign-in/{people.alice.pk}/end-sessions/").status_code == 303
    assert not is_signed_in(first) and not is_signed_in(second) and is_signed_in(bobs)


def test_a_fresh_practice_asks_for_it(as_owner: Callable[[], Any], at: datetime, db: None) -> None:
    """B6: what the practice's side needs is on from the first day."""
    with as_owner():
        practice, _ = services.create_practice(name="New", admin_email="a@example.test", admin_name="A", at=at)
    assert practice.factor_roles == ["practice_admin", "consultant"]
