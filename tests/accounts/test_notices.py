"""What a person is told about their own way in, through the one outbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.test import Client as Browser

from tests.accounts.conftest import PASSWORD, code_of, give_app, is_signed_in, mails, sign_in
from tests.factories.cast import Cast
from vciso.tenancy.models import User

pytestmark = pytest.mark.django_db
NEW_DEVICE = "not seen"


def grown(user: User) -> User:
    """An account that is older than its first minutes."""
    User.objects.filter(pk=user.pk).update(created_at=user.created_at - timedelta(days=30))
    return user


def subjects(user: User) -> list[str]:
    return [mail.subject for mail in mails(user)]


def test_a_sign_in_from_a_new_device_is_told_and_from_a_known_one_is_not(
    people: Cast, arrive: Callable[..., Browser]
) -> None:
    """B13: once per browser; the mail names it and leads to the sessions, and holds no secret."""
    alice, desk, phone = grown(people.alice), arrive(), arrive()
    sign_in(desk, alice)
    desk.post("/account/logout/")
    sign_in(desk, alice)
    assert [NEW_DEVICE in subject for subject in subjects(alice)] == [True]
    sign_in(phone, alice)
    found = mails(alice, NEW_DEVICE)
    assert len(found) == 2
    assert "Firefox" in found[0].body and "/account/sessions/" in found[0].body and PASSWORD not in found[0].body


def test_a_device_is_known_to_each_of_its_people_and_to_no_forger(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B13: two people of one browser; a cookie of one's own making is worth nothing."""
    shared = arrive()
    for user in (grown(people.alice), grown(people.bob), people.alice, people.bob):
        sign_in(shared, user)
        shared.post("/account/logout/")
    assert len(mails(people.alice, NEW_DEVICE)) == len(mails(people.bob, NEW_DEVICE)) == 1
    forger = arrive()
    forger.cookies["device"] = shared.cookies["device"].value[:-2] + "xx"
    sign_in(forger, people.alice)
    assert len(mails(people.alice, NEW_DEVICE)) == 2


def test_who_has_just_set_up_an_account_is_not_alarmed(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B13."""
    sign_in(arrive(), people.alice)
    assert mails(people.alice, NEW_DEVICE) == []


def test_changes_of_the_second_step_are_told(
    people: Cast, browse: Callable[[Any], Browser], django_capture_on_commit_callbacks: Any
) -> None:
    """B13: set up, codes made, switched off."""
    browser = browse(people.alice)
    secret = browser.get("/account/second-step/app/").context["form"].secret
    for path, typed in (("app/", {"code": code_of(secret)}), ("codes/new/", {}), ("app/off/", {})):
        before = len(mails(people.alice))
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(f"/account/second-step/{path}", typed)
        fresh = mails(people.alice)[before:]
        assert len(fresh) == 1, path
        assert "tell your practice’s admin" in fresh[0].body and secret not in fresh[0].body


def test_a_new_password_is_told(people: Cast, browse: Callable[[Any], Browser]) -> None:
    """B13."""
    fresh = "nine quiet harbours"
    typed = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    browse(people.alice).post("/account/password/change/", typed)
    (mail,) = mails(people.alice, "Password")
    assert fresh not in mail.body and "tell your practice’s admin" in mail.body


def test_a_new_address_is_confirmed_there_and_told_at_the_old_one(
    people: Cast, browse: Callable[[Any], Browser], arrive: Callable[..., Browser]
) -> None:
    """B13, B21, B10: the old address hears of it; links of resets die and other sessions end with it."""
    give_app(people.alice)
    here, there = browse(people.alice), browse(people.alice)
    assert is_signed_in(there)
    old, fresh = people.alice.email, "alice@new.test"
    stranger = arrive()
    stranger.post("/account/password/reset/", {"email": old})
    link = "/" + mails(people.alice)[-1].body.split("http://", 1)[1].split("/", 1)[1].split()[0]
    assert here.post("/account/email/", {"email": fresh, "action_add": ""}).status_code == 302
    assert sign_in(arrive(), people.alice).status_code == 302
    here.post(f"/account/confirm-email/{EmailConfirmationHMAC(EmailAddress.objects.get(email=fresh)).key}/")
    people.alice.refresh_from_db()
    assert people.alice.email == fresh
    told = [mail for mail in mails(User(email=old)) if fresh in mail.body]
    assert len(told) == 1 and "tell your practice’s admin" in told[0].body
    assert not is_signed_in(there)
    assert b"password1" not in stranger.get(link, follow=True).content


def test_every_mail_of_an_account_is_in_the_portals_words(
    people: Cast, browse: Callable[[Any], Browser], arrive: Callable[..., Browser]
) -> None:
    """B13: no sentence of the library's, no name of a host in place of the portal's."""
    arrive().post("/account/password/reset/", {"email": people.bob.email})
    arrive().post("/account/password/reset/", {"email": "nobody@example.test"})
    browse(people.bob).post("/account/email/", {"email": "bob@new.test", "action_add": ""})
    found = [*mails(people.bob), *mails(User(email="nobody@example.test")), *mails(User(email="bob@new.test"))]
    assert len(found) == 3
    for mail in found:
        assert "testserver!" not in mail.body and "Thank you for using" not in mail.body, mail.subject
        assert "vCISO portal" in mail.body
    assert "sign up" not in found[1].body.lower()
