"""What becomes of typed text when the connection drops, the page is left, or somebody signs out."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Enter
from tests.e2e.visitor import Visitor

KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('unsent:')).length"
EVERYTHING = "() => Object.keys(localStorage).filter(key => !key.startsWith('unsent:'))"


def _dropped(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("alert").filter(has_text="Your connection dropped")


def _task_form(visitor: Visitor) -> Locator:
    visitor.goto(f"/c/{visitor.client('keys')}/tasks/new/")
    return visitor.page.get_by_label("What is to be done")


def _wait_until_kept(visitor: Visitor) -> None:
    """Typing is kept a moment after the last letter; the policy forbids waiting inside the page."""
    for _ in range(200):
        if visitor.page.evaluate(KEPT):
            return
        visitor.page.wait_for_timeout(50)
    raise AssertionError("what was typed is not kept")


def _forget_the_network(visitor: Visitor) -> None:
    """The browser and htmx report each request that could not be made; that is what this test is about."""
    reports = ("net::ERR_", "htmx:sendError", "htmx:afterRequest")
    visitor.faults[:] = [fault for fault in visitor.faults if not any(report in fault for report in reports)]


def test_a_list_says_that_the_connection_dropped_and_tries_again(enter: Enter) -> None:
    ann = enter("ann")
    ann.goto(f"/c/{ann.client('keys')}/risks/")
    before = ann.rows("Risks").count()
    ann.context.set_offline(True)
    ann.page.get_by_role("searchbox", name="Search risks").fill("no risk is called so")
    expect(_dropped(ann)).to_be_visible()
    assert ann.rows("Risks").count() == before
    ann.look()
    ann.context.set_offline(False)
    expect(_dropped(ann)).to_be_hidden()
    # The network is there and the portal is not: the browser never says that it is back.
    ann.page.route("**/risks/?*", lambda route: route.abort("connectionrefused"))
    ann.page.get_by_role("searchbox", name="Search risks").fill("no risk is called so at all")
    expect(_dropped(ann)).to_be_visible()
    ann.page.unroute("**/risks/?*")
    ann.page.get_by_role("button", name="Try again").click()
    expect(ann.page.get_by_text("No risks match")).to_be_visible()
    expect(_dropped(ann)).to_be_hidden()
    _forget_the_network(ann)


def test_a_form_that_cannot_be_sent_stays_and_is_sent_later(enter: Enter) -> None:
    ann = enter("ann")
    title = _task_form(ann)
    title.fill("Ask for a second key")
    ann.context.set_offline(True)
    ann.page.get_by_role("button", name="Add task").click()
    expect(_dropped(ann)).to_be_visible()
    expect(title).to_have_value("Ask for a second key")
    ann.context.set_offline(False)
    ann.page.get_by_role("button", name="Add task").click()
    ann.page.wait_for_url(re.compile(r"/tasks/(T-\d+/)?$"))
    ann.sees("Ask for a second key")
    assert ann.page.evaluate(KEPT) == 0
    _forget_the_network(ann)


def test_text_that_was_left_behind_is_offered_again_to_its_writer_until_they_sign_out(enter: Enter) -> None:
    ann = enter("ann")
    _task_form(ann).fill("A thought that was not sent")
    _wait_until_kept(ann)
    title = _task_form(ann)
    expect(title).to_have_value("")
    ann.page.get_by_text("Text you typed here before was not sent.").wait_for()
    ann.look()
    ann.page.get_by_role("button", name="Put it back").click()
    expect(title).to_have_value("A thought that was not sent")
    assert ann.page.evaluate(EVERYTHING) == []

    ann.page.locator("summary", has_text="Ann Archer").click()
    ann.page.get_by_role("button", name="Sign out").click()
    ann.page.wait_for_url("**/account/login/**")
    assert ann.page.evaluate(KEPT) == 0


def test_a_session_says_that_it_ends_and_can_be_kept(enter: Enter) -> None:
    ann = enter("ann")
    ann.page.clock.install()
    ann.goto(f"/c/{ann.client('keys')}/")
    said = ann.page.locator("#ending")
    expect(said).to_be_hidden()
    ann.page.clock.fast_forward("28:30")
    expect(said).to_contain_text("You will be signed out in 2 minutes.")
    ann.look()
    ann.page.get_by_role("button", name="Stay signed in").click()
    expect(said).to_be_hidden()
    ann.page.clock.fast_forward("31:00")
    expect(said).to_contain_text("You were signed out.")
    expect(said.get_by_role("link", name="Sign in")).to_be_visible()


def test_an_owners_session_ends_after_its_hours_alone(enter: Enter) -> None:
    olive = enter("keys.olive")
    olive.page.clock.install()
    olive.page.reload()
    said = olive.page.locator("#ending")
    olive.page.clock.fast_forward("07:00:00")
    expect(said).to_be_hidden()
    olive.page.clock.fast_forward("58:30")
    expect(said).to_contain_text("Your session ends in 2 minutes.")


def test_the_next_person_at_the_same_browser_finds_nothing_of_the_one_before(enter: Enter) -> None:
    ann = enter("ann")
    _task_form(ann).fill("Ann's own thought")
    _wait_until_kept(ann)
    # Her session ends without her; what she typed waits for her through the sign-in page.
    ann.context.clear_cookies()
    ann.goto("/today/")
    assert "/account/login/" in ann.page.url and ann.page.evaluate(KEPT) == 1
    ann.sign_in("ben")
    assert ann.page.evaluate(KEPT) == 0


ANEW = """() => {
  const xhr = {getResponseHeader: name => name === "HX-Refresh" ? "true" : null};
  const load = new CustomEvent("htmx:beforeOnLoad", {bubbles: true, cancelable: true, detail: {xhr}});
  document.body.dispatchEvent(load);
  return !load.defaultPrevented;
}"""


def test_a_page_does_not_load_itself_anew_under_an_open_dialog(enter: Enter) -> None:
    ann = enter("ann")
    ann.goto("/patterns/")
    assert ann.page.evaluate(ANEW)
    ann.page.evaluate("() => document.querySelector('dialog#sample').showModal()")
    assert not ann.page.evaluate(ANEW)
    ann.page.keyboard.press("Escape")
    assert ann.page.evaluate(ANEW)
