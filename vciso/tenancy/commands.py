"""The base of management commands that work on one client.

Exit status: 0 done, 1 refused (the reason on standard error, or in the JSON), 2 wrong use.
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from vciso.tenancy import context
from vciso.tenancy.models import Client


class Refused(Exception):
    """The command understood and will not do it; the message says why and what would help."""


class PortalCommand(BaseCommand):
    """A command with `--json`, and with exit statuses that a script can read."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer with one JSON object.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Does the work and answers what the JSON holds; `sentence` in it is the plain answer."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.perform(**options)
        except Refused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"refused": str(refusal)}, ensure_ascii=False))
            else:
                self.stderr.write(str(refusal))
            sys.exit(1)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
        else:
            self.stdout.write(str(answer.get("sentence", "Done.")))
        if answer.get("failed"):
            sys.exit(1)

    def perform(self, **options: Any) -> dict[str, Any]:
        return self.run(**options)


class MigratorCommand(PortalCommand):
    """A command of whoever runs the installation; the role that serves pages may not."""

    def perform(self, **options: Any) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('tenancy_practice', 'INSERT')")
            if not cursor.fetchone()[0]:
                name = self.__module__.rpartition(".")[2]
                raise CommandError(
                    f"Only the migrator role may do this. Run it as “bin/manage {name} …”.", returncode=2
                )
        return self.run(**options)


class ClientCommand(PortalCommand):
    """A command for exactly one client, named by its key. There is no “all clients”."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--client", required=True, metavar="KEY", help="The client's key.")

    def perform(self, **options: Any) -> dict[str, Any]:
        client_id = context.client_id_of(options["client"])
        if client_id is None:
            raise CommandError(
                f"There is no client with the key “{options['client']}”. The key stands in the "
                "address of its pages: /c/<key>/.",
                returncode=2,
            )
        self.client_id = client_id
        return self.run(**options)

    def client_context(self) -> Any:
        """A transaction in the client's context; long work opens several short ones."""
        return context.as_job(self.client_id, f"command:{type(self).__module__.rsplit('.', 1)[-1]}")

    def load_client(self) -> Client:
        return Client.objects.select_related("practice").get(pk=self.client_id)
