"""A whole client as one file: nothing of it is missing, and nothing of another is in it."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from risks import services as risks
from tests.factories.cast import Cast
from vciso import files
from vciso.audit.models import Event
from vciso.home import services
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
OURS, THEIRS = "Zinnia of Acme", "Foxglove of Globex"


def test_every_kind_of_record_of_a_client_is_in_its_archive_or_has_a_reason() -> None:
    """Whatever model somebody adds meets this first."""
    of_client = {
        m._meta.label for m in apps.get_models() if "client_id" in {f.attname for f in m._meta.concrete_fields}
    }
    kept = {model._meta.label for model in services.kept()}
    assert kept | set(services.LEFT_OUT) == of_client
    assert kept & set(services.LEFT_OUT) == set()


@pytest.fixture
def archived(cast: Cast, tmp_path: Path, settings: Any) -> Path:
    """Acme's archive, made by the command; Acme and Globex have a risk, a limit and a file each."""
    settings.FILES_ROOT = tmp_path / "files"
    now = timezone.now()
    for user, client, mark in ((cast.alice, cast.acme, OURS), (cast.charlie, cast.globex, THEIRS)):
        with context.as_user(user, client_id=client.pk):
            wording = risks.Wording(title=f"{mark} burns", event="It burns", private_notes=f"{mark} is asleep")
            risks.raise_risk(client=client, wording=wording, by=user, at=now, ratings={})
            risks.set_appetite(client=client, category="legal", band_limit=1, words=f"No {mark}", by=user, at=now)
        files.store(client.pk, mark.encode(), suffix=".txt")
    path = tmp_path / "acme.zip"
    call_command("archive", "--client", cast.acme.key, "--out", str(path))
    return path


def rows_of(package: zipfile.ZipFile, label: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in package.read(f"records/{label}.jsonl").splitlines()]


def test_the_archive_holds_every_row_the_lists_the_files_and_the_trail(cast: Cast, archived: Path) -> None:
    assert archived.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(archived) as package:
        manifest = json.loads(package.read(services.MANIFEST))
        assert sorted(package.namelist()) == sorted([*manifest["members"], services.MANIFEST])
        for name, sha256 in manifest["members"].items():
            assert hashlib.sha256(package.read(name)).hexdigest() == sha256, name
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            there = {m._meta.label: m._base_manager.filter(client=cast.acme).count() for m in services.kept()}
            assert manifest["rows"] == {"tenancy.Client": 1, **there}
            assert Event.objects.filter(verb="export.archived", client=cast.acme).count() == 1
        (risk,) = rows_of(package, "risks.Risk")
        assert (risk["reference"], risk["private_notes"]) == ("R-001", f"{OURS} is asleep")
        assert [row["words"] for row in rows_of(package, "risks.Appetite")] == [f"No {OURS}"]
        assert {row["verb"] for row in rows_of(package, "audit.Event")} >= {"risk.raised", "export.archived"}
        assert "Alice" in {row["name"] for row in rows_of(package, "people")}
        (stored,) = [name for name in manifest["members"] if name.startswith("files/")]
        assert package.read(stored) == OURS.encode()
        book = load_workbook(io.BytesIO(package.read("lists/Limits.xlsx")))
        assert f"No {OURS}" in str(list(book["Limits"].values))
        assert {"lists/Risk register.xlsx", "lists/Limits.xlsx"} <= set(manifest["members"])
        assert cast.acme.name in package.read(services.NOTE).decode()


def test_nothing_of_another_client_is_inside(cast: Cast, archived: Path) -> None:
    with zipfile.ZipFile(archived) as package:
        for name in package.namelist():
            content = package.read(name)
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    content = b"".join(book.read(part) for part in book.namelist())
            for foreign in (THEIRS, cast.globex.name, str(cast.globex.pk), cast.gina.email):
                assert foreign.encode() not in content, name


def test_an_archive_that_cannot_be_written_leaves_nothing(cast: Cast, tmp_path: Path) -> None:
    for arguments in (["--client", "nobody-000000"], ["--client", cast.acme.key]):
        with pytest.raises(CommandError, match="There is no"):
            call_command("archive", *arguments, "--out", str(tmp_path / "no" / "such.zip"))
    assert list(tmp_path.iterdir()) == []
