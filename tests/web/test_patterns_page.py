"""The page of components in a real browser: accessible, never wider than the screen, no complaint."""

import pytest

from tests.web.conftest import AXE

pytestmark = pytest.mark.browser


def violations(page):
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("axe.run()")["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


@pytest.mark.parametrize(
    ("theme", "scheme"), [("light", "light"), ("dark", "light"), ("auto", "dark"), ("auto", "light")]
)
def test_axe_finds_nothing(open_patterns, theme, scheme):
    opened = open_patterns(theme, scheme=scheme)
    assert violations(opened.page) == []
    assert opened.complaints == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1440])
def test_the_page_never_scrolls_sideways(open_patterns, width):
    page = open_patterns(width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_in_an_open_dialog_and_escape_closes_it(open_patterns):
    page = open_patterns().page
    page.get_by_role("link", name="Close risk").click()
    dialog = page.get_by_role("dialog", name="Close R-014?")
    assert dialog.is_visible() and violations(page) == []
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_focus_is_on_the_summary_of_errors_and_its_links_lead_to_fields(open_patterns):
    page = open_patterns().page
    assert page.evaluate("document.activeElement.className") == "err-sum"
    page.get_by_role("link", name="Owner: choose one.").click()
    assert page.evaluate("document.activeElement.id") == "id_owner"


def test_keys_walk_rows_and_never_fire_while_typing(open_patterns):
    page = open_patterns().page
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent").startswith("Ransomware")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent").startswith("Note-taking")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.hasAttribute('data-search')")
    page.keyboard.press("?")
    assert page.locator("#keys[open]").count() == 0
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#keys[open]").count() == 1


def test_the_sidebar_opens_on_a_phone_and_says_so(open_patterns):
    page = open_patterns(width=390).page
    button = page.get_by_role("button", name="Menu")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("nav.sidebar").is_visible() and violations(page) == []
