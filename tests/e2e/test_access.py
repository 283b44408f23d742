"""People come in by mail and go out at once; a new practice begins with a second step."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time

from tests.e2e.conftest import Enter
from tests.e2e.visitor import Visitor


def _mailed_link(visitor: Visitor, to: str) -> str:
    """The link of the newest mail to that address, from the development inbox."""
    for _ in range(40):
        visitor.goto(f"/inbox/?to={to}")
        links = visitor.page.get_by_role("article").get_by_role("link")
        if links.count():
            return str(links.first.get_attribute("href"))
        visitor.page.wait_for_timeout(500)
    raise AssertionError(f"no mail to {to}")


def test_an_invited_person_sets_up_an_account_and_a_removed_one_is_out_at_the_next_click(enter: Enter) -> None:
    ann = enter("ann")
    key = ann.client("access")
    ann.goto(f"/c/{key}/people/new/")
    ann.page.get_by_label("Name").first.fill("Faye Frost")
    ann.page.get_by_label(re.compile("mail", re.IGNORECASE)).first.fill("faye@elm.example")
    ann.click("button", "Add person")
    ann.look()
    ann.page.get_by_role("combobox", name=re.compile("role", re.IGNORECASE)).last.select_option(label="Business owner")
    ann.page.get_by_role("button", name=re.compile("nvit")).last.click()
    ann.sees("invitation")

    faye = enter()
    faye.goto(_mailed_link(faye, "faye@elm.example"))
    faye.look()
    faye.page.get_by_label(re.compile("password")).fill("violet-anchor-seven-hills")
    faye.click("button", "Set up your account")
    faye.sees("How you are doing")
    faye.look()

    ann.page.reload()
    ann.page.get_by_role("button", name=re.compile("Remove access")).first.click()
    dialog = ann.page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("Remove")).click()
    ann.page.wait_for_load_state()
    faye.page.get_by_role("link", name="Decisions").first.click()
    assert "How you are doing" not in faye.page.content()
    assert faye.goto(f"/my/{key}/") == 404
    faye.look()


def _digits(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238, SHA-1, six digits, half a minute)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_the_first_admin_of_a_new_practice_cannot_pass_without_a_second_step(enter: Enter) -> None:
    stranger = enter()
    answer = json.loads(
        stranger.portal.manage(
            "create_practice",
            "--json",
            "--name",
            "Willow Advisers",
            "--admin-email",
            "wanda@willow.example",
            "--admin-name",
            "Wanda Willow",
        )
    )
    stranger.goto(answer["link"])
    stranger.page.get_by_label(re.compile("password")).fill("copper-meadow-nine-lanterns")
    stranger.click("button", "Set up your account")
    stranger.sees("Your practice asks you for one")
    stranger.look()
    for closed in ("/today/", "/clients/", "/practice/people/"):
        stranger.goto(closed)
        stranger.sees("Your practice asks you for one")
    stranger.click("link", "Set up an app")
    stranger.look()
    secret = stranger.page.locator("dl.dl dd").first.inner_text().strip()
    stranger.page.get_by_role("textbox").first.fill(_digits(secret))
    stranger.click("button", "Switch on")
    stranger.sees("Your recovery codes")
    stranger.look()
    stranger.goto("/today/")
    stranger.sees("Needs you")
    stranger.look()
    for page in (
        "second-step/",
        "second-step/codes/",
        "second-step/codes/new/",
        "second-step/app/off/",
        "reauthenticate/",
    ):
        assert stranger.goto(f"/account/{page}") == 200
        stranger.look()

    again = enter()
    again.sign_in_as("wanda@willow.example", "copper-meadow-nine-lanterns")
    assert "/second-step/" in again.page.url
    again.look()
    again.goto("/today/")
    assert "/today/" not in again.page.url
