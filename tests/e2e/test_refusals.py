"""Pages that say what went wrong, as people meet them: readable in both themes, and leading on."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from playwright.sync_api import Route

from tests.e2e.conftest import Enter
from vciso.web import errors

ASKED = RequestFactory().get("/today/")
# No address of the portal breaks on purpose: these are what its handlers answer.
ANSWERS = {
    "malformed": errors.bad_request(ASKED),
    "not allowed": errors.forbidden(ASKED, PermissionDenied("Only the business owner can do this.")),
    "not found": errors.not_found(ASKED),
    "form too old": errors.csrf_failure(ASKED),
    "broken": errors.broken(ASKED),
    "away": errors.unavailable(ASKED),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_page_of_failure_can_be_read_and_leads_on(enter: Enter, name: str) -> None:
    answer: HttpResponse = ANSWERS[name]
    stranger = enter()

    def fulfil(route: Route) -> None:
        # As 200, for the visitor takes any 500 as a fault of the portal.
        route.fulfill(status=200, content_type="text/html", body=answer.content)

    stranger.page.route("**/refused/", fulfil)
    stranger.goto("/refused/")
    stranger.look()
    assert stranger.page.get_by_role("heading", level=1).count() == 1
    assert stranger.page.get_by_role("main").get_by_role("link").count() >= 1


def test_a_role_that_may_not_and_a_record_that_is_not_there_are_answered_in_words(enter: Enter) -> None:
    dana = enter("meadowlark.dana")
    assert dana.goto(f"/c/{dana.client('meadowlark')}/risks/") == 403
    dana.sees("This page is not yours to see")
    dana.look()
    priya = enter("priya")
    assert priya.goto(f"/c/{priya.client('meadowlark')}/risks/R-999/") == 404
    priya.sees("Nothing here")
    priya.look()


def test_two_who_edit_the_same_record_see_each_others_words(enter: Enter) -> None:
    ann, ben = enter("ann"), enter("ben")
    path = f"/c/{ann.client('keys')}/risks/R-002/edit/"
    ann.goto(path)
    ben.goto(path)
    title = re.compile("^Title")
    ann.page.get_by_label(title).fill("The back door stays open at night")
    ann.page.get_by_role("button", name=re.compile("^Save")).click()
    ann.page.wait_for_url(lambda url: not url.endswith("/edit/"))
    ben.page.get_by_label(title).fill("Nobody locks the back door")
    ben.page.get_by_role("button", name=re.compile("^Save")).click()
    ben.sees("Somebody else saved this first")
    ben.sees("The back door stays open at night")
    ben.sees("Nobody locks the back door")
    ben.look()
    ben.page.get_by_role("link", name="Edit as it stands now").click()
    assert ben.page.get_by_label(title).input_value() == "The back door stays open at night"
    ben.page.get_by_role("button", name="Put it back").click()
    assert ben.page.get_by_label(title).input_value() == "Nobody locks the back door"


@pytest.mark.parametrize(
    ("verb", "text"), [("View as owner", "the owner sees"), ("View as director", "a director sees")]
)
def test_a_consultant_sees_what_the_client_sees(enter: Enter, verb: str, text: str) -> None:
    priya = enter("priya")
    priya.goto(f"/c/{priya.client('meadowlark')}/")
    priya.click("button", verb)
    priya.page.get_by_text(text).first.wait_for()
    priya.look()
