"""A long import is taken back behind its page: with progress, once, and wholly or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.imports.sheets import csv_bytes
from vciso.imports import registry, services
from vciso.imports.enums import BatchState, Taking
from vciso.imports.models import ImportBatch, ImportRow
from vciso.imports.reading import ImportRefused
from vciso.jobs import run
from vciso.jobs.models import Job
from vciso.tenancy import context

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROWS = 160


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def imported(cast: Any, rows: list[list[str]], name: str = "register.csv") -> ImportBatch:
    content = csv_bytes([["Risk ID", "Risk", "Action plan"], *rows])
    kind = registry.get("risks")
    batch = services.preview(client=cast.acme, kind=kind, name=name, content=content, by=cast.alice, at=AT)
    return services.import_rows(batch=batch, taking=Taking.GOOD, by=cast.alice, at=AT)


@pytest.fixture
def batch(cast: Any) -> ImportBatch:
    """An import of 160 rows of Acme, two of which were changed here since."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        rows = [[f"Y-{number}", f"Something odd happens in room {number}", "Lock it"] for number in range(ROWS)]
        batch = imported(cast, rows)
        imported(cast, [[*row[:2], "Bar it"] for row in rows[:2]], "later.csv")
    return batch


def counted(cast: Any) -> int:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        return len([*registry.get("risks").records(cast.acme)])


def test_a_long_import_is_taken_back_by_the_worker_and_its_page_says_how_far_it_is(
    cast: Any, browse: Any, batch: ImportBatch, monkeypatch: Any
) -> None:
    def at(name: str, **more: Any) -> str:
        return reverse(f"imports:{name}", kwargs={"client_key": cast.acme.key, "kind": "risks", **more})

    def page() -> str:
        return browser.get(at("batch", pk=batch.pk)).content.decode()

    browser = browse(cast.alice)
    asked = browser.get(at("undo", pk=batch.pk)).content.decode()
    assert "Undo the import of register.csv?" in asked and "160 records that it made are removed." in asked
    assert f'href="{at("undo", pk=batch.pk)}"' in page() and counted(cast) == ROWS, "a question alone"
    for _ in range(2):
        assert browser.post(at("undo", pk=batch.pk)).status_code == 303
    assert counted(cast) == ROWS, "nothing is taken back while somebody waits"
    text = page()
    assert "Being undone" in text and f"Taking back {ROWS} rows" in text and "Undo this import" not in text
    assert "Being undone" in browser.get(at("upload")).content.decode()
    asked = f'hx-get="{at("progress", pk=batch.pk)}" hx-trigger="every 1s"'
    piece = browser.get(at("progress", pk=batch.pk), headers={"HX-Request": "true"}).content.decode()
    assert asked in text and asked in piece, "the piece that comes asks at the same address again"
    assert "Taking back" in piece and "<section" not in piece
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        job = Job.objects.get(kind="imports.undo")
        Job.objects.filter(pk=job.pk).update(state="cancelled")
    text = page()
    assert "Not undone" in text and "the client was archived meanwhile" in text and "Try again" in text
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        # Given up by the worker, as after five deaths in the middle of it.
        Job.objects.filter(pk=job.pk).update(state="failed", message="The worker that did it stopped in the middle.")
    text = page()
    for said in ("Not undone", "Nothing was taken back.", "stopped in the middle", "Try again"):
        assert said in text, said
    assert "every 1s" not in text, "nothing is left to ask for"
    given_up = browser.get(at("progress", pk=batch.pk), headers={"HX-Request": "true"})
    assert (given_up.status_code, given_up["HX-Refresh"]) == (286, "true")
    assert "Not finished" in browser.get(at("upload")).content.decode()
    assert browser.post(at("undo", pk=batch.pk)).status_code == 303
    told: list[str] = []
    real = run.RunningJob.tell

    def noted(self: Any, **said: Any) -> None:
        told.append(said["message"])
        real(self, **said)

    monkeypatch.setattr(run.RunningJob, "tell", noted)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        again = Job.objects.get(kind="imports.undo", state="queued")
    assert run.run(again.pk, client_id=cast.acme.pk) == "done"
    assert told == ["158 of 158 rows are taken back"]
    assert browser.get(at("progress", pk=batch.pk)).status_code == 286
    text = page()
    assert text.count("it was changed since the import.") == 2 and "Undo this import" in text
    assert "158 rows taken back by Alice" in text and counted(cast) == 2
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        held = ImportBatch.objects.get(pk=batch.pk)
        assert (held.state, held.undone_by) == (BatchState.IMPORTED, cast.alice)
        assert ImportRow.objects.filter(batch=batch, undone=True).count() == ROWS - 2


def test_an_undo_that_was_asked_for_in_time_may_end_later_and_nothing_else_may_begin(
    cast: Any, batch: ImportBatch
) -> None:
    last = AT + timedelta(days=30)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        with pytest.raises(ImportRefused, match="30 days"):
            services.start_undo(batch=batch, by=cast.alice, at=last + timedelta(seconds=1))
        assert services.start_undo(batch=batch, by=cast.alice, at=last).job is not None
        with pytest.raises(ImportRefused, match="imported already"):
            services.start_import(batch=batch, taking=Taking.GOOD, by=cast.alice, at=last)
        assert services.undo(batch=batch, by=cast.alice, at=last + timedelta(days=1)).undone == ROWS - 2
