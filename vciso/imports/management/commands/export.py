"""``bin/manage export risks --client KEY --format xlsx --out FILE``: a list as a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from vciso.audit import services as audit
from vciso.imports import export, registry
from vciso.tenancy.commands import ClientCommand


class Command(ClientCommand):
    help = "Exports a risk register, a vendor inventory or a policy list as CSV or XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", choices=registry.names(), help="Which list.")
        parser.add_argument("--format", choices=export.FORMATS, default="xlsx")
        parser.add_argument("--out", required=True, metavar="FILE", help="Where to write it.")

    def run(self, **options: Any) -> dict[str, Any]:
        kind = registry.get(options["kind"])
        path = Path(options["out"])
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder “{path.parent}” to write to.", returncode=2)
        with self.client_context():
            client = self.load_client()
            count = export.write_file(kind, client, options["format"], path)
            audit.record(
                verb="export.written",
                client=client,
                at=timezone.now(),
                after={"kind": kind.name, "format": options["format"], "rows": count},
            )
        return {"count": count, "out": str(path), "sentence": f"Wrote {count} {kind.plural} to {path}."}
