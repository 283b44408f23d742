"""``bin/manage import risks FILE --client KEY``: bring in a spreadsheet from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from vciso.imports import registry, services
from vciso.imports.enums import BatchState, Taking
from vciso.imports.mapping import STRUCK, Mapping
from vciso.imports.models import ImportBatch
from vciso.imports.people import person_responsible
from vciso.imports.previewing import Preview
from vciso.imports.reading import ImportRefused
from vciso.imports.reading.guard import MAX_FILE
from vciso.imports.registry import ImportKind
from vciso.imports.services.previewing import as_answer
from vciso.tenancy.commands import ClientCommand, Refused
from vciso.tenancy.models import Client


class Command(ClientCommand):
    help = "Imports a risk register, a vendor inventory or a policy list from CSV or XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", choices=registry.names(), help="Which list.")
        parser.add_argument("file", metavar="FILE", help="The spreadsheet.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
        parser.add_argument("--all-or-none", action="store_true", help="Import nothing when a row is refused.")
        parser.add_argument("--sheet", action="append", default=[], metavar="NAME", help="A tab to read; repeatable.")
        parser.add_argument("--date-order", choices=["dmy", "mdy"], help="How 03/04/2026 is meant.")
        parser.add_argument("--hidden", action="store_true", help="Read hidden rows and columns too.")
        parser.add_argument("--struck", choices=[key for key in STRUCK if key], help="What struck-through rows are.")
        parser.add_argument("--prefer", metavar="NAME", help="The tab that counts where tabs disagree.")
        parser.add_argument(
            "--choose", action="append", default=[], metavar="KEY=VALUE",
            help="Answers one choice of the dry run, by its key; repeatable.",
        )  # fmt: skip
        parser.add_argument("--by", metavar="EMAIL", help="In whose name; by default the client's consultant.")

    def run(self, **options: Any) -> dict[str, Any]:
        kind = registry.get(options["kind"])
        name, content = _file(options["file"])
        at = timezone.now()
        try:
            with self.client_context():
                client = self.load_client()
                seen = services.plan_file(client=client, kind=kind, name=name, content=content, at=at)
                seen = _changed(seen, options, client, kind, name, content, at)
                answer = as_answer(seen, kind)
                if options["dry_run"]:
                    return answer | {"dry_run": True, "sentence": _sentence(seen.plan.counts, kind, dry=True)}
                batch = self._import(client, kind, name, content, seen, options, at)
                return answer | _result(batch, kind)
        except ImportRefused as refusal:
            raise Refused(str(refusal)) from refusal

    def _import(
        self,
        client: Client,
        kind: ImportKind,
        name: str,
        content: bytes,
        seen: Preview,
        options: dict[str, Any],
        at: Any,
    ) -> ImportBatch:
        by = person_responsible(client, options["by"] or "")
        if by is None:
            raise CommandError("Nobody of that address works for this client. Name one with --by.", returncode=2)
        batch = services.preview(client=client, kind=kind, name=name, content=content, by=by, at=at, seen=seen)
        taking = Taking.ALL if options["all_or_none"] else Taking.GOOD
        batch = services.import_rows(batch=batch, taking=taking, by=by, at=at)
        if batch.state != BatchState.IMPORTED:
            raise Refused(batch.changed)
        return batch


def _file(path: str) -> tuple[str, bytes]:
    file = Path(path)
    if not file.is_file():
        raise CommandError(f"There is no file “{path}”.", returncode=2)
    with file.open("rb") as stream:
        return file.name, stream.read(MAX_FILE + 1)


def _changed(
    seen: Preview, options: dict[str, Any], client: Client, kind: ImportKind, name: str, content: bytes, at: Any
) -> Preview:
    """Read again when an option asks for it another way."""
    if not any(options[name] for name in ("sheet", "date_order", "hidden", "struck", "prefer", "choose")):
        return seen
    mapping: Mapping = seen.mapping
    known = [sheet.name for sheet in mapping.sheets]
    for wanted in options["sheet"]:
        if wanted not in known:
            raise CommandError(f"There is no tab “{wanted}”. The file has: {', '.join(known)}.", returncode=2)
    if options["sheet"]:
        for sheet in mapping.sheets:
            sheet.use = sheet.name in options["sheet"]
    mapping.date_order = options["date_order"] or mapping.date_order
    mapping.hidden = options["hidden"] or mapping.hidden
    mapping.struck = options["struck"] or mapping.struck
    mapping.prefer = options["prefer"] or mapping.prefer
    for answer in options["choose"]:
        key, mark, value = answer.rpartition("=")
        if not mark:
            raise CommandError(f"“{answer}” is no answer. Write it as KEY=VALUE.", returncode=2)
        mapping.choices[key] = value
    return services.plan_file(client=client, kind=kind, name=name, content=content, at=at, mapping=mapping)


def _result(batch: ImportBatch, kind: ImportKind) -> dict[str, Any]:
    """The counts as they were written; rows the register itself refused are said so."""
    refused = {
        (row.sheet, row.number): row.remarks[-1]["reason"]
        for row in batch.rows.filter(outcome="refused")
        if row.remarks
    }
    return {
        "counts": batch.counts,
        "batch": str(batch.pk),
        "sha256": batch.file_sha256,
        "refused_rows": [{"sheet": sheet, "row": row, "reason": why} for (sheet, row), why in refused.items()],
        "sentence": _sentence(batch.counts, kind),
    }


def _sentence(counts: dict[str, int], kind: ImportKind, *, dry: bool = False) -> str:
    would = "Would import" if dry else "Imported"
    return (
        f"{would} {counts['new']} new and {counts['update']} changed {kind.plural}; {counts['unchanged']} unchanged, "
        f"{counts['warning']} with a warning, {counts['refused']} refused, {counts['waiting']} waiting for a choice, "
        f"{counts['skipped']} rows left out."
    )
