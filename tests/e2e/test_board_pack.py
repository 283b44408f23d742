"""The quarterly pack: published, released by the owner, downloaded by a director on a tablet."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.test_monthly_report import DRAWN, PDF, _reload_until
from tests.e2e.visitor import TABLET


def test_a_pack_is_released_by_the_owner_and_downloaded_by_a_director(enter: Enter) -> None:
    ann = enter("ann")
    key, quarter = ann.client("pack"), str(ann.portal.world["periods"]["quarter"])
    desk = f"/c/{key}/reports/{quarter}/"
    dean = enter("pack.dean", TABLET)
    assert dean.goto(f"/board/{key}/packs/{quarter}/") == 404
    dean.goto(f"/board/{key}/")
    dean.look()

    ann.goto(f"/c/{key}/reports/new/?kind=quarterly")
    ann.page.get_by_label(re.compile("Board pack|Quarterly")).check()
    ann.click("button", "Make it")
    ann.page.wait_for_url(f"**{desk}")
    expect(ann.page.get_by_role("article").first).to_be_visible(timeout=DRAWN)
    ann.look()
    _reload_until(ann, "button", "Hand in for approval")
    ann.click("button", "Hand in for approval")
    dialog = ann.page.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option(label="Ben Birch")
    dialog.get_by_role("button", name="Hand in for approval").click()

    ben = enter("ben")
    ben.goto(desk)
    _reload_until(ben, "button", re.compile("^Approve"))
    ben.page.get_by_role("button", name=re.compile("^Approve")).first.click()
    ben.page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    ben.sees("Approved")
    ben.page.get_by_role("button", name=re.compile("^Publish")).first.click()
    ben.page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    ben.sees("Published")

    assert dean.goto(f"/board/{key}/packs/{quarter}.pdf") == 404
    olive = enter("pack.olive")
    olive.page.get_by_role("article").get_by_role("link").first.click()
    olive.look()
    olive.page.get_by_role("radio").first.check()
    olive.page.get_by_role("button", name=re.compile("Release|Sign")).click()
    olive.sees("Signed by Olive Owen")

    dean.goto(f"/board/{key}/")
    dean.look()
    assert dean.download("link", "Download PDF").startswith(PDF)
    dean.click("link", "Read here")
    dean.look()
    assert dean.goto(f"/c/{key}/reports/{quarter}/") in (403, 404)
