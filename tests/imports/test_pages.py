"""The pages of an import, as a browser without script uses them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.imports.sheets import csv_bytes, xlsx_bytes
from vciso.files import quotas
from vciso.imports import registry
from vciso.imports.models import ImportBatch
from vciso.imports.reading import read
from vciso.tenancy import context

HEADER = ["Risk ID", "Risk", "Likelihood", "Impact", "Review date", "Status"]
ROWS = [
    ["X-01", "The only server fails on a Friday", 2, 3, "03/04/2027", "Open"],
    ["X-02", "An invoice is paid to a stranger", 3, 1, "05/06/2027", "Open"],
    ["X-03", "", 1, 2, "07/08/2027", "Open"],
]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def url(cast: Any, name: str, **more: Any) -> str:
    return reverse(f"imports:{name}", kwargs={"client_key": cast.acme.key, "kind": "risks", **more})


def send(browser: Any, cast: Any, content: bytes, name: str = "register.csv") -> Any:
    return browser.post(url(cast, "upload"), {"file": SimpleUploadedFile(name, content)})


def titles(cast: Any) -> list[str]:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        return [record.title for record in registry.get("risks").records(cast.acme)]


def latest(cast: Any) -> ImportBatch:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        return ImportBatch.objects.order_by("-created_at").first()


def answers(page: Any) -> dict[str, str]:
    """What the mapping form would send as it stands."""
    form = page.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if value is True:
            data[bound.html_name] = "on"
        elif value not in (None, False):
            data[bound.html_name] = str(value)
    return data


def test_upload_preview_import_and_undo_without_script(cast: Any, browse: Any) -> None:
    browser = browse(cast.alice)
    assert browser.get(url(cast, "upload")).status_code == 200
    answer = send(browser, cast, csv_bytes([HEADER, *ROWS]))
    assert answer.status_code == 303
    page = browser.get(answer["Location"])
    text = page.content.decode()
    assert page.status_code == 200 and "Nothing is written yet" in text and "B4" in text
    assert titles(cast) == []
    batch = latest(cast)
    assert browser.post(url(cast, "take", pk=batch.pk), {"taking": "all"}).status_code == 422
    assert browser.post(url(cast, "take", pk=batch.pk), {"taking": "good"}).status_code == 303
    assert len(titles(cast)) == 2
    assert "Undo this import" in browser.get(url(cast, "batch", pk=batch.pk)).content.decode()
    assert browser.post(url(cast, "undo", pk=batch.pk)).status_code == 303
    assert titles(cast) == []


def test_mapping_can_be_changed_and_a_double_choice_is_refused_with_the_column(cast: Any, browse: Any) -> None:
    browser = browse(cast.alice)
    page = browser.get(send(browser, cast, csv_bytes([HEADER, *ROWS]))["Location"])
    batch, data = latest(cast), answers(page)
    data |= {"date_order": "dmy", "top_likelihood_now": "5", "top_impact_now": "5", "col_0_5": "due"}
    data["worst_impact_now"] = "low"
    assert browser.post(url(cast, "mapping", pk=batch.pk), data).status_code == 303
    changed = latest(cast)
    assert changed.mapping["tops"]["likelihood_now"] == 5 and changed.mapping["date_order"] == "dmy"
    assert changed.mapping["sheets"][0]["columns"]["5"] == "due"
    assert (changed.mapping["worst"], changed.shape["scales"]["impact_now"]["turned"]) == ({"impact_now": "low"}, True)
    data = answers(browser.get(url(cast, "batch", pk=batch.pk))) | {"col_0_3": "impact_now"}
    refused = browser.post(url(cast, "mapping", pk=batch.pk), data)
    assert refused.status_code == 422 and "chosen for column" in refused.content.decode()


def test_a_level_may_be_given_another_meaning(cast: Any, browse: Any) -> None:
    browser = browse(cast.alice)
    rows = [["Risk", "Likelihood", "Impact"], ["The roof leaks", "Spicy", "High"], ["The till is empty", "Low", "Low"]]
    page = browser.get(send(browser, cast, csv_bytes(rows))["Location"])
    batch = latest(cast)
    data = answers(page)
    spicy = next(bound.html_name for bound in page.context["form"] if "Spicy" in bound.label)
    browser.post(url(cast, "mapping", pk=batch.pk), data | {spicy: "4"})
    browser.post(url(cast, "take", pk=batch.pk), {"taking": "good"})
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        values = next(r.values for r in registry.get("risks").records(cast.acme) if r.title == "The roof leaks")
    assert values["likelihood_now"] == 4


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("register.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("register.pdf", b"%PDF-1.7", "PDF"),
        ("register.csv", b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_its_field(
    cast: Any, browse: Any, name: str, content: bytes, told: str
) -> None:
    answer = send(browse(cast.alice), cast, content, name)
    assert answer.status_code == 422 and told in answer.content.decode()


def test_a_file_over_the_limit_and_one_over_the_quota_answer_413(cast: Any, browse: Any, monkeypatch: Any) -> None:
    browser = browse(cast.alice)
    big = send(browser, cast, b"a,b\n" * 3_000_000)
    assert big.status_code == 413 and "10 MB" in big.content.decode()
    monkeypatch.setattr(quotas, "MOST_FILES", 1)
    assert send(browser, cast, csv_bytes([HEADER, *ROWS])).status_code == 303
    full = send(browser, cast, csv_bytes([HEADER, ROWS[0]]))
    assert full.status_code == 413 and "1 files are kept here" in full.content.decode()
    assert latest(cast).counts["new"] == 2, "what was refused left nothing behind"


def test_only_the_practice_brings_files_and_strangers_find_nothing(cast: Any, browse: Any) -> None:
    batch_url = send(browse(cast.alice), cast, csv_bytes([HEADER, *ROWS]))["Location"]
    # A director may not read imports at all, so to her this one does not exist.
    for person, statuses in ((cast.bob, {403}), (cast.dora, {403, 404}), (cast.charlie, {404}), (cast.xenia, {404})):
        assert browse(person).get(batch_url).status_code in statuses, person
        assert browse(person).get(url(cast, "export")).status_code in statuses, person
    foreign = url(cast, "batch", pk=latest(cast).pk).replace(cast.acme.key, cast.globex.key)
    assert browse(cast.charlie).get(foreign).status_code == 404


def test_export_template_and_original_are_downloads(cast: Any, browse: Any) -> None:
    browser = browse(cast.alice)
    content = csv_bytes([HEADER, *ROWS])
    send(browser, cast, content)
    original = browser.get(url(cast, "original", pk=latest(cast).pk))
    assert original.content == content and "attachment" in original["Content-Disposition"]
    for address in (url(cast, "export"), url(cast, "template")):
        answer = browser.get(address)
        assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
        assert read("x.xlsx", answer.content).sheets
    assert browser.get(url(cast, "export") + "?format=csv").content.startswith(b"\xef\xbb\xbf")
    assert browser.get(url(cast, "export") + "?format=exe").status_code == 404


def test_the_template_filled_in_imports_without_a_question(cast: Any, browse: Any) -> None:
    from openpyxl import load_workbook

    browser = browse(cast.alice)
    book = load_workbook(io.BytesIO(browser.get(url(cast, "template")).content))
    sheet = book.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, headers["Title"], "The till is empty")
    sheet.cell(2, headers["Likelihood now (1–5)"], 2)
    sheet.cell(2, headers["Impact now (1–5)"], 3)
    out = io.BytesIO()
    book.save(out)
    send(browser, cast, out.getvalue(), "filled.xlsx")
    batch = latest(cast)
    assert batch.counts["new"] == 1 and batch.questions == [] and batch.counts["warning"] == 0


def test_a_preview_costs_few_queries_however_long_it_is(
    cast: Any, browse: Any, django_assert_max_num_queries: Any
) -> None:
    browser = browse(cast.alice)
    rows = [[f"X-{n}", f"Something odd happens in room {n}", 2, 3, "", "Open"] for n in range(130)]
    address = send(browser, cast, xlsx_bytes([HEADER, *rows]), "long.xlsx")["Location"]
    browser.get(address)
    with django_assert_max_num_queries(14):
        assert browser.get(address).status_code == 200
