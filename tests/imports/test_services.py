"""Imports against the real register: preview, import, second import, undo, export."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from risks.models import RiskReview
from tests.imports.layouts import LAYOUTS, book
from tests.imports.sheets import csv_bytes, xlsx_bytes
from vciso.imports import export, registry, services
from vciso.imports.enums import BatchState, Taking
from vciso.imports.models import ImportBatch, ImportRow
from vciso.imports.reading import ImportRefused
from vciso.jobs import run
from vciso.tenancy import context

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEADER = ["Risk ID", "Risk", "Likelihood", "Impact", "Treatment", "Target date", "Status", "Favourite colour"]
ROWS = [
    ["X-01", "The only server fails on a Friday", 4, 5, "Mitigate", "2027-03-31", "Open", "teal"],
    ["X-02", "An invoice is paid to a stranger", 3, 3, "Accept", "ASAP", "Open", ""],
    ["X-03", "", 2, 2, "", "", "Open", "and no title"],
]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture(params=["risks", "vendors"])
def kind_name(request: Any) -> str:
    return request.param


def bring(cast: Any, content: bytes, name: str = "register.csv", kind: str = "risks") -> ImportBatch:
    return services.preview(client=cast.acme, kind=registry.get(kind), name=name, content=content, by=cast.alice, at=AT)


def take(batch: ImportBatch, cast: Any, taking: str = Taking.GOOD, at: datetime = AT) -> ImportBatch:
    return services.import_rows(batch=batch, taking=taking, by=cast.alice, at=at)


def titles(client: Any, kind: str = "risks") -> list[str]:
    return [record.title for record in registry.get(kind).records(client)]


@pytest.fixture
def inside(cast: Any) -> Any:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        yield cast


def test_preview_writes_nothing_to_the_register(inside: Any) -> None:
    batch = bring(inside, csv_bytes([HEADER, *ROWS]))
    assert batch.counts["new"] == 2 and batch.counts["refused"] == 1
    assert titles(inside.acme) == []
    assert batch.file_sha256 and batch.rows.count() == 3


def test_import_good_rows_writes_them_and_undo_takes_them_back(inside: Any) -> None:
    batch = take(bring(inside, csv_bytes([HEADER, *ROWS])), inside)
    assert batch.state == BatchState.IMPORTED
    records = {record.title: record for record in registry.get("risks").records(inside.acme)}
    first = records["The only server fails on a Friday"]
    assert (first.values["likelihood_now"], first.values["impact_now"]) == (4, 5)
    assert "Favourite colour: teal" in first.values["notes"]
    row = ImportRow.objects.get(batch=batch, number=2)
    assert str(row.record_id) == first.id and row.record_reference
    result = services.undo(batch=batch, by=inside.alice, at=AT + timedelta(days=29))
    assert result.kept == [] and result.undone == 2
    assert titles(inside.acme) == []


def test_all_rows_or_none_refuses_a_file_with_a_refused_row(inside: Any) -> None:
    batch = bring(inside, csv_bytes([HEADER, *ROWS]))
    with pytest.raises(ImportRefused, match="1 row is refused"):
        take(batch, inside, Taking.ALL)
    assert titles(inside.acme) == []


def test_second_import_updates_instead_of_doubling(inside: Any) -> None:
    take(bring(inside, csv_bytes([HEADER, *ROWS[:2]])), inside)
    again = bring(inside, csv_bytes([HEADER, *ROWS[:2]]))
    assert again.counts["unchanged"] == 2, [(r.outcome, r.changes, r.remarks) for r in again.rows.all()]
    changed = [[*ROWS[0][:2], 2, *ROWS[0][3:]], ROWS[1]]
    batch = take(bring(inside, csv_bytes([HEADER, *changed])), inside)
    assert (batch.counts["update"], batch.counts["unchanged"], batch.counts["new"]) == (1, 1, 0)
    assert len(titles(inside.acme)) == 2
    services.undo(batch=batch, by=inside.alice, at=AT)
    values = next(iter(registry.get("risks").records(inside.acme))).values
    assert values["likelihood_now"] == 4


def test_undo_names_the_record_that_changed_since(inside: Any) -> None:
    batch = take(bring(inside, csv_bytes([HEADER, *ROWS[:2]])), inside)
    more = [[*ROWS[0][:2], 1, *ROWS[0][3:]]]
    take(bring(inside, csv_bytes([HEADER, *more]), name="later.csv"), inside, at=AT + timedelta(hours=1))
    result = services.undo(batch=batch, by=inside.alice, at=AT + timedelta(hours=2))
    assert result.undone == 1 and len(result.kept) == 1
    assert "changed since" in result.kept[0]
    assert titles(inside.acme) == ["The only server fails on a Friday"]


def test_undo_is_refused_after_thirty_days(inside: Any) -> None:
    batch = take(bring(inside, csv_bytes([HEADER, *ROWS[:2]])), inside)
    with pytest.raises(ImportRefused, match="30 days"):
        services.undo(batch=batch, by=inside.alice, at=AT + timedelta(days=31))


def test_import_refuses_when_the_register_changed_since_the_preview(inside: Any) -> None:
    first = bring(inside, csv_bytes([HEADER, *ROWS[:2]]))
    second = bring(inside, csv_bytes([HEADER, *ROWS[:2]]))
    take(first, inside)
    batch = take(second, inside)
    assert batch.state == BatchState.PREVIEWED and "changed" in batch.changed
    assert batch.counts["unchanged"] == 2


def test_reference_of_another_record_does_not_overwrite_it(inside: Any) -> None:
    take(bring(inside, csv_bytes([HEADER, *ROWS[:2]])), inside)
    other = [["X-01", "A tanker leaks behind the warehouse", 2, 2, "", "", "Open", ""]]
    batch = take(bring(inside, csv_bytes([HEADER, *other]), name="other.csv"), inside)
    assert batch.counts["new"] == 1 and batch.counts["warning"] == 1
    assert len(titles(inside.acme)) == 3


VENDOR_ROWS = [
    ["Vendor", "Service", "Criticality", "Data types", "Contract renewal", "SOC 2", "Owner"],
    ["Ledger Cloud Ltd", "Bookkeeping", "High", "Names; bank details", "30/06/2027", "Yes", "nobody we know"],
    ["Paper & Co", "Stationery", "low", "", "", "No", ""],
]


def test_vendors_are_imported_and_found_again(inside: Any) -> None:
    batch = take(bring(inside, xlsx_bytes(VENDOR_ROWS), "vendors.xlsx", "vendors"), inside)
    assert batch.counts["new"] == 2, batch.counts
    again = bring(inside, xlsx_bytes(VENDOR_ROWS), "vendors.xlsx", "vendors")
    assert again.counts["unchanged"] == 2, [(r.outcome, r.changes) for r in again.rows.all()]
    services.undo(batch=batch, by=inside.alice, at=AT)
    assert titles(inside.acme, "vendors") == []


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_every_export_imports_again_without_loss(inside: Any, kind_name: str, fmt: str) -> None:
    content = csv_bytes([HEADER, *ROWS[:2]]) if kind_name == "risks" else xlsx_bytes(VENDOR_ROWS)
    name = "register.csv" if kind_name == "risks" else "vendors.xlsx"
    take(bring(inside, content, name, kind_name), inside)
    kind = registry.get(kind_name)
    out = io.BytesIO()
    assert export.write(kind, inside.acme, fmt, out) == 2
    again = bring(inside, out.getvalue(), f"export.{fmt}", kind_name)
    assert again.counts["unchanged"] == 2 and again.counts["warning"] == 0, [
        (r.changes, r.remarks) for r in again.rows.all()
    ]


def test_whatever_layout_it_came_in_the_export_imports_again_without_loss(inside: Any) -> None:
    for layout in LAYOUTS:
        batch = take(bring(inside, layout.content(), layout.file_name, layout.of.name), inside)
        assert batch.counts["new"] + batch.counts["update"] + batch.counts["unchanged"] == len(layout.expected), layout
    for kind_name in registry.names():
        kind = registry.get(kind_name)
        for fmt in export.FORMATS:
            out = io.BytesIO()
            count = export.write(kind, inside.acme, fmt, out)
            again = bring(inside, out.getvalue(), f"export.{fmt}", kind_name)
            told = [
                (row.outcome, row.title, row.changes, row.remarks) for row in again.rows.exclude(outcome="unchanged")
            ]
            assert again.counts["unchanged"] == count > 0, told


def test_exported_list_of_one_client_arrives_whole_at_another(inside: Any, kind_name: str, cast: Any) -> None:
    content = csv_bytes([HEADER, *ROWS[:2]]) if kind_name == "risks" else xlsx_bytes(VENDOR_ROWS)
    name = "register.csv" if kind_name == "risks" else "vendors.xlsx"
    take(bring(inside, content, name, kind_name), inside)
    kind = registry.get(kind_name)
    out = io.BytesIO()
    export.write(kind, inside.acme, "xlsx", out)
    before = [dict(record.values) for record in kind.records(inside.acme)]
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        batch = services.preview(
            client=cast.globex, kind=kind, name="x.xlsx", content=out.getvalue(), by=cast.charlie, at=AT
        )
        services.import_rows(batch=batch, taking=Taking.ALL, by=cast.charlie, at=AT)
        after = [dict(record.values) for record in kind.records(cast.globex)]
    assert after == before


def test_commands_answer_as_scripts_expect(cast: Any, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(csv_bytes([HEADER, *ROWS]))
    call_command("import", "risks", str(file), "--client", cast.acme.key, "--dry-run", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["counts"] == {
        "new": 2,
        "update": 0,
        "unchanged": 0,
        "warning": 1,
        "refused": 1,
        "waiting": 0,
        "skipped": 0,
    }
    refused = answer["rows"][2]
    assert (refused["sheet"], refused["row"], refused["cell"], refused["outcome"]) == ("register", 4, "B4", "refused")
    assert refused["values"]["Favourite colour"] == "and no title" and "title" in refused["reason"]
    call_command("import", "risks", str(file), "--client", cast.acme.key, "--json")
    assert json.loads(capsys.readouterr().out)["counts"]["new"] == 2
    tabs = tmp_path / "tabs.xlsx"
    header, one = HEADER[:4], ["Z-01", "The well runs dry in summer", 4, 5]
    tabs.write_bytes(book({"North": [header, one], "South": [header, [*one[:2], 2, 5]]}))
    call_command("import", "risks", str(tabs), "--client", cast.acme.key, "--dry-run", "--json")
    waits = json.loads(capsys.readouterr().out)["rows"][0]
    assert waits["outcome"] == "waiting" and "Which counts?" in waits["reason"]
    answer = f"{waits['choices'][0]['key']}=South"
    call_command("import", "risks", str(tabs), "--client", cast.acme.key, "--choose", answer, "--json")
    assert json.loads(capsys.readouterr().out)["counts"]["new"] == 1
    call_command("import", "risks", str(tabs), "--client", cast.acme.key, "--prefer", "South", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["counts"]["unchanged"] == 1
    out = tmp_path / "out.xlsx"
    call_command("export", "risks", "--client", cast.acme.key, "--format", "xlsx", "--out", str(out), "--json")
    assert json.loads(capsys.readouterr().out)["count"] == 3 and out.stat().st_size > 1000
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(out.read_bytes()[:900])
    with pytest.raises(SystemExit) as stopped:
        call_command("import", "risks", str(broken), "--client", cast.acme.key, "--json")
    assert stopped.value.code == 1 and "refused" in json.loads(capsys.readouterr().out)


def test_imports_of_one_client_are_unknown_to_another(inside: Any, cast: Any) -> None:
    batch = take(bring(inside, csv_bytes([HEADER, *ROWS[:2]])), inside)
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        assert not ImportBatch.objects.filter(pk=batch.pk).exists()
        assert not ImportRow.objects.exists()


def test_a_long_file_is_written_by_a_job_and_says_how_it_ended(cast: Any) -> None:
    rows = [[f"Y-{n}", f"Something odd happens in room {n}", 2, 3, "", "", "Open", ""] for n in range(160)]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = bring(cast, csv_bytes([HEADER, *rows]))
        batch, job = services.start_import(batch=batch, taking=Taking.GOOD, by=cast.alice, at=AT)
        assert job is not None and batch.state == BatchState.WORKING
        assert titles(cast.acme) == []
    assert run.run(job.pk, client_id=cast.acme.pk) == "done"
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        done = ImportBatch.objects.get(pk=batch.pk)
        assert done.state == BatchState.IMPORTED and done.imported_by == cast.alice
        assert len(titles(cast.acme)) == 160


def test_a_file_of_the_same_form_is_read_as_the_last_one_was(inside: Any) -> None:
    head = ["Risk", "Likelihood", "Impact", "Remarks of the smith"]
    first = bring(inside, csv_bytes([head, ["The kiln overheats", "Spicy", 3, "a"]]))
    mapping = first.read_as
    mapping.scales = {"likelihood_now": {"spicy": 4}}
    mapping.tops["impact_now"] = 5
    mapping.sheets[0].columns[4] = "controls"
    take(services.change_mapping(batch=first, mapping=mapping, by=inside.alice, at=AT), inside)
    again = bring(inside, csv_bytes([head, ["Rain comes in at the hall", "spicy", 2, "b"]]), name="next.csv")
    assert again.mapping["sheets"][0]["columns"]["4"] == "controls"
    take(again, inside)
    values = next(r.values for r in registry.get("risks").records(inside.acme) if r.title.startswith("Rain"))
    assert (values["likelihood_now"], values["impact_now"], values["controls"]) == (4, 2, "b")


def test_what_is_too_long_is_said_in_the_preview_and_written_as_shown(inside: Any) -> None:
    head = ["Risk ID", "Risk", "Description", "Existing controls", "Action plan", "Likelihood", "Impact", "Accepted by",
            "Comments"]  # fmt: skip
    most = 32_767
    rows = [
        ["L-1", "Long texts", "d " * (most // 2), "c" * most, "p" * 20_001, 4, 4, "n" * 300, "k" * most],
        ["L-2", "r" * most, "", "", "", 4, 4, "", "x" * 19_990],
        ["L-3", "As long as it may be", "d" * 20_000, "", "", 4, 4, "", "x" * 20_000],
    ]
    content = csv_bytes([head, *rows])
    batch = bring(inside, content)
    shown = {row.number: (row.outcome, [remark["reason"] for remark in row.remarks]) for row in batch.rows.in_order()}
    assert {outcome for outcome, _ in shown.values()} == {"new"} and shown[4][1] == []
    for said in ("Description has 32,765", "Existing controls has 32,767", "The notes take 20,000", "the whole text"):
        assert said.lower() in " ".join(shown[2][1]).lower(), said
    taken = take(batch, inside)
    assert [row.outcome for row in taken.rows.in_order()] == ["new"] * 3 and taken.counts["refused"] == 0
    records = {record.title: record.values for record in registry.get("risks").records(inside.acme)}
    assert len(records["Long texts"]["controls"]) == 20_000 and len(records["Long texts"]["notes"]) <= 20_000
    assert all(len(title) <= 200 for title in records)
    again = take(bring(inside, content), inside)
    assert again.counts["refused"] == again.counts["new"] == 0
    more = csv_bytes([["Risk ID", "Risk", "Comments"], ["L-3", "As long as it may be", "y" * 300]])
    assert "The notes take" in str(bring(inside, more).rows.get().remarks) and take(bring(inside, more), inside)


def test_taking_back_an_import_that_rated_a_risk_leaves_its_reviews_as_they_were(inside: Any) -> None:
    head = ["Risk ID", "Risk", "Likelihood", "Impact", "Next review", "Target date"]
    take(bring(inside, csv_bytes([head, ["X-1", "The only server fails", 4, 5, "2027-04-21", "2027-05-01"]])), inside)

    def now() -> tuple[dict[str, Any], int]:
        record = next(iter(registry.get("risks").records(inside.acme)))
        return dict(record.values), RiskReview.objects.filter(risk_id=record.id).count()

    before = now()
    later = AT + timedelta(days=3)
    batch = bring(inside, csv_bytes([head, ["X-1", "The only server fails", 2, 5, "", "2019-01-01"]]))
    assert "January 1, 2019 has passed already" in str(batch.rows.get().remarks)
    taken = take(batch, inside, at=later)
    assert now()[0]["last_reviewed"] is not None and now() != before
    assert services.undo(batch=taken, by=inside.alice, at=later + timedelta(hours=1)).kept == []
    assert now() == before
