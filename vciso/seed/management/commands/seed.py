"""`seed`: demonstration data (`--demo`), or any number of clients and risks for measuring."""

import json
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from vciso.seed import services
from vciso.tenancy.commands import PortalCommand, Refused
from vciso.tenancy.models import Practice


class Command(PortalCommand):
    help = "Makes demonstration data through the portal's own services. Sends no mail."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--demo", action="store_true", help="Two practices with fifteen months of history.")
        parser.add_argument("--clients", type=int, help="Clients of one more practice, for measuring.")
        parser.add_argument("--risks", type=int, default=0, help="Risks in all, spread over those clients.")
        parser.add_argument(
            "--consultants", type=int, default=0, help="Consultants of that practice; one per 15 clients."
        )
        parser.add_argument("--signins", metavar="FILE", help="Write the sign-ins there as JSON (mode 0600).")

    def run(self, **options: Any) -> dict[str, Any]:
        if not settings.DEMO:
            raise Refused("Demonstration data is refused here. Set VCISO_DEMO=1 on a portal that holds nothing real.")
        if options["demo"] == (options["clients"] is not None):
            raise CommandError("Say either --demo, or --clients N with --risks N.", returncode=2)
        if (options["clients"] or 1) < 1 or options["risks"] < 0 or options["consultants"] < 0:
            raise CommandError("--clients must be 1 or more, --risks and --consultants 0 or more.", returncode=2)
        started = time.monotonic()
        say = (lambda words: None) if options["json"] else self._say
        if options["demo"]:
            if Practice.objects.filter(slug="harbourline").exists():
                raise Refused("The demonstration data is there already. Nothing was changed.")
            made = services.demonstration(now=timezone.now(), say=say)
        else:
            made = services.sized(
                clients=options["clients"], risks=options["risks"], consultants=options["consultants"],
                now=timezone.now(), say=say,
            )  # fmt: skip
        if options["signins"]:
            self._keep(Path(options["signins"]), made.sign_ins)
        seconds = round(time.monotonic() - started, 1)
        answer: dict[str, Any] = {
            "sentence": f"{made.clients} clients and {made.reports} reports made in {seconds} s.",
            "clients": made.clients, "reports": made.reports, "seconds": seconds,
        }  # fmt: skip
        if options["json"]:
            answer["sign_ins"] = made.sign_ins
        return answer

    def _say(self, words: str) -> None:
        self.stdout.write(f"  {words}")
        self.stdout.flush()

    @staticmethod
    def _keep(path: Path, sign_ins: dict[str, list[dict[str, str]]]) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(sign_ins, file, indent=2, ensure_ascii=False)
