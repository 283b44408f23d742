"""A passkey in place of the second step, and in place of the password, with a virtual authenticator."""

import json
import re

from tests.e2e.conftest import Enter
from tests.e2e.visitor import Visitor

EMAIL, PASSWORD = "piet@heron.example", "amber-lantern-nine-bridges"


def _plug_in(visitor: Visitor) -> None:
    """A device of the browser's own that has checked its owner's finger, and says yes to all."""
    devices = visitor.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _sign_out(visitor: Visitor) -> None:
    visitor.goto("/account/logout/")
    visitor.click("button", "Sign out")
    visitor.page.wait_for_load_state()


def test_a_passkey_is_enough_to_sign_in_and_opens_what_a_password_alone_does_not(enter: Enter) -> None:
    """B6, B7: set up where the practice requires a second step; then used alone, and after the password."""
    piet = enter()
    made = piet.portal.manage(
        "create_practice", "--json", "--name", "Heron Advisers", "--admin-email", EMAIL, "--admin-name", "Piet Heron"
    )
    _plug_in(piet)
    piet.goto(json.loads(made)["link"])
    piet.page.get_by_label(re.compile("password")).fill(PASSWORD)
    piet.click("button", "Set up your account")
    piet.sees("Your practice asks you for one")
    piet.click("link", "Add a passkey")
    piet.look()
    piet.page.get_by_label("Name").fill("Piet’s laptop")
    piet.click("button", "Make the passkey")
    piet.sees("Your recovery codes")
    assert piet.page.get_by_role("list", name="Recovery codes").get_by_role("listitem").count() == 10
    piet.look()
    piet.click("link", "I have kept them")
    piet.sees("Needs you")
    piet.goto("/account/second-step/")
    piet.sees("Piet’s laptop")
    piet.look()
    piet.goto("/account/sessions/")
    piet.sees("This one")
    piet.look()

    _sign_out(piet)
    piet.goto("/account/login/")
    piet.look()
    piet.click("button", "Sign in with a passkey")
    piet.page.wait_for_url("**/today/")

    _sign_out(piet)
    piet.sign_in_as(EMAIL, PASSWORD)
    piet.sees("The second step")
    piet.look()
    piet.goto("/today/")
    assert "/today/" not in piet.page.url
    piet.goto("/account/second-step/sign-in/")
    piet.click("button", "Use a passkey")
    piet.page.wait_for_url(lambda url: "/account/" not in url)
    piet.goto("/account/second-step/")
    piet.click("link", "Remove Piet’s laptop")
    piet.look()
    piet.click("button", "Remove the passkey")
    piet.sees("Your practice asks you for one")
