"""Policy lists as people keep them: read, written, taken back, and never counted as approved."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engagements.models import Person
from policies import services as policies
from policies.columns.names import from_name
from policies.columns.reading import months_of
from policies.models import Policy, PolicyVersion
from tests.imports.sheets import csv_bytes, xlsx_bytes, zipped
from vciso.imports import export, registry, services
from vciso.imports.enums import Taking
from vciso.imports.models import ImportBatch
from vciso.imports.reading import ImportRefused
from vciso.tenancy import context

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEAD = ["Policy name", "Category", "Owner", "Approver", "Version", "Review frequency", "Last reviewed", "Next review",
        "Status", "Effective date", "Location", "Shelf"]  # fmt: skip
ROWS = [
    ["Access control", "Policy", "Bob Acme", "Board", "2.1", "Annual", "2026-01-10", "2027-01-10", "Approved",
     "2025-01-10", "S:/policies", "3"],
    ["Incident response plan", "Plan", "", "", "Rev. B", "Every 2 years", "", "", "Draft", "", "", ""],
    ["Clean desk", "", "", "CEO", "1", "when needed", "", "", "Approved", "", "", ""],
    ["Fax use", "", "", "", "4.0", "", "", "", "Obsolete", "2012-02-02", "", ""],
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def inside(cast: Any) -> Any:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        Person.objects.create(client=cast.acme, name="Bob Acme", created_at=AT)
        yield cast


def bring(cast: Any, content: bytes, name: str = "list.csv", client: Any = None, by: Any = None) -> ImportBatch:
    kind = registry.get("policies")
    return services.preview(
        client=client or cast.acme, kind=kind, name=name, content=content, by=by or cast.alice, at=AT
    )


def take(batch: ImportBatch, by: Any) -> ImportBatch:
    return services.import_rows(batch=batch, taking=Taking.GOOD, by=by, at=AT)


def kept() -> dict[str, Policy]:
    return {policy.title: policy for policy in Policy.objects.with_standing()}


def version_of(policy: Policy) -> PolicyVersion:
    return policy.versions.get()


def test_a_list_becomes_policies_and_approves_nothing(inside: Any) -> None:
    batch = take(bring(inside, csv_bytes([HEAD, *ROWS])), inside.alice)
    assert batch.counts["new"] == 4 and batch.counts["refused"] == 0
    found = kept()
    access = version_of(found["Access control"])
    assert (access.number, access.state, access.effective_on) == ("2.1", "approved", date(2025, 1, 10))
    assert access.approval_recorded is False and access.approved_by is None and access.approved_at is None
    assert found["Access control"].owner.name == "Bob Acme"
    assert found["Access control"].next_review_on == date(2027, 1, 10)
    assert (
        found["Access control"].extras["approved_by"] == "Board" and "Shelf: 3" in found["Access control"].private_notes
    )
    plan = found["Incident response plan"]
    assert (plan.kind, plan.review_months, version_of(plan).state) == ("plan", 24, "draft")
    assert "Version: Rev. B" in plan.private_notes
    desk = version_of(found["Clean desk"])
    assert desk.state == "draft", "without a day nothing is in force, whatever the list says"
    assert found["Fax use"].retired_on is not None
    assert not PolicyVersion.objects.filter(state="approved", approval_recorded=True).exists()
    rows = {row.title: " ".join(r["reason"] for r in row.remarks) for row in batch.rows.all()}
    assert "approval not recorded" in rows["Access control"] and "kept as a draft" in rows["Clean desk"]


def test_second_import_updates_and_the_undo_sets_back(inside: Any) -> None:
    first = take(bring(inside, csv_bytes([HEAD, *ROWS])), inside.alice)
    again = bring(inside, csv_bytes([HEAD, *ROWS]))
    assert again.counts["unchanged"] == 4, [(row.title, row.changes) for row in again.rows.all()]
    newer = [["Access control", "", "", "", "3.0", "", "", "", "Approved", "2026-06-01", "", ""]]
    update = take(bring(inside, csv_bytes([HEAD, *newer]), "later.csv"), inside.alice)
    assert update.counts["update"] == 1
    assert version_of(kept()["Access control"]).number == "3.0"
    assert services.undo(batch=update, by=inside.alice, at=AT).kept == []
    access = version_of(kept()["Access control"])
    assert (access.number, access.effective_on) == ("2.1", date(2025, 1, 10))
    assert services.undo(batch=first, by=inside.alice, at=AT).kept == []
    assert kept() == {}


def test_a_version_with_words_is_not_changed_and_not_taken_back(inside: Any) -> None:
    first = take(bring(inside, csv_bytes([HEAD, ROWS[0]])), inside.alice)
    draft = policies.start_draft(policy=kept()["Access control"], by=inside.alice, at=AT)
    policies.save_draft(version=draft, body="Keys stay here.", change_summary="", by=inside.alice, at=AT)
    newer = [["Access control", "", "", "", "9", "", "", "", "Approved", "2026-06-01", "", ""]]
    batch = bring(inside, csv_bytes([HEAD, *newer]), "later.csv")
    row = batch.rows.get()
    assert "words of its own" in row.remarks[0]["reason"]
    assert [label for label, *_ in row.changes] == ["Private notes"]
    result = services.undo(batch=first, by=inside.alice, at=AT)
    assert result.undone == 0 and "P-001" in result.kept[0]


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_export_arrives_whole_here_and_elsewhere(inside: Any, cast: Any, fmt: str) -> None:
    take(bring(inside, xlsx_bytes([HEAD, *ROWS]), "list.xlsx"), inside.alice)
    out = io.BytesIO()
    kind = registry.get("policies")
    assert export.write(kind, inside.acme, fmt, out) == 4
    again = bring(inside, out.getvalue(), f"export.{fmt}")
    assert again.counts["unchanged"] == 4, [(row.title, row.changes, row.remarks) for row in again.rows.all()]
    before = {record.title: dict(record.values) for record in kind.records(inside.acme)}
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        take(bring(cast, out.getvalue(), f"x.{fmt}", cast.globex, cast.charlie), cast.charlie)
        after = {record.title: dict(record.values) for record in kind.records(cast.globex)}
    for title, values in before.items():
        # People belong to a client; nobody of that name is in the other's directory.
        assert {**values, "owner": None, "notes": ""} == {**after[title], "owner": None, "notes": ""}


@pytest.mark.parametrize(
    ("name", "title", "version"),
    [
        ("Access_Control_Policy v3 FINAL final2.docx", "Access Control Policy", "3.0"),
        ("IS-Policy-2024-03-01_v2.1_draft.docx", "IS Policy", "2.1"),
        ("policies/HR/Leaver_procedure_rev04.doc", "Leaver procedure", "4.0"),
        ("Copy of Password Policy FINAL (1).docx", "Password Policy", ""),
        ("Data Protection Policy (GDPR) v 4.docx", "Data Protection Policy (GDPR)", "4.0"),
        ("New starter checklist.docx", "New starter checklist", ""),
        ("Final settlement policy", "Final settlement policy", ""),
    ],
)
def test_names_of_files(name: str, title: str, version: str) -> None:
    found = from_name(name)
    assert (found.title, found.version) == (title, version)


def test_of_several_files_of_one_document_the_newest_stays_and_the_others_are_listed(inside: Any) -> None:
    names = ["Password policy v1.docx", "Password policy v3 FINAL final2.docx", "Password policy v2.docx", "BYOD.docx"]
    batch = bring(inside, csv_bytes([["File name", "Date modified"], *[[n, "2025-03-04"] for n in names]]))
    rows = {row.title: row for row in batch.rows.all()}
    assert set(rows) == {"Password policy", "BYOD"} and rows["Password policy"].number == 3
    assert [item["row"] for item in batch.skipped] == [2, 4]
    take(batch, inside.alice)
    found = kept()["Password policy"]
    assert version_of(found).number == "3.0" and version_of(found).state == "draft"
    assert found.extras["document_date"] == "2025-03-04"


def test_a_folder_of_documents_is_a_list_of_their_names(inside: Any) -> None:
    names = ["HR/Leaver procedure v2.docx", "HR/", "IT/Access policy v1.1 FINAL.docx", "IT/logo.png", "../../evil.pdf"]
    batch = bring(inside, zipped(dict.fromkeys(names, b"never opened")), "Policies.zip")
    rows = {row.title: row for row in batch.rows.all()}
    assert set(rows) == {"Leaver procedure", "Access policy", "Evil"}
    assert "not their words" in " ".join(batch.remarks) and "1 files" in " ".join(batch.remarks)
    take(batch, inside.alice)
    assert {policy.draft_number for policy in kept().values()} == {"2.0", "1.1", "1.0"}
    with pytest.raises(ImportRefused, match="archive"):
        services.preview(
            client=inside.acme, kind=registry.get("risks"), name="a.zip", content=zipped({"a.docx": b"x"}),
            by=inside.alice, at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "months"),
    [("Annual", 12), ("yearly", 12), ("Every 2 years", 24), ("6 months", 6), ("Quarterly", 3), ("18", 18),
     ("biennial", 24), ("jährlich", 12), ("when needed", None), ("0", None), ("99", None)],
)  # fmt: skip
def test_rhythms_in_words(words: str, months: int | None) -> None:
    assert months_of(words) == months
