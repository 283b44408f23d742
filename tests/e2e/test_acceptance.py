"""A consultant asks the owner to carry a risk; the owner signs. The clicks are counted."""

from datetime import date

from tests.e2e.conftest import Enter
from tests.e2e.visitor import PHONE

CONSULTANT_CLICKS, OWNER_CLICKS = 3, 4


def test_an_acceptance_is_asked_for_and_signed(enter: Enter) -> None:
    ann = enter("ann")
    key = ann.client("acceptance")
    ann.goto(f"/c/{key}/")
    row = ann.rows("Top five risks").first.get_by_role("link").first
    title = row.inner_text()
    row.click()
    ann.clicks += 1
    ann.press("Ask to accept")
    ann.page.get_by_label("Your advice").fill("We advise to carry it until the new door is in.")
    ann.click("button", "Send")
    ann.sees("Waiting for the owner to decide")
    assert ann.clicks == CONSULTANT_CLICKS
    ann.look()

    olive = enter("acceptance.olive", PHONE)
    olive.sees("thing needs you")
    olive.look()
    olive.page.get_by_role("article").get_by_role("link").first.click()
    olive.clicks += 1
    olive.sees(title)
    olive.look()
    olive.page.get_by_role("radio").first.check()
    olive.page.get_by_role("checkbox").first.check()
    olive.page.get_by_label("Your reason").fill("We move out in spring; a new system is not worth it.")
    olive.page.get_by_role("button", name="Sign").click()
    olive.clicks += 3
    olive.sees("Signed by Olive Owen")
    assert olive.clicks == OWNER_CLICKS
    olive.look()

    ann.page.reload()
    ann.sees("Accepted")
    ann.sees("We move out in spring")
    ann.look()


def test_a_signature_without_a_choice_is_refused_by_its_field(enter: Enter) -> None:
    ann = enter("ann")
    key = ann.client("acceptance")
    ann.goto(f"/c/{key}/")
    ann.rows("Top five risks").nth(2).get_by_role("link").first.click()
    ann.press("Ask to accept")
    until = ann.page.get_by_label("If accepted, until")
    until.fill(f"{date.today().year + 3}-01-01")
    ann.click("button", "Send")
    words = ann.page.get_by_role("alert").first.inner_text()
    assert "12 months" in words, words
    ann.look()
