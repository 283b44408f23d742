"""A register comes in from a spreadsheet, is looked at first, and can be taken back whole."""

import io
import re

from openpyxl import Workbook
from playwright.sync_api import expect

from tests.e2e.conftest import Enter

HEADINGS = ("No.", "Risk description", "Likelihood (1-5)", "Impact (1-5)", "Risk owner", "Status")
ROWS = (
    ("1", "The till system is stolen overnight", 3, 4, "Ivy Ingram", "Open"),
    ("2", "A phishing mail opens the warehouse doors", 4, 4, "Ivy Ingram", "Open"),
    ("3", "The freezer alarm is never answered", 2, 5, "Olive Owen", "Open"),
    ("4", "Supplier prices are changed by a stranger", "often", 3, "Ivy Ingram", "Open"),
)


def _register() -> bytes:
    """A small register as people keep them: a title above the headings, one odd value, a total below."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Risks 2026"
    sheet.append(["Anchor Foods: risk register"])
    sheet.append([])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_register_is_imported_and_undone(enter: Enter) -> None:
    ann = enter("ann")
    key = ann.client("import")
    ann.goto(f"/c/{key}/risks/")
    ann.open_menu("More")
    ann.page.get_by_role("link", name=re.compile("Import")).first.click()
    ann.page.get_by_label("Spreadsheet").set_input_files(
        {"name": "register.xlsx", "mimeType": "application/octet-stream", "buffer": _register()}
    )
    ann.look()
    ann.click("button", "Read the file")

    ann.sees("Nothing is written yet")
    ann.sees("The freezer alarm is never answered")
    reading = ann.page.locator("#reading")
    if reading.get_attribute("open") is None:
        reading.locator("summary").click()
    for heading in HEADINGS:
        assert reading.get_by_text(heading, exact=True).count() >= 1
    ann.look()
    assert ann.page.request.get(f"/c/{key}/risks/?q=freezer").text().count("freezer alarm") == 0

    ann.page.get_by_role("button", name="Import", exact=False).last.click()
    ann.sees("Imported")
    ann.look()
    ann.click("link", "To the list")
    ann.sees("The till system is stolen overnight")
    ann.sees("A phishing mail opens the warehouse doors")

    ann.page.go_back()
    ann.click("button", "Undo this import")
    ann.sees("Undone")
    ann.goto(f"/c/{key}/risks/")
    assert "The till system" not in ann.page.get_by_role("main").inner_text()


def test_the_page_of_a_long_import_follows_the_worker_to_its_end_and_back(enter: Enter) -> None:
    ann = enter("ann")
    ann.goto(f"/c/{ann.client('import')}/import/risks/")
    rows = "".join(f"Something odd happens in store room {number}\n" for number in range(160))
    ann.page.get_by_label("Spreadsheet").set_input_files(
        {"name": "long.csv", "mimeType": "text/csv", "buffer": f"Risk\n{rows}".encode()}
    )
    ann.click("button", "Read the file")
    ann.click("button", "Import all rows")
    expect(ann.verb("Undo this import")).to_be_visible()
    assert ann.page.locator("#rows").count() == 1, "nothing but the progress was asked for while it was written"
    ann.press("Undo this import")
    ann.sees("160 records that it made are removed.")
    ann.look()
    ann.click("button", "Undo this import")
    ann.sees("160 rows taken back")


def test_a_file_that_is_no_spreadsheet_is_refused_with_what_to_do(enter: Enter) -> None:
    ann = enter("ann")
    ann.goto(f"/c/{ann.client('import')}/import/risks/")
    ann.page.get_by_label("Spreadsheet").set_input_files(
        {"name": "register.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04 torn off"}
    )
    ann.click("button", "Read the file")
    words = ann.page.get_by_role("alert").first.inner_text()
    assert "Save it" in words or "save" in words.lower(), words
    ann.look()
