"""The quarterly pack: published, released by the owner, downloaded by a director on a tablet."""

import re

from tests.e2e.conftest import Enter
from tests.e2e.test_monthly_report import PDF, issue, wait_until_drawn
from tests.e2e.visitor import TABLET


def test_a_pack_is_released_by_the_owner_and_downloaded_by_a_director(enter: Enter) -> None:
    ann = enter("ann")
    key, quarter = ann.client("pack"), str(ann.portal.world["periods"]["quarter"])
    desk = f"/c/{key}/reports/{quarter}/"
    dean = enter("pack.dean", TABLET)
    assert dean.goto(f"/board/{key}/packs/{quarter}/") == 404
    dean.goto(f"/board/{key}/")
    dean.look()

    ann.goto(f"/c/{key}/reports/new/")
    ann.page.get_by_label("Report").select_option(value=quarter.upper())
    ann.press("Make it")
    ann.page.wait_for_url(f"**{desk}")
    wait_until_drawn(ann)
    issue(ann, enter("ben"), desk)

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
