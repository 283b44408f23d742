"""`restore`: an archive into an empty database, and a comparison of both."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from vciso.operations import backup
from vciso.operations.backup.programs import ProgramFailed
from vciso.tenancy.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = "Fills an empty database and the file storage from a backup, and compares. Never writes over anything."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("archive", type=Path)
        parser.add_argument("--only-verify", action="store_true", help="Read the archive and change nothing.")

    def run(self, **options: Any) -> dict[str, Any]:
        path: Path = options["archive"]
        try:
            if options["only_verify"]:
                manifest = backup.verify(path)
                return {"sentence": f"{path} is whole. It was made at {manifest['made_at']} by {manifest['portal']}."}
            found = backup.restore(path)
        except (backup.Damaged, backup.CannotRestore, ProgramFailed) as error:
            raise Refused(str(error)) from error
        told = (
            f"{found.rows} rows, {found.files} files and {found.chains} audit chains came back. "
            "Everybody has to sign in again."
        )
        if found.orphans:
            told += f" {found.orphans} files are named by no row; the daily sweep removes them."
        if found.faults:
            told = "\n".join(["The restore differs from the backup. Do not use it.", *found.faults])
        return {"sentence": "\n".join([told, *found.notes]), "failed": bool(found.faults), **vars(found)}
