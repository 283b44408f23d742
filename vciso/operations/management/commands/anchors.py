"""`anchors check FILE…`: compares anchors that left the portal with what its trail says today."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from vciso.operations import anchors
from vciso.tenancy.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = "Compares anchors of the audit trail, kept elsewhere, with the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("action", choices=["check"])
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def run(self, **options: Any) -> dict[str, Any]:
        found: list[str] = []
        for path in options["files"]:
            try:
                found += anchors.differences(anchors.Anchor.read(path.read_text(errors="replace")))
            except (OSError, anchors.Unreadable) as error:
                raise Refused(f"{path}: {error}") from error
        sentence = "The trail is the one that was anchored." if not found else "\n".join(found)
        return {"sentence": sentence, "differences": found, "failed": bool(found)}
