"""Sessions: their keys turn, they end by themselves, by their owner, by a change, and at once."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from tests.accounts.conftest import PASSWORD, code_of, give_app, is_signed_in, mails, sign_in
from tests.factories.cast import Cast
from vciso.accounts.reactions import STARTED

pytestmark = pytest.mark.django_db
NEW = "nine quiet harbours"


def key_of(browser: Browser) -> str:
    return str(browser.cookies[configured.SESSION_COOKIE_NAME].value)


def wind_back(browser: Browser, **seconds: int) -> None:
    """Moves moments that the session remembers into the past."""
    store = import_module(configured.SESSION_ENGINE).SessionStore(key_of(browser))
    for name, by in seconds.items():
        if name == "authenticated":
            for record in store["account_authentication_methods"]:
                record["at"] -= by
            store.modified = True
        else:
            store[name] = int(time.time()) - by
    store.save()


def test_the_key_turns_at_sign_in_second_step_and_confirmation(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B19: and each old key is dead."""
    secret = give_app(people.alice)
    browser = arrive()
    browser.get("/account/login/")
    sign_in(browser, people.alice)
    keys = [key_of(browser)]
    browser.post("/account/second-step/sign-in/", {"code": code_of(secret)})
    keys.append(key_of(browser))
    assert is_signed_in(browser)
    wind_back(browser, authenticated=400)
    browser.post("/account/reauthenticate/", {"confirm-password": PASSWORD})
    keys.append(key_of(browser))
    assert is_signed_in(browser)
    assert len(set(keys)) == 3
    assert set(Session.objects.filter(pk__in=keys).values_list("pk", flat=True)) == {keys[-1]}
    assert set(UserSession.objects.filter(user=people.alice).values_list("session_key", flat=True)) == {keys[-1]}
    for old in keys[:-1]:
        thief = arrive()
        thief.cookies[configured.SESSION_COOKIE_NAME] = old
        assert not is_signed_in(thief)


@pytest.mark.parametrize(
    ("who", "idle", "stays"),
    [
        ("alice", 29 * 60, True), ("alice", 30 * 60, False), ("pam", 31 * 60, False), ("bob", 31 * 60, True),
        ("bob", 7 * 3600, True),
    ],
)  # fmt: skip
def test_the_practices_staff_are_signed_out_after_half_an_hour_without_use(
    people: Cast, arrive: Callable[..., Browser], who: str, idle: int, stays: bool
) -> None:
    """B20: counted on the server."""
    browser = arrive()
    sign_in(browser, getattr(people, who))
    assert is_signed_in(browser)
    key = key_of(browser)
    wind_back(browser, used_at=idle)
    assert is_signed_in(browser) is stays
    assert Session.objects.filter(pk=key).exists() is stays
    assert UserSession.objects.filter(session_key=key).exists() is stays


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_everybody_is_signed_out_eight_hours_after_signing_in(
    people: Cast, arrive: Callable[..., Browser], who: str
) -> None:
    """B20: however much the session is used; the next sign-in is said to be needed, and why."""
    browser = arrive()
    sign_in(browser, getattr(people, who))
    wind_back(browser, **{STARTED: 8 * 3600 - 60})
    assert is_signed_in(browser)
    wind_back(browser, **{STARTED: 8 * 3600})
    answer = browser.get("/account/profile/", follow=True)
    assert answer.redirect_chain[0][0] == "/account/login/?next=/account/profile/"
    assert "signed out after eight hours" in answer.content.decode()


def test_a_page_that_asks_by_itself_is_not_use(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B20: a progress page left open does not keep a session alive."""
    browser = arrive()
    sign_in(browser, people.alice)
    is_signed_in(browser)
    wind_back(browser, used_at=29 * 60)
    browser.get("/account/profile/", HTTP_X_BACKGROUND="yes")
    wind_back(browser, used_at=31 * 60)
    assert not is_signed_in(browser)
    assert sign_in(browser, people.alice).status_code == 302
    wind_back(browser, used_at=20 * 60)
    browser.get("/account/profile/", HTTP_X_BACKGROUND="yes")
    store = import_module(configured.SESSION_ENGINE).SessionStore(key_of(browser))
    assert time.time() - store["used_at"] >= 20 * 60


def two(people: Cast, arrive: Callable[..., Browser]) -> tuple[Browser, Browser]:
    first, second = arrive(), arrive()
    for browser in (first, second):
        sign_in(browser, people.alice)
        assert is_signed_in(browser)
    return first, second


def test_a_new_password_ends_all_other_sessions(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B21: the one where it was changed goes on."""
    here, there = two(people, arrive)
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/account/password/change/", typed).status_code == 302
    assert is_signed_in(here) and not is_signed_in(there)
    assert UserSession.objects.filter(user=people.alice).count() == 1


def test_a_new_second_step_ends_all_other_sessions(
    people: Cast, arrive: Callable[..., Browser], django_capture_on_commit_callbacks: Any
) -> None:
    """B21: setting one up, making codes, and switching it off."""
    here, there = two(people, arrive)
    secret = here.get("/account/second-step/app/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert here.post("/account/second-step/app/", {"code": code_of(secret)}).status_code == 302
    assert is_signed_in(here) and not is_signed_in(there)
    for path in ("codes/new/", "app/off/"):
        sign_in(there, people.alice)
        there.post("/account/second-step/sign-in/", {"code": code_of(secret, steps=1 if path == "app/off/" else 0)})
        before = is_signed_in(there)
        with django_capture_on_commit_callbacks(execute=True):
            assert here.post(f"/account/second-step/{path}").status_code == 302
        assert is_signed_in(here)
        assert before and not is_signed_in(there), path


def test_a_reset_by_mail_ends_every_session(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B21."""
    here, there = two(people, arrive)
    stranger = arrive()
    stranger.post("/account/password/reset/", {"email": people.alice.email})
    path = "/" + mails(people.alice)[-1].body.split("http://", 1)[1].split("/", 1)[1].split()[0]
    form = stranger.get(path, follow=True).redirect_chain[-1][0]
    stranger.post(form, {"password1": NEW, "password2": NEW})
    assert not is_signed_in(here) and not is_signed_in(there)
    assert not UserSession.objects.filter(user=people.alice).exists()


def test_signing_out_and_being_switched_off_end_a_session(
    people: Cast, arrive: Callable[..., Browser], as_owner: Callable[[], Any]
) -> None:
    """B21, C10: the cookie of a signed-out session is dead, and the browser forgets what it kept."""
    here, there = two(people, arrive)
    key = key_of(here)
    answer = here.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    here.cookies[configured.SESSION_COOKIE_NAME] = key
    assert not is_signed_in(here)
    with as_owner():
        type(people.alice).objects.filter(pk=people.alice.pk).update(is_active=False)
    assert not is_signed_in(there)


def test_own_sessions_are_listed_and_end_at_once(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B21: with address, browser and last use; nobody ends somebody else's."""
    here, there = two(people, arrive)
    third, bobs = arrive(), arrive()
    sign_in(third, people.alice)
    sign_in(bobs, people.bob)
    page = here.get("/account/sessions/").content.decode()
    assert page.count("Firefox on Windows") == 3 and "Last used" in page and "This one" in page
    theirs = UserSession.objects.get(session_key=key_of(there))
    assert theirs.ip in page
    assert here.post(f"/account/sessions/{theirs.pk}/end/").status_code == 303
    assert not is_signed_in(there) and is_signed_in(here) and is_signed_in(third)
    foreign = UserSession.objects.get(session_key=key_of(bobs)).pk
    answers = [here.post(f"/account/sessions/{pk}/end/") for pk in (foreign, 2**40)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert here.post("/account/sessions/others/end/").status_code == 303
    assert is_signed_in(here) and not is_signed_in(third) and is_signed_in(bobs)
