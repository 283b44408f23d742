"""`archive --client KEY --out FILE.zip`: a whole client as one file."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from vciso.home import services
from vciso.tenancy import context
from vciso.tenancy.commands import ClientCommand


class Command(ClientCommand):
    help = "Writes everything about one client into a ZIP: lists, every row, the trail, the files, a manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="Where to write it.")

    def run(self, **options: Any) -> dict[str, Any]:
        path: Path = options["out"]
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder “{path.parent}” to write to.", returncode=2)
        fresh = path.with_name(f".{path.name}.new")
        try:
            with fresh.open("wb") as out:
                os.fchmod(out.fileno(), 0o600)
                with context.one_moment(), self.client_context():
                    manifest = services.archive(client=self.load_client(), out=out, at=timezone.now())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        rows, kept = sum(manifest["rows"].values()), len(manifest["members"])
        return {
            "sentence": f"{path}: {rows} rows in {kept} files, with private notes. Keep it encrypted.",
            "path": str(path),
            "rows": manifest["rows"],
            "files": kept,
        }
