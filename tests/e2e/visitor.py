"""One person at one browser: signs in, walks pages, and notices what is wrong with each of them."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Response, expect

from tests.e2e.portal import ROOT, Portal
from tests.one_playwright import WAIT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Every rule of these groups runs; naming them switches on the rules of WCAG 2.2 too.
GROUPS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# No page has sound or film, so nothing need be fetched before the rules about them. The other theme
# changes colours alone (tests/web/test_look.py), so there the rules about colours run; axe reads colours
# for one thing more, whether a table without any heading is one of data, and there all rules run again.
# Two thirds of the time go into contrast: it is looked at in `measured` alone.
RUN_AXE = """async ([groups, again, measured]) => {
  axe.configure({rules: [{id: "color-contrast", selector: measured}]});
  const colours = axe.getRules(groups).filter(rule => rule.tags.includes("cat.color")).map(rule => rule.ruleId);
  const unheaded = document.querySelector("table:not(:has(th, thead, tfoot, caption, colgroup))");
  const only = again && !unheaded ? {type: "rule", values: colours} : {type: "tag", values: groups};
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false});
  const where = violation => violation.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ");
  return found.violations.map(violation => `${violation.id}: ${violation.help}: ${where(violation)}`);
}"""
EVERYWHERE, IN_MAIN = "*", "#main, #main *"
WATCH_POLICY = """document.addEventListener("securitypolicyviolation", event => {
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
});"""
# Colours that fade are brought to their end, so that what is measured is what stays.
SET_THEME = """theme => {
  document.documentElement.dataset.theme = theme;
  getComputedStyle(document.body).color;
  document.getAnimations().filter(one => one instanceof CSSTransition).forEach(one => one.finish());
}"""
OVERFLOW = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
DESK, TABLET, PHONE, NARROW = (1280, 800), (820, 1180), (390, 844), (320, 700)
OK, LED_ON = 200, 302
SIGN_IN = "/account/login/"
THEMES = ("light", "dark")
# What the browser says about an answer of 400 and up; the tests look at such answers themselves.
REFUSED = "Failed to load resource: the server responded with a status of 4"


# What is wider than the window, the innermost first.
WIDE = """() => [...document.querySelectorAll('body *')].reverse()
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
  .map(e => `${e.tagName.toLowerCase()}.${e.className} “${e.textContent.trim().slice(0, 60)}”`).join(', ')"""


class Visitor:
    """A browser of one's own: cookies, window, and a list of what went wrong in it."""

    def __init__(self, browser: Browser, portal: Portal, size: tuple[int, int] = DESK) -> None:
        self.portal = portal
        self.size = size
        self.faults: list[str] = []
        self.clicks = 0
        self.name = self.email = ""
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", accept_downloads=True,
            base_url=portal.address,
        )  # fmt: skip
        self.context.add_init_script(WATCH_POLICY)
        self.context.add_init_script(AXE)
        self.context.set_default_timeout(WAIT)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: script: {error}"))
        self.page.on("response", self._answered)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.faults.append(f"{self.page.url}: {message.text[:300]}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url}: answered {response.status}")

    # --- Who ---------------------------------------------------------------------------------------

    def sign_in(self, who: str) -> Visitor:
        """Through the sign-in page, as the person with that key in the world."""
        self._is(who)
        self.sign_in_as(self.email, self.portal.world["password"])
        return self

    def let_in(self, who: str) -> Visitor:
        """Signed in as that person without a look at the pages of sign-in, which takes a tenth of the time."""
        self._is(who)
        form = self.context.request.get(SIGN_IN).text()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        typed = {"login": self.email, "password": self.portal.world["password"]}
        answer = self.context.request.post(
            SIGN_IN, form={"csrfmiddlewaretoken": token[1] if token else "", **typed}, max_redirects=0,
            headers={"Referer": self.portal.address + SIGN_IN},
        )  # fmt: skip
        assert answer.status == LED_ON, f"{who} is not let in: {answer.status}"
        return self

    def _is(self, who: str) -> None:
        person = self.portal.world["people"][who]
        self.name, self.email = person["name"], person["email"]

    def sign_in_as(self, email: str, password: str) -> None:
        if SIGN_IN not in self.page.url:
            self.page.goto(SIGN_IN)
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url(lambda url: SIGN_IN not in url)

    # --- Where -------------------------------------------------------------------------------------

    def client(self, key: str) -> str:
        return str(self.portal.world["clients"][key]["key"])

    def goto(self, path: str) -> int:
        answer = self.page.goto(path)
        return answer.status if answer else 0

    def ask(self, path: str) -> tuple[int, str]:
        """What the address answers this person, and the whole page, if it is one and no file or piece."""
        # A kept connection that the server gives up just then is opened anew.
        answer = self.context.request.get(path, max_redirects=0, max_retries=2)
        is_page = answer.status == OK and answer.headers.get("content-type", "").startswith("text/html")
        text = answer.text() if is_page else ""
        return answer.status, text if "<html" in text[:200] else ""

    def click(self, role: str, name: str, **options: Any) -> None:
        """One activation of what a person sees under that name, counted."""
        self.page.get_by_role(role, name=name, **options).click()  # type: ignore[arg-type]  # a role's name
        self.clicks += 1

    def verb(self, name: str) -> Locator:
        """What a person presses under that name: a button, or a link that looks like one."""
        beginning = re.compile(f"^{re.escape(name)}")
        button = self.page.get_by_role("button", name=beginning)
        return button.or_(self.page.get_by_role("link", name=beginning)).first

    def press(self, name: str) -> None:
        self.verb(name).click()
        self.clicks += 1

    def confirm(self, name: str) -> None:
        """The verb of the dialog that stands open."""
        self.page.get_by_role("dialog").get_by_role("button", name=name).click()
        self.clicks += 1

    def reload_until(self, name: str, *, seconds: int = 60) -> None:
        """Until that verb is offered: what the page waits for is done by the worker."""
        for _ in range(seconds):
            if self.verb(name).is_visible():
                return
            self.page.wait_for_timeout(1000)
            # The page may load itself anew at that moment: the driver then waits for a load that never comes, or
            # is told that its own was given up.
            with suppress(Error):
                self.page.goto(self.page.url, wait_until="domcontentloaded", timeout=10_000)
        raise AssertionError(f"nothing offers “{name}” on {self.page.url}")

    def open_menu(self, name: str) -> None:
        self.page.locator("summary", has_text=name).first.click()
        self.clicks += 1

    def rows(self, table: str) -> Locator:
        """The rows of the list with that name."""
        return self.page.get_by_role("region", name=f"{table}, table").locator("tbody tr")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def download(self, role: str, name: str, **options: Any) -> bytes:
        with self.page.expect_download() as waiting:
            self.click(role, name, **options)
        path: Path = waiting.value.path()
        return path.read_bytes()

    # --- How it is ---------------------------------------------------------------------------------

    def look(self, picture: Path | None = None, *, contrast: str = EVERYWHERE) -> None:
        """axe in light, its rules about colours in dark, no sideways scroll at 320 px; leaves the window as it was.

        `contrast` is measured in what this selector finds. With `picture` it also keeps how the page looks, as
        `<picture>-light.png` and `-dark.png`.
        """
        self.faults.extend(f"{self.page.url}: {line}" for line in self._noticed(picture, contrast))

    def _noticed(self, picture: Path | None, contrast: str) -> list[str]:
        # A page that was asked for by a click may still be on its way.
        self.page.wait_for_load_state()
        chosen = self.page.evaluate("() => document.documentElement.dataset.theme || ''")
        found: list[str] = []
        for theme in THEMES:
            self.page.evaluate(SET_THEME, theme)
            asked = [GROUPS, theme != THEMES[0], contrast]
            found.extend(f"{theme}: {line}" for line in self.page.evaluate(RUN_AXE, asked))
            if picture is not None:
                picture.parent.mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=f"{picture}-{theme}.png", full_page=True)
        self.page.evaluate(SET_THEME, chosen)
        self.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        if (over := self.page.evaluate(OVERFLOW)) > 0:
            wide = self.page.evaluate(WIDE)
            found.append(f"scrolls sideways by {over} px at {NARROW[0]} px: {wide}")
            if picture is not None:
                self.page.screenshot(path=f"{picture}-too-wide.png", full_page=True)
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        return found

    def close(self) -> None:
        self.context.close()
