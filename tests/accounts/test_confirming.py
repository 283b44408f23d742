"""Confirming who one is before grants, publication, exports of everything and changes of one's way in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from engagements.services import people as directory
from tests.accounts.conftest import PASSWORD, code_of, give_app, give_codes, sign_in
from tests.accounts.test_sessions import key_of, wind_back
from tests.factories.cast import Cast
from vciso.accounts.models import Invitation
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
COLLEAGUE = {"name": "Nora <Field>", "email": "nora@example.test", "role": "consultant"}


@pytest.fixture
def stale(browse: Callable[[Any], Browser]) -> Callable[[Any], Browser]:
    """A browser whose person signed in more than five minutes ago."""

    def made(user: Any) -> Browser:
        browser = browse(user)
        browser.get("/account/profile/")
        wind_back(browser, authenticated=301)
        return browser

    return made


def invitations(people: Cast) -> int:
    with context.as_user(people.pam):
        return Invitation.objects.count()


def test_an_invitation_waits_for_the_password_and_loses_nothing(people: Cast, stale: Callable[[Any], Browser]) -> None:
    """B12: the question carries what was typed; answering it sends the invitation, once."""
    browser = stale(people.pam)
    asked = browser.post("/practice/people/", COLLEAGUE, HTTP_REFERER="http://testserver/practice/people/?x=1")
    page = asked.content.decode()
    assert asked.status_code == 428 and invitations(people) == 0
    assert 'name="name" value="Nora &lt;Field&gt;"' in page and 'action="/practice/people/"' in page
    assert 'href="/practice/people/?x=1"' in page
    wrong = browser.post("/practice/people/", {**COLLEAGUE, "confirm-password": "not it"})
    assert wrong.status_code == 428 and invitations(people) == 0 and "not it" not in wrong.content.decode()
    before = key_of(browser)
    done = browser.post("/practice/people/", {**COLLEAGUE, "confirm-password": PASSWORD})
    assert done.status_code == 303 and invitations(people) == 1
    assert key_of(browser) != before
    second = {**COLLEAGUE, "email": "nils@example.test"}
    assert browser.post("/practice/people/", second).status_code == 303


def test_it_holds_for_five_minutes(people: Cast, browse: Callable[[Any], Browser]) -> None:
    """B12: 300 seconds after a sign-in or a confirmation, no longer."""
    browser = browse(people.pam)
    browser.get("/account/profile/")
    wind_back(browser, authenticated=290)
    assert browser.post("/practice/people/", COLLEAGUE).status_code == 303
    wind_back(browser, authenticated=11)
    assert browser.post("/practice/people/", COLLEAGUE).status_code == 428


def test_a_code_or_a_recovery_code_confirms_too(people: Cast, stale: Callable[[Any], Browser]) -> None:
    """B12: whoever has a second step may use it; a used code does not confirm again."""
    secret = give_app(people.pam)
    codes = give_codes(people.pam)
    code = code_of(secret)
    for given, status in ((code, 303), (code, 428), (codes[0], 303), (codes[0], 428), ("1" * 400, 428)):
        typed = {**COLLEAGUE, "confirm-code": given}
        assert stale(people.pam).post("/practice/people/", typed).status_code == status, given


def test_a_piece_of_a_page_is_asked_on_the_whole_page(people: Cast, stale: Callable[[Any], Browser]) -> None:
    """B12: with htmx the question takes the body, and goes on at the same address."""
    answer = stale(people.pam).post(
        "/practice/people/", COLLEAGUE, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/practice/people/"
    )
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (428, "body", "innerHTML")
    assert b'href="/practice/people/"' in answer.content


def test_somebody_elses_page_is_no_way_back(people: Cast, stale: Callable[[Any], Browser]) -> None:
    """B12, B16: neither the way back nor the way on leaves the portal."""
    browser = stale(people.pam)
    answer = browser.post("/practice/people/", COLLEAGUE, HTTP_REFERER="https://evil.example/practice/")
    assert b"evil.example" not in answer.content
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = browser.post("/account/reauthenticate/", {"next": target, "confirm-password": PASSWORD})
        assert answer["Location"] == "/"


def test_pages_about_ones_way_in_are_confirmed_before_they_are_read(
    people: Cast, stale: Callable[[Any], Browser]
) -> None:
    """B12: address, password, second step, codes; what is typed into them never comes back in a page."""
    give_app(people.alice)
    browser = stale(people.alice)
    step = "second-step/"
    for path in ("password/change/", "email/", f"{step}passkey/", f"{step}app/off/", f"{step}codes/new/"):
        where = f"/account/{path}"
        for answer in (browser.get(where), browser.post(where, {"password1": "seven green umbrellas"})):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/account/reauthenticate/?next=%2Faccount%2F"), path
    answer = browser.post("/account/reauthenticate/", {"next": "/account/email/", "confirm-password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, "/account/email/")
    assert browser.get("/account/email/").status_code == 200


def test_the_whole_trail_leaves_after_a_confirmation(people: Cast, stale: Callable[[Any], Browser]) -> None:
    """B12: an export of everything; afterwards one is back where its button stands."""
    browser = stale(people.pam)
    assert browser.get("/practice/audit/export/")["Location"] == "/account/reauthenticate/?next=%2Fpractice%2Faudit%2F"
    browser.post("/account/reauthenticate/", {"confirm-password": PASSWORD})
    assert browser.get("/practice/audit/export/").status_code == 200


@pytest.mark.parametrize("what", ["invite", "new client", "assign", "end access", "rules", "sessions", "reset"])
def test_grants_are_asked_about(people: Cast, stale: Callable[[Any], Browser], at: Any, what: str) -> None:
    """B12: everything that lets somebody in, or changes who may."""
    key = people.acme.key
    with context.as_user(people.alice, client_key=key):
        erin = directory.add_person(
            client=people.acme, name="Erin Fox", email="erin@example.test", by=people.alice, at=at
        )
    user, path, typed = {
        "invite": (people.alice, f"/c/{key}/people/{erin.pk}/invite/", {"invite-role": "owner"}),
        "new client": (people.pam, "/clients/new/", {"name": "Umbrella"}),
        "assign": (people.pam, f"/practice/people/{people.alice.pk}/clients/", {"clients": []}),
        "end access": (people.pam, f"/practice/people/{people.alice.pk}/end/", {}),
        "rules": (people.pam, "/practice/sign-in/", {"factor_roles": []}),
        "sessions": (people.pam, f"/practice/sign-in/{people.alice.pk}/end-sessions/", {}),
        "reset": (people.pam, f"/practice/sign-in/{people.alice.pk}/reset/", {"reason": "x"}),
    }[what]
    browser = stale(user)
    assert browser.post(path, typed).status_code == 428
    assert browser.post(path, {**typed, "confirm-password": PASSWORD}).status_code in {303, 422}


def test_signing_in_counts_as_a_confirmation(people: Cast, arrive: Callable[..., Browser]) -> None:
    """B12: nobody is asked twice within five minutes."""
    browser = arrive()
    sign_in(browser, people.pam)
    assert browser.post("/practice/people/", COLLEAGUE).status_code == 303
