"""Making a backup while people work: one moment of the database, then the files it may name."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from vciso import files
from vciso.files.places import place
from vciso.operations.backup import archive, catalogue, programs

# Whoever was signed in signs in again after a restore: an ended session must not come back to life.
LEFT_OUT = frozenset({"django_session", "usersessions_usersession"})
NAME = "vciso-{:%Y%m%dT%H%M%SZ}.tar"


class NotPermitted(Exception):
    """The role of this process cannot read everything, so its backup would be a part of one."""


def key_id() -> str:
    """Tells SECRET_KEYs apart without telling one."""
    return salted_hmac("vciso.backup", "which key", algorithm="sha256").hexdigest()[:16]


def make(*, folder: Path, at: datetime, keep: int = 0) -> Path:
    """Write `vciso-<time>.tar` into `folder` and answer its path; `keep` older ones stay, if given.

    The dump comes first: a file stored meanwhile is an orphan in the archive, never a row's
    missing file. The archive appears under its name when it is whole.
    """
    _require_whole_view()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / NAME.format(at.astimezone(UTC))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".dump-") as scratch:
        dump = Path(scratch, archive.DUMP)
        told = _dump(dump) | {"made_at": at.astimezone(UTC).isoformat(timespec="seconds")}
        fresh = Path(scratch, path.name)
        with fresh.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            _write(archive.Writer(file), dump, told)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    if keep:
        for old in sorted(folder.glob("vciso-*T*Z.tar"))[:-keep]:
            old.unlink()
    return path


def _require_whole_view() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise NotPermitted(
                "This role does not see every row, so its backup would lack some. Only the migrator makes backups: "
                "run bin/manage backup, or set VCISO_DB_ROLE=migrator and MIGRATOR_DATABASE_URL."
            )


def _dump(path: Path) -> dict[str, Any]:
    """The dump, and what to compare it with later, of one and the same moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, server = cursor.fetchone()
        told = {
            "portal": settings.BASE_URL,
            "server": server,
            "key_id": key_id(),
            "left_out": sorted(LEFT_OUT),
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            "rows": catalogue.rows(without=LEFT_OUT),
            "catalogue": catalogue.lines(),
            "ends": catalogue.ends(),
        }
        left_out = [f"--exclude-table-data=public.{table}" for table in sorted(LEFT_OUT)]
        programs.run(
            "pg_dump", "--format=custom", "--no-password", f"--snapshot={snapshot}", f"--file={path}", *left_out
        )
    return told


def _write(writer: archive.Writer, dump: Path, told: dict[str, Any]) -> None:
    writer.add_bytes(archive.NOTE, archive.NOTE_TEXT.encode())
    with dump.open("rb") as content:
        writer.add(archive.DUMP, content, dump.stat().st_size)
    stored = place()
    for key in files.stored_keys():
        try:
            content_of_file = stored.read(key)
        except FileNotFoundError:
            continue  # an orphan that the sweeper removed meanwhile
        writer.add_bytes(f"files/{key}", content_of_file)
    writer.finish(told)
