"""A backup is made while the portal holds rows of every kind, restored into an empty database, and compared."""

import io
import json
import tarfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests import scratch
from tests.conftest import APP_ROLE
from tests.factories.cast import Cast, make_cast
from tests.tenancy.conftest import make_world
from tests.tenancy.probes import PROBES
from vciso import files
from vciso.audit import services as audit
from vciso.jobs import reconcile
from vciso.jobs.models import Job, OutboxMail
from vciso.operations import backup
from vciso.operations.backup import catalogue, programs, restoring
from vciso.settings.addresses import database
from vciso.tenancy import context
from vciso.tenancy.models import Practice

MADE_AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
PAGES = b"%PDF-1.7 the pages of a report"
LATER = b"a file that was stored after the backup"


class Portal:
    """A portal with committed rows and stored files, and the folder its backups lie in."""

    def __init__(self, folder: Path, name: str, blocker: Any) -> None:
        self.folder, self.name, self.blocker = folder, name, blocker
        self.archives = folder / "backups"

    def fill(self) -> None:
        self.cast: Cast = make_world(make_cast())
        pages = files.store(self.cast.acme.pk, PAGES, suffix=".pdf")
        logo = files.store_for_practice(self.cast.northwind.pk, b"a logo", suffix=".png")
        self.keys = {pages.key, logo.key}
        Practice.objects.filter(pk=self.cast.northwind.pk).update(logo_key=logo.key)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reporting_report SET file_key = %s WHERE client_id = %s", [pages.key, self.cast.acme.pk]
            )
        now = timezone.now()
        running = {"state": "running", "lease_token": uuid.uuid4(), "dispatched_at": now, "attempt": 1}
        for key, more in (
            ("queued", {"dispatched_at": now - timedelta(hours=9)}),
            ("interrupted", {**running, "lease_until": now - timedelta(hours=8)}),
            ("done", {"state": "done", "finished_at": now}),
        ):
            Job.objects.create(client=self.cast.acme, kind="reporting.build", key=key, **more)
        OutboxMail.objects.create(client=self.cast.acme, key="m", to="bob@example.test", subject="s", body="b")
        with transaction.atomic():
            for number in range(3):
                audit.record(verb=f"test.{number}", client=self.cast.acme, by=self.cast.alice, after={"n": number})
            audit.record(verb="account.signed_in", by=self.cast.bob)
            connection.cursor().execute(
                "INSERT INTO django_session VALUES ('a-session-key-that-ended', 'x', now() + interval '1 hour')"
            )


@pytest.fixture(scope="module")
def portal(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    before = django_settings.FILES_ROOT
    django_settings.FILES_ROOT = folder / "files"
    with scratch.own_database(django_db_blocker) as name:
        found = Portal(folder, name, django_db_blocker)
        with scratch.working_on(name, django_db_blocker):
            found.fill()
            found.archive = backup.make(folder=found.archives, at=MADE_AT)
        yield found
    django_settings.FILES_ROOT = before


@pytest.fixture(scope="module")
def restored(portal: Portal, django_db_blocker: Any) -> Iterator[tuple[str, restoring.Restored]]:
    """The name of the database that was filled from the archive, and what the restore said."""
    django_settings.FILES_ROOT = portal.folder / "restored"
    later = files.store(portal.cast.acme.pk, LATER, suffix=".pdf")
    with scratch.own_database(django_db_blocker, copied=False) as name:
        with scratch.working_on(name, django_db_blocker):
            said = backup.restore(portal.archive)
        assert files.exists(later.key)
        yield name, said
    django_settings.FILES_ROOT = portal.folder / "files"


def ask(portal: Portal, name: str, query: Callable[[], Any]) -> Any:
    with scratch.working_on(name, portal.blocker):
        return query()


def test_everything_comes_back_and_nothing_differs(portal: Portal, restored: Any) -> None:
    name, said = restored
    assert (said.faults, said.notes) == ([], [])
    assert (said.files, said.orphans, said.chains) == (2, 1, 2)
    assert {key for key in portal.keys if files.read(key)} == portal.keys
    before, after = (ask(portal, which, catalogue.lines) for which in (portal.name, name))
    assert catalogue.digest(before) == catalogue.digest(after)
    assert min(len(before[section]) for section in ("policies", "grants", "triggers", "functions", "constraints")) > 20
    rows, back = (ask(portal, which, catalogue.rows) for which in (portal.name, name))
    assert rows["django_session"] == 1
    assert back == {**rows, "django_session": 0}


def test_every_attempt_to_break_out_fails_on_the_restored_database(portal: Portal, restored: Any) -> None:
    with scratch.working_on(restored[0], portal.blocker, role=APP_ROLE):
        for name, attempt in PROBES.items():
            with transaction.atomic():
                attempt(portal.cast)
                transaction.set_rollback(True)
            assert context.current() is None, name


def test_yesterdays_jobs_are_told_to_the_broker_again_and_the_done_one_is_not(
    portal: Portal, restored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[uuid.UUID] = []
    monkeypatch.setattr(reconcile, "tell_broker", lambda job, *_: told.append(job) or True)
    with scratch.working_on(restored[0], portal.blocker, role=APP_ROLE):
        assert reconcile.reconcile() == 2
    states = ask(portal, restored[0], lambda: dict(Job.objects.values_list("key", "state")))
    assert states == {"queued": "queued", "interrupted": "queued", "done": "done"} and len(told) == 2


def test_a_file_that_a_row_names_and_the_archive_lacks_is_told(
    portal: Portal, restored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "FILES_ROOT", portal.folder / "nothing")
    found = restoring.Restored()
    manifest = backup.verify(portal.archive)
    with scratch.working_on(restored[0], portal.blocker):
        restoring._compare(manifest, found)
    assert found.faults == [f"files: {key} is named by a row and missing" for key in sorted(portal.keys)]


WEAKENED = {
    "ALTER TABLE engagements_person NO FORCE ROW LEVEL SECURITY": "tables:",
    "DROP POLICY engagements_person_r ON engagements_person": "policies:",
    "GRANT TRUNCATE ON engagements_person TO vciso_app": "grants:",
    "DROP TRIGGER audit_link ON audit_event": "triggers:",
    "ALTER FUNCTION sec.no_context(text) SECURITY DEFINER": "functions:",
    "DELETE FROM jobs_job WHERE key = 'done'": "rows: jobs_job",
    "UPDATE audit_head SET seq = seq + 1": "trail:",
}


@pytest.mark.parametrize("statement", WEAKENED)
def test_the_comparison_notices_what_a_careless_restore_would_lose(
    portal: Portal, restored: Any, statement: str
) -> None:
    manifest = backup.verify(portal.archive)
    with scratch.working_on(restored[0], portal.blocker), transaction.atomic():
        connection.cursor().execute(statement)
        found = restoring.Restored()
        restoring._compare(manifest, found)
        transaction.set_rollback(True)
    assert any(fault.startswith(WEAKENED[statement]) for fault in found.faults), found.faults


def test_a_database_that_is_not_empty_is_never_written_to(portal: Portal, restored: Any) -> None:
    with scratch.working_on(restored[0], portal.blocker), pytest.raises(backup.CannotRestore, match="is not empty"):
        backup.restore(portal.archive)


def test_the_archive_is_private_holds_no_secret_and_says_what_it_lacks(portal: Portal) -> None:
    assert portal.archive.name == "vciso-20260302T040000Z.tar"
    assert portal.archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in portal.archives.iterdir()] == [portal.archive.name]
    content = portal.archive.read_bytes()
    assert django_settings.SECRET_KEY.encode() not in content and b"a-session-key-that-ended" not in content
    with tarfile.open(portal.archive) as tar:
        note = tar.extractfile("READ ME FIRST.txt")
        assert note is not None and b"SECRET_KEY" in note.read()


def rewritten(archive: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with other members."""
    with tarfile.open(archive) as tar:
        members = {entry.name: content.read() for entry in tar if (content := tar.extractfile(entry)) is not None}
    change(members)
    with tarfile.open(target, "w") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return target


def test_an_archive_that_was_changed_or_cut_is_refused_before_anything_is_touched(
    portal: Portal, tmp_path: Path
) -> None:
    def flip(members: dict[str, bytes]) -> None:
        members["database.dump"] = members["database.dump"][:-1] + b"!"

    def lose(members: dict[str, bytes]) -> None:
        del members[next(name for name in members if name.startswith("files/"))]

    def smuggle(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["files/../../etc/cron.d/x"] = b"* * * * * root true"
        manifest["members"]["files/../../etc/cron.d/x"] = {"size": 1, "sha256": "0"}
        members["manifest.json"] = json.dumps(manifest).encode()

    for change, why in ((flip, "is not what the manifest says"), (lose, "other members"), (smuggle, "does not belong")):
        with pytest.raises(backup.Damaged, match=why):
            backup.verify(rewritten(portal.archive, tmp_path / "changed.tar", change))
    cut = tmp_path / "cut.tar"
    cut.write_bytes(portal.archive.read_bytes()[: portal.archive.stat().st_size // 2])
    with pytest.raises(backup.Damaged):
        backup.verify(cut)
    (tmp_path / "other.tar").write_bytes(b"no archive at all")
    with pytest.raises(backup.Damaged, match="cannot be read"):
        backup.verify(tmp_path / "other.tar")


def test_a_backup_of_a_newer_release_is_refused(portal: Portal, tmp_path: Path) -> None:
    def newer(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["migrations"].append(["risks", "0999_from_the_future"])
        members["manifest.json"] = json.dumps(manifest).encode()

    path = rewritten(portal.archive, tmp_path / "newer.tar", newer)
    with (
        scratch.working_on(portal.name, portal.blocker),
        pytest.raises(backup.CannotRestore, match="not know risks.09"),
    ):
        backup.restore(path)


def test_another_secret_key_is_noticed(portal: Portal, settings: Any) -> None:
    then = backup.verify(portal.archive)["key_id"]
    settings.SECRET_KEY = "another key than the one at the time of the backup"
    assert restoring.key_id() != then


@pytest.mark.django_db
def test_the_app_role_makes_no_partial_backup(tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(SystemExit):
        call_command("backup", "--to", str(tmp_path))
    assert "Only the migrator makes backups: run bin/manage backup" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_pg_dump_itself_refuses_the_app_role(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    app = database("DATABASE_URL", pool=False)
    with scratch.working_on(portal.name, portal.blocker):
        monkeypatch.setitem(connection.settings_dict, "USER", app["USER"])
        monkeypatch.setitem(connection.settings_dict, "PASSWORD", app["PASSWORD"])
        with pytest.raises(programs.ProgramFailed, match="permission denied|row-level security"):
            programs.run("pg_dump", "--format=custom", "--file=/dev/null", "--table=engagements_person")


def test_the_command_reads_its_archive_back_and_keeps_the_newest(portal: Portal, tmp_path: Path, capsys: Any) -> None:
    for day in range(1, 4):
        (tmp_path / f"vciso-2026010{day}T040000Z.tar").write_bytes(b"old")
    (tmp_path / "notes.txt").write_text("stays")
    with scratch.working_on(portal.name, portal.blocker):
        call_command("backup", "--to", str(tmp_path), "--keep", "2", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == len(list(files.stored_keys())) and told["rows"] > 50
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["notes.txt", "vciso-20260103T040000Z.tar", Path(told["path"]).name]
    call_command("restore", told["path"], "--only-verify")
    assert "is whole" in capsys.readouterr().out


def test_a_full_disk_leaves_no_half_archive(portal: Portal) -> None:
    with scratch.working_on(portal.name, portal.blocker), pytest.raises((OSError, programs.ProgramFailed)):
        backup.make(folder=Path("/proc/self/nowhere"), at=MADE_AT)


def test_people_of_the_app_role_can_reach_the_restored_database(portal: Portal, restored: Any) -> None:
    app = database("DATABASE_URL", pool=False)
    reach = {"host": app["HOST"], "port": app["PORT"], "user": app["USER"], "password": app["PASSWORD"]}
    with psycopg.connect(**reach, dbname=restored[0]) as db:
        roles = db.execute(
            "SELECT roles FROM sec.enter(%s, NULL, %s)", [portal.cast.alice.pk, portal.cast.acme.key]
        ).fetchone()
    assert roles is not None and "consultant" in roles[0]
