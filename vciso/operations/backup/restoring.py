"""Filling an empty database and the file storage from a backup, and comparing both with it afterwards."""

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import CharField

from vciso import files
from vciso.audit import selectors as audit
from vciso.files.places import place
from vciso.operations.backup import archive, catalogue, programs
from vciso.operations.backup.making import key_id
from vciso.tenancy import catalogue as isolation

DEFINER = "vciso_definer"
# Made before, so that the definer may own functions in it from the first moment.
MADE_BEFORE = ("SCHEMA - sec ", "SCHEMA - public ", "COMMENT - SCHEMA public ")
DEFINERS_FUNCTION = "ACL sec FUNCTION"


class CannotRestore(Exception):
    """Nothing was changed; the sentence says why and what to do."""


@dataclass
class Restored:
    """What came back: `faults` is empty for a whole restore, `notes` tells what to do next."""

    rows: int = 0
    files: int = 0
    chains: int = 0
    orphans: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def restore(path: Path) -> Restored:
    """Verify the archive, fill the empty database and the storage, and compare.

    Files that lie in the storage already stay: what no row names is an orphan, not an error.
    """
    manifest = archive.verify(path)
    _refuse_newer_release(manifest)
    _refuse_filled_database()
    _restore_database(path)
    found = Restored()
    _restore_files(path, found)
    _compare(manifest, found)
    if manifest["key_id"] != key_id():
        found.notes.append(
            "SECRET_KEY is another one than at the backup. Put the old one into SECRET_KEY_FALLBACKS, or every second "
            "factor has to be set up anew."
        )
    if _due(manifest):
        found.notes.append("The backup is of an older release: run bin/manage migrate.")
    return found


def _refuse_newer_release(manifest: dict[str, Any]) -> None:
    known = set(MigrationLoader(None).disk_migrations)
    if unknown := [".".join(name) for name in map(tuple, manifest["migrations"]) if name not in known]:
        raise CannotRestore(
            f"The backup was made by a newer release: this one does not know {unknown[0]}. Restore with that release."
        )


def _due(manifest: dict[str, Any]) -> bool:
    applied = {tuple(name) for name in manifest["migrations"]}
    # A replaced (squashed) migration of another package counts as applied when its replacement is.
    return any(name not in applied for name in MigrationLoader(connection).graph.nodes)


def _refuse_filled_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        name, user = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT count(*) FROM pg_namespace WHERE nspname = 'sec'"
        )
        if any(row[0] for row in cursor.fetchall()):
            raise CannotRestore(
                f"The database “{name}” is not empty, and a restore never writes over anything. Restore into a new "
                "one (docs/operations.md, “Restore”)."
            )
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise CannotRestore(
                f"The role {user} may not fill the database. Only the migrator does: bin/manage restore."
            )


def _restore_database(path: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch, archive.DUMP)
        with dump.open("wb") as file:
            archive.copy_out(path, archive.DUMP, file)
        every = programs.run("pg_restore", "--list", str(dump)).splitlines()
        wanted = [line for line in every if not any(f" {made}" in f"{line} " for made in MADE_BEFORE)]
        definers = [line for line in wanted if _of_definer(line)]
        _execute("CREATE SCHEMA sec", f"GRANT CREATE ON SCHEMA sec TO {DEFINER}")
        try:
            _pass(dump, [line for line in wanted if line not in definers])
            # Only who owns a function may say who calls it.
            _pass(dump, definers, "--role", DEFINER)
        except programs.ProgramFailed:
            _execute("DROP SCHEMA IF EXISTS sec CASCADE")
            raise
        _execute(f"REVOKE CREATE ON SCHEMA sec FROM {DEFINER}", "ANALYZE")


def _of_definer(line: str) -> bool:
    return f" {DEFINERS_FUNCTION}" in line and line.rstrip().endswith(DEFINER)


def _pass(dump: Path, lines: list[str], *options: str) -> None:
    """One run of pg_restore over the given lines of its list: all of them or none."""
    listed = dump.with_suffix(".list")
    listed.write_text("\n".join(lines) + "\n")
    reach = ["--dbname", str(connection.settings_dict["NAME"]), "--no-password"]
    programs.run(
        "pg_restore", "--exit-on-error", "--single-transaction", f"--use-list={listed}", *reach, *options, str(dump)
    )


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _restore_files(path: Path, found: Restored) -> None:
    stored = place()
    for key, content in archive.stored_files(path):
        if hashlib.sha256(content).hexdigest() not in key:
            found.faults.append(f"files: {key} held other bytes than its name says when the backup was made")
        if stored.size(key) != len(content):
            stored.write(key, content)
        found.files += 1


def _compare(manifest: dict[str, Any], found: Restored) -> None:
    """Everything the backup knows about itself against what is there now."""
    found.faults += catalogue.differences(manifest["catalogue"], catalogue.lines())
    counts = catalogue.rows()
    found.rows = sum(counts.values())
    for table, wanted in manifest["rows"].items():
        if counts.get(table) != wanted:
            found.faults.append(f"rows: {table} has {counts.get(table)} instead of {wanted}")
    if catalogue.ends() != manifest["ends"]:
        found.faults.append("trail: the chains end elsewhere than at the backup")
    found.faults += [f"isolation: {fault}" for fault in isolation.faults()]
    _compare_chains(found)
    named = _named_keys()
    present = set(files.stored_keys())
    found.faults += [f"files: {key} is named by a row and missing" for key in sorted(named - present)]
    found.orphans = len(present - named)


def _compare_chains(found: Restored) -> None:
    with connection.cursor() as cursor:
        # The function is the app role's to call.
        cursor.execute("SET ROLE vciso_app")
        try:
            chains = audit.verify()
        finally:
            cursor.execute("RESET ROLE")
    found.chains = len(chains)
    found.faults += [f"trail: {c.chain}: event {c.broken_at}: {c.why}" for c in chains if c.broken_at is not None]


def _named_keys() -> set[str]:
    """Every stored file that a row names, in whatever app. Reads across clients: as the migrator."""
    named: set[str] = set()
    for model in apps.get_models():
        for field_ in model._meta.concrete_fields:
            if isinstance(field_, CharField) and field_.name.endswith("key"):
                keys = model._default_manager.filter(**{f"{field_.name}__regex": "^[cp]/[0-9a-f-]{36}/"})
                named |= set(keys.values_list(field_.name, flat=True))
    return named
