"""The monthly report from the first click of a consultant to the owner's phone."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.visitor import PHONE, Visitor

PDF = b"%PDF-"
DRAWN = 60_000


def wait_until_drawn(visitor: Visitor) -> None:
    """Shown by the page itself: it asks each second, and the button of the pages appears."""
    expect(visitor.page.get_by_role("article").first).to_be_visible(timeout=DRAWN)


def test_a_month_is_drafted_reviewed_published_and_read_on_a_phone(enter: Enter) -> None:
    ann = enter("ann")
    key, month = ann.client("monthly"), str(ann.portal.world["periods"]["month"])
    desk = f"/c/{key}/reports/{month}/"
    ann.goto(f"/c/{key}/reports/new/")
    ann.look()
    ann.click("button", "Make it")
    ann.page.wait_for_url(f"**{desk}")
    # The work is shown while it lasts, survives a reload, and ends by itself.
    assert ann.page.get_by_role("progressbar").count() or ann.page.get_by_role("article").count()
    ann.page.reload()
    assert ann.page.get_by_role("progressbar").count() or ann.page.get_by_role("article").count()
    wait_until_drawn(ann)
    ann.sees("Before you publish")
    ann.look()

    ann.page.get_by_role("link", name=re.compile("^Edit What changed")).click()
    expect(ann.page.get_by_label("Text")).to_be_visible()
    ann.look()
    ann.page.get_by_label("Text").fill("We synergised the SIEM. The till door got a second lock on Monday.")
    ann.click("button", "Save words")
    ann.page.wait_for_url(f"**{desk}")
    wait_until_drawn(ann)
    ann.sees("The till door got a second lock on Monday.")
    ann.sees("SIEM")

    issue(ann, enter("ben"), desk)

    olive = enter("monthly.olive", PHONE)
    olive.page.get_by_role("link", name=re.compile("^Read ")).first.click()
    olive.sees("The till door got a second lock on Monday.")
    olive.look()
    assert olive.download("link", "Download PDF").startswith(PDF)
    _strangers_get_nothing(enter, f"/my/{key}/reports/{month}/", f"/c/{key}/reports/{month}/")


def issue(author: Visitor, second: Visitor, desk: str) -> None:
    """Handed in by one, approved by the other, published by the first."""
    author.reload_until("Hand in for approval")
    author.press("Hand in for approval")
    author.page.get_by_role("dialog").get_by_role("combobox").select_option(label=second.name)
    author.confirm("Hand in for approval")
    author.sees("In review")

    second.goto(desk)
    second.reload_until("Approve")
    second.look()
    second.press("Approve")
    second.confirm("Approve")
    second.sees("Approved")

    author.goto(desk)
    author.press("Publish")
    author.look()
    author.confirm("Publish")
    author.sees("Published")
    author.look()


def _strangers_get_nothing(enter: Enter, *paths: str) -> None:
    """A person of another client gets the very answer of an address that never was."""
    stranger = enter("meadowlark.dana")
    for path in paths:
        foreign = stranger.page.request.get(path)
        unknown = stranger.page.request.get(re.sub(r"^/(\w+)/[^/]+", r"/\1/no-such-client-abc123", path))
        assert (foreign.status, unknown.status) == (404, 404)
        assert _without_tokens(foreign.text()) == _without_tokens(unknown.text())


def _without_tokens(page: str) -> str:
    """Each page carries its own token against forged forms, and the address it answers."""
    page = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken)["=:\s\\]+[\w&;]+', "", page)
    return re.sub(r"/(my|c|board)/[\w-]+/[\w/.-]*", "", page)
