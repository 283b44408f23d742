"""Making and revoking tokens on the portal's pages, and the reference of the interface."""

import re
from typing import Any

import pytest

from tests.accounts.test_sessions import wind_back
from tests.api.conftest import Program, make_token
from tests.factories.cast import Cast
from vciso.accounts.models import ApiToken
from vciso.tenancy import context
from vciso.web.api.schema import document
from vciso.web.problems import TITLES

pytestmark = pytest.mark.django_db

PASSWORD = "a long test password"


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Register sync",
        "clients": [str(cast.acme.pk)],
        "may_write": "write",
        "days": "90",
        "confirm-password": PASSWORD,
        **changes,
    }


def test_a_token_made_on_the_page_works_and_is_shown_once(cast: Cast, browse: Any) -> None:
    browser = browse(cast.alice)
    made = browser.post("/account/tokens/", typed(cast))
    secret = re.search(r"vciso_[\w-]{43}", made.content.decode())[0]
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "private, no-store")
    assert Program(secret).post(f"c/{cast.acme.key}/risks/", {"title": "Backups are never tried"}).status_code == 201
    page = browser.get("/account/tokens/").content.decode()
    assert secret not in page and f"…{secret[-4:]}" in page and "Reads and writes Acme Dental" in page
    with context.as_user(cast.alice):
        token = ApiToken.objects.get()
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 303
    assert Program(secret).get(f"c/{cast.acme.key}/").status_code == 401
    assert "Revoked" in browser.get("/account/tokens/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Name: this is missing."),
        ({"clients": []}, "Clients: choose one."),
        ({"days": "1000"}, "cannot be chosen"),
        ({"clients": ["globex"]}, "cannot be chosen"),
    ],
)
def test_what_makes_no_token_is_said_in_words(cast: Cast, browse: Any, changes: dict[str, Any], sentence: str) -> None:
    if changes.get("clients") == ["globex"]:
        changes = {"clients": [str(cast.globex.pk)]}
    answer = browse(cast.alice).post("/account/tokens/", typed(cast, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_making_one_asks_who_it_is(cast: Cast, browse: Any) -> None:
    browser = browse(cast.alice)
    browser.get("/account/profile/")
    wind_back(browser, authenticated=301)
    answer = browser.post("/account/tokens/", typed(cast, **{"confirm-password": "not it"}))
    assert answer.status_code == 428
    with context.as_user(cast.alice):
        assert not ApiToken.objects.exists()


def test_admins_see_and_revoke_the_tokens_of_their_practice(cast: Cast, browse: Any) -> None:
    secret = make_token(cast.alice, cast.acme)
    make_token(cast.xenia, cast.initech)
    browser = browse(cast.pam)
    page = browser.get("/practice/tokens/").content.decode()
    assert "Alice" in page and "Xenia" not in page
    with context.as_user(cast.alice):
        token = ApiToken.objects.get()
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").headers["Location"] == "/practice/tokens/"
    assert Program(secret).get("clients/").status_code == 401
    assert browse(cast.alice).get("/practice/tokens/").status_code == 403


def test_somebody_elses_token_is_not_there_to_revoke(cast: Cast, browse: Any) -> None:
    make_token(cast.alice, cast.acme)
    with context.as_user(cast.alice):
        token = ApiToken.objects.get()
    foreign = browse(cast.xenia).post(f"/account/tokens/{token.pk}/revoke/")
    unknown = browse(cast.xenia).post("/account/tokens/4c0f6f0e-8a70-4a55-9a2d-1a4b5a6c7d8e/revoke/")
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    with context.as_user(cast.alice):
        assert ApiToken.objects.get().revoked_at is None


def test_the_reference_names_every_address_and_every_code(cast: Cast, browse: Any) -> None:

    page = browse(cast.bob).get("/help/api/").content.decode()
    missing = [
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
        if f"{method.upper()} {path}" not in page
    ]
    assert missing == []
    assert [code for code in TITLES if f'id="{code}"' not in page] == []
