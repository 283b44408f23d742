"""Which risk a row of a workbook or an export is that comes back: by its numbers, its title and what was handed out."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import load_workbook

from risks.columns import KIND
from risks.models import Risk
from tests.risks.conftest import NOW
from tests.risks.meetings import brought, edited, got, lines, workbook
from vciso.imports import services as imports
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


def test_both_numbers_stand_in_the_exports_and_either_finds_the_risk_again(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        Risk.objects.filter(pk=register.pk).update(source_reference="X-270")
    for query in ("?format=csv&sort=ref", "?format=meeting&sort=ref"):
        content = got(browse(cast.alice), cast, "export", query)
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            name = "a.csv" if "csv" in query else "a.xlsx"
            batch = imports.preview(client=cast.acme, kind=KIND, name=name, content=content, by=cast.alice, at=NOW)
            assert batch.counts == dict.fromkeys(batch.counts, 0) | {"unchanged": 2}, (query, batch.counts)
    found = lines(got(browse(cast.alice), cast, "export", "?format=csv&sort=ref"))
    assert [(row["Portal ID"], row["Their ID"]) for row in found] == [("R-001", "X-270"), ("R-002", "")]


def test_another_number_of_theirs_is_told_and_leaves_the_risk_found_by_the_portals(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        Risk.objects.filter(pk=register.pk).update(source_reference="X-270")
    book = workbook(cast, browse)
    content = edited(book, theirs_2="R-002", title_2="Backups are never tried")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, content)
        assert batch.counts["new"] == 0 and batch.counts["update"] == 1, batch.counts
        row = batch.rows.get(outcome="update")
        assert row.record_reference == "X-270" and [label for label, _, _ in row.changes] == ["Title"]
        (remark,) = [remark for remark in row.remarks if remark["field"] == "reference"]
        assert "“R-002” is another number" in remark["reason"] and "“X-270” stays" in remark["reason"]


def test_the_numbers_of_another_portals_export_mean_nothing_here(cast, register, browse):
    heading = "Portal ID,Their ID,Title,Owner,Likelihood now (1–5),Impact now (1–5),Status\n"
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, f"{heading}R-001,Z-9,The lorry is stolen at night,,3,3,Open\n".encode(), "list.csv")
        assert batch.counts["new"] == 1 and batch.counts["update"] == 0, batch.counts
        # The export of another client has the same numbers, and nothing but these in common.
        rows = [f"R-00{n},,{title},,3,3,Open" for n, title in enumerate(("A lorry", "The mill", "Gas leaks"), start=1)]
        batch = brought(cast, "\n".join([heading.strip(), *rows]).encode(), "list.csv")
        assert batch.counts["new"] == 3 and batch.counts["update"] == 0, batch.counts
        assert "If the file was made for another client, bring it there." in batch.remarks[0]
        titles = [f"R-00{n},,{row.title},,3,3,Open" for n, row in enumerate(Risk.objects.order_by("number"), start=1)]
        batch = brought(cast, "\n".join([heading.strip(), *titles]).encode(), "list.csv")
        assert batch.counts["new"] == 0 and not batch.remarks, batch.remarks
    book = workbook(cast, browse)
    sheet = book.worksheets[0]
    said = json.loads(sheet.cell(2, sheet.max_column).value)
    elsewhere = edited(book, handed_2=json.dumps(said | {"client": str(cast.globex.pk)}), likelihood_2=5)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        row = brought(cast, elsewhere).rows.get(number=2)
        assert row.outcome == "refused" and "made for another client. Bring it there." in str(row.remarks)


def test_a_row_that_was_copied_and_called_otherwise_is_one_new_risk_however_often_it_comes(cast, register, browse):
    book = workbook(cast, browse)
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    content = edited(book, title_4="Backups of the scanners cannot be restored")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        first = brought(cast, content)
        assert (first.counts["new"], first.counts["unchanged"]) == (1, 2), first.counts
        imports.start_import(batch=first, taking="all", by=cast.alice, at=NOW)
        made = Risk.objects.get(title="Backups of the scanners cannot be restored")
        again = brought(cast, content)
        assert again.counts == dict.fromkeys(again.counts, 0) | {"unchanged": 3}, again.counts
        assert again.rows.get(number=4).record_reference == made.reference


def test_rows_that_were_sorted_apart_from_their_numbers_are_read_as_handed_out_or_refused(cast, register, browse):
    """Sorting without the first column moves what was handed out with the cells; without the last it stays."""
    book = workbook(cast, browse, "&sort=ref&status=any")
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]

    def swapped(*left_out: str) -> bytes:
        found = load_workbook(io.BytesIO(edited(book)))
        table = found.worksheets[0]
        for column, name in enumerate(names, start=1):
            if name not in left_out:
                first, second = table.cell(2, column), table.cell(3, column)
                first.value, second.value = second.value, first.value
        table.insert_rows(2)
        table.cell(2, names.index("Title") + 1).value = "Talked about first"
        return edited(found, likelihood_3=5, why_3="Two cases")

    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, swapped("Portal ID"))
        assert batch.counts["update"] == 1 and batch.counts["unchanged"] == 2, batch.counts
        moved = batch.rows.get(number=3)
        assert (moved.title, moved.changes[0]) == ("Phishing takes an account", ["Likelihood now", "3", "5"])
        assert "“R-001” stands beside what was handed out as R-002, and is read as that." in str(moved.remarks)
        batch = brought(cast, swapped("Portal ID", "Portal version", "As handed out"))
        assert batch.counts["refused"] == 2 and batch.counts["update"] == 0, batch.counts
        assert "The number is R-001 and the title that of R-002" in str(batch.rows.get(number=3).remarks)
        batch = brought(cast, swapped())
        assert batch.counts["update"] == 1 and not batch.rows.filter(title="Backups cannot be restored").get().changes
