"""The pages that join apps: each role's own home, what it costs, and what it never shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.factories.cast import Cast
from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "home"),
    [("alice", "/today/"), ("pam", "/today/"), ("bob", "/my/acme-a1b2c3/"), ("dora", "/board/acme-a1b2c3/"),
     ("carl", "/my/acme-a1b2c3/tasks/")],
)  # fmt: skip
def test_the_front_door_leads_to_the_persons_home(
    cast: Cast, browse: Callable[[Any], Browser], who: str, home: str
) -> None:
    answer = browse(getattr(cast, who)).get("/", follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, home)


PAGES = {
    "/today/": {"alice", "pam"},
    "/clients/": {"alice", "pam"},
    "/find/?q=acme": {"alice", "pam"},
    "/clients/new/": {"pam"},
    "/practice/people/": {"pam"},
    "/practice/settings/": {"pam"},
    "/practice/audit/": {"pam"},
    "/c/acme-a1b2c3/": {"alice", "pam"},
    "/my/acme-a1b2c3/": {"bob"},
    "/my/acme-a1b2c3/programme/": {"bob"},
    "/board/acme-a1b2c3/": {"dora"},
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["alice", "pam", "bob", "dora", "carl", "gina", "xenia"])
def test_each_page_opens_for_its_roles_alone(cast: Cast, browse: Callable[[Any], Browser], path: str, who: str) -> None:
    status = browse(getattr(cast, who)).get(path).status_code
    allowed = PAGES[path] | ({"xenia"} if path in {"/today/", "/clients/", "/find/?q=acme"} else set())
    assert (status == 200) == (who in allowed)
    assert status in {200, 403, 404}


def test_find_and_the_lists_show_own_clients_alone(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    for path in ("/find/?q=globex", "/clients/", "/today/", "/clients/switcher/"):
        body = browse(cast.alice).get(path).content.decode()
        assert "Globex Foods" not in body
        assert "Initech" not in body


def test_find_offers_what_one_may_do_and_tells_clients_apart(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    def options(who: Any, query: str) -> list[str]:
        body = browse(who).get(f"/find/?{query}", headers={"HX-Request": "true"}).content.decode()
        return re.findall(r'<span class="trunc">(.*?)</span>', body)

    acme = f"from={cast.acme.key}"
    added = browse(cast.alice).post(f"/c/{cast.acme.key}/people/new/", {"name": "Quentin Reed", "side": "client"})
    assert added.status_code == 303
    assert "New risk" in options(cast.alice, f"q=new&{acme}")
    assert "Go to vendors" in options(cast.alice, f"q=vendors&{acme}")
    for words in ("add", "add risk", "Add a risk", "create+risk", "raise a ri", "risk", "ew ris"):
        assert "New risk" in options(cast.alice, f"q={words}&{acme}"), words
    for words in ("a", "add vendor", "risk add"):
        assert "New risk" not in options(cast.alice, f"q={words}&{acme}"), words
    assert "New risk" not in options(cast.alice, "q=new")
    assert "New risk" not in options(cast.xenia, f"q=new&{acme}")
    assert options(cast.alice, f"q=&{acme}") == []
    assert options(cast.alice, "q=quentin") == [f"{cast.acme.name}: Quentin Reed"]
    assert options(cast.alice, f"q=quentin&{acme}") == ["Quentin Reed"]


def test_a_new_client_is_set_up_with_its_owner_invited(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    browser = browse(cast.pam)
    form = {
        "name": "Umbrella Law", "sector": "Law", "owner_name": "Una Moss", "owner_email": "una@example.test",
        "time_zone": "Europe/London", "currency": "GBP", "language": "en-GB", "paper": "a4", "pack_release": "owner",
    }  # fmt: skip
    answer = browser.post("/clients/new/", form)
    assert answer.status_code == 303
    assert browser.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "form",
    [{}, {"name": "\x00"}, {"name": "x" * 5000, "time_zone": "Nowhere/Land"}, {"name": "A", "currency": "€"}],
)
def test_bad_input_for_a_client_is_answered_with_the_form(
    cast: Cast, browse: Callable[[Any], Browser], form: dict[str, str]
) -> None:
    assert browse(cast.pam).post("/clients/new/", form).status_code == 422


def test_viewing_as_the_owner_is_noted_and_changes_nothing(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    browser = browse(cast.alice)
    assert browser.get(f"/c/{cast.acme.key}/view-as/owner/").status_code == 302
    answer = browser.post(f"/c/{cast.acme.key}/view-as/", {"role": "owner"}, follow=True)
    assert b"Nothing can be changed here" in answer.content
    with context.as_user(cast.alice, client_key=cast.acme.key):
        assert Event.objects.filter(verb="client.viewed_as", actor=cast.alice).count() == 1


def test_viewing_as_a_director_shows_their_one_page(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    answer = browse(cast.alice).post(f"/c/{cast.acme.key}/view-as/", {"role": "director"}, follow=True)
    assert b"Security pack for the board" in answer.content


def own_queries(browser: Browser, path: str) -> int:
    """Queries of a page without BEGIN, the entering of the context, and COMMIT."""
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    machinery = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT client_id, roles", "SELECT set_config")
    own = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(machinery)]
    return len(own)


def test_today_costs_the_same_for_two_clients_and_for_fifteen(
    cast: Cast, browse: Callable[[Any], Browser], as_owner: Callable[[], Any]
) -> None:
    browser = browse(cast.alice)
    before = own_queries(browser, "/today/")
    with as_owner():
        for number in range(14):
            client = Client.objects.create(practice=cast.northwind, key=f"more-{number}", name=f"More {number}")
            Membership.objects.create(user=cast.alice, practice=cast.northwind, client=client, role=Role.CONSULTANT)
    after = own_queries(browser, "/today/")
    assert (before == after, after <= 20) == (True, True), (before, after)


def test_an_overview_costs_at_most_twenty_queries(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    assert own_queries(browse(cast.alice), f"/c/{cast.acme.key}/") <= 20


def test_the_owners_home_costs_at_most_twenty_queries(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    assert own_queries(browse(cast.bob), f"/my/{cast.acme.key}/") <= 20


def test_the_trail_exports_and_notes_it(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    browser = browse(cast.pam)
    answer = browser.get("/practice/audit/export/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    with context.as_user(cast.pam):
        assert Event.objects.filter(verb="trail.exported").count() == 1


def test_the_practice_refuses_a_colour_nobody_can_read(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    form = {"name": "Northwind Security", "accent": "#ffff00"}
    answer = browse(cast.pam).post("/practice/settings/", form)
    assert answer.status_code == 422
    assert "too light" in answer.content.decode()


def test_a_logo_that_is_no_picture_is_refused_with_the_remedy(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = browse(cast.pam).post("/practice/logo/", {"logo": file})
    assert answer.status_code == 422
    assert "PNG or JPEG" in answer.content.decode()


def test_an_auditor_is_told_where_and_that_nothing_is_shared(
    cast: Cast, browse: Callable[[Any], Browser], as_owner: Callable[[], Any]
) -> None:
    with as_owner():
        Membership.objects.filter(user=cast.carl).update(role=Role.AUDITOR)
    page = browse(cast.carl).get("/").content.decode()
    assert "You are auditor at Acme Dental. Nothing there is shared with you yet." in page
