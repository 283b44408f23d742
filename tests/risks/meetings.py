"""The register handed out and brought back, as tests of meetings do it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.urls import reverse
from openpyxl import load_workbook

from risks import services
from risks.columns import KIND
from risks.models import Risk
from tests.risks.conftest import NOW
from vciso.imports import services as imports
from vciso.imports.models import ImportBatch


def dated(cast: Any, risk: Risk) -> None:
    """The plan of a risk has an end, and its next review is on a day set by hand."""
    services.redate(risks=[risk], target_on=dt.date(2027, 3, 4), by=cast.alice, at=NOW)
    services.move_reviews(risks=[risk], to=dt.date(2027, 5, 10), by=cast.alice, at=NOW)


def got(browser: Any, cast: Any, name: str, query: str) -> Any:
    answer = browser.get(reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key}) + query)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def workbook(cast: Any, browse: Any, query: str = "&sort=ref") -> Any:
    return load_workbook(io.BytesIO(got(browse(cast.alice), cast, "export", f"?format=meeting{query}")))


def edited(book: Any, **cells: Any) -> bytes:
    """The workbook with cells changed, named by heading and row as in `title_2`."""
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in cells.items():
        heading, _, row = name.rpartition("_")
        sheet.cell(int(row), columns[HEADINGS[heading]]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADINGS = {
    "title": "Title", "likelihood": "Likelihood now (1–5)", "impact": "Impact now (1–5)",
    "notes": "Notes of the meeting", "due": "Target date", "review": "Next review", "why": "Why it changed",
    "owner": "Owner", "status": "Status", "handed": "As handed out", "theirs": "Their ID", "ours": "Portal ID",
    "target likelihood": "Likelihood target (1–5)", "target impact": "Impact target (1–5)",
}  # fmt: skip


def brought(cast: Any, content: bytes, name: str = "meeting.xlsx") -> ImportBatch:
    return imports.preview(client=cast.acme, kind=KIND, name=name, content=content, by=cast.alice, at=NOW)
