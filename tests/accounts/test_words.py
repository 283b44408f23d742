"""The pages and notices of sign-in speak as the portal does, not as the library behind them."""

from __future__ import annotations

from collections.abc import Callable

import lxml.html
import pytest
from django.test import Client as Browser

from tests.accounts.conftest import PASSWORD, sign_in
from tests.factories.cast import Cast
from vciso.accounts.forms import GOOD_PASSWORD

pytestmark = pytest.mark.django_db
STRANGERS = {
    "/account/login/": "Sign in",
    "/account/password/reset/": "Set a new password",
    "/account/password/reset/done/": "Look into your mail",
    "/account/password/reset/key/1-unknown/": "This link no longer works",
    "/account/password/reset/key/done/": "Your password is set",
}
OWN = {
    "/account/password/change/": "Change your password",
    "/account/second-step/app/": "Set up the second step",
}


def page(browser: Browser, path: str) -> tuple[str, lxml.html.HtmlElement]:
    """The heading and the page."""
    found = lxml.html.fromstring(browser.get(path, follow=True).content)
    (heading,) = found.xpath("//h1")
    return heading.text_content(), found


def test_pages_have_our_headings_and_labels_instead_of_placeholders(
    people: Cast, arrive: Callable[..., Browser]
) -> None:
    stranger, bob = arrive(), arrive()
    sign_in(bob, people.bob)
    for browser, paths in ((stranger, STRANGERS), (bob, OWN)):
        for path, wanted in paths.items():
            heading, found = page(browser, path)
            assert heading == wanted, path
            assert not found.xpath("//main//input/@placeholder"), path
            assert "(optional)" not in found.text_content(), path


def test_a_new_password_is_asked_for_with_one_hint_and_told_in_one_sentence(
    people: Cast, arrive: Callable[..., Browser]
) -> None:
    bob = arrive()
    sign_in(bob, people.bob)
    _, found = page(bob, "/account/password/change/")
    labels = [label.text_content() for label in found.xpath("//main//label")]
    assert labels == ["Your present password", "New password", "New password again"]
    assert GOOD_PASSWORD in found.text_content() and not found.xpath("//main//ul[not(@class)]")
    new = "nine amber lanterns on a bridge"
    form = {"oldpassword": "not mine", "password1": new, "password2": new}
    refused = bob.post("/account/password/change/", form)
    assert "This is not your password." in refused.content.decode()
    done = bob.post("/account/password/change/", {**form, "oldpassword": PASSWORD}, follow=True)
    assert "Your new password works from now on." in done.content.decode()


def test_confirming_asks_for_one_of_its_ways_and_calls_none_of_them_optional(
    people: Cast, arrive: Callable[..., Browser]
) -> None:
    bob = arrive()
    sign_in(bob, people.bob)
    heading, found = page(bob, "/account/reauthenticate/?next=/")
    assert heading == "Confirm it is you" and "(optional)" not in found.text_content()
