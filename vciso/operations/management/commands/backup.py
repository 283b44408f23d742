"""`backup`: the whole portal in one archive."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from vciso.operations import backup
from vciso.operations.backup.programs import ProgramFailed
from vciso.tenancy.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = "Writes database and stored files into one archive, with the SHA-256 of everything. Not the secrets."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="By default VCISO_VAR/backups.")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="Remove all but the N newest archives.")

    def run(self, **options: Any) -> dict[str, Any]:
        folder = options["to"] or settings.VAR / "backups"
        try:
            path = backup.make(folder=folder, at=timezone.now(), keep=max(0, options["keep"]))
        except (backup.NotPermitted, ProgramFailed, OSError) as error:
            raise Refused(str(error)) from error
        manifest = backup.verify(path)
        size = path.stat().st_size
        rows, files = sum(manifest["rows"].values()), len(manifest["members"]) - 2
        return {
            "sentence": f"{path}: {rows} rows and {files} files in {size / 1e6:.1f} MB, read back and whole. "
            "Keep SECRET_KEY elsewhere; it is not inside.",
            "path": str(path),
            "rows": rows,
            "files": files,
            "bytes": size,
        }
