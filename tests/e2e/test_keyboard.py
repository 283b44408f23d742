"""Journeys with the keyboard alone: no click, no script that moves focus, only keys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.visitor import Visitor

MOST_TABS = 120
# What a screen reader would call the element that has the focus.
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  const words = id => document.getElementById(id)?.textContent || "";
  const named = (at.getAttribute("aria-labelledby") || "").split(" ").map(words).join(" ");
  const labels = [...(at.labels || [])].map(label => label.textContent).join(" ");
  return (at.getAttribute("aria-label") || named.trim() || labels || at.textContent || "").replace(/\\s+/g, " ").trim();
}"""
RADIO_OR_BOX = "() => ['radio', 'checkbox'].includes(document.activeElement.type)"


def tab_to(visitor: Visitor, name: str) -> None:
    """Presses Tab until what is called so has the focus."""
    wanted = re.compile(name)
    passed = []
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        passed.append(visitor.page.evaluate(FOCUSED))
        if wanted.search(passed[-1]):
            return
    raise AssertionError(f"Tab never reaches “{name}”; it passes {passed}")


def press(visitor: Visitor, name: str, key: str = "Enter") -> None:
    tab_to(visitor, name)
    visitor.page.keyboard.press(key)


def sign_in(visitor: Visitor, who: str) -> None:
    person = visitor.portal.world["people"][who]
    visitor.name = person["name"]
    visitor.goto("/account/login/")
    tab_to(visitor, "Email")
    visitor.page.keyboard.type(person["email"])
    tab_to(visitor, "^Password")
    visitor.page.keyboard.type(visitor.portal.world["password"])
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(lambda url: "/account/login/" not in url)


def test_a_consultant_finds_a_risk_re_rates_it_and_asks_for_acceptance_and_the_owner_signs(enter: Enter) -> None:
    ann = enter()
    sign_in(ann, "ann")
    ann.goto(f"/c/{ann.client('keys')}/")
    title = ann.rows("Top five risks").first.get_by_role("link").first.inner_text()
    ann.page.keyboard.press("Control+k")
    ann.page.keyboard.type(title[:24])
    expect(ann.page.get_by_role("option", name=re.compile(re.escape(title[:24])))).not_to_have_count(0)
    expect(ann.page.locator("#palette [aria-selected=true]")).to_have_count(1)
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url(re.compile(rf"/c/{ann.client('keys')}/risks/R-\d+/$"))

    press(ann, "^Re-rate")
    ann.page.wait_for_url("**/rate/**")
    tab_to(ann, "How likely")
    ann.page.keyboard.press("ArrowDown")
    tab_to(ann, "What changed")
    ann.page.keyboard.type("The side door was found open twice.")
    press(ann, "^Save rating")
    ann.page.wait_for_url(re.compile(r"/risks/R-\d+/$"))
    ann.sees("The side door was found open twice.")

    press(ann, "^Ask to accept")
    tab_to(ann, "Your advice")
    ann.page.keyboard.type("We advise to carry it until the door is new.")
    press(ann, "^Send")
    ann.sees("Waiting for the owner to decide")

    olive = enter()
    sign_in(olive, "keys.olive")
    press(olive, "^Decide: Accept")
    olive.page.wait_for_url("**/asks/**")
    for _ in range(MOST_TABS):
        olive.page.keyboard.press("Tab")
        if olive.page.evaluate(RADIO_OR_BOX):
            break
    olive.page.keyboard.press("Space")
    tab_to(olive, "understand")
    olive.page.keyboard.press("Space")
    tab_to(olive, "^Your reason")
    olive.page.keyboard.type("The door comes in March.")
    press(olive, "^Sign")
    olive.sees("Signed by Olive Owen")


def test_a_director_downloads_the_pack(enter: Enter) -> None:
    helen = enter()
    sign_in(helen, "meadowlark.helen")
    tab_to(helen, "^Download PDF")
    with helen.page.expect_download() as waiting:
        helen.page.keyboard.press("Enter")
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")


@pytest.fixture
def ann_at_her_risks(enter: Enter) -> Iterator[Visitor]:
    ann = enter("ann")
    ann.goto(f"/c/{ann.client('keys')}/risks/")
    yield ann


def test_the_first_tab_leads_past_the_frame(ann_at_her_risks: Visitor) -> None:
    ann = ann_at_her_risks
    press(ann, "^Skip to content")
    ann.page.keyboard.press("Tab")
    assert ann.page.evaluate("() => Boolean(document.activeElement.closest('main'))")


def test_single_letters_do_what_the_list_of_keys_says(ann_at_her_risks: Visitor) -> None:
    ann = ann_at_her_risks
    page, base = ann.page, f"{ann.portal.address}/c/{ann.client('keys')}"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    ann.look()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()

    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.type") == "search"
    page.keyboard.type("jkgt?")
    assert page.evaluate("() => document.activeElement.value") == "jkgt?"
    page.keyboard.press("Escape")
    ann.goto(f"/c/{ann.client('keys')}/risks/")

    page.keyboard.press("j")
    first = page.evaluate(FOCUSED)
    page.keyboard.press("j")
    second = page.evaluate(FOCUSED)
    page.keyboard.press("k")
    assert first and second and first != second and page.evaluate(FOCUSED) == first
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"R-\d+"))

    for keys, where in (
        ("gt", f"{ann.portal.address}/today/"), ("gh", f"{base}/"), ("gr", f"{base}/risks/"),
        ("gv", f"{base}/vendors/"), ("gp", f"{base}/policies/"), ("ge", f"{base}/reports/"),
        ("nr", f"{base}/risks/new/"), ("nt", f"{base}/hours/"),
    ):  # fmt: skip
        if page.url.startswith(f"{ann.portal.address}/today/"):
            ann.goto(f"/c/{ann.client('keys')}/tasks/")
        page.evaluate("() => document.activeElement.blur()")
        page.keyboard.press(keys[0])
        page.keyboard.press(keys[1])
        page.wait_for_url(where)


def test_all_lines_are_chosen_at_once_and_what_can_be_done_comes_along(ann_at_her_risks: Visitor) -> None:
    page = ann_at_her_risks.page
    boxes, summary = page.locator("input[name=risk]"), page.get_by_text("Change the chosen risks")
    page.set_viewport_size({"width": 1280, "height": 480})
    expect(summary).not_to_be_in_viewport()
    press(ann_at_her_risks, "^Choose all on this page", "Space")
    assert boxes.count() > 1 and all(box.is_checked() for box in boxes.all())
    expect(summary).to_be_in_viewport()
    ann_at_her_risks.look()

    press(ann_at_her_risks, "^Choose R-", "Space")
    head = page.get_by_label("Choose all on this page")
    assert head.evaluate("box => box.indeterminate") and not head.is_checked()
    assert sum(box.is_checked() for box in boxes.all()) == boxes.count() - 1
    expect(summary).to_be_in_viewport()


def test_single_letters_can_be_switched_off(enter: Enter) -> None:
    ben = enter("ben")
    key = ben.client("keys")

    def choose(on: bool) -> None:
        ben.goto("/account/profile/")
        ben.page.get_by_label("Single-letter keys").set_checked(on)
        ben.page.get_by_role("button", name="Save your details").click()
        ben.page.wait_for_load_state()

    choose(False)
    try:
        ben.goto(f"/c/{key}/risks/")
        for one in ("?", "j", "/", "g", "r", "n", "t"):
            ben.page.keyboard.press(one)
        assert ben.page.url.endswith("/risks/")
        assert ben.page.get_by_role("dialog").count() == 0
        assert ben.page.evaluate("() => document.activeElement === document.body")
        ben.page.keyboard.press("Control+k")
        expect(ben.page.get_by_role("dialog", name="Find or do anything")).to_be_visible()
    finally:
        choose(True)


def test_owners_are_not_surprised_by_single_letters(enter: Enter) -> None:
    olive = enter("keys.olive")
    where = olive.page.url
    for one in ("?", "j", "/", "g", "t"):
        olive.page.keyboard.press(one)
    assert olive.page.url == where and olive.page.get_by_role("dialog").count() == 0
    olive.goto("/account/profile/")
    assert olive.page.get_by_label("Single-letter keys").count() == 0


def test_the_review_walk_takes_a_key_for_each_risk(enter: Enter) -> None:
    ann = enter("ann")
    page = ann.page
    ann.goto(f"/c/{ann.client('reviews')}/risks/review/walk/")
    ann.sees("3 reviews left")
    ann.look()
    page.keyboard.press("s")
    ann.sees("2 reviews left")
    page.keyboard.press("u")
    expect(page.get_by_label("What changed")).to_be_focused()
    page.keyboard.type("A new tool makes it easy.")
    ann.look()
    page.keyboard.press("Shift+Tab")
    press(ann, "^Save rating")
    ann.sees("1 review left")
    page.keyboard.press("l")
    ann.sees("That was the last one")
    ann.look()
    ann.goto(f"/c/{ann.client('reviews')}/risks/review/log/")
    ann.sees("Worse than before")
    ann.look()
