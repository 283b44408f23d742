"""`bin/manage COMMAND …`: one management command on the portal's data.

The embedded servers are started for its time if they are down, and a checkout that was never
started gets its fonts and tables first. The command runs in the caller's folder and as the
caller, so that the files it is given can be read and written; the exit status is its own.
"""

from __future__ import annotations

import subprocess
import sys

from vciso.launch import steps
from vciso.launch.console import progress_to_standard_error
from vciso.launch.environment import ROOT, Installation

# Commands that change the schema or make practices and people.
AS_MIGRATOR = frozenset({
    "migrate", "createcachetable", "create_practice", "reset_second_step", "seed", "dbshell",
    "sqlmigrate", "showmigrations", "flush", "dumpdata", "loaddata", "backup", "restore", "anchors",
})  # fmt: skip
WITHOUT_SERVERS = frozenset({"help", "--help", "-h", "--version", "version", "makemessages"})
# What looks at the tables, or makes them, as they are.
ON_THE_TABLES_AS_THEY_ARE = frozenset({"migrate", "showmigrations", "sqlmigrate", "makemigrations", "restore"})


def main(arguments: list[str]) -> int:
    installation = Installation.find()
    words = arguments or ["help"]
    if words[0] in WITHOUT_SERVERS:
        installation.layout.prepare()
        return _run(installation, words)
    with installation.parts.in_use():
        if installation.parts.with_postgres and words[0] not in ON_THE_TABLES_AS_THEY_ARE:
            _set_up(installation)
        try:
            return _run(installation, words)
        finally:
            if words[0] == "restore":
                # The next start looks whether the restored tables are of this release.
                steps.migrations_stamp(installation).path.unlink(missing_ok=True)
            for folder in ("files", "tmp", "cache"):
                installation.layout.account.own_tree(installation.layout.var / folder)


def _set_up(installation: Installation) -> None:
    """What commands need of a first start; does nothing, in milliseconds, from then on."""
    progress_to_standard_error()
    steps.npm_packages(installation, dev=False)
    steps.prepare_data(installation)
    steps.document_fonts(installation)
    steps.migrations(installation)
    steps.static_files(installation)


def _run(installation: Installation, words: list[str]) -> int:
    role = "migrator" if words[0] in AS_MIGRATOR else "app"
    environment = installation.command(role=role)
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    # Ctrl-C reaches the command too; it ends first and then we follow.
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            status = process.wait()
            break
        except KeyboardInterrupt:
            continue
    if status < 0:
        return 128 + abs(status)
    return status
